"""What happens to each request of the chaos test: a plan, made from the seed and the request's number alone.

The client, the upstream and the oracle each make the same plan for themselves, so nothing but the number travels.
"""

from __future__ import annotations

import gzip
import json
import random
import zlib
from dataclasses import dataclass, replace
from functools import lru_cache

NUMBER = "x-chaos-number"

# What the upstream does. Whole: the client must get exactly what it sent.
WHOLE = (
    "json",
    "events",
    "trickle",
    "rate_limited",
    "overloaded",
    "error_event",
    "hints",
    "close_after_answer",
    "until_close",
    "short_length",
    "no_body",
    "large",
    "retrieve",
)
# The answer breaks off after it has begun.
CUT = (
    "half_event",
    "reset_midway",
    "stall_midway",
    "long_length",
    "chunk_garbage",
    "retrieve_then_cut",
)
# No answer comes, or none that can be passed on.
FAILED = (
    "stall",
    "reset",
    "close_after_request",
    "head_garbage",
    "huge_head",
    "two_lengths",
    "close_in_request",
)
# The client's manners.
PLAIN = ("plain", "plain", "plain", "slow_send", "slow_read", "chunked", "half_close")
LEAVING = ("leave_sending", "leave_waiting", "leave_reading")

PATHS = (
    "/v1/messages",
    "/v1/chat/completions",
    "/v1/responses",
    "/v1beta/models/gemini-2.5-pro:generateContent",
    "/other",
)


@dataclass(frozen=True)
class Plan:
    """One request, its answer, and what goes wrong."""

    number: int
    path: str
    upstream: str
    client: str
    size: str  # small, tool or wide
    random_seed: int

    def random(self, purpose: str) -> random.Random:
        return random.Random(f"{self.random_seed} {purpose}")

    @property
    def coding(self) -> str:
        """Of the request's body; the answer has one by itself (answer_of)."""
        return "gzip" if self.random("coding").random() < 0.2 else ""

    @property
    def mix(self) -> str:
        return f"{self.path} {self.size} {self.coding}, {self.upstream}, {self.client}"

    @property
    def ends(self) -> str:
        """How the answer ends: whole, cut or failed."""
        if self.upstream in CUT:
            return "cut"
        return "failed" if self.upstream in FAILED else "whole"


@lru_cache(maxsize=4096)
def plan_of(seed: int, number: int) -> Plan:
    rng = random.Random(f"{seed}/{number}")
    kind = rng.choices((WHOLE, CUT, FAILED), (70, 15, 15))[0]
    upstream = rng.choice(kind)
    if upstream.startswith("stall") and rng.random() < 0.7:  # each takes a whole timeout
        upstream = "reset" if upstream == "stall" else "reset_midway"
    client = rng.choice(LEAVING if rng.random() < 0.15 else PLAIN)
    path = rng.choice(PATHS)
    if upstream.startswith("retrieve"):
        path = rng.choice(PATHS[:2])
    size = rng.choices(("small", "tool", "wide"), (60, 35, 5))[0]
    return Plan(number, path, upstream, client, size, rng.getrandbits(60))


def rows(plan: Plan) -> str:
    """The output of a tool that nobody has seen before, so that it is compressed anew."""
    rng = plan.random("rows")
    count = 400 if plan.size == "tool" else 3000
    return json.dumps(
        [
            {
                "id": plan.number * 10_000 + i,
                "state": rng.choice(("ok", "ok", "late")),
                "ms": rng.randrange(900),
            }
            for i in range(count)
        ]
    )


def tools(path: str) -> list[dict[str, object]]:
    """The one tool of a request, in the path's format."""
    schema = {"type": "object"}
    if path == "/v1/messages":
        return [{"name": "fleet", "description": "Its state.", "input_schema": schema}]
    function = {"name": "fleet", "description": "Its state.", "parameters": schema}
    if path == "/v1/chat/completions":
        return [{"type": "function", "function": function}]
    if path == "/v1/responses":
        return [{"type": "function", **function}]
    return [{"functionDeclarations": [{"name": "fleet", "description": "Its state."}]}]


