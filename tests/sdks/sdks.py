#!/usr/bin/env python3
"""Drives the providers' own Python libraries, once straight to a provider of the test's and once through the proxy.

    sdks.py --headroom PROGRAM [NAME...]

What the provider gets must be the same both times but for the results of tools, and what the library gives its caller must
be the same, too. The provider is a small server on loopback that answers as the real one does; no key and no network.
"""

from __future__ import annotations

import argparse
import contextlib
import http.server
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

try:
    import anthropic
    import openai
    from google import genai
    from google.genai import types
except ImportError as missing:
    print(f"skipped: {missing.name} is not installed (./dev setup test)")
    sys.exit(77)

START_TIMEOUT_S = 20
LOG = "".join(f"2026-11-25 10:00:{i % 60:02} INFO worker {i % 7} has done step {i}\n" for i in range(400))
LOG += "2026-11-25 10:07:01 ERROR disk /dev/vda1 is full\n"

MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-4-5",
    "content": [{"type": "text", "text": "The disk is full."}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {"input_tokens": 10, "output_tokens": 4},
}
COMPLETION = {
    "id": "c1",
    "object": "chat.completion",
    "created": 1,
    "model": "gpt-4o",
    "choices": [
        {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "The disk is full."}}
    ],
    "usage": {"prompt_tokens": 10, "completion_tokens": 4, "total_tokens": 14},
}
RESPONSE = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "status": "completed",
    "model": "gpt-5",
    "output": [
        {
            "type": "message",
            "id": "m1",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": "The disk is full.", "annotations": []}],
        }
    ],
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [],
    "usage": {
        "input_tokens": 10,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": 4,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 14,
    },
}
GENERATED = {
    "candidates": [
        {"index": 0, "finishReason": "STOP", "content": {"role": "model", "parts": [{"text": "The disk is full."}]}}
    ],
    "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 4, "totalTokenCount": 14},
}

EMBEDDINGS = {
    "object": "list",
    "model": "text-embedding-3-small",
    "data": [{"object": "embedding", "index": index, "embedding": [0.5, -0.25]} for index in (0, 1)],
    "usage": {"prompt_tokens": 2, "total_tokens": 2},
}


def events(*items: tuple[str, dict[str, Any]]) -> bytes:
    """A stream of events, each with its name where it has one."""
    named = (f"event: {name}\n" if name else "" for name, _ in items)
    return "".join(f"{name}data: {json.dumps(item)}\n\n" for name, (_, item) in zip(named, items, strict=True)).encode()


MESSAGE_STREAM = events(
    ("message_start", {"type": "message_start", "message": {**MESSAGE, "content": [], "stop_reason": None}}),
    (
        "content_block_start",
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    ),
    (
        "content_block_delta",
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "The disk is full."}},
    ),
    ("content_block_stop", {"type": "content_block_stop", "index": 0}),
    (
        "message_delta",
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": 4},
        },
    ),
    ("message_stop", {"type": "message_stop"}),
)
COMPLETION_STREAM = (
    events(
        *(
            (
                "",
                {
                    "id": "c1",
                    "object": "chat.completion.chunk",
                    "created": 1,
                    "model": "gpt-4o",
                    "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}],
                },
            )
            for text in ("The disk ", "is full.")
        )
    )
    + b"data: [DONE]\n\n"
)
RESPONSE_STREAM = events(
    ("response.created", {"type": "response.created", "sequence_number": 0, "response": {**RESPONSE, "output": []}}),
    ("response.completed", {"type": "response.completed", "sequence_number": 1, "response": RESPONSE}),
)
GENERATED_STREAM = events(("", GENERATED))


@dataclass
class Received:
    """A request as the provider got it."""

    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes


