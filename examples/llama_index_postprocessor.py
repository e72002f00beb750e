"""LlamaIndex: what was retrieved, shortened to what the query asks for. Its own mock model answers."""

from typing import Any

from headroom.integrations.llama_index import HeadroomPostprocessor
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, TextNode
from sample import LOG, QUESTION, check


class Retriever(BaseRetriever):
    def _retrieve(self, query_bundle: Any) -> list[NodeWithScore]:
        return [NodeWithScore(node=TextNode(text=LOG), score=0.9)]


shorten = HeadroomPostprocessor()
engine = RetrieverQueryEngine.from_args(Retriever(), llm=MockLLM(), node_postprocessors=[shorten])
answer = engine.query(QUESTION)
check(answer.source_nodes[0].node.text, shorten.get_savings_summary()["total_tokens_saved"])
