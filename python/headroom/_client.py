"""HeadroomClient: a provider's client with calls that say how far to go, for scripts that were written around it."""

from __future__ import annotations

import enum
import inspect
import uuid
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

from ._api import compress, default_or_lossless, simulate
from ._config import CompressConfig
from ._errors import ConfigurationError, HeadroomError, HeadroomWarning, ValidationError
from ._hooks import context_of
from ._metrics import MetricsLog, RequestMetrics
from ._providers import AnthropicProvider, OpenAIProvider, Provider
from ._result import CompressResult, Message, SimulationResult
from ._settings import (
    CRUSHER_EFFECTS,
    CacheAlignerConfig,
    CacheOptimizerConfig,
    CCRConfig,
    PrefixFreezeConfig,
    SmartCrusherConfig,
    warn_of,
)


class HeadroomMode(str, enum.Enum):
    """What a call does: count only, shorten, or say what shortening would do."""

    AUDIT = "audit"
    OPTIMIZE = "optimize"
    SIMULATE = "simulate"


@dataclass
class HeadroomConfig:
    """Settings of a HeadroomClient."""

    default_mode: HeadroomMode | str = HeadroomMode.AUDIT
    model_context_limits: Mapping[str, int] = field(default_factory=dict)
    """Windows, in tokens, of models that are not known or have another here."""
    output_buffer_tokens: int = 4000
    """Tokens of the window that are left for the answer."""
    compression: CompressConfig = field(default_factory=CompressConfig)
    """As for compress()."""
    store_url: str | None = None
    """Accepted, without effect: originals are in the user's store, and figures in memory."""
    smart_crusher: SmartCrusherConfig = field(default_factory=SmartCrusherConfig)
    """min_tokens_to_crush and lossless_only hold for all kinds of results."""
    cache_aligner: CacheAlignerConfig = field(default_factory=CacheAlignerConfig)
    """Accepted, without effect: what a conversation begins with is always kept as it was."""
    cache_optimizer: CacheOptimizerConfig = field(default_factory=CacheOptimizerConfig)
    ccr: CCRConfig = field(default_factory=CCRConfig)
    prefix_freeze: PrefixFreezeConfig = field(default_factory=PrefixFreezeConfig)

    def get_context_limit(self, model: str) -> int | None:
        return self.model_context_limits.get(model)

    def settings(self) -> CompressConfig:
        """`compression`, with what the others say."""
        made = replace(self.compression)
        if made.min_tokens_to_compress is None and self.smart_crusher.min_tokens_to_crush != _CRUSHER_LEAST:
            made.min_tokens_to_compress = self.smart_crusher.min_tokens_to_crush
        if self.smart_crusher.lossless_only or not self.ccr.drops:
            made.profile = "lossless"
        return made


_CRUSHER_LEAST = SmartCrusherConfig.min_tokens_to_crush


