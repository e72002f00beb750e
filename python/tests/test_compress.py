from __future__ import annotations

import copy
import json
import pickle
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pytest
from samples import anthropic, build_log, gemini, openai, records, responses, rows, vercel

import headroom
from headroom import CompressConfig, CompressResult, HeadroomWarning, compress


def result_text(messages: list[Any]) -> str:
    content = messages[-1]["content"]
    while not isinstance(content, str):
        content = content[0]["content"] if "content" in content[0] else content[0]["text"]
    return content


@pytest.mark.parametrize("shape", [openai, anthropic])
def test_tool_results_are_shortened_and_come_back(shape: Any) -> None:
    messages = shape(build_log())
    result = compress(messages, model="gpt-4o")
    assert "no member named 'sync_range'" in result_text(result)
    assert result.tokens_after * 4 < result.tokens_before
    assert result.tokens_saved == result.tokens_before - result.tokens_after
    assert result.compression_ratio == result.tokens_saved / result.tokens_before
    assert result.transforms_applied and not result.estimate and not result.lossless
    assert headroom.retrieve(result.ids[0]) == build_log()


@pytest.mark.parametrize("shape", [responses, gemini, vercel])
def test_other_shapes(shape: Any) -> None:
    messages = shape(build_log(), "fine\n")
    before = copy.deepcopy(messages)
    hooks = Names()
    result = compress(messages, model="gpt-4o", hooks=hooks)
    assert messages == before and len(result) == len(messages)
    assert [i for i in range(len(messages)) if messages[i] is not result[i]] == [2]
    assert "no member named 'sync_range'" in json.dumps(result[2]) and result.tokens_after * 4 < result.tokens_before
    assert headroom.retrieve(result.ids[0]) == build_log()
    assert headroom.count_tokens_messages(messages, "gpt-4o") == result.tokens_before
    assert hooks.context.tool_calls == ["Bash", "Bash"] and hooks.context.user_query == "Why did the build fail?"
    assert hooks.context.provider == {responses: "openai", gemini: "gemini", vercel: "vercel"}[shape]


class Names(headroom.CompressionHooks):
    def pre_compress(self, messages: list[Any], ctx: headroom.CompressContext) -> list[Any]:
        self.context = ctx
        return messages


@pytest.mark.parametrize("shape", [gemini, vercel])
def test_a_value_that_a_tool_gave_becomes_a_text(shape: Any) -> None:
    messages = shape(json.loads(records()))
    result = compress(messages, model="gpt-4o")
    assert result.tokens_after * 4 < result.tokens_before
    assert headroom.count_tokens_messages(result, "gpt-4o") == result.tokens_after
    part = result[2]["parts"][0] if shape is gemini else result[2]["content"][0]
    told = part["functionResponse"]["response"]["output"] if shape is gemini else part["output"]["value"]
    assert isinstance(told, str) and "failed" in told
    if shape is vercel:
        assert part["output"]["type"] == "text"
    kept = shape([Odd(each) for each in json.loads(records())])
    assert compress(kept, model="gpt-4o") == result  # whatever kind of object held the value


class Odd(Mapping[str, Any]):
    def __init__(self, values: dict[str, Any]) -> None:
        self.values_ = values

    def __getitem__(self, key: str) -> Any:
        return self.values_[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)


def test_keys_that_are_no_text() -> None:
    messages = openai(build_log())
    odd: dict[Any, Any] = {1: "one", None: 2, False: 3, (4, 5): 6}
    messages[3] = {**messages[3], **odd}
    result = compress(messages, model="gpt-4o")
    assert result.tokens_saved > 0 and list(result[3]) == list(messages[3]) and dict[Any, Any](result[3])[(4, 5)] == 6


@pytest.mark.parametrize("shape", [openai, anthropic])
def test_the_caller_keeps_what_he_has(shape: Any) -> None:
    messages = shape(build_log(), rows())
    before = copy.deepcopy(messages)
    result = compress(messages, model="gpt-4o")
    assert messages == before
    changed = [i for i, (old, new) in enumerate(zip(messages, result, strict=True)) if old is not new]
    assert [messages[i] for i in changed] == [m for m in messages if m["role"] == "tool" or "tool_result" in str(m)]
    for old, new in zip(messages, result, strict=True):
        assert list(old) == list(new)


