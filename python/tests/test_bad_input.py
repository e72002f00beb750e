"""Whatever stands in the messages and wherever it stands, they come back or an error of ours says why; the interpreter lives."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import subprocess
import sys
import textwrap
import threading
import uuid
from collections import ChainMap, UserDict, UserList, UserString, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from samples import anthropic, build_log, gemini, openai, responses, vercel

import headroom
from headroom import Engine, HeadroomError, compress


class Color(enum.Enum):
    RED = 1


class Role(str, enum.Enum):
    USER = "user"


@dataclasses.dataclass
class Point:
    x: int = 1


class Text(str):
    """A str that says another thing about itself."""

    def __str__(self) -> str:
        raise RuntimeError("no str")

    def encode(self, *_: Any, **__: Any) -> bytes:
        raise RuntimeError("no bytes")


class Raising:
    """Fails however it is asked."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)


class RaisingMapping(Mapping[str, Any]):
    def __getitem__(self, key: str) -> Any:
        raise RuntimeError(key)

    def __iter__(self) -> Iterator[str]:
        return iter(["role", "content"])

    def __len__(self) -> int:
        return 2


class RaisingList(list[Any]):
    def __iter__(self) -> Iterator[Any]:
        raise RuntimeError("no elements")

    def __len__(self) -> int:
        raise RuntimeError("no length")


class Endless(Sequence[Any]):
    """Each element is one like itself."""

    def __getitem__(self, index: Any) -> Any:
        if index == 0:
            return Endless()
        raise IndexError(index)

    def __len__(self) -> int:
        return 1


class Dump:
    """As pydantic's models, with a dump that is wrong."""

    def __init__(self, dumped: Any) -> None:
        self.dumped = dumped

    def model_dump(self, **_: Any) -> Any:
        return self.dumped


class EndlessDump:
    def model_dump(self, **_: Any) -> Any:
        return [EndlessDump()]


class Array:
    """As an array of numpy's of some kind that has no list."""

    dtype = "float64"
    tolist = None


def nested(levels: int, wrap: Callable[[Any], Any]) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = wrap(value)
    return value


def cyclic_list() -> list[Any]:
    value: list[Any] = [1]
    value.append(value)
    return value


def cyclic_dict() -> dict[str, Any]:
    value: dict[str, Any] = {}
    value["again"] = [value]
    return value


ODD: dict[str, Callable[[], Any]] = {
    "None": lambda: None,
    "NaN": lambda: float("nan"),
    "infinity": lambda: [float("inf"), float("-inf")],
    "huge int": lambda: 10**3000,
    "int with too many digits to print": lambda: 10**5000,
    "bytes": lambda: b"\xff\x00",
    "bytearray": lambda: bytearray(b"\xff"),
    "memoryview": lambda: memoryview(b"abc")[::2],
    "lone surrogates": lambda: "\ud800 \udfff\udc00",
    "NUL": lambda: "\0\x01",
    "set": lambda: {1, 2},
    "generator": lambda: (i for i in range(3)),
    "map": lambda: map(str, [1]),
    "function": lambda: len,
    "class": lambda: Point,
    "module": lambda: sys,
    "object": object,
    "complex": lambda: 1j,
    "Decimal": lambda: decimal.Decimal("sNaN"),
    "datetime": lambda: datetime.datetime.now(datetime.timezone.utc),
    "UUID": uuid.uuid4,
    "Path": lambda: Path("/"),
    "Enum": lambda: Color.RED,
    "str Enum": lambda: Role.USER,
    "dataclass": Point,
    "deque": lambda: deque([1, "x"]),
    "UserDict": lambda: UserDict({"role": "user"}),
    "UserList": lambda: UserList([UserString("x")]),
    "ChainMap": lambda: ChainMap({"type": "text"}, {"text": "x"}),
    "range": lambda: range(10**12),
    "str that raises": lambda: Text("x"),
    "object that raises": Raising,
    "mapping that raises": RaisingMapping,
    "list that raises": lambda: RaisingList([1]),
    "endless sequence": Endless,
    "dump of nothing": lambda: Dump(None),
    "dump of itself": lambda: Dump(Dump(Dump("x"))),
    "dump of an object": lambda: Dump(object()),
    "endless dump": EndlessDump,
    "array without a list": Array,
    "cyclic list": cyclic_list,
    "cyclic dict": cyclic_dict,
    "lists 10,000 deep": lambda: nested(10_000, lambda value: [value]),
    "dicts 10,000 deep": lambda: nested(10_000, lambda value: {"a": value}),
    "tuples 1,000,000 deep": lambda: nested(1_000_000, lambda value: (value,)),
    "keys that are no text": lambda: {None: 1, 2: 3, 4.5: 6, (7,): 8, b"9": 10, float("nan"): 11},
    "key with half a pair": lambda: {"\ud800": "\udfff"},
}

