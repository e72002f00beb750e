"""JSON by itself, under the names that scripts know."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ._engine import Engine
from ._errors import NotFoundError, ValidationError
from ._result import CompressedText, CompressResult, Message
from ._settings import CRUSHER_EFFECTS, CCRConfig, SmartCrusherConfig, warn_of


@dataclass
class CrushResult:
    """`compressed` is `original` when nothing was gained; strategy is then "passthrough", else what was done."""

    compressed: str
    original: str
    was_modified: bool
    strategy: str = "passthrough"


class SmartCrusher:
    """Shortens JSON: arrays of records to the rows that answer, with what the others hold summed up. Thread-safe.

    config, lossless_only: drop nothing and write no markers, and see SmartCrusherConfig. engine: where originals are kept;
    None: the user's store, as for headroom.compress(). What is kept follows from the data and from the question, so other
    settings are accepted and have no effect.
    """

    def __init__(
        self,
        config: SmartCrusherConfig | None = None,
        relevance_config: Any = None,
        scorer: Any = None,
        ccr_config: CCRConfig | None = None,
        with_compaction: bool = True,
        observer: Any = None,
        compaction_format: str | None = None,
        lossless_only: bool | None = None,
        *,
        model: str = "gpt-4o",
        engine: Engine | None = None,
    ) -> None:
        self.config = config if config is not None else SmartCrusherConfig()
        warn_of(self.config, CRUSHER_EFFECTS, stacklevel=2)
        lossless = self.config.lossless_only if lossless_only is None else lossless_only
        self._lossless = lossless or (ccr_config is not None and not ccr_config.drops)
        self._model = model
        self._own_engine = engine
        self._ids: dict[str, None] = {}

    def crush(
        self,
        content: str | list[Any] | dict[str, Any],
        query: str = "",
        bias: float = 1.0,
        lossless_only: bool | None = None,
    ) -> CrushResult:
        """The JSON text, or that of the value, shortened to what answers the query. bias is accepted and has no effect. What
        is no JSON comes back as it was."""
        if isinstance(content, (list, dict)):
            content = json.dumps(content, ensure_ascii=False)
        short = self._crush(content, query, self._lossless if lossless_only is None else lossless_only)
        strategy = "+".join(short.transforms_applied) or "passthrough"
        return CrushResult(short.text, content, short.text != content, strategy)

    def crush_array_json(self, items_json: str, query: str = "", bias: float = 1.0) -> dict[str, Any]:
        """The same of an array: `items` is the text to show, `ccr_hash` the id of the original when something was left
        out (else None), `dropped_summary` the marker that says what, `strategy_info` what was done, `compacted` the text
        again when nothing was left out and it is shorter."""
        short = self._crush(items_json, query, self._lossless)
        marker = short.text.find("<<ccr:")
        changed = short.text != items_json
        return {
            "items": short.text,
            "ccr_hash": short.ids[0] if short.ids else None,
            "dropped_summary": short.text[marker : short.text.find(">>", marker) + 2] if marker >= 0 else "",
            "strategy_info": "+".join(short.transforms_applied) or "passthrough",
            "compacted": short.text if changed and not short.ids else None,
            "compaction_kind": "table" if changed and not short.ids else None,
        }

    def compact_document_json(self, doc_json: str) -> str:
        """The document in fewer tokens with nothing left out."""
        return self._crush(doc_json, "", True).text

    def should_apply(self, messages: Iterable[Message], tokenizer: Any = None, **settings: Any) -> bool:
        return self.config.enabled

    def apply(self, messages: Iterable[Message], model: Any = None, **settings: Any) -> CompressResult:
        """headroom.compress() of the messages. model: its name, or a Tokenizer, which has one."""
        from ._transforms import TransformResult

        if not self.config.enabled:
            return TransformResult(messages)
        name = model if isinstance(model, str) else getattr(model, "model", None)
        if self._lossless:
            settings.setdefault("profile", "lossless")
        if self.config.min_tokens_to_crush != SmartCrusherConfig.min_tokens_to_crush:
            settings.setdefault("min_tokens_to_compress", self.config.min_tokens_to_crush)
        result = self._engine.compress(messages, name or self._model, **settings)
        self._ids.update(dict.fromkeys(result.ids))
        return TransformResult.of(result)

    def ccr_get(self, hash_key: str) -> str | None:
        """The original that a marker names; None when there is none."""
        try:
            return self._engine.retrieve(hash_key)
        except (NotFoundError, ValidationError):
            return None

    def ccr_len(self) -> int:
        """How many originals this object has stored."""
        return len(self._ids)

    def _crush(self, content: str, query: str, lossless: bool) -> CompressedText:
        if not self.config.enabled:
            return CompressedText(content, reason="it is switched off")
        if not isinstance(content, str):
            raise ValidationError("content must be a str of JSON", code="invalid_argument")
        try:
            json.loads(content)
        except (ValueError, RecursionError):
            return CompressedText(content, reason="this is no JSON")
        profile = "lossless" if lossless else None
        short = self._engine.compress_text(content, query, model=self._model, type="json", profile=profile)
        self._ids.update(dict.fromkeys(short.ids))
        return short

    @property
    def _engine(self) -> Engine:
        if self._own_engine is not None:
            return self._own_engine
        from ._api import default_or_lossless

        return default_or_lossless()
