"""The providers' own libraries through the proxy while the model calls the retrieve tool.

    python tests/sdks/retrieval.py --headroom build/release/bin/headroom

A provider of the test's own calls the tool once; the library must see one answer without that call, whole and as a stream.
"""

from __future__ import annotations

import argparse
import hashlib
import http.server
import json
import sys
import threading
import warnings
from pathlib import Path
from typing import Any

from sdks import proxy_to  # ends with 77 where the libraries are missing

import anthropic  # isort: skip
import openai  # isort: skip

LOG = "".join(f"2026-11-25 10:00:00 INFO job-{7000 + i} is done in {i * 37 % 211} ms\n" for i in range(400))
ARGUMENTS = {"hash": hashlib.sha256(LOG.encode()).hexdigest()[:24], "line_range": "214"}
WANTED = LOG.splitlines()[213]
QUESTION = "Are there errors?"


def sse(items: list[dict[str, Any]], named: bool) -> bytes:
    lines = [(f"event: {item['type']}\n" if named else "") + f"data: {json.dumps(item)}\n\n" for item in items]
    return ("".join(lines) + ("" if named else "data: [DONE]\n\n")).encode()


def anthropic_answer(given: str, stream: bool) -> bytes:
    call = {"type": "tool_use", "id": "toolu_own", "name": "headroom_retrieve"}
    said = "Job 7213: " + given if given else "Let me look."
    blocks: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"type": "text", "text": ""}, {"type": "text_delta", "text": said})
    ]
    if not given:
        blocks.append(
            ({**call, "input": {}}, {"type": "input_json_delta", "partial_json": json.dumps(ARGUMENTS)}),
        )
    reason = "end_turn" if given else "tool_use"
    message = {"id": "m", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5", "stop_sequence": None}
    if not stream:
        content: list[dict[str, Any]] = [{"type": "text", "text": said}]
        content += [] if given else [{**call, "input": ARGUMENTS}]
        usage = {"input_tokens": 10, "output_tokens": 3}
        return json.dumps({**message, "content": content, "stop_reason": reason, "usage": usage}).encode()
    start = {**message, "content": [], "stop_reason": None, "usage": {"input_tokens": 10, "output_tokens": 1}}
    items: list[dict[str, Any]] = [{"type": "message_start", "message": start}]
    for index, (block, delta) in enumerate(blocks):
        items += [
            {"type": "content_block_start", "index": index, "content_block": block},
            {"type": "content_block_delta", "index": index, "delta": delta},
            {"type": "content_block_stop", "index": index},
        ]
    end = {"stop_reason": reason, "stop_sequence": None}
    items += [{"type": "message_delta", "delta": end, "usage": {"output_tokens": 3}}, {"type": "message_stop"}]
    return sse(items, True)


def chat_answer(given: str, stream: bool) -> bytes:
    function = {"name": "headroom_retrieve", "arguments": json.dumps(ARGUMENTS)}
    message: dict[str, Any] = {"role": "assistant", "content": "Job 7213: " + given if given else "Let me look. "}
    if not given:
        message["tool_calls"] = [{"index": 0, "id": "call_own", "type": "function", "function": function}]
    head = {"id": "c" + given[:1], "created": 1, "model": "gpt-4o"}
    reason = "stop" if given else "tool_calls"
    usage = {"prompt_tokens": 10, "completion_tokens": 3, "total_tokens": 13}
    if not stream:
        choice = {"index": 0, "message": message, "finish_reason": reason}
        return json.dumps({**head, "object": "chat.completion", "choices": [choice], "usage": usage}).encode()
    chunk = {**head, "object": "chat.completion.chunk"}
    return sse(
        [
            {**chunk, "choices": [{"index": 0, "delta": message, "finish_reason": None}]},
            {**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": reason}]},
            {**chunk, "choices": [], "usage": usage},
        ],
        False,
    )


class Provider(http.server.BaseHTTPRequestHandler):
    """Calls the tool, and says what it got."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        last = body["messages"][-1]
        content = last["content"]
        result = content[0] if isinstance(content, list) else last
        own = result.get("tool_use_id", result.get("tool_call_id", "")).endswith("_own")
        given = str(result["content"]).strip() if own else ""
        make = anthropic_answer if "messages" in self.path else chat_answer
        answer = make(given, bool(body.get("stream")))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream" if body.get("stream") else "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        pass


def check_anthropic(url: str) -> None:
    client = anthropic.Anthropic(base_url=url, api_key="k", max_retries=0)
    messages: Any = [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "Bash", "input": {}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": LOG}]},
    ]
    tools: Any = [{"name": "Bash", "input_schema": {"type": "object"}}]
    arguments: Any = {"model": "claude-sonnet-4-5", "max_tokens": 99, "messages": messages, "tools": tools}
    whole = client.messages.create(**arguments)
    with client.messages.stream(**arguments) as stream:
        streamed = stream.get_final_message()
    for message in (whole, streamed):
        texts = [block.text for block in message.content if block.type == "text"]
        assert texts == ["Let me look.", "Job 7213: " + WANTED] and len(message.content) == 2, message
        assert (message.stop_reason, message.usage.input_tokens, message.usage.output_tokens) == ("end_turn", 20, 6)


def check_openai(url: str) -> None:
    client = openai.OpenAI(base_url=url + "/v1", api_key="k", max_retries=0)
    call = {"id": "c1", "type": "function", "function": {"name": "Bash", "arguments": "{}"}}
    messages: Any = [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": LOG},
    ]
    tools: Any = [{"type": "function", "function": {"name": "Bash", "parameters": {"type": "object"}}}]
    arguments: Any = {"model": "gpt-4o", "messages": messages, "tools": tools}
    whole = client.chat.completions.create(**arguments)
    with client.chat.completions.stream(**arguments, stream_options={"include_usage": True}) as stream:
        for _ in stream:
            pass
        streamed = stream.get_final_completion()
    for completion in (whole, streamed):
        choice = completion.choices[0]
        assert choice.message.content == "Let me look. Job 7213: " + WANTED, completion
        assert not choice.message.tool_calls and choice.finish_reason == "stop", completion
        assert completion.usage is not None and completion.usage.total_tokens == 26, completion


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--headroom", type=Path, required=True)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with proxy_to(
        arguments.headroom, f"http://127.0.0.1:{server.server_port}", "--ccr-tool-injection", "eager"
    ) as proxy:
        check_anthropic(proxy)
        print("ok      anthropic")
        check_openai(proxy)
        print("ok      openai")
    return 0


if __name__ == "__main__":
    sys.exit(main())
