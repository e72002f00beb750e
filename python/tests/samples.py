"""Tool outputs and conversations for the tests."""

from __future__ import annotations

import json
from typing import Any

QUESTION = "Why did the build fail?"


def build_log(lines: int = 400) -> str:
    steps = "".join(f"[{i + 1}/{lines}] Building CXX object src/part{i}.cc.o\n" for i in range(lines))
    return (
        steps
        + "FAILED: src/wal.cc.o\nsrc/wal.cc:41:7: error: no member named 'sync_range' in 'Writer' \u2014 \U0001f6d1\n"
    )


def rows(count: int = 120) -> str:
    return json.dumps([{"id": i, "state": "failed" if i == 41 else "running", "zone": "eu"} for i in range(count)])


def records(count: int = 300) -> str:
    """Rows with so much in each that not all can stay."""
    made = [
        {
            "id": i,
            "host": f"h{i * 7919 % 1009}",
            "state": "failed" if i == 41 else "running",
            "load": i * 37 % 101,
            "note": " ".join(f"w{i * k % 977}" for k in range(12)),
        }
        for i in range(count)
    ]
    return json.dumps(made)


def openai(*texts: str) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": QUESTION}]
    for index, text in enumerate(texts):
        function = {"name": "Bash", "arguments": json.dumps({"command": "ninja"})}
        call = {"id": f"t{index}", "type": "function", "function": function}
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": f"t{index}", "content": text})
    return messages


def anthropic(*texts: str) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = [{"role": "user", "content": QUESTION}]
    for index, text in enumerate(texts):
        use = {"type": "tool_use", "id": f"t{index}", "name": "Bash", "input": {"command": "ninja"}}
        result = {"type": "tool_result", "tool_use_id": f"t{index}", "content": [{"type": "text", "text": text}]}
        messages.append({"role": "assistant", "content": [{"type": "text", "text": "Building."}, use]})
        messages.append({"role": "user", "content": [result]})
    return messages


def responses(*texts: str) -> list[dict[str, Any]]:
    """Items of OpenAI's Responses."""
    items: list[dict[str, Any]] = [{"role": "user", "content": QUESTION}]
    for index, text in enumerate(texts):
        call = {"type": "function_call", "call_id": f"t{index}", "name": "Bash", "arguments": '{"command": "ninja"}'}
        items += [call, {"type": "function_call_output", "call_id": f"t{index}", "output": text}]
    return items


def gemini(*results: Any) -> list[dict[str, Any]]:
    contents: list[dict[str, Any]] = [{"role": "user", "parts": [{"text": QUESTION}]}]
    for result in results:
        call = {"functionCall": {"name": "Bash", "args": {"command": "ninja"}}}
        answer = {"functionResponse": {"name": "Bash", "response": {"output": result}}}
        contents += [{"role": "model", "parts": [call]}, {"role": "user", "parts": [answer]}]
    return contents


def vercel(*results: Any) -> list[dict[str, Any]]:
    """Messages of the Vercel AI SDK."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": QUESTION}]
    for index, result in enumerate(results):
        known = {"toolCallId": f"t{index}", "toolName": "Bash"}
        output = {"type": "text" if isinstance(result, str) else "json", "value": result}
        messages.append(
            {"role": "assistant", "content": [{"type": "tool-call", **known, "input": {"command": "ninja"}}]}
        )
        messages.append({"role": "tool", "content": [{"type": "tool-result", **known, "output": output}]})
    return messages
