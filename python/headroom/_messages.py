"""Messages as Python has them, to the bytes of a request and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ._errors import ValidationError


def request_body(messages: Sequence[Any], model: str) -> bytes:
    """The body that a client would send. What is no JSON (an image object, a file) stands as null in it, as it is
    never changed; objects with model_dump(), as SDKs return them, stand for what they hold. ValueError when a message
    contains itself or a number that JSON does not have."""
    return json_of({"model": model, "messages": messages})


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
    """`old` with the texts of `new`, which is the same in JSON but for some texts. What holds no change is returned as
    the object that it was; what holds one is copied, as far as it must be."""
    if isinstance(new, str):
        return new if isinstance(old, str) and old != new else old
    if isinstance(new, dict):
        known = old if isinstance(old, Mapping) else plain(old)
        if not isinstance(known, Mapping):
            return old
        changed: dict[Any, Any] = {}
        for key, value in new.items():
            if key in known and (child := with_changes(known[key], value)) is not known[key]:
                changed[key] = child
        return {**known, **changed} if changed else old
    if isinstance(new, list) and isinstance(old, Sequence) and not isinstance(old, str) and len(old) == len(new):
        children = [with_changes(*pair) for pair in zip(old, new, strict=True)]
        return children if any(a is not b for a, b in zip(children, old, strict=True)) else old
    return old


def said(name: str, text: Any) -> str:
    """A str that the caller gave, as the C++ library can have it: half a surrogate pair becomes "?"."""
    if not isinstance(text, str):
        raise ValidationError(f"{name} must be a str, not {type(text).__name__}", code="invalid_argument")
    return text.encode("utf-8", "replace").decode()
