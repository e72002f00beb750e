"""One kind of text by itself, under the names that scripts know. All of it is compress_text() with the type said."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from . import _native
from ._api import compress_text
from ._errors import ValidationError
from ._result import CompressedText
from ._settings import warn_of


class ContentType(enum.Enum):
    """What a text is."""

    JSON_ARRAY = "json_array"
    SOURCE_CODE = "source_code"
    SEARCH_RESULTS = "search"
    BUILD_OUTPUT = "build"
    GIT_DIFF = "diff"
    HTML = "html"
    TABULAR = "tabular"
    STRUCTURED_CONFIG = "structured_config"
    PLAIN_TEXT = "text"


class CompressionStrategy(enum.Enum):
    """What shortens a text."""

    CODE_AWARE = "code_aware"
    SMART_CRUSHER = "smart_crusher"
    SEARCH = "search"
    LOG = "log"
    KOMPRESS = "kompress"
    TEXT = "text"
    DIFF = "diff"
    HTML = "html"
    TABULAR = "tabular"
    CONFIG = "config"
    MIXED = "mixed"
    PASSTHROUGH = "passthrough"


# By the name of a type here.
_KNOWN = {
    "json": (ContentType.JSON_ARRAY, CompressionStrategy.SMART_CRUSHER),
    "ndjson": (ContentType.JSON_ARRAY, CompressionStrategy.SMART_CRUSHER),
    "code": (ContentType.SOURCE_CODE, CompressionStrategy.CODE_AWARE),
    "search": (ContentType.SEARCH_RESULTS, CompressionStrategy.SEARCH),
    "log": (ContentType.BUILD_OUTPUT, CompressionStrategy.LOG),
    "diff": (ContentType.GIT_DIFF, CompressionStrategy.DIFF),
    "html": (ContentType.HTML, CompressionStrategy.HTML),
    "table": (ContentType.TABULAR, CompressionStrategy.TABULAR),
    "config": (ContentType.STRUCTURED_CONFIG, CompressionStrategy.CONFIG),
    "xml": (ContentType.STRUCTURED_CONFIG, CompressionStrategy.CONFIG),
}
_PLAIN = (ContentType.PLAIN_TEXT, CompressionStrategy.TEXT)


@dataclass
class DetectionResult:
    content_type: ContentType
    confidence: float
    metadata: dict[str, Any] = field(default_factory=dict)
    """`type`: the type's name here, as compress_text() takes it; `reason`."""


def detect_content_type(content: str) -> DetectionResult:
    """What a text is, by its structure."""
    found = _native.detect(_bytes_of(content))
    kind, _ = _KNOWN.get(found["type"], _PLAIN)
    return DetectionResult(kind, found["confidence"], {"type": found["type"], "reason": found["reason"]})


@dataclass
class TextResult:
    """A text, shortened; `compressed` is `original` when nothing was gained."""

    compressed: str
    original: str
    original_tokens: int = 0
    compressed_tokens: int = 0
    transforms_applied: list[str] = field(default_factory=list)
    cache_key: str | None = None
    """The original's id, when something was left out: retrieve() gives it."""

    @property
    def compression_ratio(self) -> float:
        """The share of tokens that is left."""
        return self.compressed_tokens / self.original_tokens if self.original_tokens else 1.0

    @property
    def tokens_saved(self) -> int:
        return max(self.original_tokens - self.compressed_tokens, 0)

    @property
    def tokens_saved_estimate(self) -> int:
        return self.tokens_saved

    @property
    def savings_percentage(self) -> float:
        return 100 * self.tokens_saved / self.original_tokens if self.original_tokens else 0.0

    @property
    def original_line_count(self) -> int:
        return len(self.original.splitlines())

    @property
    def compressed_line_count(self) -> int:
        return len(self.compressed.splitlines())

    @property
    def lines_omitted(self) -> int:
        return max(self.original_line_count - self.compressed_line_count, 0)


class LogCompressionResult(TextResult):
    pass


class SearchCompressionResult(TextResult):
    """Matches are lines "path:text" or "path:line:text"."""

    @property
    def original_match_count(self) -> int:
        return len(_hits(self.original))

    @property
    def compressed_match_count(self) -> int:
        """How many of them are left, whether each has its path or stands under it."""
        return sum(text in self.compressed for _, text in _hits(self.original))

    @property
    def matches_omitted(self) -> int:
        return self.original_match_count - self.compressed_match_count

    @property
    def files_affected(self) -> int:
        return len({path for path, _ in _hits(self.original)})


