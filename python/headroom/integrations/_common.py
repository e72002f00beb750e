"""What the integrations share. Needs no framework."""

from __future__ import annotations

import enum
import threading
import warnings
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from headroom._api import default_or_lossless
from headroom._config import config_with
from headroom._engine import Engine
from headroom._errors import HeadroomError, HeadroomWarning
from headroom._messages import plain
from headroom._providers import AnthropicProvider, GoogleProvider, OpenAIProvider, Provider
from headroom._result import CompressedText, CompressResult

DEFAULT_MODEL = "gpt-4o"


def missing(module: str, package: str, error: ImportError) -> ImportError:
    """What to raise when a framework is not there."""
    return ImportError(
        f"headroom.integrations.{module} needs {package}, which cannot be imported ({error}): "
        f"pip install 'headroom-ai[{module}]'",
        name=error.name,
    )


@dataclass(frozen=True)
class Saved:
    """What one request, or one text, cost before and after."""

    tokens_before: int
    tokens_after: int
    transforms_applied: list[str]
    tool_name: str = ""
    timestamp: datetime = field(default_factory=lambda: datetime.now(timezone.utc))

    @property
    def tokens_saved(self) -> int:
        return max(self.tokens_before - self.tokens_after, 0)

    @property
    def savings_percent(self) -> float:
        return _percent(self.tokens_saved, self.tokens_before)

    @property
    def was_compressed(self) -> bool:
        return bool(self.transforms_applied)


