"""HeadroomClient, around the providers' own libraries and around a client that nobody knows."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from samples import anthropic as anthropic_messages
from samples import build_log, records
from samples import openai as openai_messages

import headroom
from headroom import AnthropicProvider, HeadroomClient, HeadroomConfig, HeadroomMode, OpenAIProvider


class Client:
    """Has the methods of both libraries, keeps what it is given, and answers or fails."""

    def __init__(self, fails: bool = False) -> None:
        self.sent: list[dict[str, Any]] = []
        self.fails = fails
        self.closed = False
        self.chat = SimpleNamespace(completions=SimpleNamespace(create=self._take))
        self.messages = SimpleNamespace(create=self._take, stream=self._take)
        self.models = "the client's own"

    def _take(self, **request: Any) -> Any:
        self.sent.append(request)
        if self.fails:
            raise ConnectionError("gone")
        details = SimpleNamespace(cached_tokens=5)
        return SimpleNamespace(usage=SimpleNamespace(completion_tokens=7, prompt_tokens_details=details))

    def close(self) -> None:
        self.closed = True


class AsyncClient(Client):
    def _take(self, **request: Any) -> Any:
        take = super()._take

        async def later() -> Any:
            return take(**request)

        return later()


MESSAGES: Any = openai_messages(build_log(), records())


def test_a_call_says_how_far_to_go() -> None:
    inner = Client()
    client = HeadroomClient(inner, OpenAIProvider())
    client.chat.completions.create(model="gpt-4o", messages=MESSAGES, temperature=0)
    assert inner.sent[-1] == {"model": "gpt-4o", "messages": MESSAGES, "temperature": 0}, "audit changes nothing"
    client.chat.completions.create(model="gpt-4o", messages=MESSAGES, headroom_mode="optimize")
    assert inner.sent[-1]["messages"] == headroom.compress(MESSAGES, model="gpt-4o") != MESSAGES
    would = client.chat.completions.create(model="gpt-4o", messages=MESSAGES, headroom_mode=HeadroomMode.SIMULATE)
    assert len(inner.sent) == 2 and would.messages_optimized == inner.sent[-1]["messages"]
    assert client.chat.completions.simulate(model="gpt-4o", messages=MESSAGES).tokens_saved == would.tokens_saved > 0
    assert client.models == "the client's own"
    with pytest.raises(headroom.ConfigurationError, match="audit, optimize, simulate"):
        client.chat.completions.create(model="gpt-4o", messages=MESSAGES, headroom_mode="fast")


def test_what_a_call_may_set() -> None:
    inner = Client()
    client = HeadroomClient(inner, OpenAIProvider(), default_mode="optimize")
    client.chat.completions.create(
        model="gpt-4o", messages=MESSAGES, headroom_tool_profiles={"*": {"skip_compression": True}}
    )
    assert "<<ccr:" not in str(inner.sent[-1]) and "headroom_tool_profiles" not in inner.sent[-1]
    with pytest.warns(headroom.HeadroomWarning, match="headroom_cache_prefix_tokens has no effect"):
        client.chat.completions.create(model="gpt-4o", messages=MESSAGES, headroom_cache_prefix_tokens=3)
    full = headroom.count_tokens_messages(inner.sent[-1]["messages"], "gpt-4o")
    small = HeadroomClient(inner, OpenAIProvider(), default_mode="optimize", model_context_limits={"gpt-4o": full - 20})
    small.chat.completions.create(model="gpt-4o", messages=MESSAGES, headroom_output_buffer_tokens=0)
    assert headroom.count_tokens_messages(inner.sent[-1]["messages"], "gpt-4o") < full
    config = HeadroomConfig(default_mode="optimize", compression=headroom.CompressConfig(profile="lossless"))
    HeadroomClient(inner, config=config).chat.completions.create(model="gpt-4o", messages=MESSAGES)
    assert "<<ccr:" not in str(inner.sent[-1])


def test_figures() -> None:
    inner = Client()
    with HeadroomClient(inner, OpenAIProvider(), default_mode="optimize") as client:
        client.chat.completions.create(model="gpt-4o", messages=MESSAGES)
        client.chat.completions.create(model="gpt-4.1", messages=MESSAGES, headroom_mode="audit", stream=True)
        inner.fails = True
        with pytest.raises(ConnectionError):
            client.chat.completions.create(model="gpt-4o", messages=MESSAGES)
        newest, streamed, first = client.get_metrics()
        assert newest.error == "ConnectionError: gone"
        assert (streamed.model, streamed.stream, streamed.mode, streamed.tokens_output) == (
            "gpt-4.1",
            True,
            "audit",
            None,
        )
        assert (
            (first.tokens_output, first.cached_tokens) == (7, 5) and first.tokens_saved > 0 and first.transforms_applied
        )
        assert client.get_metrics(model="gpt-4.1") == [streamed] and client.get_metrics(limit=1) == [newest]
        assert client.get_metrics(start_time=datetime.now().astimezone() + timedelta(hours=1)) == []
        summary = client.get_summary()
        assert summary["total_requests"] == 3 and (summary["audit_count"], summary["optimize_count"]) == (1, 2)
        assert summary["total_tokens_saved"] == sum(one.tokens_saved for one in client.get_metrics())
        stats = client.get_stats()
        assert stats["session"]["requests_total"] == 3 and stats["config"]["provider"] == "openai"
        assert stats["session"]["tokens_saved_total"] == summary["total_tokens_saved"]
        report = client.validate_setup()
        assert report["valid"] and report["storage"]["ok"]
    assert inner.closed


def test_what_is_wrong_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(headroom.ValidationError, match="messages or chat.completions"):
        HeadroomClient(object())
    with pytest.raises(headroom.ConfigurationError, match="no mode"):
        HeadroomClient(Client(), default_mode="off")
    with pytest.warns(headroom.HeadroomWarning, match="enable_semantic_cache has no effect"):
        HeadroomClient(Client(), enable_semantic_cache=True)
    wrong = HeadroomConfig(compression=headroom.CompressConfig(profile="none"))
    report = HeadroomClient(Client(), config=wrong).validate_setup()
    assert not report["valid"] and "profile must be one of" in report["config"]["error"] and report["provider"]["ok"]
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("HEADROOM_WORKSPACE_DIR", str(tmp_path / "file"))
    report = HeadroomClient(Client()).validate_setup()
    assert not report["valid"] and "originals cannot be stored" in report["storage"]["error"]


def test_asynchronous_clients_are_awaited() -> None:
    inner = AsyncClient()
    client = HeadroomClient(inner, AnthropicProvider(), default_mode="optimize")

    async def both() -> None:
        await client.messages.create(model="claude-sonnet-4-5", messages=anthropic_messages(build_log()))
        assert "<<ccr:" in str(inner.sent[-1]["messages"]) and inner.sent[-1]["max_tokens"] == 1024
        inner.fails = True
        with pytest.raises(ConnectionError):
            await client.messages.create(
                model="claude-sonnet-4-5", messages=anthropic_messages(build_log()), max_tokens=5
            )

    asyncio.run(both())
    failed, made = client.get_metrics()
    assert made.tokens_output == 7 and failed.error == "ConnectionError: gone"


def test_providers() -> None:
    gpt, claude = OpenAIProvider(), AnthropicProvider(context_limits={"mine": 5000})
    counter = gpt.get_token_counter("gpt-4o")
    assert counter.count_text("one two three") == 3
    assert counter.count_messages(MESSAGES) >= counter.count_message(MESSAGES[0]) > 0
    assert gpt.get_context_limit("gpt-4o") > 100_000 and gpt.get_context_limit("unknown") == 128_000
    assert claude.get_context_limit("mine") == 5000 and claude.get_output_buffer("mine") == 904
    assert gpt.supports_model("gpt-4o") and not gpt.supports_model("claude-sonnet-4-5")
    assert claude.supports_model("claude-opus-4-1") and (gpt.name, claude.name) == ("openai", "anthropic")
    full = claude.estimate_cost(1_000_000, 0, "claude-sonnet-4-5")
    cached = claude.estimate_cost(1_000_000, 0, "claude-sonnet-4-5", cached_tokens=1_000_000)
    assert full and cached and full > 5 * cached and claude.estimate_cost(1, 1, "unknown") is None


sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "sdks"))


@pytest.fixture
def provider() -> Iterator[Any]:
    sdks = pytest.importorskip("sdks", exc_type=ImportError)
    server = sdks.Server()
    yield server
    server.shutdown()
    server.server_close()


def test_around_the_providers_own_libraries(provider: Any) -> None:
    import anthropic
    import openai
    import sdks

    gpt = HeadroomClient(
        openai.OpenAI(base_url=provider.url + "/v1", api_key="sk-test", max_retries=0), default_mode="optimize"
    )
    answer = gpt.chat.completions.create(model="gpt-4o", messages=sdks.CHAT_MESSAGES)
    assert answer.choices[0].message.content and gpt.get_stats()["session"]["tokens_saved_total"] > 0
    claude = HeadroomClient(
        anthropic.Anthropic(base_url=provider.url, api_key="sk-ant-test", max_retries=0), default_mode="optimize"
    )
    with claude.messages.stream(model="claude-sonnet-4-5", messages=sdks.ANTHROPIC_MESSAGES, max_tokens=9) as stream:
        assert stream.get_final_text()
    assert claude.get_stats()["config"]["provider"] == "anthropic" and claude.get_metrics()[0].tokens_saved > 0