def test_the_result_is_the_list() -> None:
    result = compress(openai(build_log()), model="gpt-4o")
    assert isinstance(result, list) and result.messages is result
    assert json.loads(json.dumps(result)) == result
    assert result[-1]["role"] == "tool" and len(result) == 4
    again = pickle.loads(pickle.dumps(result))
    assert again == result and again.tokens_saved == result.tokens_saved
    assert copy.deepcopy(result).ids == result.ids


def test_results_can_be_made_by_hand() -> None:
    made = CompressResult(messages=[{"role": "user", "content": "hi"}], tokens_before=10, tokens_after=4)
    assert (
        made.tokens_saved == 6
        and made.compression_ratio == 0.6
        and made.messages == [{"role": "user", "content": "hi"}]
    )


def test_the_same_messages_give_the_same_bytes_and_a_longer_conversation_the_same_beginning() -> None:
    first = compress(openai(build_log()), model="gpt-4o")
    assert compress(openai(build_log()), model="gpt-4o") == first
    assert list(compress(openai(build_log(), rows()), model="gpt-4o"))[: len(first)] == list(first)
    assert compress(first, model="gpt-4o") == first


def test_what_is_small_stays() -> None:
    messages = openai("fine\n")
    result = compress(messages, model="gpt-4o")
    assert all(a is b for a, b in zip(messages, result, strict=True))
    assert result.tokens_saved == 0 and result.reason and result.lossless
    assert compress([]) == []


class FakeSdkMessage:
    """As SDKs return them."""

    def __init__(self, **values: Any) -> None:
        self.values = values

    def model_dump(self, **_: Any) -> dict[str, Any]:
        return self.values


def test_objects_of_sdks_and_of_no_json_at_all() -> None:
    messages: list[Any] = openai(build_log())
    messages[2] = FakeSdkMessage(**messages[2])
    messages[1] = {"role": "user", "content": [{"type": "text", "text": "Why?"}, {"type": "image", "image": object()}]}
    messages[3] = MappingProxyType(messages[3])
    result = compress(tuple(messages), model="gpt-4o")
    assert result[1] is messages[1] and result[2] is messages[2]
    assert "sync_range" in result[3]["content"] and result.tokens_saved > 0
    blocks = anthropic(build_log())
    blocks[1]["content"] = tuple(FakeSdkMessage(**block) for block in blocks[1]["content"])
    blocks[2] = OrderedDict(blocks[2])
    result = compress(iter(blocks), model="gpt-4o")
    assert result[1] is blocks[1] and result[2] is not blocks[2]


def test_what_cannot_be_json_comes_back_with_a_reason() -> None:
    messages = openai(build_log())
    messages[0]["self"] = messages
    result = compress(messages)
    assert list(result) == messages and "JSON" in result.reason
    messages[0]["self"] = float("nan")
    assert "JSON" in compress(messages).reason


def test_half_a_surrogate_pair_hurts_nothing() -> None:
    result = compress(openai("\ud800" + build_log(), build_log()), model="gpt-4o")
    assert result[3]["content"] == "\ud800" + build_log()
    assert result.tokens_saved > 0


@pytest.mark.parametrize("wrong", ["text", b"text", {"role": "user"}, None, 3])
def test_messages_must_be_a_list(wrong: Any) -> None:
    with pytest.raises(headroom.ValidationError) as caught:
        compress(wrong)
    assert caught.value.code == "invalid_argument" and isinstance(caught.value, ValueError)


def test_frozen_and_recent_messages() -> None:
    messages = openai(build_log(), rows())
    frozen = compress(messages, model="gpt-4o", frozen_message_count=4)
    assert all(messages[i] is frozen[i] for i in range(4)) and frozen[5] is not messages[5]
    recent = compress(messages, model="gpt-4o", protect_recent=2, diagnostics=True)
    assert recent[5] is messages[5] and recent[3] is not messages[3]
    everything = compress(messages, model="gpt-4o")
    assert frozen.tokens_saved + recent.tokens_saved == everything.tokens_saved
    assert set(frozen.ids) | set(recent.ids) == set(everything.ids)
    none = compress(messages, model="gpt-4o", protect_recent=99)
    assert none.tokens_saved == 0 and none.lossless and none.reason and not none.transforms_applied