class HeadroomClient:
    """A provider's client, or one with the same methods, whose calls can be shortened.

        client = HeadroomClient(OpenAI(), OpenAIProvider(), default_mode="optimize")
        client.chat.completions.create(model="gpt-4o", messages=messages)
        client.chat.completions.simulate(model="gpt-4o", messages=messages).tokens_saved
        client.get_stats()

    default_mode: "audit" sends what came and counts, "optimize" shortens; `headroom_mode=` of a call says otherwise for it.
    All else of the client is there under its own name and is not touched. Asynchronous clients work, too: what they give
    is awaited by the caller. with_headroom() is the shorter way when every request is to be shortened.

    cache_optimizer, enable_cache_optimizer, enable_semantic_cache and store_url are accepted and have no effect.
    Thread-safe as far as the client is. A request that cannot be shortened is sent as it was.
    """

    def __init__(
        self,
        original_client: Any,
        provider: Provider | None = None,
        store_url: str | None = None,
        default_mode: HeadroomMode | str | None = None,
        model_context_limits: Mapping[str, int] | None = None,
        cache_optimizer: Any = None,
        enable_cache_optimizer: bool = True,
        enable_semantic_cache: bool = False,
        config: HeadroomConfig | None = None,
    ) -> None:
        self._config = config if config is not None else HeadroomConfig()
        self._mode = _mode(default_mode if default_mode is not None else self._config.default_mode)
        self._limits = {**self._config.model_context_limits, **(model_context_limits or {})}
        self._original = original_client
        self._provider = provider if provider is not None else _provider_of(original_client)
        self._metrics = MetricsLog()
        warn_of(self._config.smart_crusher, CRUSHER_EFFECTS, stacklevel=2)
        if enable_semantic_cache:
            warnings.warn("enable_semantic_cache has no effect: answers are not kept", HeadroomWarning, stacklevel=2)
        self.chat = _Chat(self)
        self.messages = _Messages(self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._original, name)

    def get_metrics(
        self,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        model: str | None = None,
        mode: str | None = None,
        limit: int = 100,
    ) -> list[RequestMetrics]:
        """What was sent, the newest first; times without a zone are UTC."""
        return self._metrics.find(start_time, end_time, model, mode, limit)

    def get_summary(self, start_time: datetime | None = None, end_time: datetime | None = None) -> dict[str, Any]:
        """Sums over those requests (of the latest 10,000)."""
        return self._metrics.summary(start_time, end_time)

    def get_stats(self) -> dict[str, Any]:
        """Sums over all requests of this client, and its settings."""
        return {
            "session": self._metrics.session(),
            "config": {
                "mode": self._mode.value,
                "provider": self._provider.name,
                "cache_optimizer": None,
                "semantic_cache": False,
            },
            "transforms": {"smart_crusher_enabled": True, "cache_aligner_enabled": True},
        }

    def validate_setup(self) -> dict[str, Any]:
        """Whether all that a call needs is there; `error` says what is not. Nothing is sent."""
        report: dict[str, Any] = {
            "provider": {"ok": True, "name": self._provider.name, "error": None},
            "storage": {"ok": True, "url": None, "error": None},
            "config": {"ok": True, "mode": self._mode.value, "error": None},
            "cache_optimizer": {"ok": True, "name": None, "error": None},
        }
        checks: dict[str, Callable[[], object]] = {
            "provider": lambda: self._provider.get_token_counter("gpt-4o").count_text("ready"),
            "storage": _open_store,
            "config": self._config.compression.level,
        }
        for name, check in checks.items():
            try:
                check()
            except HeadroomError as error:
                report[name].update(ok=False, error=str(error))
        return {"valid": all(part["ok"] for part in report.values()), **report}

    def close(self) -> None:
        """Closes the original client."""
        close = getattr(self._original, "close", None)
        if callable(close):
            close()

    def __enter__(self) -> HeadroomClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _simulate(self, model: str, messages: list[Message], options: dict[str, Any]) -> SimulationResult:
        said = _Said(options, self._mode)
        return simulate(messages, model, self._settings(model, said, messages))

    def _settings(self, model: str, said: _Said, messages: list[Message]) -> CompressConfig:
        settings = said.settings(self._config.settings(), messages)
        limit = self._limits.get(model) or self._provider.get_context_limit(model)
        room = limit - said.output_buffer(self._config.output_buffer_tokens)
        budget = settings.token_budget
        if room > 0:
            settings.token_budget = room if budget is None else min(budget, room)
        return settings

    def _call(self, method: Callable[..., Any], model: str, messages: list[Message], options: dict[str, Any]) -> Any:
        said = _Said(options, self._mode)
        if said.mode is HeadroomMode.SIMULATE:
            return simulate(messages, model, self._settings(model, said, messages))
        settings = self._settings(model, said, messages)
        made = compress(messages, model, optimize=said.mode is HeadroomMode.OPTIMIZE, config=settings)
        sent = made if said.mode is HeadroomMode.OPTIMIZE else messages
        note = _Note(self._metrics, model, bool(options.get("stream")), said.mode.value, made)
        try:
            answer = method(model=model, messages=sent, **options)
        except Exception as error:
            note.failed(error)
            raise
        return note.awaited(answer) if inspect.isawaitable(answer) else note.done(answer)


class _Said:
    """What a call says to us, taken out of its arguments."""

    def __init__(self, options: dict[str, Any], default: HeadroomMode) -> None:
        self.mode = _mode(options.pop("headroom_mode", None) or default)
        self._buffer = options.pop("headroom_output_buffer_tokens", None)
        self._tools = options.pop("headroom_tool_profiles", None) or {}
        self._keep_turns = options.pop("headroom_keep_turns", None)
        if options.pop("headroom_cache_prefix_tokens", None) is not None:
            warnings.warn("headroom_cache_prefix_tokens has no effect", HeadroomWarning, stacklevel=5)

    def output_buffer(self, default: int) -> int:
        return default if self._buffer is None else int(self._buffer)

    def settings(self, base: CompressConfig, messages: list[Message]) -> CompressConfig:
        """headroom_tool_profiles: {"search": "aggressive"}; as before {"search": {"skip_compression": True}}.
        headroom_keep_turns: the latest so many turns, each from a text of the user's on, stay as they are."""
        tools = dict(pair.split("=", 1) for pair in base.tools())
        for name, profile in self._tools.items():
            if isinstance(profile, Mapping):
                if profile.get("skip_compression"):
                    tools[name] = "lossless"
            else:
                tools[name] = str(profile)
        recent = max(base.protect_recent, _size_of_turns(messages, self._keep_turns) if self._keep_turns else 0)
        return CompressConfig(**{**vars(base), "tool_profiles": tools, "protect_recent": recent})