class DiffCompressionResult(TextResult):
    @property
    def files_affected(self) -> int:
        return _count(r"^diff --git ", self.original) or _count(r"^\+\+\+ ", self.original)

    @property
    def additions(self) -> int:
        return _count(r"^\+(?!\+\+ )", self.original)

    @property
    def deletions(self) -> int:
        return _count(r"^-(?!-- )", self.original)

    @property
    def hunks_kept(self) -> int:
        return _count(r"^@@ ", self.compressed)

    @property
    def hunks_removed(self) -> int:
        return max(_count(r"^@@ ", self.original) - self.hunks_kept, 0)


@dataclass
class CodeCompressionResult(TextResult):
    language: str = ""
    """As it was said; "": found out from the text."""
    syntax_valid: bool = True
    """Always: what is left parses as the text did."""


@dataclass
class LogCompressorConfig:
    """With effect: enable_ccr; without it nothing is left out."""

    max_errors: int = 10
    error_context_lines: int = 3
    keep_first_error: bool = True
    keep_last_error: bool = True
    max_stack_traces: int = 3
    stack_trace_max_lines: int = 20
    max_warnings: int = 5
    dedupe_warnings: bool = True
    keep_summary_lines: bool = True
    max_total_lines: int = 100
    enable_ccr: bool = True
    min_lines_for_ccr: int = 50


@dataclass
class SearchCompressorConfig:
    """With effect: enable_ccr; without it nothing is left out."""

    max_matches_per_file: int = 5
    always_keep_first: bool = True
    always_keep_last: bool = True
    max_total_matches: int = 30
    max_files: int = 15
    context_keywords: list[str] = field(default_factory=list)
    boost_errors: bool = True
    enable_ccr: bool = True
    min_matches_for_ccr: int = 10
    group_by_file: bool = False


@dataclass
class DiffCompressorConfig:
    """With effect: enable_ccr; without it nothing is left out."""

    max_context_lines: int = 2
    max_hunks_per_file: int = 10
    max_files: int = 20
    always_keep_additions: bool = True
    always_keep_deletions: bool = True
    enable_ccr: bool = True
    min_lines_for_ccr: int = 50


class DocstringMode(enum.Enum):
    FULL = "full"
    FIRST_LINE = "first_line"
    REMOVE = "remove"
    NONE = "none"


@dataclass
class CodeCompressorConfig:
    """With effect: enable_ccr (without it nothing is left out) and min_tokens_for_compression."""

    preserve_imports: bool = True
    preserve_signatures: bool = True
    preserve_type_annotations: bool = True
    preserve_decorators: bool = True
    docstring_mode: DocstringMode = DocstringMode.FIRST_LINE
    target_compression_rate: float = 0.2
    max_body_lines: int = 5
    compress_comments: bool = True
    min_tokens_for_compression: int = 100
    language_hint: str | None = None
    fallback_to_kompress: bool = True
    semantic_analysis: bool = True
    enable_ccr: bool = True
    ccr_ttl: int = 300


class LogCompressor:
    """Logs, builds, test runs: what failed stays, with what is asked for."""

    def __init__(self, config: LogCompressorConfig | None = None) -> None:
        self.config = _config(config, LogCompressorConfig())

    def compress(self, content: str, context: str = "", bias: float = 1.0) -> LogCompressionResult:
        """context: the question. bias is accepted and has no effect."""
        return LogCompressionResult(*_short(content, context, "log", self.config.enable_ccr))


class SearchCompressor:
    """Hits of a search: those that fit the question, and what there is besides."""

    def __init__(self, config: SearchCompressorConfig | None = None) -> None:
        self.config = _config(config, SearchCompressorConfig(), "context_keywords")

    def compress(self, content: str, context: str = "", bias: float = 1.0) -> SearchCompressionResult:
        """context: the question. bias is accepted and has no effect."""
        question = " ".join([context, *self.config.context_keywords]).strip()
        return SearchCompressionResult(*_short(content, question, "search", self.config.enable_ccr))


class DiffCompressor:
    """Unified diffs."""

    def __init__(self, config: DiffCompressorConfig | None = None) -> None:
        self.config = _config(config, DiffCompressorConfig())

    def compress(self, content: str, context: str = "") -> DiffCompressionResult:
        """context: the question."""
        return DiffCompressionResult(*_short(content, context, "diff", self.config.enable_ccr))