def test_profiles() -> None:
    messages = openai(build_log())
    lossless = compress(messages, model="gpt-4o", profile="lossless")
    assert lossless.lossless and not lossless.ids
    assert compress(messages, model="gpt-4o", mode="lossless") == lossless
    assert compress(messages, model="gpt-4o", tool_profiles={"Bash": "lossless"}) == lossless
    assert compress(messages, model="gpt-4o", config=CompressConfig(profile="lossless")) == lossless
    with pytest.raises(headroom.ConfigurationError):
        compress(messages, profile="tiny")
    with pytest.raises(headroom.ConfigurationError):
        compress(messages, mode="tiny")
    with pytest.raises(headroom.HeadroomError):
        compress(messages, tool_profiles=["Bash=tiny"])


def test_budgets() -> None:
    messages = openai(*(rows(300 + i) for i in range(4)))
    free = compress(messages, model="gpt-4o")
    tight = compress(messages, model="gpt-4o", token_budget=free.tokens_after * 2 // 3)
    assert tight.tokens_after < free.tokens_after
    assert compress(messages, model="gpt-4o", model_limit=free.tokens_after * 2 // 3) == tight
    assert compress(messages, model="gpt-4o", model_limit=free.tokens_after + 1) == free
    assert compress(messages, model="gpt-4o", token_budget=1).budget_note
    ratio = free.tokens_after * 0.7 / free.tokens_before
    assert compress(messages, model="gpt-4o", target_ratio=ratio).tokens_after < free.tokens_after
    assert compress(messages, model="gpt-4o", min_tokens_to_compress=10**6).tokens_saved == 0
    for wrong in ({"target_ratio": 2.0}, {"token_budget": -1}, {"min_tokens_to_compress": -1}):
        with pytest.raises(headroom.ValidationError):
            compress(messages, **wrong)


def test_only_counting() -> None:
    messages = openai(build_log())
    result = compress(messages, model="gpt-4o", optimize=False)
    assert list(result) == messages and result.tokens_before == result.tokens_after
    assert result.tokens_before == compress(messages, model="gpt-4o").tokens_before
    assert headroom.count_tokens_messages(messages, "gpt-4o") == result.tokens_before


def test_diagnostics_and_verification() -> None:
    messages = openai(build_log(), "fine\n")
    result = compress(messages, model="gpt-4o", diagnostics=True, verify_lossless=True)
    assert result.diagnostics is not None and [block["message"] for block in result.diagnostics] == [3, 5]
    assert result.diagnostics[0]["ids"] == result.ids and result.diagnostics[0]["removed"]
    assert result.diagnostics[1]["reason"] and result.reverted_messages == []
    assert compress(messages, model="gpt-4o").diagnostics is None


def test_simulating_stores_nothing() -> None:
    messages = openai(build_log())
    simulated = headroom.simulate(messages, "gpt-4o")
    with pytest.raises(headroom.NotFoundError):
        headroom.retrieve(simulated.blocks[0]["ids"][0])
    result = compress(messages, model="gpt-4o")
    assert simulated.messages_optimized == result and simulated.tokens_saved == result.tokens_saved
    assert "log" in repr(simulated)


def test_settings_without_effect_warn_and_unknown_ones_fail() -> None:
    messages = openai(build_log())
    for changes in ({"compress_user_messages": True}, {"kompress_model": "x"}):
        with pytest.warns(HeadroomWarning, match=next(iter(changes))):
            compress(messages, **changes)
    with pytest.warns(HeadroomWarning, match="marker"):
        compress(messages, mode="lossy_inline")
    with pytest.raises(TypeError, match="did you mean protect_recent"):
        compress(messages, protect_recnt=1)
    compress(messages, kompress_model="disabled", savings_profile="agent-90", compress_system_messages=False)


def test_a_store_that_cannot_be_opened_drops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADROOM_WORKSPACE_DIR", "/dev/null/nowhere")
    with pytest.warns(HeadroomWarning, match="nothing is dropped"):
        result = compress(openai(build_log()), model="gpt-4o")
    assert result.lossless
    with pytest.raises(headroom.StorageError):
        headroom.retrieve("0" * 24)
