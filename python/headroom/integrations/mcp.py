"""Results of tools of the Model Context Protocol, for hosts that call them. Needs no framework, and fits any client with an
asynchronous `call_tool(name, arguments)`.

A host without code of its own uses `headroom mcp proxy` instead.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from headroom._config import CompressConfig
from headroom._engine import Engine
from headroom._errors import HeadroomWarning, ValidationError

from ._common import Shortener

__all__ = [
    "HeadroomMCPClientWrapper",
    "HeadroomMCPCompressor",
    "MCPCompressionResult",
    "MCPToolProfile",
    "compress_tool_result",
    "compress_tool_result_with_metrics",
]


@dataclass
class MCPToolProfile:
    """What holds for tools whose name the pattern, a regular expression, finds.

    max_items is accepted for scripts that set it. It has no effect, and a HeadroomWarning says so: how much is kept follows from
    what is asked.
    """

    tool_name_pattern: str
    enabled: bool = True
    max_items: int | None = None
    min_tokens_to_compress: int | None = None
    """Shorter results stay as they are; None: as the compressor's config says."""
    profile: str | None = None
    """"lossless", "balanced" or "aggressive"; None: as the compressor's config says."""

    def __post_init__(self) -> None:
        if self.max_items is not None:
            warnings.warn("max_items has no effect", HeadroomWarning, stacklevel=3)


@dataclass(frozen=True)
class MCPCompressionResult:
    """One result. compression_ratio is the share of tokens that was saved."""

    original_content: str
    compressed_content: str
    original_tokens: int
    compressed_tokens: int
    tokens_saved: int
    compression_ratio: float
    was_compressed: bool
    tool_name: str
    context_used: str
    """The question that the result was shortened for."""


class HeadroomMCPCompressor:
    """Shortens results of tools; thread-safe. The first profile that fits a tool holds for it."""

    def __init__(
        self,
        config: CompressConfig | None = None,
        profiles: Iterable[MCPToolProfile] = (),
        *,
        engine: Engine | None = None,
    ) -> None:
        self._config = config if config is not None else CompressConfig()
        self._engine = engine
        self._profiles = [(re.compile(each.tool_name_pattern), each) for each in profiles]
        self._default = Shortener(self._config, engine=engine)
        self._shorteners = [self._shortener(each) for _, each in self._profiles]

    def get_profile(self, tool_name: str) -> MCPToolProfile | None:
        """The one that holds for the tool; None when the config alone does."""
        return next((profile for pattern, profile in self._profiles if pattern.search(tool_name)), None)

    def compress(
        self, content: str, tool_name: str, tool_args: Any = None, user_query: str = ""
    ) -> MCPCompressionResult:
        """What the tool gave, shortened to what answers the query."""
        if not isinstance(content, str):
            raise ValidationError("content must be a str", code="invalid_argument")
        profile = self.get_profile(tool_name)
        if profile is not None and not profile.enabled:
            return _outcome(content, content, 0, 0, tool_name, user_query)
        shortener = self._default
        for (_, each), own in zip(self._profiles, self._shorteners, strict=True):
            if each is profile:
                shortener = own
        arguments = tool_args if tool_args is not None else ""
        made = shortener.text(content, user_query, tool_name, arguments)
        return _outcome(content, str(made), made.tokens_before, made.tokens_after, tool_name, user_query)

    def _shortener(self, profile: MCPToolProfile) -> Shortener:
        changes: dict[str, Any] = {}
        if profile.min_tokens_to_compress is not None:
            changes["min_tokens_to_compress"] = profile.min_tokens_to_compress
        if profile.profile is not None:
            changes["profile"] = profile.profile
        return Shortener(self._config, engine=self._engine, **changes)


def _outcome(content: str, made: str, before: int, after: int, tool: str, query: str) -> MCPCompressionResult:
    saved = max(before - after, 0)
    share = saved / before if before else 0.0
    return MCPCompressionResult(content, made, before, after, saved, share, made != content, tool, query)


def compress_tool_result(
    content: str,
    tool_name: str,
    tool_args: Any = None,
    user_query: str = "",
    config: CompressConfig | None = None,
) -> str:
    """What a tool gave, shortened to what answers the query."""
    return compress_tool_result_with_metrics(content, tool_name, tool_args, user_query, config).compressed_content


def compress_tool_result_with_metrics(
    content: str,
    tool_name: str,
    tool_args: Any = None,
    user_query: str = "",
    config: CompressConfig | None = None,
) -> MCPCompressionResult:
    """The same, with what was saved."""
    return HeadroomMCPCompressor(config).compress(content, tool_name, tool_args, user_query)


class HeadroomMCPClientWrapper:
    """An MCP client whose tools give shorter texts. Everything else of the client is there under its own name.

    user_query_extractor: from what a call names as its context to the question that it is for.
    """

    def __init__(
        self,
        client: Any,
        config: CompressConfig | None = None,
        user_query_extractor: Callable[[Any], str] | None = None,
    ) -> None:
        self._client = client
        self._compressor = HeadroomMCPCompressor(config)
        self._question = user_query_extractor
        self._metrics: list[MCPCompressionResult] = []

    async def call_tool(self, name: str, arguments: Any = None, context: Any = None, **options: Any) -> Any:
        """What the client gives: a text shortened, of a result of the protocol's its texts. Errors stay as they are."""
        result = await self._client.call_tool(name, arguments, **options)
        question = self._question(context) if self._question is not None and context is not None else ""
        if isinstance(result, str):
            return self._text(result, name, arguments, question)
        content = getattr(result, "content", None)
        if not isinstance(content, list) or getattr(result, "isError", False) or not hasattr(result, "model_copy"):
            return result
        parts = [self._part(part, name, arguments, question) for part in content]
        same = all(new is old for new, old in zip(parts, content, strict=True))
        return result if same else result.model_copy(update={"content": parts})

    def get_metrics(self) -> list[MCPCompressionResult]:
        """One for each text, the oldest first."""
        return list(self._metrics)

    def get_total_tokens_saved(self) -> int:
        return sum(one.tokens_saved for one in self._metrics)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._client, name)

    def _part(self, part: Any, name: str, arguments: Any, question: str) -> Any:
        text = getattr(part, "text", None)
        if getattr(part, "type", None) != "text" or not isinstance(text, str):
            return part
        made = self._text(text, name, arguments, question)
        return part if made == text else part.model_copy(update={"text": made})

    def _text(self, text: str, name: str, arguments: Any, question: str) -> str:
        one = self._compressor.compress(text, name, arguments, question)
        self._metrics.append(one)
        return one.compressed_content
