from __future__ import annotations

import asyncio
from typing import Any

import pydantic
import pytest
from samples import QUESTION, build_log, records

import headroom
from headroom import CompressConfig, HeadroomWarning
from headroom.integrations.mcp import (
    HeadroomMCPClientWrapper,
    HeadroomMCPCompressor,
    MCPToolProfile,
    compress_tool_result,
    compress_tool_result_with_metrics,
)


def test_a_result_of_a_tool() -> None:
    short = compress_tool_result(build_log(), "Bash", {"command": "ninja"}, QUESTION)
    assert "sync_range" in short and len(short) * 4 < len(build_log())
    told = compress_tool_result_with_metrics(build_log(), "Bash", {"command": "ninja"}, QUESTION)
    assert told.compressed_content == short and told.original_content == build_log() and told.was_compressed
    assert told.tokens_saved == told.original_tokens - told.compressed_tokens > 0
    assert told.compression_ratio > 0.7 and (told.tool_name, told.context_used) == ("Bash", QUESTION)
    assert compress_tool_result("short", "Bash") == "short"
    assert "<<ccr:" not in compress_tool_result(build_log(), "Bash", config=CompressConfig(profile="lossless"))
    with pytest.raises(headroom.ValidationError):
        compress_tool_result(None, "Bash")  # type: ignore[arg-type]


def test_profiles_by_tool() -> None:
    profiles = [
        MCPToolProfile("^ls", enabled=False),
        MCPToolProfile("log", profile="lossless"),
        MCPToolProfile("rows", min_tokens_to_compress=10**6),
    ]
    compressor = HeadroomMCPCompressor(profiles=profiles)
    assert compressor.get_profile("ls_logs") is profiles[0] and compressor.get_profile("Bash") is None
    assert not compressor.compress(build_log(), "ls_logs").was_compressed
    assert "<<ccr:" not in compressor.compress(build_log(), "read_log").compressed_content
    assert compressor.compress(records(), "rows").compressed_content == records()
    assert "<<ccr:" in compressor.compress(build_log(), "Bash").compressed_content
    with pytest.warns(HeadroomWarning, match="max_items"):
        MCPToolProfile("x", max_items=3)


class Text(pydantic.BaseModel):
    """As the protocol's library has it."""

    type: str = "text"
    text: str


class Result(pydantic.BaseModel):
    content: list[Any]
    isError: bool = False


class Client:
    name = "a client"

    def __init__(self, result: Any) -> None:
        self.result = result
        self.called: list[Any] = []

    async def call_tool(self, name: str, arguments: Any = None, **options: Any) -> Any:
        self.called.append((name, arguments, options))
        return self.result


def test_a_client() -> None:
    result = Result(content=[Text(text=build_log()), {"type": "image"}, Text(text="short")])
    client = Client(result)
    wrapped = HeadroomMCPClientWrapper(client, user_query_extractor=lambda context: str(context["question"]))
    made = asyncio.run(wrapped.call_tool("Bash", {"command": "ninja"}, {"question": QUESTION}, timeout=3))
    assert client.called == [("Bash", {"command": "ninja"}, {"timeout": 3})]
    assert type(made) is Result and "sync_range" in made.content[0].text and len(made.content[0].text) < 1500
    assert made.content[1] is result.content[1] and made.content[2] is result.content[2]
    assert result.content[0].text == build_log()
    assert wrapped.get_total_tokens_saved() == wrapped.get_metrics()[0].tokens_saved > 0
    assert wrapped.name == "a client" and len(wrapped.get_metrics()) == 2
    with pytest.raises(AttributeError):
        wrapped.no_such_name  # noqa: B018


@pytest.mark.parametrize("result", [None, 3, {"content": []}, Result(content=[Text(text=build_log())], isError=True)])
def test_what_is_no_result_stays(result: Any) -> None:
    assert asyncio.run(HeadroomMCPClientWrapper(Client(result)).call_tool("Bash")) is result


def test_a_client_that_gives_text() -> None:
    assert "sync_range" in asyncio.run(HeadroomMCPClientWrapper(Client(build_log())).call_tool("Bash"))
