"""The smaller public names, and input that is no messages at all."""

from __future__ import annotations

import json
from typing import Any

import pydantic
import pytest
from samples import build_log, openai, records, rows

import headroom
from headroom import Engine, SharedContext, SmartCrusher, compress, count_tokens, retrieve


def test_shared_context() -> None:
    shared = SharedContext(model="gpt-4o", max_entries=2)
    entry = shared.put("build", build_log(), agent="builder", question="which file failed?")
    assert entry.agent == "builder" and entry.original_tokens == count_tokens(build_log())
    assert entry.savings_percent > 50 and retrieve(entry.ids[0]) == build_log()
    assert shared.get("build") == entry.compressed and shared.get("build", full=True) == build_log()
    shared.put("note", "short")
    assert shared.get("note") == "short" and shared.keys() == ["build", "note"]
    shared.put("build", "newer")
    shared.put("third", rows())
    assert shared.keys() == ["build", "third"] and shared.get("note") is None and shared.get_entry("note") is None
    stats = shared.stats()
    assert (
        stats.entries == 2 and stats.total_tokens_saved == stats.total_original_tokens - stats.total_compressed_tokens
    )
    shared.clear()
    assert shared.keys() == [] and shared.stats().savings_percent == 0
    for wrong in ({"ttl": 0}, {"max_entries": 0}):
        with pytest.raises(headroom.ValidationError):
            SharedContext(**wrong)  # type: ignore[arg-type]
    with pytest.raises(headroom.ValidationError):
        shared.put("x", None)  # type: ignore[arg-type]


def test_shared_context_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    shared = SharedContext(ttl=10)
    shared.put("a", "b")
    now[0] += 9.9
    assert shared.get("a") == "b"
    now[0] += 0.2
    assert shared.get("a") is None and shared.keys() == [] and shared.stats().entries == 0


def test_smart_crusher() -> None:
    crusher = SmartCrusher()
    crushed = crusher.crush(records(), "which failed?")
    assert crushed.was_modified and crushed.original == records() and crushed.strategy.startswith("json")
    assert "failed" in crushed.compressed and crusher.ccr_len() == 1
    assert crusher.ccr_get(crushed.compressed[crushed.compressed.index("<<ccr:") :]) == records()
    assert crusher.ccr_get("0" * 24) is None and crusher.ccr_get("?") is None
    array = crusher.crush_array_json(records(), "which failed?")
    assert array["ccr_hash"] in array["dropped_summary"] and array["compacted"] is None
    assert crusher.crush("no json").strategy == "passthrough"
    lossless = SmartCrusher(lossless_only=True, engine=Engine(in_memory=True))
    assert "<<ccr:" not in lossless.crush(records()).compressed and lossless.ccr_len() == 0
    assert lossless.compact_document_json(rows()) == lossless.crush_array_json(rows())["compacted"]
    assert lossless.apply(openai(rows())).lossless
    with pytest.raises(headroom.ValidationError):
        crusher.crush(None)  # type: ignore[arg-type]


class Part(pydantic.BaseModel):
    type: str
    text: str


class Loud:
    def model_dump(self, **_: Any) -> Any:
        raise OSError("not now")


class Number:
    """As numpy's scalars are: no int of Python's, and no subclass of one."""

    dtype = "int64"

    def tolist(self) -> int:
        return 7


def deep(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


def cyclic() -> dict[str, Any]:
    value: dict[str, Any] = {"role": "user"}
    value["content"] = [value]
    return value


@pytest.mark.parametrize(
    "odd",
    [
        None,
        3,
        "text",
        b"bytes",
        object(),
        {},
        {"role": None, "content": None},
        {"role": "user"},
        {"role": "user", "content": 3},
        {"role": "wizard", "content": "?"},
        {"role": "tool", "content": None},
        {"role": "tool", "content": [None, 3, "x", {"type": "text", "text": None}]},
        {"role": "tool", "tool_call_id": 3, "content": [[[]]]},
        {"role": "assistant", "tool_calls": [None, {"function": None}, {"function": {"name": 3, "arguments": {}}}]},
        {"role": "user", "content": [{"type": "tool_result", "content": {"a": 1}}, {"type": "tool_use", "input": 3}]},
        {"role": "user", "content": {1, 2}},
        {"role": "user", "content": float("inf")},
        {"role": "user", "content": 2**200},
        {(1, 2): 3, "role": "user", "content": "x"},
        {"role": "user", "content": [Part(type="text", text="hi")], "seed": Number()},
        {"role": "user", "content": Part},
        {"role": "user", "content": "\udfff\ud800\0"},
        Loud(),
        cyclic(),
        {"role": "user", "content": deep(100_000)},
        {"role": "user", "content": deep(300)},
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("place", [0, 2, -1])
def test_odd_messages_come_back(odd: Any, place: int) -> None:
    messages = openai(build_log())
    messages.insert(place, odd)
    hooks = headroom.CompressionHooks()
    result = compress(messages, model="gpt-4o", protect_recent=1, hooks=hooks)
    assert result[place] is odd or place == -1
    assert len(result) == len(messages)
    if result.tokens_saved == 0:
        assert result.reason and all(a is b for a, b in zip(messages, result, strict=True))
    try:
        assert headroom.count_tokens_messages(messages) > 0
    except headroom.ValidationError as error:
        assert "JSON" in str(error)


def test_numbers_of_numpy_do_not_stop_it() -> None:
    messages = openai(build_log())
    messages[0]["seed"] = Number()
    assert compress(messages, model="gpt-4o").tokens_saved > 0


@pytest.mark.parametrize("call", ["count_tokens", "compress_text", "retrieve"])
def test_no_text_is_an_error_that_says_so(call: str) -> None:
    for wrong in (None, 3, ["x"]):
        with pytest.raises(headroom.ValidationError, match="must be a str"):
            getattr(headroom, call)(wrong)


def test_half_a_pair_anywhere() -> None:
    for wrong in ("\ud800", "x\udc00"):
        with pytest.raises(headroom.ValidationError):
            retrieve(wrong)
        assert headroom.compress_text(build_log(), wrong, tool=wrong, arguments={"a": wrong, "b": object()})
        assert compress(openai(build_log()), model=wrong).tokens_before > 0
        assert count_tokens("hi", wrong) > 0


def test_arguments_may_be_anything_that_has_a_json() -> None:
    assert json.loads(rows()) and "sync_range" in headroom.compress_text(build_log(), arguments={"n": Number()})
