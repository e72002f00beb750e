"""What a workload is, and how it becomes a request body of each provider's format."""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

# Stands once in every tool result. A measurement replaces it by fresh text of the same length, so that no cache of an
# implementation can answer a repetition.
NONCE = "QX7NONCE"

SYSTEM = "You work for the operations desk of a railway museum and its workshops. Use the tools; cite what you saw."

Json = Any


@dataclass
class Needle:
    """A fact that somebody needs from what a tool returned.

    why: error (a failure: must be readable at once), asked (the question names it: at once), described (the question
    describes it in other words: at once), outlier (the question asks for what is unusual: at once), detail
    (nobody asked: may be had by retrieval)."""

    text: str
    why: str


@dataclass
class Call:
    """A tool call and what it returned."""

    tool: str
    arguments: dict[str, Json]
    result: str
    say: str = ""


@dataclass
class Workload:
    """One agent turn: questions, calls, needles."""

    name: str
    category: str
    ask: str
    calls: list[Call] = field(default_factory=list)
    needles: list[Needle] = field(default_factory=list)

    def call(self, tool: str, arguments: dict[str, Json], result: str | Json, say: str = "") -> Workload:
        """Adds a call; a result that is no text is written as compact JSON."""
        text = result if isinstance(result, str) else json.dumps(result, ensure_ascii=False, separators=(",", ":"))
        self.calls.append(Call(tool, arguments, with_nonce(text), say))
        return self

    def need(self, why: str, *texts: str) -> Workload:
        """Adds needles."""
        self.needles.extend(Needle(text, why) for text in texts)
        return self

    def check(self) -> None:
        """A needle that no tool returned would measure nothing."""
        results = "\n".join(call.result for call in self.calls)
        plain = plain_text(results)
        for needle in self.needles:
            if plain_text(needle.text) not in plain:
                raise ValueError(f"{self.name}: no tool returned {needle.text!r}")

    def as_json(self) -> dict[str, Json]:
        """What goes into the workload's file."""
        self.check()
        return {
            "name": self.name,
            "category": self.category,
            "nonce": NONCE,
            "needles": [{"text": n.text, "why": n.why} for n in self.needles],
            "anthropic": self.anthropic(),
            "openai": self.openai(),
        }

    def call_id(self, number: int) -> str:
        """The same on every run."""
        return hashlib.sha256(f"{self.name}/{number}".encode()).hexdigest()[:20]

    def anthropic(self) -> dict[str, Json]:
        """Body of POST /v1/messages."""
        messages: list[Json] = [{"role": "user", "content": self.ask}]
        for number, call in enumerate(self.calls):
            tool_id = f"toolu_{self.call_id(number)}"
            blocks: list[Json] = [{"type": "text", "text": call.say}] if call.say else []
            blocks.append({"type": "tool_use", "id": tool_id, "name": call.tool, "input": call.arguments})
            messages.append({"role": "assistant", "content": blocks})
            result = {"type": "tool_result", "tool_use_id": tool_id, "content": call.result}
            messages.append({"role": "user", "content": [result]})
        tools = [
            {"name": tool, "description": f"Runs {tool}.", "input_schema": {"type": "object"}} for tool in self.tools()
        ]
        head = {"model": "claude-sonnet-4-5-20250929", "max_tokens": 1024, "system": f"{SYSTEM} Desk {NONCE}."}
        return {**head, "tools": tools, "messages": messages}

    def openai(self) -> dict[str, Json]:
        """Body of POST /v1/chat/completions."""
        messages: list[Json] = [
            {"role": "system", "content": f"{SYSTEM} Desk {NONCE}."},
            {"role": "user", "content": self.ask},
        ]
        for number, call in enumerate(self.calls):
            tool_id = f"call_{self.call_id(number)}"
            function = {"name": call.tool, "arguments": json.dumps(call.arguments)}
            tool_call = {"id": tool_id, "type": "function", "function": function}
            messages.append({"role": "assistant", "content": call.say or None, "tool_calls": [tool_call]})
            messages.append({"role": "tool", "tool_call_id": tool_id, "content": call.result})
        tools = [
            {"type": "function", "function": {"name": t, "description": f"Runs {t}.", "parameters": {"type": "object"}}}
            for t in self.tools()
        ]
        return {"model": "gpt-4o", "tools": tools, "messages": messages}

    def tools(self) -> list[str]:
        """Names of the tools, each once."""
        return sorted({call.tool for call in self.calls})


def with_nonce(text: str) -> str:
    """Replaces the placeholder; a text without one gets the nonce where it changes least: in its last word."""
    if NONCE in text:
        return text
    with contextlib.suppress(ValueError):
        json.loads(text)
        raise AssertionError("a JSON result must place the nonce itself")
    return f"{text.rstrip()}\n# trace {NONCE}\n"


def plain_text(text: str) -> str:
    """Escapes and runs of white space do not decide whether a needle is there."""
    for escaped, plain in (('\\"', '"'), ("\\n", " "), ("\\t", " "), ("\\/", "/")):
        text = text.replace(escaped, plain)
    return " ".join(text.split())


Maker = Callable[[random.Random], Workload]
REGISTRY: dict[str, Maker] = {}


def workload(name: str, category: str, ask: str) -> Callable[[Callable[[random.Random, Workload], None]], None]:
    """Registers a function that fills in a workload; it gets random numbers of its own, seeded by the name."""

    def register(fill: Callable[[random.Random, Workload], None]) -> None:
        def make(random_numbers: random.Random) -> Workload:
            made = Workload(name, category, ask)
            fill(random_numbers, made)
            return made

        if name in REGISTRY:
            raise ValueError(f"two workloads are called {name}")
        REGISTRY[name] = make

    return register


def make_all() -> list[Workload]:
    """Every workload, the same bytes on every machine."""
    return [REGISTRY[name](random.Random(f"headroom/{name}")) for name in sorted(REGISTRY)]


def hexes(rng: random.Random, digits: int) -> str:
    """Random hex digits."""
    return "".join(rng.choice("0123456789abcdef") for _ in range(digits))


def stamp(seconds: int) -> str:
    """A time of day in June."""
    day, rest = divmod(seconds, 86400)
    return f"2026-06-{3 + day:02d}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}Z"
