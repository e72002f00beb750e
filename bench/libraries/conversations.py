"""Conversations of 10,000 tokens, other ones for each seed."""

from __future__ import annotations

import json
from typing import Any

QUESTION = "Which worker gave up, and why?"
Messages = list[dict[str, Any]]


def log(seed: int, lines: int) -> str:
    rows = [
        f"2026-01-02T03:{i // 60:02}:{i % 60:02}Z INFO worker-{i % 7} job {i * seed % 10007} done" for i in range(lines)
    ]
    rows[lines // 2] = "2026-01-02T03:59:59Z ERROR worker-9 gave up: disk full"
    return "\n".join(rows) + "\n"


def table(seed: int, count: int) -> str:
    return json.dumps(
        [{"id": i, "host": f"h{i * seed % 1009}", "state": "up", "load": i * 37 % 101} for i in range(count)]
    )


def texts_of(seed: int) -> list[str]:
    return [log(seed, 110), table(seed, 70), log(seed + 2, 140), table(seed + 2, 95)]


def openai(seed: int) -> Messages:
    messages: Messages = [{"role": "user", "content": QUESTION}]
    for index, text in enumerate(texts_of(seed)):
        function = {"name": "Bash", "arguments": json.dumps({"command": f"show {index}"})}
        call = {"id": f"t{index}", "type": "function", "function": function}
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": f"t{index}", "content": text})
    return messages


def anthropic(seed: int) -> Messages:
    messages: Messages = [{"role": "user", "content": QUESTION}]
    for index, text in enumerate(texts_of(seed)):
        use = {"type": "tool_use", "id": f"t{index}", "name": "Bash", "input": {"command": f"show {index}"}}
        result = {"type": "tool_result", "tool_use_id": f"t{index}", "content": text}
        messages += [{"role": "assistant", "content": [use]}, {"role": "user", "content": [result]}]
    return messages


SHAPES = {"openai": openai, "anthropic": anthropic}
