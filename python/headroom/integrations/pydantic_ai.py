"""Pydantic AI.

Agent(HeadroomModel("openai:gpt-4o"), tools=[...])
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from headroom._config import CompressConfig
from headroom._engine import Engine

from ._common import Shortener, missing

try:
    from pydantic_ai.messages import (
        ModelMessage,
        ModelResponse,
        TextPart,
        ToolCallPart,
        ToolReturnPart,
        UserPromptPart,
    )
    from pydantic_ai.models.wrapper import WrapperModel
except ImportError as error:
    raise missing("pydantic-ai", "pydantic-ai-slim", error) from error


class HeadroomModel(WrapperModel):
    """A model that shortens the tool results in what it is asked, and leaves the rest to the one that it wraps (a model, or
    its name). The run's own history stays whole. config, hooks, engine: as for headroom.compress() and with_headroom()."""

    def __init__(
        self, wrapped: Any, config: CompressConfig | None = None, *, hooks: Any = None, engine: Engine | None = None
    ) -> None:
        super().__init__(wrapped)
        self.headroom = Shortener(config, hooks, engine)

    @property
    def total_tokens_saved(self) -> int:
        return self.headroom.tokens_saved

    async def request(self, messages: list[ModelMessage], *rest: Any, **more: Any) -> ModelResponse:
        short = await asyncio.to_thread(shorten_messages, messages, self.headroom, self.wrapped.model_name)
        return await self.wrapped.request(short, *rest, **more)

    async def count_tokens(self, messages: list[ModelMessage], *rest: Any, **more: Any) -> Any:
        short = await asyncio.to_thread(shorten_messages, messages, self.headroom, self.wrapped.model_name)
        return await self.wrapped.count_tokens(short, *rest, **more)

    @asynccontextmanager
    async def request_stream(self, messages: list[ModelMessage], *rest: Any, **more: Any) -> AsyncIterator[Any]:
        short = await asyncio.to_thread(shorten_messages, messages, self.headroom, self.wrapped.model_name)
        async with self.wrapped.request_stream(short, *rest, **more) as stream:
            yield stream


def shorten_messages(messages: Sequence[ModelMessage], headroom: Shortener, model: str) -> list[ModelMessage]:
    """One for one; those without a change are the same objects."""
    places = [(index, at) for index, message in enumerate(messages) for at in range(len(message.parts))]
    plain = [_as_openai(messages[index].parts[at]) for index, at in places]
    short = headroom.messages(plain, model)
    made = list(messages)
    if len(short) != len(plain):
        return made
    for (index, at), old, new in zip(places, plain, short, strict=True):
        part = made[index].parts[at]
        if new is old or not isinstance(part, ToolReturnPart):
            continue
        parts = list(made[index].parts)
        parts[at] = dataclasses.replace(part, content=new["content"])
        made[index] = dataclasses.replace(made[index], parts=parts)
    return made


def _as_openai(part: Any) -> dict[str, Any]:
    """A part as a message of its own: a call and its result are found by their id."""
    if isinstance(part, ToolReturnPart):
        return {"role": "tool", "tool_call_id": part.tool_call_id, "content": part.model_response_str()}
    if isinstance(part, ToolCallPart):
        function = {"name": part.tool_name, "arguments": part.args_as_json_str()}
        call = {"id": part.tool_call_id, "type": "function", "function": function}
        return {"role": "assistant", "content": None, "tool_calls": [call]}
    if isinstance(part, UserPromptPart):
        return {"role": "user", "content": part.content if isinstance(part.content, str) else ""}
    if isinstance(part, TextPart):
        return {"role": "assistant", "content": part.content}
    text = getattr(part, "content", "")
    return {"role": "system", "content": text if isinstance(text, str) else ""}


__all__ = ["HeadroomModel", "shorten_messages"]
