from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

from langchain_core.chat_history import InMemoryChatMessageHistory
from langchain_core.documents import Document
from langchain_core.language_models import BaseChatModel, GenericFakeChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import RunnableBinding
from langchain_core.tools import tool

from headroom import CompressConfig, HeadroomConfig, HeadroomMode, retrieve
from headroom.config import CCRConfig
from headroom.integrations import ToolMetricsCollector, get_tool_metrics, reset_tool_metrics
from headroom.integrations.langchain import (
    CompressToolMessagesConfig,
    HeadroomChatMessageHistory,
    HeadroomChatModel,
    HeadroomDocumentCompressor,
    compress_tool_messages,
    create_compress_tool_messages_node,
    optimize_messages,
    wrap_tools_with_headroom,
)

LOG = "".join(f"step {i} of 400 has been done\n" for i in range(400)) + "ERROR: disk /dev/vda1 is full\n"


def conversation(result: Any = LOG) -> list[BaseMessage]:
    call = {"name": "Bash", "args": {"command": "./job"}, "id": "t1"}
    return [
        HumanMessage("Why did the job fail?"),
        AIMessage([{"type": "text", "text": "Looking."}], tool_calls=[call]),
        ToolMessage(result, tool_call_id="t1", id="m3", artifact=object()),
    ]


class Recorder(GenericFakeChatModel):
    seen: list[Any] = []

    def _generate(self, messages: Any, *args: Any, **kwargs: Any) -> ChatResult:
        self.seen.append((messages, kwargs))
        return super()._generate(messages, *args, **kwargs)

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        return self.bind(tools=[each.name for each in tools], **kwargs)


class Whole(BaseChatModel):
    """Does not stream."""

    @property
    def _llm_type(self) -> str:
        return "whole"

    def _generate(self, messages: Any, *args: Any, **kwargs: Any) -> ChatResult:
        call = {"name": "Bash", "args": {"command": "df"}, "id": "t2"}
        return ChatResult(generations=[ChatGeneration(message=AIMessage("", tool_calls=[call]))])


def model(*answers: str) -> tuple[HeadroomChatModel, Recorder]:
    inner = Recorder(messages=iter([AIMessage(answer) for answer in answers]), seen=[])
    return HeadroomChatModel(inner), inner


def test_all_ways_to_ask() -> None:
    wrapped, inner = model("one", "two three", "four", "five six")
    messages = conversation()
    assert wrapped.invoke(messages).content == "one"
    assert "".join(str(chunk.content) for chunk in wrapped.stream(messages)) == "two three"

    async def ask() -> tuple[Any, str]:
        answer = await wrapped.ainvoke(messages)
        return answer.content, "".join([str(chunk.content) async for chunk in wrapped.astream(messages)])

    assert asyncio.run(ask()) == ("four", "five six")
    assert len(inner.seen) == 4
    for seen, _ in inner.seen:
        assert seen[:2] == messages[:2] and "disk /dev/vda1 is full" in seen[2].content
        assert len(seen[2].content) < len(LOG) / 4 and seen[2].artifact is messages[2].artifact  # type: ignore[attr-defined]
    assert messages[2].content == LOG
    assert wrapped.total_tokens_saved > 0 and wrapped.get_savings_summary()["total_requests"] == 4
    assert retrieve(inner.seen[0][0][2].content[inner.seen[0][0][2].content.index("<<ccr:") :]) == LOG


def test_blocks_of_text_and_profiles() -> None:
    short, figures = optimize_messages(conversation([{"type": "text", "text": LOG}]))
    assert len(short[2].content[0]["text"]) < len(LOG) / 4 and figures["total_tokens_saved"] > 0  # type: ignore[index]
    lossless, _ = optimize_messages(conversation(), CompressConfig(profile="lossless"))
    assert "<<ccr:" not in lossless[2].content


def test_tools_are_bound_and_a_model_that_does_not_stream_is_streamed() -> None:
    @tool
    def show(rows: int) -> str:
        """Shows rows."""
        return LOG

    wrapped, inner = model("one")
    bound = wrapped.bind_tools([show])
    assert isinstance(bound, RunnableBinding) and bound.invoke(conversation()).content == "one"
    assert inner.seen[0][1]["tools"] == ["show"]
    chunks: Iterator[Any] = HeadroomChatModel(Whole()).stream(conversation())
    assert [call["args"] for chunk in chunks for call in chunk.tool_calls] == [{"command": "df"}]


def test_tools() -> None:
    @tool
    def show(rows: int) -> str:
        """Shows rows."""
        return LOG if rows else "nothing"

    @tool
    def table() -> Any:
        """Shows a table."""
        return [{"id": i, "state": "failed" if i == 41 else "up", "zone": "eu"} for i in range(200)]

    wrapped, other = wrap_tools_with_headroom([show, table])
    assert wrapped.name == "show" and wrapped.args == show.args
    assert "disk /dev/vda1" in wrapped.invoke({"rows": 3}) and len(wrapped.invoke({"rows": 3})) < len(LOG) / 4
    assert wrapped.invoke({"rows": 0}) == "nothing"
    assert asyncio.run(wrapped.ainvoke({"rows": 0})) == "nothing"
    assert "failed" in other.invoke({}) and len(other.invoke({})) < len(json.dumps(table.invoke({}))) / 2


