#!/usr/bin/env python3
"""A small agent that poses as the one whose name it is started by: it speaks that one's API, takes its address from where that one
does, and does with four tools what the model says, until that says nothing but text."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

TOOLS: dict[str, list[str]] = {
    "Bash": ["command", "description"],
    "Read": ["file_path"],
    "Grep": ["pattern", "path", "output_mode"],
    "Edit": ["file_path", "old_string", "new_string"],
}


def shell(*words: str) -> str:
    return subprocess.run(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ).stdout


def use(name: str, given: dict[str, str]) -> str:
    if name == "Bash":
        return shell("sh", "-c", given["command"])
    if name == "Grep":
        return shell("grep", "-rn", given["pattern"], given["path"])
    file = Path(given["file_path"])
    if name == "Edit":
        file.write_text(file.read_text().replace(given["old_string"], given["new_string"]))
        return "The file has been updated."
    return "".join(f"{at:6d}\t{line}\n" for at, line in enumerate(file.read_text().splitlines(), 1))


def ask(url: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    """The events of the answer."""
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
        text = answer.read().decode()
    return [json.loads(line) for line in re.findall(r"^data: (\{.*)$", text, re.MULTILINE)]


def schema(words: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": {word: {"type": "string"} for word in words}}


def claude(prompt: str) -> str:
    messages: list[dict[str, Any]] = [{"role": "user", "content": prompt}]
    tools = [{"name": name, "description": name, "input_schema": schema(words)} for name, words in TOOLS.items()]
    while True:
        body = {"model": "claude-sonnet-4-5", "max_tokens": 99, "stream": True, "tools": tools, "messages": messages}
        events = ask(os.environ["ANTHROPIC_BASE_URL"] + "/v1/messages", body)
        block = next(e["content_block"] for e in events if e["type"] == "content_block_start")
        delta = next(e["delta"] for e in events if e["type"] == "content_block_delta")
        if block["type"] == "text":
            return str(delta["text"])
        given = json.loads(delta["partial_json"])
        messages.append({"role": "assistant", "content": [{**block, "input": given}]})
        result = {"type": "tool_result", "tool_use_id": block["id"], "content": use(block["name"], given)}
        messages.append({"role": "user", "content": [result]})


def codex(prompt: str) -> str:
    settings = Path(os.environ["HOME"], ".codex/config.toml").read_text().splitlines()
    address = next(word for word in sys.argv + settings if re.match("openai_base_url *=", word))
    items: list[dict[str, Any]] = [
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": prompt}]}
    ]
    tools = [{"type": "function", "name": name, "parameters": schema(words)} for name, words in TOOLS.items()]
    while True:
        body = {"model": "gpt-5", "stream": True, "store": False, "tools": tools, "input": items}
        events = ask(json.loads(address.partition("=")[2]) + "/responses", body)
        item = next(e["item"] for e in events if e["type"] == "response.output_item.done")
        if item["type"] == "message":
            return str(item["content"][0]["text"])
        output = use(item["name"], json.loads(item["arguments"]))
        items += [item, {"type": "function_call_output", "call_id": item["call_id"], "output": output}]


def copilot(prompt: str) -> str:
    messages: list[dict[str, Any]] = [{"role": "user", "content": prompt}]
    tools = [{"type": "function", "function": {"name": n, "parameters": schema(words)}} for n, words in TOOLS.items()]
    while True:
        body = {"model": "gpt-4o", "stream": True, "tools": tools, "messages": messages}
        events = ask(os.environ["COPILOT_PROVIDER_BASE_URL"] + "/chat/completions", body)
        deltas = [choice["delta"] for event in events for choice in event["choices"]]
        calls = [call for delta in deltas for call in delta.get("tool_calls") or []]
        if not calls:
            return "".join(delta.get("content") or "" for delta in deltas)
        call = {key: value for key, value in calls[0].items() if key != "index"}
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        output = use(call["function"]["name"], json.loads(call["function"]["arguments"]))
        messages.append({"role": "tool", "tool_call_id": call["id"], "content": output})


def gemini(prompt: str) -> str:
    contents: list[dict[str, Any]] = [{"role": "user", "parts": [{"text": prompt}]}]
    tools = [{"functionDeclarations": [{"name": name, "parameters": schema(words)} for name, words in TOOLS.items()]}]
    # Variables of the process come first.
    lines = Path(os.environ["HOME"], ".gemini/.env").read_text().splitlines()
    variables = dict(line.split("=", 1) for line in lines) | os.environ
    url = variables["GOOGLE_GEMINI_BASE_URL"] + "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse"
    while True:
        content = ask(url, {"tools": tools, "contents": contents})[0]["candidates"][0]["content"]
        call = content["parts"][0].get("functionCall")
        if call is None:
            return str(content["parts"][0]["text"])
        response = {"name": call["name"], "response": {"output": use(call["name"], call["args"])}}
        contents += [content, {"role": "user", "parts": [{"functionResponse": response}]}]


def main() -> int:
    agents: dict[str, Callable[[str], str]] = {"claude": claude, "codex": codex, "copilot": copilot, "gemini": gemini}
    print(agents[Path(sys.argv[0]).name]("Find out why the suite fails, and mend it."))
    return 0


if __name__ == "__main__":
    sys.exit(main())