def _size_of_turns(messages: list[Message], turns: int) -> int:
    """How many messages the latest turns have."""
    starts = [index for index, message in enumerate(messages) if context_of([message], "").turn_number]
    return len(messages) - starts[-turns] if len(starts) >= turns > 0 else len(messages)


class _Note:
    """Writes down what became of one request."""

    def __init__(self, log: MetricsLog, model: str, stream: bool, mode: str, made: CompressResult) -> None:
        self._log, self._made = log, made
        self._known: dict[str, Any] = {"model": model, "stream": stream, "mode": mode}

    def _add(self, **more: Any) -> None:
        made = self._made
        self._log.add(
            RequestMetrics(
                request_id=uuid.uuid4().hex,
                timestamp=datetime.now(timezone.utc),
                tokens_input_before=made.tokens_before,
                tokens_input_after=made.tokens_after,
                estimated_savings_percent=100 * made.compression_ratio,
                transforms_applied=made.transforms_applied,
                **self._known,
                **more,
            )
        )

    def failed(self, error: Exception) -> None:
        self._add(error=f"{type(error).__name__}: {error}")

    def done(self, answer: Any) -> Any:
        usage = None if self._known["stream"] else getattr(answer, "usage", None)
        output = _first_number(usage, "completion_tokens", "output_tokens")
        cached = _first_number(usage, "cache_read_input_tokens")
        if cached is None:
            cached = _first_number(getattr(usage, "prompt_tokens_details", None), "cached_tokens")
        self._add(tokens_output=output, cached_tokens=cached)
        return answer

    async def awaited(self, answer: Any) -> Any:
        try:
            answer = await answer
        except Exception as error:
            self.failed(error)
            raise
        return self.done(answer)


class _Completions:
    def __init__(self, client: HeadroomClient) -> None:
        self._client = client

    def create(self, *, model: str, messages: list[Message], **options: Any) -> Any:
        """As the original client's, with headroom_mode, headroom_tool_profiles, headroom_output_buffer_tokens."""
        return self._client._call(self._client._original.chat.completions.create, model, messages, options)

    def simulate(self, *, model: str, messages: list[Message], **options: Any) -> SimulationResult:
        """What create() would send; nothing is sent or stored."""
        return self._client._simulate(model, messages, options)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._client._original.chat.completions, name)


class _Chat:
    def __init__(self, client: HeadroomClient) -> None:
        self.completions = _Completions(client)


class _Messages:
    def __init__(self, client: HeadroomClient) -> None:
        self._client = client

    def create(self, *, model: str, messages: list[Message], max_tokens: int = 1024, **options: Any) -> Any:
        """As the original client's, with headroom_mode, headroom_tool_profiles, headroom_output_buffer_tokens."""
        options["max_tokens"] = max_tokens
        return self._client._call(self._client._original.messages.create, model, messages, options)

    def stream(self, *, model: str, messages: list[Message], max_tokens: int = 1024, **options: Any) -> Any:
        """The original client's context manager."""
        options["max_tokens"] = max_tokens
        return self._client._call(self._client._original.messages.stream, model, messages, options)

    def simulate(self, *, model: str, messages: list[Message], **options: Any) -> SimulationResult:
        """What create() would send; nothing is sent or stored."""
        return self._client._simulate(model, messages, options)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._client._original.messages, name)


def _mode(mode: HeadroomMode | str) -> HeadroomMode:
    try:
        return HeadroomMode(mode)
    except ValueError:
        known = ", ".join(one.value for one in HeadroomMode)
        raise ConfigurationError(f"no mode {mode!r}: {known}", code="invalid_argument") from None


def _provider_of(client: Any) -> Provider:
    if hasattr(client, "messages"):
        return AnthropicProvider()
    if hasattr(client, "chat"):
        return OpenAIProvider()
    raise ValidationError("HeadroomClient takes a client with messages or chat.completions", code="invalid_argument")


def _open_store() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", HeadroomWarning)
        try:
            default_or_lossless()
        except HeadroomWarning as warning:
            raise ConfigurationError(str(warning)) from None


def _first_number(holder: Any, *names: str) -> int | None:
    for name in names:
        value = getattr(holder, name, None)
        if isinstance(value, int):
            return value
    return None
