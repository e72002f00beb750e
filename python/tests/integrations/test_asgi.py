from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from headroom.integrations.asgi import CompressionMiddleware

LOG = "".join(f"step {i} of 400 has been done\n" for i in range(400)) + "ERROR: disk /dev/vda1 is full\n"


def chat() -> dict[str, Any]:
    function = {"name": "Bash", "arguments": "{}"}
    call = {"id": "t1", "type": "function", "function": function}
    messages = [
        {"role": "user", "content": "Why did it fail?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "t1", "content": LOG},
    ]
    return {"model": "gpt-4o", "messages": messages, "temperature": 0.5}


def claude() -> dict[str, Any]:
    messages = [
        {"role": "user", "content": "Why did it fail?"},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "Bash", "input": {}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": LOG}]},
    ]
    return {"model": "claude-sonnet-4-5", "max_tokens": 9, "messages": messages}


def responses() -> dict[str, Any]:
    items = [
        {"role": "user", "content": "Why did it fail?"},
        {"type": "function_call", "call_id": "c1", "name": "shell", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": LOG},
    ]
    return {"model": "gpt-5", "input": items}


async def echo(request: Request) -> Response:
    body = await request.body()
    return JSONResponse({"body": body.decode("latin-1"), "length": request.headers.get("content-length")})


async def stream(request: Request) -> Response:
    body = await request.body()
    return StreamingResponse(iter([body[:10], body[10:]]))


def client(**settings: Any) -> TestClient:
    routes = [Route(path, echo, methods=["POST"]) for path in ("/v1/chat/completions", "/v1/messages", "/v1/responses")]
    routes += [Route("/other", echo, methods=["POST"]), Route("/stream/v1/messages", stream, methods=["POST"])]
    app = Starlette(routes=routes)
    app.add_middleware(CompressionMiddleware, **settings)
    return TestClient(app)


@pytest.mark.parametrize(
    ("path", "body"),
    [("/v1/chat/completions", chat()), ("/v1/messages", claude()), ("/v1/responses", responses())],
)
def test_what_the_application_reads_is_shorter(path: str, body: dict[str, Any]) -> None:
    answer = client().post(path, json=body)
    seen = answer.json()
    got = json.loads(seen["body"].encode("latin-1"))
    assert list(got) == list(body) and "disk /dev/vda1 is full" in seen["body"]
    assert len(seen["body"]) < len(LOG) / 4 and int(seen["length"]) == len(seen["body"])
    before, after = (int(answer.headers[f"x-headroom-tokens-{when}"]) for when in ("before", "after"))
    assert after < before / 4


def untouched(answer: Any, body: bytes) -> bool:
    return answer.json()["body"].encode("latin-1") == body and "x-headroom-tokens-before" not in answer.headers


def test_the_rest_passes() -> None:
    whole = json.dumps(chat()).encode()
    assert untouched(client().post("/other", content=whole), whole)
    bypass = {"x-headroom-bypass": "true"}
    assert untouched(client().post("/v1/chat/completions", content=whole, headers=bypass), whole)
    encoded = {"content-encoding": "gzip"}
    assert untouched(client().post("/v1/chat/completions", content=b"\x1f\x8b", headers=encoded), b"\x1f\x8b")
    for odd in (b"", b"not json", b"[1]", b"{", b'{"messages": 3}', b'{"messages": []}', b'"\xff"'):
        assert untouched(client().post("/v1/messages", content=odd), odd)
    assert untouched(client(max_body=100).post("/v1/messages", content=whole), whole)
    assert untouched(client(min_tokens=100_000).post("/v1/messages", content=whole), whole)


def test_bodies_in_pieces_and_answers_in_pieces() -> None:
    whole = json.dumps(claude()).encode()
    pieces = (whole[at : at + 1000] for at in range(0, len(whole), 1000))
    assert len(client().post("/v1/messages", content=pieces).json()["body"]) < len(LOG) / 4
    too_long = (whole[at : at + 1000] for at in range(0, len(whole), 1000))
    assert untouched(client(max_body=2000).post("/v1/messages", content=too_long), whole)
    answer = client().post("/stream/v1/messages", content=whole)
    assert len(answer.content) < len(LOG) / 4 and "x-headroom-tokens-after" in answer.headers
