"""A text in, a result with figures out, under the names that scripts know; compress_text() is the shorter way."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any

from ._api import compress_text
from ._compressors import TextResult, detect_content_type
from ._settings import warn_of

__all__ = [
    "CompressionResult",
    "ContentType",
    "UniversalCompressor",
    "UniversalCompressorConfig",
    "compress",
]


class ContentType(enum.Enum):
    JSON = "json"
    CODE = "code"
    LOG = "log"
    DIFF = "diff"
    MARKDOWN = "markdown"
    TEXT = "text"
    UNKNOWN = "unknown"


_KNOWN = {
    "json": ContentType.JSON,
    "ndjson": ContentType.JSON,
    "code": ContentType.CODE,
    "log": ContentType.LOG,
    "diff": ContentType.DIFF,
    "binary": ContentType.UNKNOWN,
}


@dataclass
class CompressionResult(TextResult):
    content_type: ContentType = ContentType.UNKNOWN
    detection_confidence: float = 0.0
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def tokens_before(self) -> int:
        return self.original_tokens

    @property
    def tokens_after(self) -> int:
        return self.compressed_tokens

    @property
    def ccr_key(self) -> str | None:
        return self.cache_key

    @property
    def handler_used(self) -> str:
        """What was done: "json:rows"; "none"."""
        return "+".join(self.transforms_applied) or "none"

    @property
    def preservation_ratio(self) -> float:
        """The share of tokens that is left."""
        return self.compression_ratio


@dataclass
class UniversalCompressorConfig:
    """With effect: min_content_length and ccr_enabled; without the latter nothing is left out."""

    use_magika: bool = True
    use_kompress: bool = True
    use_entropy_preservation: bool = True
    entropy_threshold: float = 0.85
    min_content_length: int = 100
    compression_ratio_target: float = 0.3
    ccr_enabled: bool = True


class UniversalCompressor:
    """Finds out what a text is, and shortens it as such."""

    def __init__(self, config: UniversalCompressorConfig | None = None) -> None:
        self.config = config if config is not None else UniversalCompressorConfig()
        warn_of(self.config, ("min_content_length", "ccr_enabled"), stacklevel=2)

    def compress(self, content: str, content_type: Any = None, *, context: str = "", **_: Any) -> CompressionResult:
        """context: the question. What the text is follows from the text; content_type is accepted and has no effect."""
        found = detect_content_type(content)
        profile = None if self.config.ccr_enabled else "lossless"
        made = compress_text(content, context, profile=profile)
        enough = len(content) >= self.config.min_content_length
        return CompressionResult(
            made.text if enough else content,
            content,
            made.tokens_before,
            made.tokens_after if enough else made.tokens_before,
            made.transforms_applied if enough else [],
            made.ids[0] if enough and made.ids else None,
            _KNOWN.get(found.metadata["type"], ContentType.TEXT),
            found.confidence,
            found.metadata,
        )

    def compress_batch(self, contents: list[str], **settings: Any) -> list[CompressionResult]:
        return [self.compress(content, **settings) for content in contents]


def compress(content: str, **settings: Any) -> CompressionResult:
    """One text; of the messages of a conversation, headroom.compress()."""
    return UniversalCompressor().compress(content, **settings)
