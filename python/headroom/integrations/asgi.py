"""Any ASGI application (Starlette, FastAPI, ...) that takes requests for a model: what agents send to it is shortened.

app.add_middleware(CompressionMiddleware)        # Starlette, FastAPI
app = CompressionMiddleware(app)                 # any other
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from headroom._config import CompressConfig
from headroom._engine import Engine

from ._common import Shortener

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PATHS = ("/v1/messages", "/v1/chat/completions", "/v1/responses", "/chat/completions")


class CompressionMiddleware:
    """Acts on POST of JSON to paths that end like a provider's (PATHS); all else passes untouched, and so does a body that
    is no JSON, is encoded, or is larger than max_body bytes. Answers say x-headroom-tokens-before and -after.

    min_tokens: smaller tool results stay. model_limit: the model's window in tokens, when the conversation must fit into
    it; None: what is known of the model. hooks, config, engine: as for headroom.compress() and with_headroom().
    """

    def __init__(
        self,
        app: Any,
        min_tokens: int | None = None,
        model_limit: int | None = None,
        hooks: Any = None,
        *,
        config: CompressConfig | None = None,
        engine: Engine | None = None,
        max_body: int = 64 << 20,
    ) -> None:
        changes: dict[str, Any] = {}
        if min_tokens is not None:
            changes["min_tokens_to_compress"] = min_tokens
        if model_limit is not None:
            changes["token_budget"] = model_limit
        self.app = app
        self.headroom = Shortener(config, hooks, engine, **changes)
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._concerns_us(scope):
            await self.app(scope, receive, send)
            return
        messages, body = await self._read(receive)
        shorter = None if body is None else await self._shorter(body)
        if shorter is None:
            await self.app(scope, _replay(messages, receive), send)
            return
        data, before, after = shorter
        headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"content-length"]
        headers.append((b"content-length", str(len(data)).encode()))
        figures = [
            (b"x-headroom-tokens-before", str(before).encode()),
            (b"x-headroom-tokens-after", str(after).encode()),
        ]

        async def send_with_figures(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *figures]}
            await send(message)

        whole = {"type": "http.request", "body": data, "more_body": False}
        await self.app({**scope, "headers": headers}, _replay([whole], receive), send_with_figures)

    def _concerns_us(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].rstrip("/").endswith(PATHS):
            return False
        headers = {name.lower(): value for name, value in scope["headers"]}
        if headers.get(b"x-headroom-bypass", b"").lower() == b"true" or b"content-encoding" in headers:
            return False
        length = headers.get(b"content-length", b"")
        return not length.isdigit() or int(length) <= self._max_body

    async def _read(self, receive: Receive) -> tuple[list[Message], bytes | None]:
        """What was received, and the body when it is whole; None when the client has gone or it is too large."""
        messages: list[Message] = []
        size = 0
        while True:
            message = await receive()
            messages.append(message)
            if message["type"] != "http.request":
                return messages, None
            size += len(message.get("body", b""))
            if size > self._max_body:
                return messages, None
            if not message.get("more_body", False):
                return messages, b"".join(message.get("body", b"") for message in messages)

    async def _shorter(self, body: bytes) -> tuple[bytes, int, int] | None:
        try:
            given = json.loads(body)
        except (ValueError, RecursionError):
            return None
        if not isinstance(given, dict):
            return None
        made = await _in_thread(self.headroom.body, given)
        before, after = getattr(made, "tokens_before", 0), getattr(made, "tokens_after", 0)
        if after >= before:
            return None
        return (
            json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"),
            before,
            after,
        )


def _replay(messages: list[Message], receive: Receive) -> Receive:
    """Gives the messages once more, then what else comes."""
    waiting = iter(messages)

    async def again() -> Message:
        message = next(waiting, None)
        return message if message is not None else await receive()

    return again


async def _in_thread(call: Callable[[Any], Any], argument: Any) -> Any:
    try:
        from anyio import to_thread  # Starlette and FastAPI have it; it knows every event loop
    except ImportError:
        import asyncio

        return await asyncio.to_thread(call, argument)
    return await to_thread.run_sync(call, argument)
