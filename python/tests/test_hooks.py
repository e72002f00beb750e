from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from samples import QUESTION, anthropic, build_log, openai, rows

from headroom import (
    CANONICAL_PIPELINE_STAGES,
    CompressContext,
    CompressEvent,
    CompressionHooks,
    Engine,
    HeadroomWarning,
    PipelineEvent,
    compress,
)


class Recorder(CompressionHooks):
    def __init__(self) -> None:
        self.contexts: list[CompressContext] = []
        self.done: list[CompressEvent] = []
        self.events: list[PipelineEvent] = []

    def pre_compress(self, messages: list[Any], ctx: CompressContext) -> list[Any]:
        self.contexts.append(ctx)
        return messages

    def post_compress(self, event: CompressEvent) -> None:
        self.done.append(event)

    def on_pipeline_event(self, event: PipelineEvent) -> None:
        self.events.append(event)


@pytest.mark.parametrize(("shape", "provider"), [(openai, "openai"), (anthropic, "anthropic")])
def test_hooks_are_told(shape: Any, provider: str) -> None:
    hooks = Recorder()
    result = compress(shape(build_log(), rows()), model="gpt-4o", hooks=hooks)
    (ctx,), (done,) = hooks.contexts, hooks.done
    assert ctx == CompressContext("gpt-4o", QUESTION, 1, ["Bash", "Bash"], provider)
    assert (done.tokens_before, done.tokens_after) == (result.tokens_before, result.tokens_after)
    assert done.ccr_hashes == result.ids and done.transforms_applied == result.transforms_applied
    stages = [event.stage.value for event in hooks.events]
    assert stages == [
        "input_received",
        "input_cached",
        "input_routed",
        "input_routed",
        "input_compressed",
        "input_remembered",
    ]
    assert stages == sorted(stages, key=[stage.value for stage in CANONICAL_PIPELINE_STAGES].index)
    routed = hooks.events[2]
    assert routed.provider == provider and routed.model == "gpt-4o" and routed.metadata["tool"] == "Bash"
    assert routed.metadata["tokens_after"] < routed.metadata["tokens_before"]
    assert {event.request_id for event in hooks.events} == {routed.request_id}
    assert hooks.events[4].metadata["tokens_after"] == result.tokens_after


def test_hooks_may_change_messages_and_protect_some() -> None:
    class Careful(CompressionHooks):
        def pre_compress(self, messages: list[Any], ctx: CompressContext) -> list[Any]:
            return messages[1:]

        def protect_messages(self, messages: list[Any], ctx: CompressContext) -> set[int]:
            return {index for index, message in enumerate(messages) if message.get("tool_call_id") == "t0"}

    messages = openai(build_log(), rows())
    result = compress(messages, model="gpt-4o", hooks=Careful())
    assert len(result) == len(messages) - 1
    assert result[2] is messages[3] and result[4] is not messages[5]


def test_a_hook_that_fails_is_done_without() -> None:
    class Broken:
        def pre_compress(self, messages: list[Any], ctx: CompressContext) -> list[Any]:
            raise RuntimeError("broken")

        def on_pipeline_event(self, event: PipelineEvent) -> None:
            raise KeyError("broken, too")

    messages = openai(build_log())
    with pytest.warns(HeadroomWarning) as warned:
        result = compress(messages, model="gpt-4o", hooks=Broken())
    said = [str(warning.message) for warning in warned]
    assert "pre_compress failed" in said[0] and all("on_pipeline_event failed" in text for text in said[1:])
    assert result == compress(messages, model="gpt-4o")


def test_biases_are_said_to_have_no_effect() -> None:
    class Biased(CompressionHooks):
        def compute_biases(self, messages: list[Any], ctx: CompressContext) -> dict[int, float]:
            return {0: 1.5}

    with pytest.warns(HeadroomWarning, match="no effect"):
        compress(openai(build_log()), model="gpt-4o", hooks=Biased())


def test_a_hook_may_compress() -> None:
    class Again(CompressionHooks):
        inner = 0

        def on_pipeline_event(self, event: PipelineEvent) -> None:
            self.inner += compress(openai(rows()), model="gpt-4o").tokens_saved

    hooks = Again()
    compress(openai(build_log()), model="gpt-4o", hooks=hooks)
    assert hooks.inner > 0


def test_each_call_hears_of_its_own_steps() -> None:
    engine = Engine(in_memory=True)

    def call(count: int) -> tuple[int, list[str]]:
        hooks = Recorder()
        engine.compress(openai(*(rows(90 + i) for i in range(count))), "gpt-4o", hooks=hooks)
        return [event.stage.value for event in hooks.events].count("input_compressed"), [
            event.request_id for event in hooks.events
        ]

    with ThreadPoolExecutor(8) as pool:
        heard = list(pool.map(call, [1 + i % 3 for i in range(48)]))
    assert [compressed for compressed, _ in heard] == [1] * 48
    assert all(len(set(requests)) == 1 for _, requests in heard)
    assert len({requests[0] for _, requests in heard}) == 48
