"""Messages as Python has them, to the bytes of a request and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ._errors import ValidationError


def request_body(messages: Sequence[Any], model: str) -> bytes:
    """The body that a client would send. What is no JSON (an image object, a file) stands as null in it, as it is
    never changed; objects with model_dump(), as SDKs return them, stand for what they hold. ValueError when a message
    contains itself or a number that JSON does not have."""
    return json_of({"model": model, list_name(messages): messages})


def list_name(messages: Sequence[Any]) -> str:
    """What a request calls the list of its messages: Gemini's have parts, items of OpenAI's Responses a type and some of
    them no role."""
    name = "messages"
    for message in messages:
        if isinstance(_field(message, "parts"), (list, tuple)):
            # A UIMessage of the AI SDK has parts, too, each with its type.
            typed = any(isinstance(_field(part, "type"), str) for part in _field(message, "parts"))
            return "messages" if typed else "contents"
        if _field(message, "role") is None and isinstance(_field(message, "type"), str):
            name = "input"
    return name


def _field(value: Any, name: str) -> Any:
    try:
        return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
    except Exception:  # an object of the caller's may raise anything when it is asked what it holds
        return None


def json_of(body: Any, strict: bool = False) -> bytes:
    """The body's JSON; what has none stands as null in it, or is a TypeError when strict."""

    def dump(ascii_only: bool) -> bytes:
        text = json.dumps(
            body,
            ensure_ascii=ascii_only,
            separators=(",", ":"),
            allow_nan=False,
            skipkeys=not strict,
            default=None if strict else plain,
        )
        return text.encode()

    try:
        return dump(False)
    except UnicodeEncodeError:  # half of a surrogate pair: only an escape can say it
        return dump(True)


def plain(value: Any) -> Any:
    """What json.dumps cannot write by itself, one step nearer to what it can."""
    dump = getattr(value, "model_dump", None)
    if callable(dump) and not isinstance(value, type):
        return dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "dtype"):  # a number or an array of numpy's
        values = getattr(value, "tolist", None)
        return values() if callable(values) else None
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return list(value)
    return None


def with_changes(old: Any, new: Any) -> Any:
    """`old` as `new`, its JSON after a change, has it: some texts are other ones, and a value that a tool gave (an object, a
    list) may have become a text. What holds no change is returned as the object that it was; what holds one is copied, as
    far as it must be."""
    known = old if isinstance(old, (str, list, tuple, Mapping)) else plain(old)
    if isinstance(new, str):
        if isinstance(known, str):
            return new if known != new else old
        return new if isinstance(known, (list, tuple, Mapping)) else old
    if isinstance(new, dict) and isinstance(known, Mapping):
        if set(_json_keys(known)) != new.keys():
            return new
        changed: dict[Any, Any] = {}
        for key, value in new.items():
            if key in known and (child := with_changes(known[key], value)) is not known[key]:
                changed[key] = child
        return {**known, **changed} if changed else old
    if isinstance(new, list) and isinstance(known, (list, tuple)) and len(known) == len(new):
        children = [with_changes(*pair) for pair in zip(known, new, strict=True)]
        return children if any(a is not b for a, b in zip(children, known, strict=True)) else old
    return old


def _json_keys(known: Mapping[Any, Any]) -> Iterator[str]:
    """The keys as JSON has them, which leaves out those that are no text, number, truth or None."""
    for key in known:
        if isinstance(key, str):
            yield str(key)
        elif key is None or isinstance(key, (bool, int, float)):
            yield json.loads(json.dumps({key: 0}).partition(":")[0][1:])


def said(name: str, text: Any) -> str:
    """A str that the caller gave, as the C++ library can have it: half a surrogate pair becomes "?"."""
    if not isinstance(text, str):
        raise ValidationError(f"{name} must be a str, not {type(text).__name__}", code="invalid_argument")
    return text.encode("utf-8", "replace").decode()