PLACES: dict[str, Callable[[Any], list[Any]]] = {
    "a message": lambda odd: [*openai(build_log()), odd],
    "role": lambda odd: [{"role": odd, "content": "x"}, *openai(build_log())],
    "content": lambda odd: [*openai(build_log()), {"role": "user", "content": odd}],
    "part": lambda odd: [*openai(build_log()), {"role": "user", "content": [odd]}],
    "text": lambda odd: [*openai(build_log()), {"role": "user", "content": [{"type": "text", "text": odd}]}],
    "result, openai": lambda odd: openai(build_log(), odd),
    "result, anthropic": lambda odd: anthropic(build_log(), odd),
    "result, responses": lambda odd: responses(build_log(), odd),
    "result, gemini": lambda odd: gemini(build_log(), odd),
    "result, vercel": lambda odd: vercel(build_log(), odd),
    "id": lambda odd: [*openai(build_log()), {"role": "tool", "tool_call_id": odd, "content": "x"}],
    "calls": lambda odd: [*openai(build_log()), {"role": "assistant", "tool_calls": odd}],
    "function": lambda odd: [*openai(build_log()), {"role": "assistant", "tool_calls": [{"id": "a", "function": odd}]}],
    "unknown member": lambda odd: [*openai(build_log()), {"role": "user", "content": "x", "extra": odd}],
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", ODD)
def test_messages_come_back(kind: str, place: str) -> None:
    odd = ODD[kind]()
    messages = PLACES[place](odd)
    engine = shared()
    result = engine.compress(messages, "gpt-4o", hooks=headroom.CompressionHooks(), diagnostics=True)
    assert len(result) == len(messages)
    changed = [i for i, message in enumerate(messages) if message is not result[i]]
    # What is changed is the log, and a result that itself was something to be shortened.
    assert set(changed) <= {2, 3, 4, 5}
    assert changed or result.reason
    try:
        headroom.count_tokens_messages(messages)
    except HeadroomError as error:
        assert error.code == "parse"


_engine: list[Engine] = []


def shared() -> Engine:
    if not _engine:
        _engine.append(Engine(in_memory=True))
    return _engine[0]


@pytest.mark.parametrize("kind", ODD)
def test_other_arguments(kind: str) -> None:
    """An error of ours, or Python's own for what is no such argument; an answer where it can be taken for one."""
    odd = ODD[kind]()
    engine = shared()
    calls: list[Callable[[], Any]] = [
        lambda: engine.compress_text(odd),
        lambda: engine.compress_text(build_log(), odd),
        lambda: engine.compress_text(build_log(), tool=odd),
        lambda: engine.compress_text(build_log(), arguments=odd),
        lambda: engine.compress_text(build_log(), model=odd),
        lambda: engine.retrieve(odd),
        lambda: engine.retrieve("0" * 24, lines=odd),
        lambda: engine.retrieve("0" * 24, query=odd),
        lambda: headroom.count_tokens(odd, "gpt-4o"),
        lambda: headroom.count_tokens("x", odd),
        lambda: compress(openai(build_log()), model=odd),
        lambda: engine.compress(openai(build_log()), "gpt-4o", token_budget=odd),
        lambda: engine.compress(openai(build_log()), "gpt-4o", profile=odd),
        lambda: engine.compress(openai(build_log()), "gpt-4o", tool_profiles=odd),
        lambda: engine.compress_body({"model": odd, "messages": openai(build_log())}),
        lambda: engine.compress_body({"model": "gpt-4o", "messages": openai(build_log()), "tools": odd}),
    ]
    for call in calls:
        try:
            call()
        except (HeadroomError, TypeError, ValueError, RuntimeError, OverflowError, RecursionError):
            pass


def test_messages_that_change_meanwhile() -> None:
    """Another thread takes apart what is being read."""
    engine = shared()
    messages = openai(build_log(50), build_log(50))
    stop = threading.Event()

    def disturb() -> None:
        while not stop.is_set():
            messages[1]["content"] = [{"type": "text", "text": "x"}] * 50
            messages.append({"role": "user", "content": "x"})
            messages[1].update({f"k{i}": i for i in range(50)})
            messages.pop()
            for i in range(50):
                messages[1].pop(f"k{i}", None)

    thread = threading.Thread(target=disturb)
    thread.start()
    try:
        for _ in range(50):
            assert len(engine.compress(messages, "gpt-4o")) >= 5
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("daemon", [True, False])
def test_the_interpreter_ends_while_threads_compress(daemon: bool, tmp_path: Path) -> None:
    code = f"""
    import threading, time, headroom
    engine = headroom.Engine(in_memory=True)
    text = "".join(f"{{i * 7919 % 10007}} some words {{i}} that differ {{i * i}} from line to line\\n" for i in range(3000))
    stop = time.monotonic() + 0.5
    def work():
        while {daemon} or time.monotonic() < stop:
            engine.compress_text(text)
    for _ in range(4):
        threading.Thread(target=work, daemon={daemon}).start()
    time.sleep(0.3)
    print("ends")
    """
    for _ in range(3):
        made = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=120, check=False
        )
        assert (made.returncode, made.stdout, made.stderr) == (0, "ends\n", "")
