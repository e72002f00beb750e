"""LiteLLM, its SDK and its proxy.

litellm.callbacks = [HeadroomCallback()]      # acompletion(), aresponses(), the Router, LiteLLM's proxy
completion = with_headroom_completion()       # the synchronous litellm.completion(), for which it has no such hook
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from headroom._config import CompressConfig
from headroom._engine import Engine

from ._common import Shortener, missing

try:
    import litellm
    from litellm.integrations.custom_logger import CustomLogger
except ImportError as error:
    raise missing("litellm", "litellm", error) from error

_FIELDS = ("messages", "input", "contents", "system", "instructions", "tools")


class HeadroomCallback(CustomLogger):
    """Shortens the tool results of each request before it is sent, once a request.

    min_tokens: smaller tool results stay. model_limit: the model's window in tokens, when the conversation must fit into
    it; None: what is known of the model. hooks, config, engine: as for headroom.compress() and with_headroom().
    """

    def __init__(
        self,
        min_tokens: int | None = None,
        model_limit: int | None = None,
        hooks: Any = None,
        *,
        config: CompressConfig | None = None,
        engine: Engine | None = None,
    ) -> None:
        super().__init__()
        changes: dict[str, Any] = {}
        if min_tokens is not None:
            changes["min_tokens_to_compress"] = min_tokens
        if model_limit is not None:
            changes["token_budget"] = model_limit
        self.headroom = Shortener(config, hooks, engine, **changes)

    @property
    def total_tokens_saved(self) -> int:
        return self.headroom.tokens_saved

    def get_savings_summary(self) -> dict[str, Any]:
        return self.headroom.summary()

    async def async_pre_call_deployment_hook(self, kwargs: dict[str, Any], call_type: Any) -> dict[str, Any] | None:
        """Called by LiteLLM's SDK and Router, when it is known whose model is asked."""
        return await asyncio.to_thread(self.shorten, kwargs)

    async def async_pre_call_hook(
        self, user_api_key_dict: Any = None, cache: Any = None, data: Any = None, call_type: str = "", **_: Any
    ) -> dict[str, Any] | None:
        """Called by LiteLLM's proxy."""
        return await asyncio.to_thread(self.shorten, data) if isinstance(data, dict) else None

    def shorten(self, request: dict[str, Any]) -> dict[str, Any]:
        """The arguments of a call (model, messages, ...), shortened."""
        body = {name: request[name] for name in _FIELDS if request.get(name) is not None}
        if not any(isinstance(body.get(name), list) for name in ("messages", "input", "contents")):
            return request
        if request.get("model") is not None:
            body["model"] = str(request["model"]).rpartition("/")[2]
        made = self.headroom.body(body)
        return {**request, **{name: made[name] for name in _FIELDS if name in made}}


def with_headroom_completion(
    call: Callable[..., Any] | None = None, *, callback: HeadroomCallback | None = None
) -> Callable[..., Any]:
    """litellm.completion (or another synchronous call with `messages`), with what it sends shortened."""
    inner = litellm.completion if call is None else call
    headroom = HeadroomCallback() if callback is None else callback

    def completion(*arguments: Any, **kwargs: Any) -> Any:
        names = ("model", "messages")
        given = dict(zip(names, arguments, strict=False)) | kwargs
        return inner(*arguments[len(names) :], **headroom.shorten(given))

    return completion
