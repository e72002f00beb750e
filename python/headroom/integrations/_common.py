"""What the integrations share. Needs no framework."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from headroom._api import default_or_lossless
from headroom._config import CompressConfig, config_with
from headroom._engine import Engine
from headroom._errors import HeadroomError, HeadroomWarning
from headroom._messages import plain
from headroom._result import CompressedText, CompressResult

DEFAULT_MODEL = "gpt-4o"


def missing(module: str, package: str, error: ImportError) -> ImportError:
    """What to raise when a framework is not there."""
    return ImportError(
        f"headroom.integrations.{module} needs {package}, which cannot be imported ({error}): "
        f"pip install 'headroom-ai[{module}]'",
        name=error.name,
    )


class Shortener:
    """Shortens for one integration and counts what it saved; thread-safe. Nothing that goes wrong here is the caller's
    trouble: what cannot be shortened comes back as it was."""

    def __init__(
        self,
        config: CompressConfig | None = None,
        hooks: Any = None,
        engine: Engine | None = None,
        **changes: Any,
    ) -> None:
        self.config = config_with(config, changes)
        self.config.warn_of_what_has_no_effect(stacklevel=3)
        self.config.level()  # says now what is wrong with it
        self.hooks = hooks
        self._engine = engine
        self._lock = threading.Lock()
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
        saved = max(before - after, 0)
        percent = round(saved / before * 100, 1) if before else 0.0
        return {
            "total_requests": requests,
            "total_tokens_before": before,
            "total_tokens_after": after,
            "total_tokens_saved": saved,
            "savings_percent": percent,
        }

    def reset(self) -> None:
        with self._lock:
            self.requests = self.tokens_before = self.tokens_after = 0

    def messages(self, messages: Sequence[Any], model: str | None) -> CompressResult:
        """The messages, OpenAI's, Anthropic's or Bedrock's shape, one for one."""
        try:
            result = self.engine.compress(messages, model or DEFAULT_MODEL, hooks=self.hooks, config=self.config)
        except HeadroomError as error:
            return CompressResult(messages, reason=_said(error))
        self._count(result.tokens_before, result.tokens_after)
        return result

    def body(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A request's body."""
        try:
            made = self.engine.compress_body(body, hooks=self.hooks, config=self.config)
        except HeadroomError as error:
            _said(error)
            return dict(body)
        self._count(made.tokens_before, made.tokens_after)
        return made

    def text(self, text: str, question: str = "", tool: str = "", arguments: Any = "") -> CompressedText:
        """What a tool gave, or a document; short ones stay, as in a conversation."""
        least = self.config.min_tokens_to_compress
        profile = self.config.level() or None
        try:
            made = self.engine.compress_text(text, question, tool=tool, arguments=arguments, profile=profile)
        except HeadroomError as error:
            return CompressedText(text, reason=_said(error))
        if made.tokens_before < (200 if least is None else least):
            made = CompressedText(text, made.tokens_before, made.tokens_before, reason="it is short")
        self._count(made.tokens_before, made.tokens_after)
        return made

    @property
    def engine(self) -> Engine:
        return self._engine if self._engine is not None else default_or_lossless(stacklevel=4)

    def _count(self, before: int, after: int) -> None:
        with self._lock:
            self.requests += 1
            self.tokens_before += before
            self.tokens_after += after


def _said(error: HeadroomError) -> str:
    warnings.warn(f"it is sent as it was: {error}", HeadroomWarning, stacklevel=4)
    return str(error)


def as_dict(value: Any) -> dict[str, Any]:
    """A message or a block as a dict, when it is one or can say itself as one; else empty."""
    known = value if isinstance(value, Mapping) else plain(value)
    return dict(known) if isinstance(known, Mapping) else {}
