"""OpenAI's Agents SDK.

Runner.run(agent, question, run_config=RunConfig(call_model_input_filter=HeadroomInputFilter()))
Agent(name="...", model=HeadroomModel(model))      # or around one model
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from headroom._config import CompressConfig
from headroom._engine import Engine

from ._common import DEFAULT_MODEL, Shortener, missing

try:
    from agents import Model
    from agents.run import CallModelData, ModelInputData
except ImportError as error:
    raise missing("openai-agents", "openai-agents", error) from error


class HeadroomInputFilter:
    """For RunConfig.call_model_input_filter: tool results are shortened each time that a model is called; what the run
    remembers stays whole. config, hooks, engine: as for headroom.compress() and with_headroom()."""

    def __init__(
        self, config: CompressConfig | None = None, *, hooks: Any = None, engine: Engine | None = None
    ) -> None:
        self.headroom = Shortener(config, hooks, engine)

    @property
    def total_tokens_saved(self) -> int:
        return self.headroom.tokens_saved

    async def __call__(self, data: CallModelData[Any]) -> ModelInputData:
        given = data.model_data
        model = getattr(data.agent, "model", None)
        items = await asyncio.to_thread(_shorter, self.headroom, given.input, given.instructions, model)
        return ModelInputData(input=items, instructions=given.instructions)


class HeadroomModel(Model):
    """A model that shortens the tool results in what it is asked, and leaves the rest to the one that it wraps."""

    def __init__(
        self, model: Model, config: CompressConfig | None = None, *, hooks: Any = None, engine: Engine | None = None
    ) -> None:
        self.wrapped_model = model
        self.headroom = Shortener(config, hooks, engine)

    def __getattr__(self, name: str) -> Any:
        if name == "wrapped_model":  # while it is unpickled or copied
            raise AttributeError(name)
        return getattr(self.wrapped_model, name)

    async def get_response(self, system_instructions: str | None, input: Any, *rest: Any, **more: Any) -> Any:
        items = await asyncio.to_thread(_shorter, self.headroom, input, system_instructions, self.wrapped_model)
        return await self.wrapped_model.get_response(system_instructions, items, *rest, **more)

    async def stream_response(
        self, system_instructions: str | None, input: Any, *rest: Any, **more: Any
    ) -> AsyncIterator[Any]:
        items = await asyncio.to_thread(_shorter, self.headroom, input, system_instructions, self.wrapped_model)
        async for event in self.wrapped_model.stream_response(system_instructions, items, *rest, **more):
            yield event


def _shorter(headroom: Shortener, items: Any, instructions: str | None, model: Any) -> Any:
    if not isinstance(items, list):
        return items
    name = model if isinstance(model, str) else getattr(model, "model", None)
    body = {"model": name if isinstance(name, str) else DEFAULT_MODEL, "input": items}
    if instructions:
        body["instructions"] = instructions
    return headroom.body(body)["input"]