class Provider(http.server.BaseHTTPRequestHandler):
    """Answers as the provider does whose path it is."""

    protocol_version = "HTTP/1.1"
    received: list[Received]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.received.append(Received(self.command, self.path, list(self.headers.items()), body))  # type: ignore[attr-defined]
        stream = b'"stream":true' in body.replace(b" ", b"")
        answer, kind = self.answer_for(self.path, stream)
        self.send_response(200 if "/" in kind else int(kind))
        self.send_header("Content-Type", kind if "/" in kind else "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("request-id", "r1")
        self.end_headers()
        self.wfile.write(answer)

    def answer_for(self, path: str, stream: bool) -> tuple[bytes, str]:
        """A body and its type, or the status of an error."""
        answers: list[tuple[str, dict[str, Any], bytes]] = [
            ("/v1/messages/count_tokens", {"input_tokens": 10}, b""),
            ("/v1/messages", MESSAGE, MESSAGE_STREAM),
            ("/v1/chat/completions", COMPLETION, COMPLETION_STREAM),
            ("/v1/responses", RESPONSE, RESPONSE_STREAM),
            ("/v1beta/models/", GENERATED, GENERATED_STREAM),
            ("/v1/models/", GENERATED, GENERATED_STREAM),
        ]
        for prefix, whole, streamed in answers:
            if path.startswith(prefix):
                stream = stream or ":stream" in path
                return (streamed, "text/event-stream") if stream else (json.dumps(whole).encode(), "application/json")
        return json.dumps(EMBEDDINGS).encode(), "application/json"

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


class Server(http.server.ThreadingHTTPServer):
    """The provider's server; `received` is what came in."""

    def __init__(self, provider: type[Provider] = Provider) -> None:
        super().__init__(("127.0.0.1", 0), provider)
        self.received: list[Received] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextlib.contextmanager
def proxy_to(program: Path, url: str, *more: str, environment: dict[str, str] | None = None) -> Iterator[str]:
    """A running proxy, whose providers are all at `url`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    addresses = [part for name in ("anthropic", "openai", "gemini") for part in (f"--{name}-api-url", url)]
    with tempfile.TemporaryDirectory(prefix="headroom-sdks-") as home:
        command = [str(program), "proxy", "--port", str(port), "--stateless", *addresses, *more]
        variables = {"PATH": os.environ["PATH"], "HOME": home, **(environment or {})}
        process = subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            end = time.monotonic() + START_TIMEOUT_S
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > end:
                        raise AssertionError("the proxy did not start") from None
                    time.sleep(0.02)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.communicate(timeout=40)


# --- what the libraries are asked -------------------------------------------------------------------------------------

ANTHROPIC_MESSAGES: list[Any] = [
    {"role": "user", "content": "Why did the job fail?"},
    {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": "./job"}}]},
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": LOG}]},
]
ANTHROPIC_TOOLS: list[Any] = [{"name": "Bash", "description": "Runs a command", "input_schema": {"type": "object"}}]
CHAT_MESSAGES: list[Any] = [
    {"role": "user", "content": "Why did the job fail?"},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "Bash", "arguments": '{"command": "./job"}'}}
        ],
    },
    {"role": "tool", "tool_call_id": "c1", "content": LOG},
]
ITEMS: list[Any] = [
    {"role": "user", "content": "Why did the job fail?"},
    {"type": "function_call", "call_id": "c1", "name": "shell", "arguments": '{"command": ["./job"]}'},
    {"type": "function_call_output", "call_id": "c1", "output": LOG},
]


def gemini_contents() -> list[types.Content]:
    call = types.FunctionCall(name="run", args={"command": "./job"})
    result = types.FunctionResponse(name="run", response={"output": LOG})
    return [
        types.Content(role="user", parts=[types.Part(text="Why did the job fail?")]),
        types.Content(role="model", parts=[types.Part(function_call=call, thought_signature=b"signed")]),
        types.Content(role="user", parts=[types.Part(function_response=result)]),
    ]


def anthropic_at(url: str) -> anthropic.Anthropic:
    return anthropic.Anthropic(base_url=url, api_key="sk-ant-test", max_retries=0)


def openai_at(url: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=url + "/v1", api_key="sk-test", max_retries=0)


def gemini_at(url: str) -> genai.Client:
    return genai.Client(api_key="test", http_options=types.HttpOptions(base_url=url))


def anthropic_create(url: str) -> object:
    client = anthropic_at(url)
    return client.messages.create(
        model="claude-sonnet-4-5", max_tokens=9, messages=ANTHROPIC_MESSAGES, tools=ANTHROPIC_TOOLS
    ).model_dump()


def anthropic_stream(url: str) -> object:
    client = anthropic_at(url)
    with client.messages.stream(model="claude-sonnet-4-5", max_tokens=9, messages=ANTHROPIC_MESSAGES) as stream:
        return [event.model_dump() for event in stream]


def anthropic_beta(url: str) -> object:
    client = anthropic_at(url)
    return client.beta.messages.create(
        model="claude-sonnet-4-5", max_tokens=9, messages=ANTHROPIC_MESSAGES, betas=["context-1m-2025-08-07"]
    ).model_dump()


def anthropic_plain(url: str) -> object:
    return (
        anthropic_at(url)
        .messages.create(
            model="claude-sonnet-4-5", max_tokens=9, messages=[{"role": "user", "content": "hé \u2028 <<1>>"}]
        )
        .model_dump()
    )


def anthropic_count(url: str) -> object:
    return anthropic_at(url).messages.count_tokens(model="claude-sonnet-4-5", messages=ANTHROPIC_MESSAGES).model_dump()


def chat_create(url: str) -> object:
    return openai_at(url).chat.completions.create(model="gpt-4o", messages=CHAT_MESSAGES, temperature=0.1).model_dump()


def chat_stream(url: str) -> object:
    stream = openai_at(url).chat.completions.create(model="gpt-4o", messages=CHAT_MESSAGES, stream=True)
    return [chunk.model_dump() for chunk in stream]


def responses_create(url: str) -> object:
    return openai_at(url).responses.create(model="gpt-5", input=ITEMS, instructions="Be brief.").model_dump()


def responses_stream(url: str) -> object:
    return [event.model_dump() for event in openai_at(url).responses.create(model="gpt-5", input=ITEMS, stream=True)]


def embeddings(url: str) -> object:
    client = openai_at(url)
    return client.embeddings.create(
        model="text-embedding-3-small", input=["a", "b"], encoding_format="float"
    ).model_dump()


def gemini_generate(url: str) -> object:
    config = types.GenerateContentConfig(system_instruction="Be brief.", temperature=0.1)
    contents: Any = gemini_contents()
    client = gemini_at(url)
    return client.models.generate_content(model="gemini-2.5-pro", contents=contents, config=config).text


def gemini_stream(url: str) -> object:
    contents: Any = gemini_contents()
    client = gemini_at(url)
    stream = client.models.generate_content_stream(model="gemini-2.5-pro", contents=contents)
    return [chunk.text for chunk in stream]


# --- the comparison ---------------------------------------------------------------------------------------------------

# Of the connection, or of the length of the body.
HEADERS_OF_THE_WAY = {"host", "content-length", "connection"}


def headers_of(received: Received) -> list[tuple[str, str]]:
    return sorted((name.lower(), value) for name, value in received.headers if name.lower() not in HEADERS_OF_THE_WAY)


def differences(straight: Any, through: Any, where: str = "") -> list[tuple[str, Any, Any]]:
    """Where two JSON values differ, and how."""
    if isinstance(straight, dict) and isinstance(through, dict):
        keys = [*straight, *(key for key in through if key not in straight)]
        return [d for key in keys for d in differences(straight.get(key), through.get(key), f"{where}.{key}")]
    if isinstance(straight, list) and isinstance(through, list) and len(straight) == len(through):
        pairs = enumerate(zip(straight, through, strict=True))
        return [d for index, pair in pairs for d in differences(*pair, f"{where}[{index}]")]
    return [] if straight == through else [(where, straight, through)]


def compare(ask: Callable[[str], object], server: Server, proxy: str, compressed: bool) -> None:
    server.received.clear()
    straight_result = ask(server.url)
    through_result = ask(proxy)
    assert through_result == straight_result, f"the caller got {through_result}, not {straight_result}"
    straight, through = server.received
    assert (through.method, through.path) == (straight.method, straight.path), through.path
    assert headers_of(through) == headers_of(straight), (headers_of(straight), headers_of(through))
    if not compressed:
        assert through.body == straight.body
        return
    found = differences(json.loads(straight.body), json.loads(through.body))
    assert [old for _, old, _ in found] == [LOG], f"changed: {[(where, str(new)[:80]) for where, _, new in found]}"
    assert "disk /dev/vda1 is full" in found[0][2]
    assert len(found[0][2]) * 3 < len(LOG)


CHECKS: dict[str, tuple[Callable[[str], object], bool]] = {
    "anthropic.create": (anthropic_create, True),
    "anthropic.stream": (anthropic_stream, True),
    "anthropic.beta": (anthropic_beta, True),
    "anthropic.count_tokens": (anthropic_count, True),
    "anthropic.nothing_to_compress": (anthropic_plain, False),
    "openai.chat": (chat_create, True),
    "openai.chat_stream": (chat_stream, True),
    "openai.responses": (responses_create, True),
    "openai.responses_stream": (responses_stream, True),
    "openai.embeddings": (embeddings, False),
    "gemini.generate": (gemini_generate, True),
    "gemini.stream": (gemini_stream, True),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--headroom", type=Path, required=True)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")  # of the libraries, about models
    failed = 0
    server = Server()
    # The retrieve tool is one more thing that requests get; tests/proxy/retrieval_test.cc has it.
    with proxy_to(arguments.headroom, server.url, "--ccr-tool-injection", "off") as proxy:
        for name, (ask, compressed) in CHECKS.items():
            if arguments.names and name not in arguments.names:
                continue
            try:
                compare(ask, server, proxy, compressed)
                print(f"ok      {name}")
            except Exception as error:
                failed += 1
                print(f"FAILED  {name}: {type(error).__name__}: {error}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
