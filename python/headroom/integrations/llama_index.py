"""LlamaIndex: what a retriever found, shortened to what the query asks for.

index.as_query_engine(node_postprocessors=[HeadroomPostprocessor()])
"""

from __future__ import annotations

from typing import Any

from headroom._config import CompressConfig

from ._common import Shortener, missing

try:
    from llama_index.core.bridge.pydantic import PrivateAttr
    from llama_index.core.postprocessor.types import BaseNodePostprocessor
    from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
except ImportError as error:
    raise missing("llama-index", "llama-index-core", error) from error


class HeadroomPostprocessor(BaseNodePostprocessor):
    """Shortens the text of each node; order, scores and metadata stay. A node that is shortened is a copy, with
    "headroom_ids" in its metadata (not shown to the model): the originals that its markers name."""

    _headroom: Shortener = PrivateAttr()

    def __init__(self, config: CompressConfig | None = None, **fields: Any) -> None:
        super().__init__(**fields)
        self._headroom = Shortener(config)

    @classmethod
    def class_name(cls) -> str:
        return "HeadroomPostprocessor"

    def get_savings_summary(self) -> dict[str, Any]:
        return self._headroom.summary()

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        question = query_bundle.query_str if query_bundle is not None else ""
        return [self._shorter(node, question) for node in nodes]

    def _shorter(self, found: NodeWithScore, question: str) -> NodeWithScore:
        node = found.node
        if not isinstance(node, TextNode):
            return found
        short = self._headroom.text(node.text, question)
        if not short.transforms_applied:
            return found
        hidden = {"headroom_ids"}
        changes = {
            "text": short.text,
            "metadata": {**node.metadata, "headroom_ids": short.ids},
            "excluded_llm_metadata_keys": sorted(hidden | set(node.excluded_llm_metadata_keys)),
            "excluded_embed_metadata_keys": sorted(hidden | set(node.excluded_embed_metadata_keys)),
        }
        return NodeWithScore(node=node.model_copy(update=changes), score=found.score)