def test_documents() -> None:
    documents = [Document("weather and nothing else", metadata={"n": 1}), Document(LOG, metadata={"n": 2})]
    documents.append(Document("the disk of the job", metadata={"n": 3}))
    compressor = HeadroomDocumentCompressor(max_documents=2)
    found = compressor.compress_documents(documents, "which disk is full?")
    assert [document.metadata["n"] for document in found] == [3, 2] or [d.metadata["n"] for d in found] == [2, 3]
    long = next(document for document in found if document.metadata["n"] == 2)
    assert "disk /dev/vda1 is full" in long.page_content and retrieve(long.metadata["headroom_ids"][0]) == LOG
    assert documents[1].page_content == LOG
    same = [Document("disk full now"), Document("disk full now"), Document("disk of another kind")]
    diverse = HeadroomDocumentCompressor(max_documents=2, prefer_diverse=True)
    kept = diverse.compress_documents(same, "disk full")
    assert [document.page_content for document in kept] == ["disk full now", "disk of another kind"]
    assert (
        HeadroomDocumentCompressor(min_relevance=0.9).compress_documents(documents[:1] + same[:1], "disk") == same[:1]
    )


def test_the_node_can_leave_the_state_alone() -> None:
    node = create_compress_tool_messages_node(output_key="llm_input_messages")
    made = node.invoke({"messages": conversation()})
    assert list(made) == ["llm_input_messages"] and len(made["llm_input_messages"]) == 3
    node = create_compress_tool_messages_node(min_tokens_to_compress=100_000)
    assert node.invoke({"messages": conversation()}) == {"messages": []}


def test_a_history_gives_short_messages_and_keeps_long_ones() -> None:
    base = InMemoryChatMessageHistory()
    history = HeadroomChatMessageHistory(base, compress_threshold_tokens=1000, keep_recent_turns=1)
    history.add_messages(conversation())
    assert history.messages == base.messages  # it is the latest turn
    history.add_messages([HumanMessage("And why?")])
    assert base.messages[2].content == LOG and "disk /dev/vda1" in str(history.messages[2].content)
    assert len(str(history.messages[2].content)) < len(LOG) / 5 and history.messages[0] is base.messages[0]
    stats = history.get_compression_stats()
    assert stats["total_tokens_saved"] > 0 < stats["compression_count"] and stats["threshold_tokens"] == 1000
    assert HeadroomChatMessageHistory(base, 10**6, 0).messages == base.messages
    history.clear()
    assert base.messages == history.messages == []


def test_arguments_and_figures_that_scripts_know() -> None:
    model = Recorder(messages=iter([AIMessage("Full."), AIMessage("Full.")]))
    audit = HeadroomChatModel(model, config=HeadroomConfig(), mode=HeadroomMode.AUDIT)
    audit.invoke(conversation())
    assert model.seen[-1][0][2].content == LOG and audit.total_tokens_saved > 0
    lossless = HeadroomChatModel(model, headroom_config=HeadroomConfig(ccr=CCRConfig(enabled=False)))
    lossless.invoke(conversation())
    assert "<<ccr:" not in str(model.seen[-1][0])
    (one,) = audit.metrics_history
    assert one.tokens_saved == audit.get_metrics()["tokens_saved"] and one.savings_percent > 50
    _, figures = optimize_messages(conversation(), HeadroomConfig())
    assert figures["tokens_before"] - figures["tokens_after"] == figures["tokens_saved"] > 0
    assert figures["transforms_applied"] == one.transforms_applied

    result = compress_tool_messages(conversation(), min_tokens_to_compress=100, preserve_errors=True)
    assert result.messages is result and result.messages_compressed == 1 and result.total_tokens_saved > 0
    config = CompressToolMessagesConfig(min_tokens_to_compress=10**6)
    assert compress_tool_messages(conversation(), config=config).messages_compressed == 0
    assert create_compress_tool_messages_node(config=config).invoke({"messages": conversation()}) == {"messages": []}


def test_figures_of_tools() -> None:
    @tool
    def show(what: str) -> str:
        """Shows."""
        return LOG

    reset_tool_metrics()
    (wrapped,) = wrap_tools_with_headroom([show], min_chars_to_compress=1000)
    own = ToolMetricsCollector()
    (other,) = wrap_tools_with_headroom([show], min_chars_to_compress=10**6, metrics_collector=own)
    assert len(wrapped.invoke({"what": "x"})) < len(LOG) == len(other.invoke({"what": "x"}))
    summary = get_tool_metrics().get_summary()
    assert summary["total_invocations"] == summary["total_compressions"] == 1
    assert summary["by_tool"]["show"]["chars_saved"] == summary["total_chars_saved"] > 0
    assert own.get_summary()["total_invocations"] == 1 and own.get_summary()["total_compressions"] == 0