def request_body(plan: Plan) -> bytes:
    """JSON of the path's format, in the plan's coding. Names the plan's number; half have a tool, and so get ours, too."""
    said = f"request {plan.number}: which of them is late?"
    result = "" if plan.size == "small" else rows(plan)
    body: dict[str, object]
    if plan.path == "/v1/messages":
        messages: list[dict[str, object]] = [{"role": "user", "content": said}]
        if result:
            use = {
                "type": "tool_use",
                "id": f"t{plan.number}",
                "name": "fleet",
                "input": {"n": plan.number},
            }
            messages.append({"role": "assistant", "content": [use]})
            back = {
                "type": "tool_result",
                "tool_use_id": f"t{plan.number}",
                "content": result,
            }
            messages.append({"role": "user", "content": [back]})
        body = {"model": "claude-sonnet-4-5", "max_tokens": 64, "messages": messages}
    elif plan.path == "/v1/chat/completions":
        messages = [{"role": "user", "content": said}]
        if result:
            call = {
                "id": f"t{plan.number}",
                "type": "function",
                "function": {"name": "fleet", "arguments": "{}"},
            }
            messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
            messages.append({"role": "tool", "tool_call_id": f"t{plan.number}", "content": result})
        body = {"model": "gpt-4o", "messages": messages}
    elif plan.path == "/v1/responses":
        items: list[dict[str, object]] = [{"role": "user", "content": said}]
        if result:
            items.append(
                {
                    "type": "function_call",
                    "call_id": f"t{plan.number}",
                    "name": "fleet",
                    "arguments": "{}",
                }
            )
            items.append(
                {
                    "type": "function_call_output",
                    "call_id": f"t{plan.number}",
                    "output": result,
                }
            )
        body = {"model": "gpt-4o", "input": items}
    elif plan.path.startswith("/v1beta"):
        contents: list[dict[str, object]] = [{"role": "user", "parts": [{"text": said}]}]
        if result:
            contents.append(
                {
                    "role": "model",
                    "parts": [{"functionCall": {"name": "fleet", "args": {}}}],
                }
            )
            response = {"functionResponse": {"name": "fleet", "response": {"output": result}}}
            contents.append({"role": "user", "parts": [response]})
        body = {"contents": contents}
    else:
        body = {"said": said, "filler": result}
    if plan.path != "/other" and plan.random("tools").random() < 0.5:
        body["tools"] = tools(plan.path)
    text = json.dumps(body).encode()
    return gzip.compress(text, 1, mtime=0) if plan.coding else text


def retrieve_call(plan: Plan) -> tuple[str, str]:
    """Content type and body of an answer that calls the retrieve tool."""
    call = f"r{plan.number}"
    arguments: dict[str, object] = {"hash": "0123456789abcdef01234567"}
    answer: dict[str, object]
    if plan.path == "/v1/messages":
        use = {
            "type": "tool_use",
            "id": call,
            "name": "headroom_retrieve",
            "input": arguments,
        }
        answer = {
            "id": "m",
            "type": "message",
            "role": "assistant",
            "content": [use],
            "stop_reason": "tool_use",
        }
    else:
        function: object = {
            "name": "headroom_retrieve",
            "arguments": json.dumps(arguments),
        }
        calls = [{"id": call, "type": "function", "function": function}]
        message = {"role": "assistant", "content": None, "tool_calls": calls}
        answer = {
            "id": "m",
            "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}],
        }
    return "application/json", json.dumps(answer)


@dataclass(frozen=True)
class Answer:
    """What the upstream says, when it gets to say all of it."""

    status: int
    content_type: str
    parts: tuple[bytes, ...]  # as they are sent; chunks of a chunked answer
    retry_after: str = ""
    coding: str = ""

    @property
    def body(self) -> bytes:
        return b"".join(self.parts)


def zipped(answer: Answer) -> Answer:
    """Each part can be read as it comes."""
    stream = zlib.compressobj(wbits=31)
    parts = [stream.compress(part) + stream.flush(zlib.Z_SYNC_FLUSH) for part in answer.parts]
    parts[-1] += stream.flush()
    return replace(answer, parts=tuple(parts), coding="gzip")


def answer_of(plan: Plan) -> Answer:
    """Some are in a coding, which a provider may choose whatever it was asked for."""
    answer = plain_answer(plan)
    if plan.ends != "whole" or not answer.parts or plan.upstream.startswith("retrieve"):
        return answer
    return zipped(answer) if plan.random("answer coding").random() < 0.2 else answer


def plain_answer(plan: Plan) -> Answer:
    """Names the number in every part."""
    rng = plan.random("answer")
    n = plan.number
    if plan.upstream in ("rate_limited", "overloaded"):
        status = 429 if plan.upstream == "rate_limited" else 529
        error = json.dumps({"type": "error", "error": {"type": plan.upstream, "message": f"for {n}"}})
        return Answer(status, "application/json", (error.encode(),), str(1 + n % 60))
    streams = (
        "events",
        "error_event",
        "half_event",
        "stall_midway",
        "chunk_garbage",
        "reset_midway",
        "until_close",
    )
    if plan.upstream in streams or (plan.upstream in ("trickle", "hints") and rng.random() < 0.5):
        events = [b'event: ping\ndata: {"type":"ping","number":%d}\n\n' % n]
        for i in range(rng.randrange(2, 9)):
            events.append(b'event: chaos_delta\ndata: {"type":"chaos_delta","number":%d,"part":%d}\n\n' % (n, i))
        if plan.upstream == "error_event":
            events.append(
                b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"529 for %d"}}\n\n'
                % n
            )
        return Answer(200, "text/event-stream", tuple(events))
    if plan.upstream == "no_body":
        return Answer(204, "", ())
    filler = "x" * (400_000 if plan.upstream == "large" else rng.choice((0, 10, 900)))
    text = json.dumps({"id": f"answer-{n}", "number": n, "filler": filler})
    return Answer(200, "application/json", (text.encode(),))
