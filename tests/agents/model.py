"""A provider that plays the model: it works off a list of steps by the tool calls of whoever asks, and streams.

It speaks Anthropic Messages, Responses, Chat Completions and Gemini, and holds every request against what a provider demands of
it. Where it is offered the tool that gives originals back, it asks for a line of what was shortened, twice: in a turn by itself,
and beside its next step.
"""

from __future__ import annotations

import http.server
import json
import re
import sys
import threading
from typing import Any

FINAL = "The suite is green again: the retry limit was wrong."
RETRIEVE = "headroom_retrieve"
OWN_CALLS = 2  # of that tool

# A step is a kind and its words; by what each kind is called among agents, in the order of preference.
Step = tuple[str, dict[str, str]]
FORMS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "read": [
        ("Read", {"file_path": "{file}"}),
        ("read", {"filePath": "{file}"}),
        ("read_file", {"file_path": "{file}"}),
        ("view", {"path": "{file}"}),
    ],
    "grep": [
        ("Grep", {"pattern": "{pattern}", "path": "{folder}", "output_mode": "content"}),
        ("grep", {"pattern": "{pattern}", "path": "{folder}"}),
        ("rg", {"pattern": "{pattern}", "paths": "{folder}"}),
        ("grep_search", {"pattern": "{pattern}", "dir_path": "{folder}"}),
        ("search_file_content", {"pattern": "{pattern}", "dir_path": "{folder}"}),
    ],
    "edit": [
        ("Edit", {"file_path": "{file}", "old_string": "{old}", "new_string": "{new}"}),
        ("edit", {"filePath": "{file}", "oldString": "{old}", "newString": "{new}"}),
        ("edit", {"path": "{file}", "old_str": "{old}", "new_str": "{new}"}),
        ("replace", {"file_path": "{file}", "old_string": "{old}", "new_string": "{new}", "instruction": "mend it"}),
    ],
    "shell": [
        ("Bash", {"command": "{command}", "description": "a step"}),
        ("bash", {"command": "{command}", "description": "a step"}),
        ("run_shell_command", {"command": "{command}", "description": "a step"}),
        ("exec_command", {"cmd": "{command}"}),
        ("shell_command", {"command": "{command}"}),
        ("shell", {"command": ["sh", "-c", "{command}"]}),
        ("exec", {"script": 'const r = await tools.exec_command({{cmd: "{command}"}}); text(r);'}),
    ],
}
# The same by the shell, for agents that have no other tool.
BY_SHELL = {
    "read": "cat {file}",
    "grep": "grep -rn {pattern} {folder}/*.py",
    "edit": "sed -i s/{old}/{new}/ {file}",
}