class CodeAwareCompressor:
    """Source code: bodies that the question does not ask for are left out, signatures stay, and what is left parses."""

    def __init__(self, config: CodeCompressorConfig | None = None) -> None:
        self.config = _config(config, CodeCompressorConfig(), "min_tokens_for_compression")

    def compress(
        self, code: str, language: str | None = None, context: str = "", tokenizer: Any = None
    ) -> CodeCompressionResult:
        """context: the question. language is found out from the text; tokenizer is accepted and has no effect."""
        made = CodeCompressionResult(*_short(code, context, "code", self.config.enable_ccr), language=language or "")
        if made.original_tokens >= self.config.min_tokens_for_compression:
            return made
        count = made.original_tokens
        return CodeCompressionResult(code, code, count, count, language=language or "")


class TextCompressor:
    """Any text, by what it is."""

    def compress(self, content: str, context: str = "", bias: float = 1.0) -> TextResult:
        """context: the question. bias is accepted and has no effect."""
        return TextResult(*_short(content, context))


@dataclass
class RouterCompressionResult(TextResult):
    strategy_used: CompressionStrategy = CompressionStrategy.PASSTHROUGH
    routing_log: list[dict[str, Any]] = field(default_factory=list)
    """One entry: the type, why it is taken for that, and what was done."""

    @property
    def strategy_chain(self) -> list[str]:
        return [self.strategy_used.value]

    @property
    def total_original_tokens(self) -> int:
        return self.original_tokens

    @property
    def total_compressed_tokens(self) -> int:
        return self.compressed_tokens

    def summary(self) -> str:
        how = self.strategy_used.value
        return (
            f"{how}: {self.original_tokens} -> {self.compressed_tokens} tokens ({self.savings_percentage:.0f}% saved)"
        )


@dataclass
class ContentRouterConfig:
    """With effect: lossless, and ccr_enabled and ccr_inject_marker, without either of which nothing is left out."""

    enable_code_aware: bool = True
    enable_kompress: bool = True
    enable_smart_crusher: bool = True
    enable_search_compressor: bool = True
    enable_log_compressor: bool = True
    enable_tabular_compressor: bool = True
    enable_config_compressor: bool = True
    enable_html_extractor: bool = True
    prefer_code_aware_for_code: bool = True
    lossless: bool = False
    min_section_tokens: int = 20
    fallback_strategy: CompressionStrategy = CompressionStrategy.KOMPRESS
    ccr_enabled: bool = True
    ccr_inject_marker: bool = True


class ContentRouter:
    """Finds out what a text is, and shortens it as such."""

    def __init__(self, config: ContentRouterConfig | None = None, observer: Any = None) -> None:
        self.config = _config(config, ContentRouterConfig(), "lossless", "ccr_enabled", "ccr_inject_marker")

    def compress(
        self, content: str, context: str = "", question: str | None = None, bias: float = 1.0
    ) -> RouterCompressionResult:
        """question, or context: what is asked. bias is accepted and has no effect."""
        found = detect_content_type(content)
        drops = self.config.ccr_enabled and self.config.ccr_inject_marker and not self.config.lossless
        made = RouterCompressionResult(*_short(content, question or context, "", drops))
        if made.transforms_applied:
            _, made.strategy_used = _KNOWN.get(found.metadata["type"], _PLAIN)
        made.routing_log = [{**found.metadata, "transforms": list(made.transforms_applied)}]
        return made


def is_tree_sitter_available() -> bool:
    """True: it is built in."""
    return True


def unload_tree_sitter() -> None:
    """Accepted, without effect: parsers live no longer than they are needed."""


def _config(given: Any, default: Any, *effective: str) -> Any:
    if given is None:
        return default
    warn_of(given, {"enable_ccr", *effective}, stacklevel=3)
    return given


def _short(
    content: str, question: str, type: str = "", drops: bool = True
) -> tuple[str, str, int, int, list[str], str | None]:
    """The first fields of a TextResult."""
    _bytes_of(content)
    made: CompressedText = compress_text(content, question, type=type, profile=None if drops else "lossless")
    ids = made.ids
    return made.text, content, made.tokens_before, made.tokens_after, made.transforms_applied, ids[0] if ids else None


def _bytes_of(content: str) -> bytes:
    if not isinstance(content, str):
        raise ValidationError(f"content must be a str, not {type(content).__name__}", code="invalid_argument")
    return content.encode("utf-8", "replace")


_HIT = re.compile(r"^([^\s:][^:\n]*):(?:\d+[:-])?(.+)$", re.MULTILINE)


def _hits(text: str) -> list[tuple[str, str]]:
    return _HIT.findall(text)


def _count(pattern: str, text: str) -> int:
    found: Iterable[Any] = re.finditer(pattern, text, re.MULTILINE)
    return sum(1 for _ in found)
