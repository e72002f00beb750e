"""The providers' own clients, with what they send shortened."""

from __future__ import annotations

import copy
import inspect
import threading
import warnings
from typing import Any, TypeVar, cast

from ._api import default_or_lossless
from ._config import CompressConfig, config_with
from ._engine import Engine
from ._errors import HeadroomError, HeadroomWarning, ValidationError
from ._result import CompressedBody

C = TypeVar("C")

# Ends of the paths whose bodies are conversations.
_OPENAI_LIKE = ("/messages", "/messages/count_tokens", "/chat/completions", "/responses", "/responses/input_tokens")
_GEMINI = (":generateContent", ":streamGenerateContent", ":countTokens")


class ClientSavings:
    """What a client of with_headroom() has saved so far; thread-safe. Tokens of all that the model reads."""

    def __init__(self, engine: Engine | None, config: CompressConfig, hooks: Any) -> None:
        self._engine, self._config, self._hooks = engine, config, hooks
        self._lock = threading.Lock()
        self.requests = 0
        self.tokens_before = 0
        self.tokens_after = 0
        self.last: CompressedBody | None = None
        """The latest request's body, as it was sent."""

    @property
    def tokens_saved(self) -> int:
        return max(self.tokens_before - self.tokens_after, 0)

    def _body(self, body: Any) -> Any:
        """What to send. At worst the body itself: a failure of ours must not be one of the caller's."""
        if not isinstance(body, dict):
            return body
        try:
            engine = self._engine if self._engine is not None else default_or_lossless(stacklevel=4)
            made = engine.compress_body(body, hooks=self._hooks, config=self._config)
        except HeadroomError as error:
            warnings.warn(f"a request is sent as it was: {error}", HeadroomWarning, stacklevel=3)
            return body
        with self._lock:
            self.requests += 1
            self.tokens_before += made.tokens_before
            self.tokens_after += made.tokens_after
            self.last = made
        return dict(made)


def with_headroom(
    client: C,
    *,
    config: CompressConfig | None = None,
    hooks: Any = None,
    engine: Engine | None = None,
    **changes: Any,
) -> C:
    """A copy of the client whose conversations are shortened before they are sent: tool results, as compress() does it.
    Everything else is the client's own: answers, streams, errors, retries, and what is no conversation.

    client: Anthropic(), AsyncAnthropic(), OpenAI(), AsyncOpenAI() and their kin (Azure, Bedrock, Vertex), or genai.Client().
    All calls that take a conversation count: messages.create, .stream and .count_tokens; chat.completions.create, .parse
    and .stream; responses.create, .parse and .stream; models.generate_content, ..._stream and count_tokens, and chats.
    config, or its fields as keywords, and hooks: as for compress(). engine: where originals are kept; None: the user's
    store. The copy shares the client's connections: closing one closes both. The client itself stays as it was.

    Raises ValidationError for what is none of these clients. A request that cannot be shortened is sent as it was.
    """
    settings = config_with(config, changes)
    settings.warn_of_what_has_no_effect(stacklevel=2)
    settings.level()  # says now what is wrong with it
    savings = ClientSavings(engine, settings, hooks)
    kind: Any = type(client)
    if callable(getattr(kind, "_prepare_options", None)) and callable(getattr(kind, "copy", None)):
        return cast(C, _openai_like(client, savings))
    if hasattr(client, "_api_client") and any(base.__module__.startswith("google.genai") for base in kind.__mro__):
        return cast(C, _gemini(client, savings))
    known = "Anthropic, AsyncAnthropic, OpenAI, AsyncOpenAI or google.genai Client"
    raise ValidationError(f"with_headroom() takes a client, {known}, not {kind.__name__}", code="invalid_argument")


withHeadroom = with_headroom


def savings_of(client: Any) -> ClientSavings:
    """What a client that with_headroom() gave has saved. ValidationError for another."""
    savings = getattr(client, "_headroom", None)
    if not isinstance(savings, ClientSavings):
        raise ValidationError("this client is not one of with_headroom()", code="invalid_argument")
    return savings


def _openai_like(client: Any, savings: ClientSavings) -> Any:
    """Both providers' libraries have one hook, made to be overridden, through which all requests pass. The settings are
    the class's, so that copies which the libraries make of the client (with_options) have them, too."""
    base = type(client)

    def edit(options: Any) -> Any:
        path = str(options.url).partition("?")[0].rstrip("/")
        if str(options.method).lower() != "post" or not path.endswith(_OPENAI_LIKE):
            return options
        body = savings._body(options.json_data)
        if body is options.json_data:
            return options
        edited = copy.copy(options)
        edited.json_data = body
        return edited

    members: dict[str, Any] = {"_headroom": savings, "__module__": base.__module__, "__qualname__": base.__qualname__}
    if inspect.iscoroutinefunction(base._prepare_options):

        async def prepare(self: Any, options: Any) -> Any:
            from anyio import to_thread  # both libraries need it

            return await base._prepare_options(self, await to_thread.run_sync(edit, options))

        members["_prepare_options"] = prepare
    else:
        members["_prepare_options"] = lambda self, options: base._prepare_options(self, edit(options))
    made = client.copy()
    made.__class__ = type(base.__name__, (base,), members)
    return made


def _gemini(client: Any, savings: ClientSavings) -> Any:
    """All of the library's requests are built by one method of an inner client, which every part of the client holds."""
    inner = client._api_client
    base = type(inner)

    def build(self: Any, method: str, path: str, request: Any, *rest: Any, **more: Any) -> Any:
        if path.partition("?")[0].endswith(_GEMINI):
            request = savings._body(request)
        return base._build_request(self, method, path, request, *rest, **more)

    inner = copy.copy(inner)
    inner.__class__ = type(base.__name__, (base,), {"_build_request": build, "__module__": base.__module__})
    made = _holding(client, client._api_client, inner)
    made._headroom = savings
    made._headroom_of = client  # whose connections these are, so that they last as long as the copy
    return made


def _holding(part: Any, old: Any, new: Any) -> Any:
    """A copy of a part of the client, and of its parts, that holds the new inner client."""
    made = copy.copy(part)
    if type(part).__name__ == "Client":  # its end would close connections that are not its own
        made.__class__ = type(type(part).__name__, (type(part),), {"__del__": lambda self: None})
    for name, value in vars(part).items():
        if value is old:
            setattr(made, name, new)
        elif getattr(value, "_api_client", None) is old:
            setattr(made, name, _holding(value, old, new))
    return made