def filled(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [filled(one, words) for one in value]
    return value.format(**words)


def call_for(step: Step, tools: dict[str, set[str]]) -> tuple[str, dict[str, Any]] | None:
    """The call that does a step with one of these tools, which come with the names of their arguments."""
    kind, words = step
    for name, arguments in FORMS[kind]:
        known = tools.get(name)
        required = set(arguments) - {"description", "output_mode", "instruction"}
        if known is not None and required <= known:
            return name, {key: filled(value, words) for key, value in arguments.items() if key in known}
    if kind == "shell":
        return None
    return call_for(("shell", {"command": BY_SHELL[kind].format(**words)}), tools)


def offered(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The tools of a request. Codex has them in an item of its input."""
    if body.get("tools"):
        return list(body["tools"])
    items = body.get("input", [])
    return list(items[0]["tools"]) if items and items[0].get("type") == "additional_tools" else []


def ungrouped(tools: list[dict[str, Any]]) -> dict[str, tuple[str, set[str]]]:
    """By the tool's name: the group that it is in, and what its arguments are called; a script is one by itself."""
    known = {}
    for tool in tools:
        grouped = tool.get("type") == "namespace"
        for one in tool["tools"] if grouped else [tool]:
            arguments = {"script"} if one["type"] == "custom" else arguments_of(one.get("parameters"))
            known[one.get("name", "")] = (tool["name"] if grouped else "", arguments)
    return known


def arguments_of(schema: Any) -> set[str]:
    return set((schema or {}).get("properties", {}))


def sse(events: list[dict[str, Any]]) -> bytes:
    return "".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in events).encode()


def data_lines(events: list[Any]) -> bytes:
    return "".join(f"data: {json.dumps(e) if e != '[DONE]' else e}\n\n" for e in events).encode()


class Unpaired(Exception):
    """A request that a provider would refuse."""


def demand_pairs(calls: list[str], results: list[str]) -> None:
    if sorted(calls) != sorted(results) or len(set(calls)) != len(calls):
        raise Unpaired(f"calls {calls}, results {results}")


class Model(http.server.ThreadingHTTPServer):
    """`replies`, where given, are the texts of the answers to an agent that offers no tools, one after the other."""

    def __init__(self, steps: list[Step], replies: list[str] | None = None, line: int = 1) -> None:
        self.steps, self.replies, self.line = steps, replies or [], line
        self.own_calls = 0
        self.told: list[list[str]] = []  # what these gave, in each request that has any
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.complaints: list[str] = []
        self.used: list[str] = []  # tools, in the order of their calls
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
                try:
                    kind, answer = model.answer(self.path, body)
                    code = 200
                except Unpaired as error:
                    model.complaints.append(f"{self.path}: {error}")
                    kind, answer, code = "application/json", b'{"error": {"message": "not paired"}}', 400
                self.send_response(code)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def do_GET(self) -> None:
                # What wants a WebSocket is told to do without.
                upgrade = "upgrade" in self.headers.get("Connection", "").lower()
                self.send_response(426 if upgrade else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "2")
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(b"{}")

            do_HEAD = do_GET

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is no news; what a request lacks is a complaint."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            self.complaints.append(repr(error))

    def answer(self, path: str, body: dict[str, Any]) -> tuple[str, bytes]:
        path = path.split("?")[0]
        if "count_tokens" in path or path.endswith(":countTokens"):
            return "application/json", b'{"input_tokens": 1000, "totalTokens": 1000}'
        if path.endswith("/messages"):
            return self.anthropic(body)
        if path.endswith("/responses"):
            return "text/event-stream", self.responses(body)
        if path.endswith("/chat/completions"):
            return self.chat(body)
        if path.endswith((":streamGenerateContent", ":generateContent")):
            return self.gemini(body, path.endswith(":streamGenerateContent"))
        return "application/json", b"{}"

    def next_call(self, results: int, tools: dict[str, set[str]]) -> tuple[str, dict[str, Any]] | None:
        call = call_for(self.steps[results], tools) if results < len(self.steps) else None
        if call is not None and len(self.used) == results:
            self.used.append(call[0])
        return call

    def turn(
        self, results: list[tuple[str, str]], tools: dict[str, set[str]], body: dict[str, Any]
    ) -> list[tuple[str, str, dict[str, Any]]]:
        """The calls of the next turn: id, tool and arguments. `results`: id (or tool) and text of each."""
        own = [text for key, text in results if "own" in key or key == RETRIEVE]
        if own:
            self.told.append(own)
        done = len(results) - len(own)
        call = self.next_call(done, tools)
        marker = re.search(r"<<ccr:([0-9a-f]{24})", json.dumps(body))
        if call is None:
            return []
        calls = [(str(done), *call)]
        if RETRIEVE in tools and marker is not None and self.own_calls < OWN_CALLS:
            asks = (f"own_{self.own_calls}", RETRIEVE, {"hash": marker.group(1), "line_range": str(self.line)})
            calls = [asks] if self.own_calls == 0 else [*calls, asks]
            self.own_calls += 1
        return calls

    def tasks(self) -> list[tuple[str, dict[str, Any]]]:
        """Requests of the task itself: those that offer tools, or all where an agent has none."""
        mine = [(path, body) for path, body in self.requests if body and "count" not in path.split("?")[0].lower()]
        return [one for one in mine if offered(one[1])] or mine

    def text(self) -> str:
        """What an agent without tools is answered."""
        return self.replies[min(len(self.requests), len(self.replies)) - 1] if self.replies else FINAL

    def anthropic(self, body: dict[str, Any]) -> tuple[str, bytes]:
        blocks = [b for m in body["messages"] if isinstance(m["content"], list) for b in m["content"]]
        results = [(b["tool_use_id"], said(b["content"])) for b in blocks if b["type"] == "tool_result"]
        demand_pairs([b["id"] for b in blocks if b["type"] == "tool_use"], [key for key, _ in results])
        tools = {t.get("name", ""): arguments_of(t.get("input_schema")) for t in body.get("tools", [])}
        calls = self.turn(results, tools, body)
        content: list[tuple[dict[str, Any], dict[str, Any]]] = [
            (
                {"type": "tool_use", "id": f"toolu_{key}", "name": name, "input": {}},
                {"type": "input_json_delta", "partial_json": json.dumps(arguments)},
            )
            for key, name, arguments in calls
        ] or [({"type": "text", "text": ""}, {"type": "text_delta", "text": self.text()})]
        message: dict[str, Any] = {
            "id": f"msg_{len(results)}",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {"input_tokens": 9, "output_tokens": 1},
        }
        if not body.get("stream"):
            message |= {"content": [{"type": "text", "text": self.text()}], "stop_reason": "end_turn"}
            return "application/json", json.dumps(message).encode()
        events: list[dict[str, Any]] = [{"type": "message_start", "message": message}]
        for index, (block, delta) in enumerate(content):
            events += [
                {"type": "content_block_start", "index": index, "content_block": block},
                {"type": "content_block_delta", "index": index, "delta": delta},
                {"type": "content_block_stop", "index": index},
            ]
        end = {"stop_reason": "tool_use" if calls else "end_turn", "stop_sequence": None}
        events.append({"type": "message_delta", "delta": end, "usage": {"output_tokens": 9}})
        return "text/event-stream", sse([*events, {"type": "message_stop"}])

    def responses(self, body: dict[str, Any]) -> bytes:
        given = [i for i in body["input"] if i.get("type", "").endswith("_call_output")]
        results = [(i["call_id"], said(i["output"])) for i in given]
        called = [i["call_id"] for i in body["input"] if i.get("type", "").endswith("_call")]
        demand_pairs(called, [key for key, _ in results])
        known = ungrouped(offered(body))
        tools = {name: arguments for name, (_, arguments) in known.items()}
        items: list[dict[str, Any]] = [
            {"id": f"fc_{key}", "call_id": f"call_{key}", "name": name, "status": "completed"}
            | ({"namespace": known[name][0]} if known[name][0] else {})
            | (
                {"type": "custom_tool_call", "input": arguments["script"]}
                if "script" in arguments
                else {"type": "function_call", "arguments": json.dumps(arguments)}
            )
            for key, name, arguments in self.turn(results, tools, body)
        ] or [
            {
                "type": "message",
                "id": "msg_1",
                "role": "assistant",
                "status": "completed",
                "content": [{"type": "output_text", "text": self.text(), "annotations": []}],
            }
        ]
        response = {
            "id": f"resp_{len(results)}",
            "object": "response",
            "status": "completed",
            "output": items,
            "usage": {
                "input_tokens": 9,
                "output_tokens": 9,
                "total_tokens": 18,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens_details": {"reasoning_tokens": 0},
            },
        }
        events: list[dict[str, Any]] = [
            {"type": "response.created", "response": {**response, "status": "in_progress", "output": []}}
        ]
        for index, item in enumerate(items):
            events += [
                {"type": "response.output_item.added", "output_index": index, "item": item},
                {"type": "response.output_item.done", "output_index": index, "item": item},
            ]
        return sse([*events, {"type": "response.completed", "response": response}])

    def chat(self, body: dict[str, Any]) -> tuple[str, bytes]:
        messages = body["messages"]
        results = [(m["tool_call_id"], said(m["content"])) for m in messages if m["role"] == "tool"]
        called = [c["id"] for m in messages for c in m.get("tool_calls") or []]
        demand_pairs(called, [key for key, _ in results])
        functions = [t["function"] for t in body.get("tools", []) if t.get("type") == "function"]
        tools = {f["name"]: arguments_of(f.get("parameters")) for f in functions}
        calls = self.turn(results, tools, body)
        head = {"id": "c", "created": 1, "model": body.get("model", "m")}
        usage = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}
        says: dict[str, Any] = {"role": "assistant", "content": self.text()}
        if calls:
            made = [
                {
                    "index": index,
                    "id": f"call_{key}",
                    "type": "function",
                    "function": {"name": name, "arguments": json.dumps(arguments)},
                }
                for index, (key, name, arguments) in enumerate(calls)
            ]
            says = {"role": "assistant", "content": None, "tool_calls": made}
        reason = "tool_calls" if calls else "stop"
        if not body.get("stream"):
            choice = {"index": 0, "message": says, "finish_reason": reason}
            whole = {**head, "object": "chat.completion", "choices": [choice], "usage": usage}
            return "application/json", json.dumps(whole).encode()
        chunks = [
            {"index": 0, "delta": says, "finish_reason": None},
            {"index": 0, "delta": {}, "finish_reason": reason},
        ]
        events: list[Any] = [{**head, "object": "chat.completion.chunk", "choices": [one]} for one in chunks]
        events.append({**head, "object": "chat.completion.chunk", "choices": [], "usage": usage})
        return "text/event-stream", data_lines([*events, "[DONE]"])

    def gemini(self, body: dict[str, Any], stream: bool) -> tuple[str, bytes]:
        parts = [part for content in body["contents"] for part in content.get("parts", [])]
        given = [p["functionResponse"] for p in parts if "functionResponse" in p]
        results = [(r["name"], said(r["response"].get("result", ""))) for r in given]
        called = [p["functionCall"]["name"] for p in parts if "functionCall" in p]
        demand_pairs(numbered(called), numbered([name for name, _ in results]))
        declared = [f for t in body.get("tools", []) for f in t.get("functionDeclarations", [])]
        tools = {f["name"]: arguments_of(f.get("parametersJsonSchema") or f.get("parameters")) for f in declared}
        says: list[dict[str, Any]] = [
            {"functionCall": {"name": name, "args": arguments}}
            for _, name, arguments in self.turn(results, tools, body)
        ] or [{"text": self.text()}]
        answer = {
            "candidates": [{"index": 0, "content": {"role": "model", "parts": says}, "finishReason": "STOP"}],
            "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 9, "totalTokenCount": 18},
        }
        if not stream:
            return "application/json", json.dumps(answer).encode()
        return "text/event-stream", data_lines([answer])


def said(content: Any) -> str:
    """The text of a result, in whichever form it comes."""
    return content if isinstance(content, str) else json.dumps(content)


def numbered(names: list[str]) -> list[str]:
    """Calls without ids are told apart by their place among those of the name."""
    return [f"{name} {names[:at].count(name)}" for at, name in enumerate(names)]


def streams(path: str, body: dict[str, Any]) -> bool:
    """Whether an answer in parts was asked for."""
    return bool(body.get("stream")) or bool(re.search(r":streamGenerateContent\b", path))