class ToolMetricsCollector:
    """What wrapped tools gave, and what was saved of it, by tool; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tools: dict[str, dict[str, int]] = {}

    def add(self, tool: str, chars_before: int, chars_after: int) -> None:
        with self._lock:
            known = self._tools.setdefault(tool, {"invocations": 0, "compressions": 0, "chars_saved": 0})
            known["invocations"] += 1
            known["compressions"] += chars_after < chars_before
            known["chars_saved"] += max(chars_before - chars_after, 0)

    def get_summary(self) -> dict[str, Any]:
        with self._lock:
            tools = {name: dict(known) for name, known in self._tools.items()}
        return {
            **{f"total_{name}": sum(each[name] for each in tools.values()) for name in _PER_TOOL},
            "by_tool": tools,
        }

    def reset(self) -> None:
        with self._lock:
            self._tools.clear()


_PER_TOOL = ("invocations", "compressions", "chars_saved")
_of_all_tools = ToolMetricsCollector()


def get_tool_metrics() -> ToolMetricsCollector:
    """Of all tools that were wrapped without a collector of their own."""
    return _of_all_tools


def reset_tool_metrics() -> None:
    _of_all_tools.reset()


class Shortener:
    """Shortens for one integration and counts what it saved; thread-safe. Nothing that goes wrong here is the caller's
    trouble: what cannot be shortened comes back as it was.

    mode: "audit" or "simulate" counts only. least_chars: shorter texts stay. collector: is told of texts of tools.
    """

    def __init__(
        self,
        config: Any = None,
        hooks: Any = None,
        engine: Engine | None = None,
        *,
        mode: Any = None,
        least_chars: int | None = None,
        collector: ToolMetricsCollector | None = None,
        **changes: Any,
    ) -> None:
        self.config = config_with(config, changes)
        self.config.warn_of_what_has_no_effect(stacklevel=3)
        self.config.level()  # says now what is wrong with it
        self.hooks = hooks
        self._engine = engine
        self._lock = threading.Lock()
        self._sends = mode is None or str(mode.value if isinstance(mode, enum.Enum) else mode) == "optimize"
        self._least_chars = least_chars
        self._collector = collector
        self.history: deque[Saved] = deque(maxlen=_KEPT)
        self.requests = 0
        self.tokens_before = 0
        self.tokens_after = 0

    @property
    def tokens_saved(self) -> int:
        return max(self.tokens_before - self.tokens_after, 0)

    def summary(self) -> dict[str, Any]:
        """requests, tokens before and after, and the share saved in percent."""
        with self._lock:
            before, after, requests = self.tokens_before, self.tokens_after, self.requests
            transforms = dict.fromkeys(name for one in self.history for name in one.transforms_applied)
        saved = max(before - after, 0)
        percent = _percent(saved, before)
        return {
            "total_requests": requests,
            "total_tokens_before": before,
            "total_tokens_after": after,
            "total_tokens_saved": saved,
            "savings_percent": percent,
            "average_savings_percent": percent,
            "requests": requests,
            "tokens_before": before,
            "tokens_after": after,
            "tokens_saved": saved,
            "transforms_applied": list(transforms),
        }

    def reset(self) -> None:
        with self._lock:
            self.requests = self.tokens_before = self.tokens_after = 0
            self.history.clear()

    def messages(self, messages: Sequence[Any], model: str | None) -> CompressResult:
        """The messages, OpenAI's, Anthropic's or Bedrock's shape, one for one."""
        try:
            result = self.engine.compress(messages, model or DEFAULT_MODEL, hooks=self.hooks, config=self.config)
        except HeadroomError as error:
            return CompressResult(messages, reason=_said(error))
        self._count(result)
        return result if self._sends else CompressResult(messages, reason="it is only counted")

    def body(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A request's body."""
        try:
            made = self.engine.compress_body(body, hooks=self.hooks, config=self.config)
        except HeadroomError as error:
            _said(error)
            return dict(body)
        self._count(made)
        return made if self._sends else dict(body)

    def text(self, text: str, question: str = "", tool: str = "", arguments: Any = "") -> CompressedText:
        """What a tool gave, or a document; short ones stay, as in a conversation."""
        least = self.config.min_tokens_to_compress
        profile = self.config.level() or None
        try:
            made = self.engine.compress_text(text, question, tool=tool, arguments=arguments, profile=profile)
        except HeadroomError as error:
            return CompressedText(text, reason=_said(error))
        if self._is_short(text, made.tokens_before, least):
            made = CompressedText(text, made.tokens_before, made.tokens_before, reason="it is short")
        self._count(made, tool)
        if self._collector is not None:
            self._collector.add(tool, len(text), len(made))
        return made

    @property
    def engine(self) -> Engine:
        return self._engine if self._engine is not None else default_or_lossless(stacklevel=4)

    def _is_short(self, text: str, tokens: int, least_tokens: int | None) -> bool:
        if self._least_chars is not None and least_tokens is None:
            return len(text) < self._least_chars
        return tokens < (200 if least_tokens is None else least_tokens)

    def _count(self, made: Any, tool: str = "") -> None:
        with self._lock:
            self.history.append(Saved(made.tokens_before, made.tokens_after, list(made.transforms_applied), tool))
            self.requests += 1
            self.tokens_before += made.tokens_before
            self.tokens_after += made.tokens_after


_KEPT = 1000


def _percent(part: int, whole: int) -> float:
    return round(part / whole * 100, 1) if whole else 0.0


def _said(error: HeadroomError) -> str:
    warnings.warn(f"it is sent as it was: {error}", HeadroomWarning, stacklevel=4)
    return str(error)


def as_dict(value: Any) -> dict[str, Any]:
    """A message or a block as a dict, when it is one or can say itself as one; else empty."""
    known = value if isinstance(value, Mapping) else plain(value)
    return dict(known) if isinstance(known, Mapping) else {}


def name_of_model(model: Any) -> str:
    """The name of a framework's model; DEFAULT_MODEL when it has none."""
    config = model.get_config() if callable(getattr(model, "get_config", None)) else None
    known = [getattr(model, name, None) for name in ("model_name", "model", "model_id", "id")]
    known += [config.get("model_id")] if isinstance(config, dict) else []
    return next((value for value in known if isinstance(value, str) and value), DEFAULT_MODEL)


def get_headroom_provider(model: Any) -> Provider:
    """Whose a framework's model is, by its name; OpenAI's when the name says nothing."""
    name = name_of_model(model).rpartition("/")[2]
    kinds: tuple[Provider, ...] = (AnthropicProvider(), GoogleProvider())
    return next((kind for kind in kinds if kind.supports_model(name)), OpenAIProvider())


def detect_provider(model: Any) -> str:
    return get_headroom_provider(model).name
