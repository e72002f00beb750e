"""What programs of the user's are told about a call, and may say to it."""

from __future__ import annotations

import contextlib
import enum
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ._errors import HeadroomWarning
from ._messages import plain
from ._result import CompressResult, Message

T = TypeVar("T")


class PipelineStage(str, enum.Enum):
    """The steps in the life of a request, in the order in which they come. Calls from Python have the input_ ones, the
    others are a proxy's."""

    SETUP = "setup"
    PRE_START = "pre_start"
    POST_START = "post_start"
    INPUT_RECEIVED = "input_received"
    INPUT_CACHED = "input_cached"
    INPUT_ROUTED = "input_routed"
    INPUT_COMPRESSED = "input_compressed"
    INPUT_REMEMBERED = "input_remembered"
    PRE_SEND = "pre_send"
    POST_SEND = "post_send"
    RESPONSE_RECEIVED = "response_received"


CANONICAL_PIPELINE_STAGES = tuple(PipelineStage)


@dataclass(frozen=True)
class PipelineEvent:
    """One step. `metadata` has what the stage knows: tokens_before, tokens_after, tool, type, transform, reason, ids, ...
    (include/headroom/headroom.h, Event). No text of the conversation is in it."""

    stage: PipelineStage
    operation: str = "compress"
    request_id: str = ""
    provider: str = ""
    model: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass
class CompressContext:
    """What hooks are told about the call that they are asked about."""

    model: str = ""
    user_query: str = ""
    """The last text of the user's."""
    turn_number: int = 0
    """How many texts of the user's there are."""
    tool_calls: list[str] = field(default_factory=list)
    """Names of the tools that were called, in order."""
    provider: str = ""
    """Whose shape the messages have, as far as they show it: "anthropic", "openai", "gemini", "vercel"; "" for what could be several."""


@dataclass
class CompressEvent:
    """What a call did. compression_ratio is the share that was saved."""

    tokens_before: int = 0
    tokens_after: int = 0
    tokens_saved: int = 0
    compression_ratio: float = 0.0
    transforms_applied: list[str] = field(default_factory=list)
    ccr_hashes: list[str] = field(default_factory=list)
    model: str = ""
    user_query: str = ""
    provider: str = ""


class CompressionHooks:
    """Base of hooks; each does nothing until it is overridden. They run on the thread of the call. One that raises is
    done without, and a HeadroomWarning says so."""

    def pre_compress(self, messages: list[Message], ctx: CompressContext) -> list[Message]:
        """The messages to go on with: these, or others. The list is a copy, the messages are the caller's own."""
        return messages

    def compute_biases(self, messages: list[Message], ctx: CompressContext) -> dict[int, float]:
        """Accepted for hooks that have it. Biases have no effect, and a HeadroomWarning says so: how much is kept follows
        from what is asked. protect_messages() keeps a message whole."""
        return {}

    def protect_messages(self, messages: list[Message], ctx: CompressContext) -> set[int]:
        """Indices of messages that must stay as they are."""
        return set()

    def post_compress(self, event: CompressEvent) -> None:
        """Told when it is done."""

    def on_pipeline_event(self, event: PipelineEvent) -> PipelineEvent | None:
        """Told of each step, in order, when the call is over. What it returns is not used."""
        return None


