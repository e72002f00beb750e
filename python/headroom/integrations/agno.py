"""Agno.

Agent(model=HeadroomAgnoModel(OpenAIChat(id="gpt-4o")), tools=[...])
pre, post = create_headroom_hooks(); Agent(model=..., pre_hooks=[pre], post_hooks=[post])
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from headroom._client import HeadroomConfig, HeadroomMode
from headroom._config import CompressConfig

from ._common import DEFAULT_MODEL, Saved, Shortener, missing, name_of_model
from ._common import get_headroom_provider as get_headroom_provider

try:
    from agno.models.base import Model
    from agno.models.message import Message
except ImportError as error:
    raise missing("agno", "agno", error) from error

get_model_name_from_agno = name_of_model


@dataclass
class HeadroomAgnoModel(Model):
    """A model that shortens the tool results in what it is asked, and leaves the rest to wrapped_model. What the agent
    remembers stays whole: only the request has shorter copies. Everything that Agno asks a model for (its settings, how it
    writes tools) is the wrapped model's."""

    id: str = "headroom"
    wrapped_model: Any = None
    headroom_config: CompressConfig | HeadroomConfig | None = None
    headroom_hooks: Any = None
    headroom: Shortener = field(init=False, repr=False, compare=False)

    def __init__(
        self,
        wrapped_model: Model,
        headroom_config: CompressConfig | HeadroomConfig | None = None,
        headroom_hooks: Any = None,
        *,
        config: CompressConfig | HeadroomConfig | None = None,
        headroom_mode: HeadroomMode | str | None = None,
        auto_detect_provider: bool = True,
    ) -> None:
        """config is headroom_config; headroom_mode "audit" only counts; auto_detect_provider has no effect."""
        headroom_config = headroom_config if headroom_config is not None else config
        for known in fields(Model):
            if hasattr(wrapped_model, known.name):
                setattr(self, known.name, getattr(wrapped_model, known.name))
        self.wrapped_model = wrapped_model
        self.headroom_config, self.headroom_hooks = headroom_config, headroom_hooks
        self.headroom = Shortener(headroom_config, headroom_hooks, mode=headroom_mode)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "wrapped_model":  # while it is unpickled or copied
            raise AttributeError(name)
        return getattr(self.wrapped_model, name)

    @property
    def total_tokens_saved(self) -> int:
        return self.headroom.tokens_saved

    @property
    def metrics_history(self) -> list[Saved]:
        """The latest requests."""
        return list(self.headroom.history)

    @property
    def underlying_model(self) -> Any:
        return self.wrapped_model

    def get_savings_summary(self) -> dict[str, Any]:
        return self.headroom.summary()

    def reset(self) -> None:
        """Counts from nought again."""
        self.headroom.reset()

    def invoke(self, *args: Any, **kwargs: Any) -> Any:
        args, kwargs = self._shorter(args, kwargs)
        return self.wrapped_model.invoke(*args, **kwargs)

    async def ainvoke(self, *args: Any, **kwargs: Any) -> Any:
        args, kwargs = await asyncio.to_thread(self._shorter, args, kwargs)
        return await self.wrapped_model.ainvoke(*args, **kwargs)

    def invoke_stream(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        args, kwargs = self._shorter(args, kwargs)
        yield from self.wrapped_model.invoke_stream(*args, **kwargs)

    async def ainvoke_stream(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        args, kwargs = await asyncio.to_thread(self._shorter, args, kwargs)
        async for part in self.wrapped_model.ainvoke_stream(*args, **kwargs):
            yield part

    def _parse_provider_response(self, response: Any, **kwargs: Any) -> Any:
        return self.wrapped_model._parse_provider_response(response, **kwargs)

    def _parse_provider_response_delta(self, response: Any) -> Any:
        return self.wrapped_model._parse_provider_response_delta(response)

    def _shorter(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        if args and isinstance(args[0], list):
            return (shorten_messages(args[0], self.headroom, self.wrapped_model.id), *args[1:]), kwargs
        if isinstance(kwargs.get("messages"), list):
            short = shorten_messages(kwargs["messages"], self.headroom, self.wrapped_model.id)
            return args, {**kwargs, "messages": short}
        return args, kwargs


class HeadroomPreHook:
    """For Agent(pre_hooks=[...]): a long text that a run is given as its input is shortened. The conversation itself does
    not pass here; HeadroomAgnoModel shortens that."""

    def __init__(
        self,
        config: CompressConfig | HeadroomConfig | None = None,
        mode: HeadroomMode | str = HeadroomMode.OPTIMIZE,
        model: str = DEFAULT_MODEL,
    ) -> None:
        """mode: "audit" only counts."""
        self.headroom = Shortener(config, mode=mode)
        self.model = model

    @property
    def metrics_history(self) -> list[Saved]:
        """The latest runs."""
        return list(self.headroom.history)

    @property
    def total_tokens_saved(self) -> int:
        return self.headroom.tokens_saved

    def get_savings_summary(self) -> dict[str, Any]:
        return self.headroom.summary()

    def __call__(self, run_input: Any, **_: Any) -> None:
        content = getattr(run_input, "input_content", None)
        if isinstance(content, list) and all(isinstance(message, Message) for message in content):
            run_input.input_content = shorten_messages(content, self.headroom, self.model)


class HeadroomPostHook:
    """For Agent(post_hooks=[...]): counts runs, and the ones whose input had more tokens than token_alert_threshold."""

    def __init__(self, log_level: str = "INFO", token_alert_threshold: int | None = None) -> None:
        """log_level has no effect: nothing is logged."""
        self.token_alert_threshold = token_alert_threshold
        self.reset()

    def reset(self) -> None:
        """Counts from nought again."""
        self.total_requests = self.total_tokens = 0
        self.alerts: list[str] = []

    def __call__(self, run_output: Any, **_: Any) -> None:
        self.total_requests += 1
        tokens = getattr(getattr(run_output, "metrics", None), "input_tokens", 0) or 0
        self.total_tokens += tokens
        if self.token_alert_threshold is not None and tokens > self.token_alert_threshold:
            self.alerts.append(f"a run read {tokens} tokens, more than {self.token_alert_threshold}")

    def get_summary(self) -> dict[str, Any]:
        """Tokens are those that runs read."""
        return {
            "total_requests": self.total_requests,
            "total_tokens": self.total_tokens,
            "average_tokens": self.total_tokens / self.total_requests if self.total_requests else 0,
            "alerts": list(self.alerts),
        }


def create_headroom_hooks(
    config: CompressConfig | HeadroomConfig | None = None,
    mode: HeadroomMode | str = HeadroomMode.OPTIMIZE,
    model: str = DEFAULT_MODEL,
    log_level: str = "INFO",
    token_alert_threshold: int | None = None,
) -> tuple[HeadroomPreHook, HeadroomPostHook]:
    return HeadroomPreHook(config, mode, model), HeadroomPostHook(log_level, token_alert_threshold)


def optimize_messages(
    messages: Sequence[Any],
    config: CompressConfig | HeadroomConfig | None = None,
    mode: HeadroomMode | str = HeadroomMode.OPTIMIZE,
    model: str = DEFAULT_MODEL,
) -> tuple[list[Any], dict[str, Any]]:
    """The messages, Agno's or dicts, with tool results shortened, and what was saved (see Shortener.summary)."""
    headroom = Shortener(config, mode=mode)
    if all(isinstance(message, Message) for message in messages):
        return shorten_messages(messages, headroom, model), headroom.summary()
    return list(headroom.messages(messages, model)), headroom.summary()


def agno_available() -> bool:
    """True: this module needs it."""
    return True


def shorten_messages(messages: Sequence[Message], headroom: Shortener, model: str) -> list[Message]:
    """One for one; those without a change are the same objects."""
    plain = [_as_openai(message) for message in messages]
    short = headroom.messages(plain, model)
    if len(short) != len(messages):
        return list(messages)
    return [
        message if new is old else message.model_copy(update={"content": new["content"], "compressed_content": None})
        for message, old, new in zip(messages, plain, short, strict=True)
    ]


def _as_openai(message: Message) -> dict[str, Any]:
    made: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.tool_calls:
        made["tool_calls"] = [_call(call) for call in message.tool_calls]
    if message.role == "tool":
        made["tool_call_id"] = message.tool_call_id
    return made


def _call(call: Any) -> Any:
    function = call.get("function") if isinstance(call, dict) else None
    if isinstance(function, dict) and not isinstance(function.get("arguments"), str):
        return {**call, "function": {**function, "arguments": json.dumps(function.get("arguments"), default=str)}}
    return call
