"""Names and arguments that scripts know, of the frameworks whose messages are of their own kind."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from agno.models.message import Message

from headroom import HeadroomConfig, HeadroomMode, retrieve
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


def test_agno_of_dicts() -> None:
    call = {"id": "t1", "type": "function", "function": {"name": "Bash", "arguments": "{}"}}
    messages = [
        {"role": "user", "content": "Why did the job fail?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "t1", "content": LOG},
    ]
    short, figures = agno.optimize_messages(messages, HeadroomConfig(), model="gpt-4o")
    assert len(short[2]["content"]) < len(LOG) and figures["tokens_saved"] > 0 and figures["transforms_applied"]
    same, figures = agno.optimize_messages(messages, mode=HeadroomMode.AUDIT)
    assert same == messages and figures["tokens_saved"] > 0


def test_agno_models_and_hooks() -> None:
    before, after = agno.create_headroom_hooks(token_alert_threshold=5000, log_level="DEBUG")
    assert before.metrics_history == [] and after.token_alert_threshold == 5000
    after(SimpleNamespace(metrics=SimpleNamespace(input_tokens=6000)))
    after(SimpleNamespace(metrics=SimpleNamespace(input_tokens=2000)))
    assert after.get_summary()["average_tokens"] == 4000 and len(after.alerts) == 1
    after.reset()
    assert after.get_summary() == {"total_requests": 0, "total_tokens": 0, "average_tokens": 0, "alerts": []}
    inner: Any = SimpleNamespace(id="gpt-4o", name="x", provider="y")
    model = agno.HeadroomAgnoModel(wrapped_model=inner, config=HeadroomConfig(), auto_detect_provider=False)
    model.headroom.messages([{"role": "user", "content": "hi"}], "gpt-4o")
    assert len(model.metrics_history) == 1 and model.underlying_model is inner and agno.agno_available()
    assert agno.get_model_name_from_agno(model) == "gpt-4o" and agno.get_headroom_provider(model).name == "openai"
    model.reset()
    assert model.get_savings_summary()["total_requests"] == 0 == len(model.metrics_history)


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


def test_strands_hooks() -> None:
    hooks = strands.HeadroomHookProvider(compress_tool_outputs=True, min_tokens_to_compress=200, preserve_errors=True)
    off = strands.HeadroomHookProvider(compress_tool_outputs=False)
    for provider, shorter in ((hooks, True), (off, False)):
        use = {"toolUseId": "t1", "name": "Bash", "input": {}}
        event: Any = SimpleNamespace(tool_use=use, result={"status": "success", "content": [{"text": LOG}]})
        provider._after_tool(event)
        assert (len(event.result["content"][0]["text"]) < len(LOG)) == shorter
    (one,) = hooks.metrics_history
    assert one.tool_name == "Bash" and one.was_compressed and one.tokens_saved == hooks.total_tokens_saved
    hooks.reset()
    assert hooks.total_tokens_saved == 0 and strands.strands_available()
