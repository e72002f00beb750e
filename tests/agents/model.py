"""A provider that plays the model: it works off a list of shell commands by the tool calls of whoever asks, and streams."""

from __future__ import annotations

import http.server
import json
import threading
from typing import Any

FINAL = "The suite is green again: the retry limit was wrong."


def sse(events: list[dict[str, Any]]) -> bytes:
    return "".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in events).encode()


class Model(http.server.ThreadingHTTPServer):
    """Answers Anthropic Messages, Responses and Chat Completions."""

    def __init__(self, commands: list[str]) -> None:
        self.commands = commands
        self.requests: list[tuple[str, dict[str, Any]]] = []
        model = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                try:
                    body = json.loads(data)
                except ValueError:
                    body = {}
                model.requests.append((self.path, body))
                kind, answer = model.answer(self.path, body)
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_HEAD = do_POST

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def answer(self, path: str, body: dict[str, Any]) -> tuple[str, bytes]:
        if "count_tokens" in path:
            return "application/json", b'{"input_tokens": 1000}'
        if path.split("?")[0].endswith("/messages"):
            return self.anthropic(body)
        if path.split("?")[0].endswith("/responses"):
            return "text/event-stream", sse(self.responses(body))
        if path.endswith("/chat/completions"):
            return self.chat(body)
        return "application/json", b"{}"

    def next_command(self, results: int) -> str | None:
        return self.commands[results] if results < len(self.commands) else None

    def anthropic(self, body: dict[str, Any]) -> tuple[str, bytes]:
        results = sum(
            1
            for m in body["messages"]
            if isinstance(m["content"], list)
            for b in m["content"]
            if b["type"] == "tool_result"
        )
        has_shell = any(t.get("name") == "Bash" for t in body.get("tools", []))
        command = self.next_command(results) if has_shell else None
        block: dict[str, Any] = {"type": "text", "text": ""}
        delta: dict[str, Any] = {"type": "text_delta", "text": FINAL}
        if command is not None:
            block = {"type": "tool_use", "id": f"toolu_{results}", "name": "Bash", "input": {}}
            call = {"command": command, "description": "a step"}
            delta = {"type": "input_json_delta", "partial_json": json.dumps(call)}
        reason = "end_turn" if command is None else "tool_use"
        message: dict[str, Any] = {
            "id": f"msg_{results}",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": 9, "output_tokens": 1},
        }
        if not body.get("stream"):
            message |= {"content": [{"type": "text", "text": FINAL}], "stop_reason": "end_turn"}
            return "application/json", json.dumps(message).encode()
        return "text/event-stream", sse(
            [
                {"type": "message_start", "message": message},
                {"type": "content_block_start", "index": 0, "content_block": block},
                {"type": "content_block_delta", "index": 0, "delta": delta},
                {"type": "content_block_stop", "index": 0},
                {
                    "type": "message_delta",
                    "delta": {"stop_reason": reason, "stop_sequence": None},
                    "usage": {"output_tokens": 9},
                },
                {"type": "message_stop"},
            ]
        )

    def responses(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        results = sum(1 for item in body["input"] if item.get("type", "").endswith("_call_output"))
        names = [tool.get("name", "") for tool in body.get("tools", [])]
        command = self.next_command(results)
        item: dict[str, Any] = {
            "type": "message",
            "id": "msg_1",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": FINAL, "annotations": []}],
        }
        if command is not None:
            forms: list[tuple[str, dict[str, Any]]] = [
                ("exec_command", {"cmd": command}),
                ("shell_command", {"command": command}),
                ("shell", {"command": ["sh", "-c", command]}),
            ]
            name, arguments = next(form for form in forms if form[0] in names)
            item = {
                "type": "function_call",
                "id": f"fc_{results}",
                "call_id": f"call_{results}",
                "name": name,
                "arguments": json.dumps(arguments),
                "status": "completed",
            }
        response = {
            "id": f"resp_{results}",
            "object": "response",
            "status": "completed",
            "output": [item],
            "usage": {
                "input_tokens": 9,
                "output_tokens": 9,
                "total_tokens": 18,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens_details": {"reasoning_tokens": 0},
            },
        }
        return [
            {"type": "response.created", "response": {**response, "status": "in_progress", "output": []}},
            {"type": "response.output_item.added", "output_index": 0, "item": item},
            {"type": "response.output_item.done", "output_index": 0, "item": item},
            {"type": "response.completed", "response": response},
        ]

    def chat(self, body: dict[str, Any]) -> tuple[str, bytes]:
        head = {"id": "c", "object": "chat.completion", "created": 1, "model": body.get("model", "m")}
        if not body.get("stream"):
            choice = {"index": 0, "message": {"role": "assistant", "content": FINAL}, "finish_reason": "stop"}
            usage = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}
            return "application/json", json.dumps({**head, "choices": [choice], "usage": usage}).encode()
        chunks = [
            {"index": 0, "delta": {"role": "assistant", "content": FINAL}, "finish_reason": None},
            {"index": 0, "delta": {}, "finish_reason": "stop"},
        ]
        lines = [json.dumps({**head, "object": "chat.completion.chunk", "choices": [one]}) for one in chunks]
        return "text/event-stream", "".join(f"data: {line}\n\n" for line in [*lines, "[DONE]"]).encode()
