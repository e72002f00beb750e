"""Strands Agents.

Agent(model=HeadroomStrandsModel(BedrockModel(...)), tools=[...])        # what the model is asked is shortened
Agent(model=..., tools=[...], hooks=[HeadroomHookProvider()])            # or what tools give, where it arises
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from headroom._client import HeadroomConfig
from headroom._config import CompressConfig
from headroom._engine import Engine

from ._common import DEFAULT_MODEL, Saved, Shortener, missing, name_of_model
from ._common import get_headroom_provider as get_headroom_provider

try:
    from strands.hooks import AfterToolCallEvent, HookProvider, HookRegistry
    from strands.models import Model
except ImportError as error:
    raise missing("strands", "strands-agents", error) from error

get_model_name_from_strands = name_of_model


class HeadroomStrandsModel(Model):
    """A model that shortens the tool results in what it is asked, and leaves the rest to wrapped_model. What the agent
    remembers stays whole. config, hooks, engine: as for headroom.compress() and with_headroom(). auto_detect_provider has no
    effect."""

    def __init__(
        self,
        wrapped_model: Model,
        config: CompressConfig | HeadroomConfig | None = None,
        auto_detect_provider: bool = True,
        *,
        hooks: Any = None,
        engine: Engine | None = None,
    ) -> None:
        self.wrapped_model = wrapped_model
        self.headroom = Shortener(config, hooks, engine)

    def __getattr__(self, name: str) -> Any:
        if name == "wrapped_model":  # while it is unpickled or copied
            raise AttributeError(name)
        return getattr(self.wrapped_model, name)

    @property
    def total_tokens_saved(self) -> int:
        return self.headroom.tokens_saved

    @property
    def metrics_history(self) -> list[Saved]:
        """The latest requests."""
        return list(self.headroom.history)

    def get_savings_summary(self) -> dict[str, Any]:
        return self.headroom.summary()

    def reset(self) -> None:
        """Counts from nought again."""
        self.headroom.reset()

    def get_config(self) -> Any:
        return self.wrapped_model.get_config()

    def update_config(self, **model_config: Any) -> None:
        self.wrapped_model.update_config(**model_config)

    async def stream(self, messages: Any, *rest: Any, **more: Any) -> AsyncIterator[Any]:
        short = await asyncio.to_thread(self._shorter, messages)
        async for event in self.wrapped_model.stream(short, *rest, **more):
            yield event

    async def structured_output(self, output_model: Any, prompt: Any, *rest: Any, **more: Any) -> AsyncIterator[Any]:
        short = await asyncio.to_thread(self._shorter, prompt)
        async for event in self.wrapped_model.structured_output(output_model, short, *rest, **more):
            yield event

    def _shorter(self, messages: Any) -> Any:
        config = self.wrapped_model.get_config()
        name = config.get("model_id") if isinstance(config, dict) else None
        return list(self.headroom.messages(messages, name if isinstance(name, str) else DEFAULT_MODEL))


class HeadroomHookProvider(HookProvider):
    """Shortens each text that a tool gives when the tool has ended, so that the agent's own memory is short, too; the
    originals are in Headroom's store. Failures stay as they are, so preserve_errors has no effect. compress_tool_outputs:
    False does nothing. min_tokens_to_compress: smaller ones stay."""

    def __init__(
        self,
        compress_tool_outputs: bool = True,
        min_tokens_to_compress: int | None = None,
        config: CompressConfig | HeadroomConfig | None = None,
        preserve_errors: bool = True,
        *,
        engine: Engine | None = None,
    ) -> None:
        self.compress_tool_outputs = compress_tool_outputs
        changes: dict[str, Any] = (
            {} if min_tokens_to_compress is None else {"min_tokens_to_compress": min_tokens_to_compress}
        )
        self.headroom = Shortener(config, None, engine, **changes)

    @property
    def total_tokens_saved(self) -> int:
        return self.headroom.tokens_saved

    @property
    def metrics_history(self) -> list[Saved]:
        """The latest texts."""
        return list(self.headroom.history)

    def get_savings_summary(self) -> dict[str, Any]:
        return self.headroom.summary()

    def reset(self) -> None:
        """Counts from nought again."""
        self.headroom.reset()

    def register_hooks(self, registry: HookRegistry, **_: Any) -> None:
        registry.add_callback(AfterToolCallEvent, self._after_tool)

    def _after_tool(self, event: AfterToolCallEvent) -> None:
        result: Any = event.result
        if not self.compress_tool_outputs or not isinstance(result, dict) or result.get("status") == "error":
            return
        content = [self._shorter(block, event.tool_use) for block in result.get("content", [])]
        event.result = {**result, "content": content}

    def _shorter(self, block: Any, use: Any) -> Any:
        if not isinstance(block, dict) or not isinstance(block.get("text"), str):
            return block
        short = self.headroom.text(block["text"], tool=str(use.get("name", "")), arguments=use.get("input", ""))
        return {**block, "text": short.text} if short.transforms_applied else block


def optimize_messages(
    messages: Any, config: CompressConfig | HeadroomConfig | None = None, model: str = DEFAULT_MODEL
) -> tuple[list[Any], dict[str, Any]]:
    """The messages with tool results shortened, and what was saved (see Shortener.summary)."""
    headroom = Shortener(config)
    return list(headroom.messages(messages, model)), headroom.summary()


def strands_available() -> bool:
    """True: this module needs it."""
    return True
