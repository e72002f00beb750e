"""with_headroom() around the providers' own libraries, against a provider on this machine."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "sdks"))
sdks: Any = pytest.importorskip("sdks", exc_type=ImportError)

import anthropic  # noqa: E402
import openai  # noqa: E402
from google import genai  # noqa: E402

import headroom  # noqa: E402
from headroom import CompressionHooks, HeadroomWarning, retrieve, savings_of, with_headroom  # noqa: E402


@pytest.fixture
def provider() -> Iterator[Any]:
    server = sdks.Server()
    yield server
    server.shutdown()
    server.server_close()


def claude(url: str) -> anthropic.Anthropic:
    return anthropic.Anthropic(base_url=url, api_key="sk-ant-test", max_retries=0)


def gpt(url: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=url + "/v1", api_key="sk-test", max_retries=0)


def gemini(url: str) -> genai.Client:
    client: genai.Client = sdks.gemini_at(url)
    return client


MESSAGES: Any = sdks.ANTHROPIC_MESSAGES
CHAT: Any = sdks.CHAT_MESSAGES
CLAUDE: dict[str, Any] = {"model": "claude-sonnet-4-5", "messages": MESSAGES}


class Answer(BaseModel):
    why: str


def messages_create(client: Any) -> Any:
    return client.messages.create(max_tokens=9, **CLAUDE).content[0].text


def messages_beta(client: Any) -> Any:
    return client.beta.messages.create(max_tokens=9, betas=["x"], **CLAUDE).content[0].text


def messages_raw(client: Any) -> Any:
    return client.messages.with_raw_response.create(max_tokens=9, **CLAUDE).parse().content[0].text


def messages_with_options(client: Any) -> Any:
    return client.with_options(timeout=9).messages.create(max_tokens=9, **CLAUDE).content[0].text


def messages_stream(client: Any) -> Any:
    with client.messages.stream(max_tokens=9, **CLAUDE) as stream:
        return "".join(stream.text_stream)


def messages_count(client: Any) -> Any:
    return client.messages.count_tokens(**CLAUDE).input_tokens


def chat_create(client: Any) -> Any:
    return client.chat.completions.create(model="gpt-4o", messages=CHAT).choices[0].message.content


def chat_stream(client: Any) -> Any:
    chunks = client.chat.completions.create(model="gpt-4o", messages=CHAT, stream=True)
    return "".join(chunk.choices[0].delta.content for chunk in chunks)


def chat_parse(client: Any) -> Any:
    with pytest.raises(Exception):  # noqa: B017 the provider's answer is no JSON, and the library says so
        client.chat.completions.parse(model="gpt-4o", messages=CHAT, response_format=Answer)


def responses_create(client: Any) -> Any:
    return client.responses.create(model="gpt-5", input=sdks.ITEMS).output_text


def responses_stream(client: Any) -> Any:
    with client.responses.stream(model="gpt-5", input=sdks.ITEMS) as stream:
        return [event.type for event in stream][-1]


def generate(client: Any) -> Any:
    return client.models.generate_content(model="gemini-2.5-pro", contents=sdks.gemini_contents()).text


def generate_stream(client: Any) -> Any:
    parts = client.models.generate_content_stream(model="gemini-2.5-pro", contents=sdks.gemini_contents())
    return "".join(part.text or "" for part in parts)


def chats(client: Any) -> Any:
    chat = client.chats.create(model="gemini-2.5-pro", history=sdks.gemini_contents())
    return chat.send_message("and now?").text


CALLS: list[tuple[Any, Any]] = [
    *((claude, call) for call in (messages_create, messages_beta, messages_raw, messages_with_options)),
    *((claude, call) for call in (messages_stream, messages_count)),
    *((gpt, call) for call in (chat_create, chat_stream, chat_parse, responses_create, responses_stream)),
    *((gemini, call) for call in (generate, generate_stream, chats)),
]


@pytest.mark.parametrize(("make", "call"), CALLS)
def test_what_is_sent_is_shorter_and_the_answer_is_the_same(make: Any, call: Any, provider: Any) -> None:
    client = make(provider.url)
    wrapped = with_headroom(client)
    assert isinstance(wrapped, type(client)) and type(wrapped).__name__ == type(client).__name__
    answer = call(client)
    assert answer == call(wrapped) and (answer or call is chat_parse)
    plain, short = provider.received
    assert plain.path == short.path and len(short.body) < len(plain.body) / 3
    assert b"disk /dev/vda1 is full" in short.body
    old, new = json.loads(plain.body), json.loads(short.body)
    assert list(old) == list(new)
    savings = savings_of(wrapped)
    assert savings.requests == 1 and savings.tokens_saved > 0 and savings.last is not None
    assert retrieve(savings.last.ids[0]).endswith("disk /dev/vda1 is full\n")


async def claude_async(url: str) -> list[Any]:
    client = with_headroom(anthropic.AsyncAnthropic(base_url=url, api_key="k", max_retries=0))
    message = await client.messages.create(max_tokens=9, **CLAUDE)
    async with client.messages.stream(max_tokens=9, **CLAUDE) as stream:
        text = "".join([part async for part in stream.text_stream])
    return [message.content[0].text, text]


async def gpt_async(url: str) -> list[Any]:
    client = with_headroom(openai.AsyncOpenAI(base_url=url + "/v1", api_key="k", max_retries=0))
    whole = await client.chat.completions.create(model="gpt-4o", messages=CHAT)
    chunks = await client.chat.completions.create(model="gpt-4o", messages=CHAT, stream=True)
    text = "".join([chunk.choices[0].delta.content or "" async for chunk in chunks])
    response = await client.responses.create(model="gpt-5", input=sdks.ITEMS)
    return [whole.choices[0].message.content, text, response.output_text]


async def gemini_async(url: str) -> list[Any]:
    client = with_headroom(gemini(url))
    asked: dict[str, Any] = {"model": "gemini-2.5-pro", "contents": sdks.gemini_contents()}
    whole = await client.aio.models.generate_content(**asked)
    parts = await client.aio.models.generate_content_stream(**asked)
    return [whole.text, "".join([part.text or "" async for part in parts])]


@pytest.mark.parametrize("call", [claude_async, gpt_async, gemini_async])
def test_async(call: Any, provider: Any) -> None:
    answers = asyncio.run(call(provider.url))
    assert answers == ["The disk is full."] * len(provider.received)
    assert all(b"<<ccr:" in received.body and len(received.body) < 8000 for received in provider.received)


def test_the_client_itself_and_other_requests_stay(provider: Any) -> None:
    client = gpt(provider.url)
    wrapped = with_headroom(client)
    wrapped.embeddings.create(model="text-embedding-3-small", input=[sdks.LOG, "b"])
    client.chat.completions.create(model="gpt-4o", messages=CHAT)
    embeddings, chat = provider.received
    assert json.loads(embeddings.body)["input"][0] == sdks.LOG
    assert json.loads(chat.body)["messages"] == CHAT
    assert wrapped.api_key == "sk-test" and wrapped.base_url == client.base_url
    assert savings_of(wrapped).requests == 0
    with pytest.raises(headroom.ValidationError):
        savings_of(client)


def test_settings_and_hooks(provider: Any) -> None:
    class Hooks(CompressionHooks):
        saved = 0

        def post_compress(self, event: Any) -> None:
            self.saved += event.tokens_saved

        def protect_messages(self, messages: list[Any], ctx: Any) -> set[int]:
            return {len(messages) - 1} if ctx.model == "o3" else set()

    hooks = Hooks()
    engine = headroom.Engine(in_memory=True)
    client = with_headroom(gpt(provider.url), hooks=hooks, engine=engine)
    client.chat.completions.create(model="gpt-4o", messages=CHAT)
    assert hooks.saved == savings_of(client).tokens_saved > 0
    last = savings_of(client).last
    assert last is not None and engine.retrieve(last.ids[0]) == sdks.LOG
    client.chat.completions.create(model="o3", messages=CHAT)
    assert json.loads(provider.received[-1].body)["messages"] == CHAT
    lossless = with_headroom(gpt(provider.url), profile="lossless")
    lossless.chat.completions.create(model="gpt-4o", messages=CHAT)
    assert b"<<ccr:" not in provider.received[-1].body
    with pytest.raises(headroom.ConfigurationError):
        with_headroom(client, profile="tiny")
    with pytest.raises(TypeError):
        with_headroom(client, profil="lossless")


def test_a_failure_of_ours_is_none_of_the_callers(provider: Any) -> None:
    class Broken(headroom.Engine):
        def compress_body(self, *_: Any, **__: Any) -> Any:
            raise headroom.StorageError("the disk is full")

    client = with_headroom(gpt(provider.url), engine=Broken(in_memory=True))
    with pytest.warns(HeadroomWarning, match="the disk is full"):
        client.chat.completions.create(model="gpt-4o", messages=CHAT)
    assert json.loads(provider.received[-1].body)["messages"] == CHAT


def test_what_is_no_client() -> None:
    for wrong in (None, object(), "client"):
        with pytest.raises(headroom.ValidationError, match="takes a client"):
            with_headroom(wrong)
    assert headroom.withHeadroom is with_headroom
