"""FastAPI: an application of one's own between agents and a model. Its test client stands in for an agent."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from headroom.integrations.asgi import CompressionMiddleware
from sample import LOG, QUESTION, check

app = FastAPI()
app.add_middleware(CompressionMiddleware)


@app.post("/v1/chat/completions")
async def chat(request: Request) -> dict[str, Any]:
    body = await request.json()
    return {"seen": body["messages"][-1]["content"]}


function = {"name": "Bash", "arguments": '{"command": "ninja"}'}
messages = [
    {"role": "user", "content": QUESTION},
    {"role": "assistant", "content": None, "tool_calls": [{"id": "t1", "type": "function", "function": function}]},
    {"role": "tool", "tool_call_id": "t1", "content": LOG},
]
answer = TestClient(app).post("/v1/chat/completions", json={"model": "gpt-4o", "messages": messages})
before, after = (int(answer.headers[f"x-headroom-tokens-{when}"]) for when in ("before", "after"))
check(answer.json()["seen"], before - after)