class HookCall:
    """The hooks of one call, any object that has some of their methods; None: nobody listens."""

    def __init__(self, hooks: Any, model: str) -> None:
        self._hooks = hooks
        self._context = CompressContext(model=model)

    def before(self, messages: list[Message]) -> tuple[list[Message], set[int]]:
        """The messages to compress, and which of them must stay."""
        if self._hooks is None:
            return messages, set()
        ctx = self._context = context_of(messages, self._context.model)
        changed: Any = self._ask("pre_compress", messages, list(messages), ctx)
        if isinstance(changed, Sequence) and not isinstance(changed, (str, bytes)):
            messages = list(changed)
        biases: Any = self._ask("compute_biases", {}, list(messages), ctx)
        if isinstance(biases, Mapping) and any(bias != 1 for bias in biases.values()):
            warnings.warn("biases have no effect; protect_messages keeps a message", HeadroomWarning, stacklevel=5)
        protected: Any = self._ask("protect_messages", set(), list(messages), ctx)
        if not isinstance(protected, Iterable):
            return messages, set()
        return messages, {index for index in protected if isinstance(index, int) and 0 <= index < len(messages)}

    @property
    def wants_steps(self) -> bool:
        method = getattr(type(self._hooks), "on_pipeline_event", None)
        return self._hooks is not None and method is not CompressionHooks.on_pipeline_event

    def after(self, result: CompressResult, steps: Iterable[Mapping[str, Any]]) -> None:
        if self._hooks is None:
            return
        for step in steps:
            self._ask("on_pipeline_event", None, event_of(step))
        ctx = self._context
        event = CompressEvent(
            tokens_before=result.tokens_before,
            tokens_after=result.tokens_after,
            tokens_saved=result.tokens_saved,
            compression_ratio=result.compression_ratio,
            transforms_applied=list(result.transforms_applied),
            ccr_hashes=list(result.ids),
            model=ctx.model,
            user_query=ctx.user_query,
            provider=ctx.provider,
        )
        self._ask("post_compress", None, event)

    def _ask(self, name: str, otherwise: T, *arguments: Any) -> T:
        method: Callable[..., T] | None = getattr(self._hooks, name, None)
        if method is None:
            return otherwise
        try:
            return method(*arguments)
        except Exception as error:
            text = f"{type(self._hooks).__name__}.{name} failed and is done without: {error!r}"
            warnings.warn(text, HeadroomWarning, stacklevel=6)
            return otherwise


def event_of(step: Mapping[str, Any]) -> PipelineEvent:
    api = str(step["api"])
    known = {"stage", "request", "model"}
    return PipelineEvent(
        stage=PipelineStage(step["stage"]),
        request_id=str(step["request"]),
        provider=api.split("_")[0],
        model=str(step["model"]),
        metadata={name: value for name, value in step.items() if name not in known},
    )


def context_of(messages: Iterable[Message], model: str) -> CompressContext:
    """What the messages show of the conversation. Anything may be in them."""
    ctx = CompressContext(model=model)
    for message in messages:
        # An object of the caller's may raise anything when it is asked what it holds.
        with contextlib.suppress(Exception):
            _read_message(ctx, _fields(message))
    return ctx


def _read_message(ctx: CompressContext, known: Mapping[Any, Any]) -> None:
    content = known.get("content", known.get("parts"))
    blocks = [_fields(block) for block in content] if isinstance(content, (list, tuple)) else []
    if known.get("role") == "user":
        texts = [content] if isinstance(content, str) else [block.get("text") for block in blocks]
        if text := "\n".join(text for text in texts if isinstance(text, str)):
            ctx.user_query = text
            ctx.turn_number += 1
    for provider, name in (*_calls_of_message(known), *_calls_of_blocks(blocks)):
        ctx.provider = provider
        if name is not None:
            ctx.tool_calls.append(str(name))


def _calls_of_message(known: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    """Whose shape it is, and the name of the tool that is called, where one is."""
    calls = known.get("tool_calls")
    for call in calls if isinstance(calls, (list, tuple)) else ():
        yield "openai", _fields(_fields(call).get("function")).get("name")
    if known.get("type") == "function_call":
        yield "openai", known.get("name")


def _calls_of_blocks(blocks: Iterable[Mapping[Any, Any]]) -> Iterator[tuple[str, Any]]:
    for block in blocks:
        kind = block.get("type")
        if kind in ("tool_use", "tool_result"):
            yield "anthropic", block.get("name") if kind == "tool_use" else None
        elif kind in ("tool-call", "tool-result"):
            yield "vercel", block.get("toolName") if kind == "tool-call" else None
        for name in ("functionCall", "function_call"):
            if block.get(name) is not None:
                yield "gemini", _fields(block[name]).get("name")


def _fields(value: Any) -> Mapping[Any, Any]:
    with contextlib.suppress(Exception):
        known = value if isinstance(value, Mapping) else plain(value)
        return dict(known) if isinstance(known, Mapping) else {}
    return {}
