"""The functions of the package."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from . import _native
from ._config import CompressConfig, config_with
from ._engine import DEFAULT_MODEL, TEXT_MODEL, Engine, Range, count_messages, list_of
from ._errors import HeadroomWarning, StorageError, ValidationError
from ._messages import said
from ._result import CompressedText, CompressResult, Message, SimulationResult


def compress(
    messages: Iterable[Message],
    model: str = DEFAULT_MODEL,
    model_limit: int | None = None,
    optimize: bool = True,
    hooks: Any = None,
    config: CompressConfig | None = None,
    **changes: Any,
) -> CompressResult:
    """The messages of a conversation, of the shape of OpenAI, Anthropic, Gemini or the Vercel AI SDK, with their tool results
    shortened to what the conversation asks for. The caller's messages are never changed: those without a change come back as the same objects,
    the others as copies. Texts of users, of the assistant and of the system prompt stay as they are.

    model: whose tokens are counted. model_limit: the size of its window, when the conversation must fit into it; the
    same as token_budget. optimize=False: count only. config, or its fields as keywords: see CompressConfig.

    Never fails for what is in the messages: at worst they come back as they were, and `reason` says why. When the store
    of originals cannot be opened, nothing is dropped and a HeadroomWarning says so. hooks: see CompressionHooks.
    """
    settings = config_with(config, changes)
    settings.warn_of_what_has_no_effect(stacklevel=2)
    if not optimize:
        old = list_of(messages)
        count, estimate = count_messages(old, model)
        return CompressResult(old, count, count, estimate=estimate, reason="optimize=False")
    if model_limit is not None:
        budget = settings.token_budget
        settings = config_with(settings, {"token_budget": model_limit if budget is None else min(budget, model_limit)})
    engine = default_or_lossless()
    return engine._compress(engine._native_for(settings), messages, model, settings, hooks)


def simulate(
    messages: Iterable[Message], model: str = DEFAULT_MODEL, config: CompressConfig | None = None, **changes: Any
) -> SimulationResult:
    """What compress() would do. Nothing is stored, so markers in the outcome lead nowhere."""
    return Engine(in_memory=True).simulate(messages, model, config=config, **changes)


def compress_text(
    text: str | bytes,
    question: str = "",
    *,
    tool: str = "",
    arguments: str | Mapping[str, Any] = "",
    model: str = TEXT_MODEL,
    type: str = "",
    profile: str | None = None,
) -> CompressedText:
    """One text, such as a tool's output, shortened to what answers the question; see Engine.compress_text()."""
    return default_or_lossless().compress_text(
        text, question, tool=tool, arguments=arguments, model=model, type=type, profile=profile
    )


def compress_spreadsheet(
    path: str | os.PathLike[str],
    model: str = DEFAULT_MODEL,
    model_limit: int | None = None,
    question: str = "",
    profile: str | None = None,
) -> CompressResult:
    """The sheets of a workbook (.xlsx, .ods, .xls), as comma separated values, shortened to what answers the question: the content
    of one message of a user's. model_limit is accepted and has no effect. OSError when the file cannot be read."""
    with open(path, "rb") as file:
        made = compress_text(file.read(), question, model=model, profile=profile)
    return CompressResult(
        [{"role": "user", "content": made.text}],
        made.tokens_before,
        made.tokens_after,
        transforms_applied=made.transforms_applied,
        lossless=not made.ids,
        ids=made.ids,
        estimate=made.estimate,
        reason=made.reason,
    )


def retrieve(
    id: str, *, lines: Range | None = None, items: Range | None = None, path: str = "", query: str = ""
) -> str:
    """The original that a marker names, or a part of it; see Engine.retrieve(). Whatever stored it, Python, `headroom
    compress` or the proxy: they share one store."""
    return _default_engine().retrieve(id, lines=lines, items=items, path=path, query=query)


def count_tokens(text: str, model: Any = TEXT_MODEL) -> int:
    """Tokens of a text for a model; exact for OpenAI's, an estimate for others. model: its name, or what a Provider's
    get_token_counter() gives."""
    if not isinstance(text, str):
        raise ValidationError(f"text must be a str, not {type(text).__name__}", code="invalid_argument")
    counter = getattr(model, "count_text", None)
    if callable(counter):
        return int(counter(text))
    return _native.count_tokens(text.encode("utf-8", "surrogatepass"), said("model", model))


count_tokens_text = count_tokens


def count_tokens_messages(messages: Iterable[Message], model: Any = TEXT_MODEL) -> int:
    """Tokens of all that the model reads in the messages; model as in count_tokens()."""
    counter = getattr(model, "count_messages", None)
    if callable(counter):
        return int(counter(list_of(messages)))
    return count_messages(messages, model)[0]


_engines: dict[tuple[str, ...], Engine] = {}


def _default_engine() -> Engine:
    """The engine over the user's store; another one when the environment names another store."""
    names = ("HEADROOM_WORKSPACE_DIR", "HOME", "HEADROOM_STATELESS", "HEADROOM_STORE_KEY_FILE")
    environment = tuple(os.environ.get(name, "") for name in names)
    engine = _engines.get(environment)
    if engine is None:
        stateless = environment[2].lower() in ("1", "true", "yes", "on")
        engine = _engines.setdefault(environment, Engine(in_memory=stateless))
    return engine


def default_or_lossless(stacklevel: int = 2) -> Engine:
    """The engine over the user's store, or, with a warning, one that needs no store."""
    try:
        return _default_engine()
    except StorageError as error:
        why = f"nothing is dropped, because originals cannot be stored: {error}"
        warnings.warn(why, HeadroomWarning, stacklevel=stacklevel + 1)
        return Engine(in_memory=True, profile="lossless")
