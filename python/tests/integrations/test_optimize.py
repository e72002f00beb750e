"""optimize_messages() of the frameworks whose messages are of their own kind."""

from __future__ import annotations

from typing import Any

from agno.models.message import Message

from headroom import retrieve
from headroom.integrations import agno, strands

LOG = "".join(f"step {i} of 400 has been done\n" for i in range(400)) + "ERROR: disk /dev/vda1 is full\n"


def test_agno() -> None:
    call = {"id": "t1", "type": "function", "function": {"name": "Bash", "arguments": '{"command": "./job"}'}}
    messages = [
        Message(role="user", content="Why did the job fail?"),
        Message(role="assistant", tool_calls=[call]),
        Message(role="tool", tool_call_id="t1", content=LOG),
    ]
    short, figures = agno.optimize_messages(messages)
    assert short[0] is messages[0] and "disk /dev/vda1" in str(short[2].content)
    assert figures["total_tokens_saved"] > 0 and messages[2].content == LOG


def test_strands() -> None:
    use = {"toolUseId": "t1", "name": "Bash", "input": {"command": "./job"}}
    result = {"toolUseId": "t1", "status": "success", "content": [{"text": LOG}]}
    messages: list[Any] = [
        {"role": "user", "content": [{"text": "Why did the job fail?"}]},
        {"role": "assistant", "content": [{"toolUse": use}]},
        {"role": "user", "content": [{"toolResult": result}]},
    ]
    short, figures = strands.optimize_messages(messages)
    text = short[2]["content"][0]["toolResult"]["content"][0]["text"]
    assert short[0] is messages[0] and "disk /dev/vda1" in text and figures["total_tokens_saved"] > 0
    assert retrieve(text[text.index("<<ccr:") :]) == LOG
