"""Steps and compressors under the names of earlier scripts do what compress() does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from samples import build_log, openai, records, rows

import headroom
from headroom import CacheAligner, HeadroomConfig, SmartCrusher, Tokenizer, TransformPipeline, compress, paths, retrieve
from headroom.compression import UniversalCompressor, UniversalCompressorConfig
from headroom.compression import compress as compress_one
from headroom.config import CacheAlignerConfig, CCRConfig, SmartCrusherConfig
from headroom.transforms import (
    CodeAwareCompressor,
    CodeCompressorConfig,
    CompressionStrategy,
    ContentRouter,
    ContentRouterConfig,
    ContentType,
    DiffCompressor,
    LogCompressor,
    LogCompressorConfig,
    SearchCompressor,
    SearchCompressorConfig,
    TextCompressor,
    Transform,
    detect_content_type,
)

SEARCH = "".join(f"src/part{i % 5}.py:{i}:def process_{i}(items):\n" for i in range(1, 300))
DIFF = "diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n" + "".join(
    f"@@ -{i * 20},3 +{i * 20},3 @@\n before_{i}\n-old_{i}\n+new_{i}\n" for i in range(1, 80)
)
CODE = "import os\n\n\n" + "".join(
    f"def step_{i}(items):\n    total = 0\n    for item in items:\n        total += item * {i}\n"
    f"        total -= {i + 1}\n        total %= 1000\n    print(total)\n    return total\n\n\n"
    for i in range(60)
)
SYSTEM = "You are a helpful agent. Today is 2026-01-02T10:11:{:02}Z."


def conversation(second: int, turns: int) -> list[Any]:
    more = [{"role": "assistant", "content": "Yes."}, {"role": "user", "content": "And now?"}]
    return [{"role": "system", "content": SYSTEM.format(second)}, {"role": "user", "content": "Is it?"}, *more * turns]


def test_a_pipeline_is_compress() -> None:
    messages = openai(build_log())
    made = TransformPipeline().apply(messages, "gpt-4o")
    plain = compress(messages, model="gpt-4o")
    assert list(made) == list(plain) == made.messages and made.tokens_after == plain.tokens_after
    assert made.markers_inserted == plain.ids and made.transforms_applied == plain.transforms_applied
    assert made.warnings == [] and TransformPipeline().simulate(messages, "gpt-4o").tokens_saved == made.tokens_saved
    assert TransformPipeline(HeadroomConfig(ccr=CCRConfig(enabled=False))).apply(messages, "gpt-4o").lossless
    free = TransformPipeline().apply(openai(records()), "gpt-4o")
    room = TransformPipeline().apply(openai(records()), "gpt-4o", model_limit=free.tokens_after + 50, output_buffer=60)
    assert room.tokens_after < free.tokens_after
    with pytest.warns(headroom.HeadroomWarning, match="colour"):
        TransformPipeline().apply(messages, "gpt-4o", colour="red")


def test_a_pipeline_of_steps() -> None:
    class Upper(Transform):
        def apply(self, messages: list[Any], tokenizer: Any, **_: Any) -> Any:
            count = tokenizer.count_messages(messages)
            changed = [{**message, "content": message["content"].upper()} for message in messages]
            return headroom.TransformResult(changed, count, count, transforms_applied=["upper"], warnings=["loud"])

    made = TransformPipeline([Upper()]).apply([{"role": "user", "content": "hi"}], "gpt-4o")
    assert made == [{"role": "user", "content": "HI"}] and made.transforms_applied == ["upper"]
    assert made.warnings == ["loud"] and made.tokens_before > 0

    class Never(Upper):
        def should_apply(self, messages: list[Any], tokenizer: Any, **_: Any) -> bool:
            return False

    old = openai(records())
    made = TransformPipeline(transforms=[Never(), SmartCrusher(), CacheAligner()]).transform(old)
    assert made.tokens_after < made.tokens_before / 2 and "upper" not in made.transforms_applied
    assert retrieve(made.ids[0]) == records()


def test_an_aligner_keeps_the_prefix() -> None:
    aligner = CacheAligner()
    first = aligner.apply(conversation(10, 0), Tokenizer(model="gpt-4o"))
    assert first == conversation(10, 0) and first.cache_metrics and not first.cache_metrics.prefix_changed
    assert any("2026-01-02T10:11:10Z" in text for text in first.warnings)
    second = aligner.align(conversation(20, 1))
    assert second[0] == first[0] and "2026-01-02T10:11:20Z" in second[-1]["content"]
    assert second.cache_metrics and second.cache_metrics.stable_prefix_hash == first.cache_metrics.stable_prefix_hash
    assert aligner.get_alignment_score(conversation(10, 0)) == 90
    assert aligner.get_alignment_score([{"role": "system", "content": "Help."}]) == 100
    assert aligner.should_apply(conversation(10, 0)) and not aligner.should_apply([{"role": "user", "content": "hi"}])


def test_an_aligner_that_only_says() -> None:
    aligner = CacheAligner(CacheAlignerConfig())
    old = [conversation(10, 0), conversation(20, 1)]
    made = [aligner.apply(messages, "gpt-4o") for messages in old]
    assert made == old and all(one.warnings for one in made)
    assert made[1].cache_metrics and made[1].cache_metrics.prefix_changed
    assert made[1].cache_metrics.previous_hash == made[0].cache_metrics.stable_prefix_hash  # type: ignore[union-attr]


def test_a_crusher_with_settings() -> None:
    tokenizer = Tokenizer(headroom.OpenAIProvider().get_token_counter("gpt-4o"), "gpt-4o")
    messages = openai(records())
    made = SmartCrusher(SmartCrusherConfig()).apply(messages, tokenizer)
    assert made.tokens_after < made.tokens_before == tokenizer.count_messages(messages)
    assert SmartCrusher(SmartCrusherConfig(min_tokens_to_crush=10**6)).apply(messages, tokenizer).tokens_saved == 0
    assert SmartCrusher(SmartCrusherConfig(lossless_only=True)).apply(messages, tokenizer).lossless
    assert SmartCrusher(ccr_config=CCRConfig(inject_retrieval_marker=False)).apply(messages, tokenizer).lossless
    off = SmartCrusher(SmartCrusherConfig(enabled=False))
    assert off.apply(messages, tokenizer) == messages and not off.crush(records()).was_modified
    value = json.loads(records())
    assert SmartCrusher().crush(value, query="which failed?").was_modified


def test_a_client_with_settings() -> None:
    class Original:
        class chat:  # noqa: N801
            class completions:  # noqa: N801
                create = staticmethod(lambda **request: request)

    config = HeadroomConfig()
    config.smart_crusher.min_tokens_to_crush = 10**6
    client = headroom.HeadroomClient(Original, headroom.OpenAIProvider(), config=config)
    messages = openai(build_log())
    assert client.chat.completions.simulate(model="gpt-4o", messages=messages).tokens_saved == 0
    config.smart_crusher.min_tokens_to_crush = 200
    plan = client.chat.completions.simulate(model="gpt-4o", messages=messages)
    assert plan.transforms_applied == plan.transforms and plan.savings_percent > 50
    assert str(plan.tokens_saved) in plan.estimated_savings
    sent = client.chat.completions.create(
        model="gpt-4o", messages=messages, headroom_mode="optimize", headroom_keep_turns=1
    )
    assert list(sent["messages"]) == messages
    later = [*messages, {"role": "user", "content": "And why?"}]
    sent = client.chat.completions.create(
        model="gpt-4o", messages=later, headroom_mode="optimize", headroom_keep_turns=1
    )
    assert list(sent["messages"]) != later
    config.ccr.enabled = False
    lossless = client.chat.completions.simulate(model="gpt-4o", messages=messages)
    assert "<<ccr:" not in json.dumps(lossless.messages_optimized)


def test_compressors_by_type() -> None:
    log = LogCompressor().compress(build_log(), context="why did it fail?")
    assert (
        "sync_range" in log.compressed and log.compression_ratio < 0.1 and retrieve(log.cache_key or "") == log.original
    )
    assert log.lines_omitted == log.original_line_count - log.compressed_line_count > 100
    assert LogCompressor(LogCompressorConfig(enable_ccr=False)).compress(build_log()).cache_key is None
    with pytest.warns(headroom.HeadroomWarning, match="max_errors"):
        LogCompressor(LogCompressorConfig(max_errors=3))

    hits = SearchCompressor(SearchCompressorConfig(context_keywords=["process_77"])).compress(SEARCH)
    assert "process_77" in hits.compressed and hits.files_affected == 5 and hits.original_match_count == 299
    assert hits.matches_omitted == 299 - hits.compressed_match_count > 200

    diff = DiffCompressor().compress(DIFF, "new_40")
    assert (diff.files_affected, diff.additions, diff.deletions) == (1, 79, 79) and "new_40" in diff.compressed
    assert diff.hunks_kept + diff.hunks_removed == 79 and diff.tokens_saved == diff.tokens_saved_estimate

    code = CodeAwareCompressor().compress(CODE, language="python", context="step_7")
    assert code.savings_percentage > 30 and code.syntax_valid and code.language == "python"
    compile(code.compressed, "left", "exec")
    small = CodeAwareCompressor(CodeCompressorConfig(min_tokens_for_compression=10**6)).compress(CODE)
    assert small.compressed == CODE and small.tokens_saved == 0

    assert TextCompressor().compress(build_log()).tokens_saved > 0
    for compressor in (LogCompressor(), SearchCompressor(), DiffCompressor(), TextCompressor()):
        assert compressor.compress("short").compressed == "short"
        with pytest.raises(headroom.ValidationError):
            compressor.compress(None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "kind", "strategy"),
    [
        (records(), ContentType.JSON_ARRAY, CompressionStrategy.SMART_CRUSHER),
        (build_log(), ContentType.BUILD_OUTPUT, CompressionStrategy.LOG),
        (SEARCH, ContentType.SEARCH_RESULTS, CompressionStrategy.SEARCH),
        (DIFF, ContentType.GIT_DIFF, CompressionStrategy.DIFF),
        (CODE, ContentType.SOURCE_CODE, CompressionStrategy.CODE_AWARE),
        ("Nothing in it that could be left out.", ContentType.PLAIN_TEXT, CompressionStrategy.PASSTHROUGH),
    ],
    ids=["json", "log", "search", "diff", "code", "prose"],
)
def test_a_router(text: str, kind: ContentType, strategy: CompressionStrategy) -> None:
    assert detect_content_type(text).content_type is kind and 0 <= detect_content_type(text).confidence <= 1
    made = ContentRouter().compress(text)
    assert made.strategy_used is strategy and made.routing_log[0]["type"] and made.summary().startswith(strategy.value)
    assert (made.tokens_saved > 0) == (strategy is not CompressionStrategy.PASSTHROUGH)
    assert ContentRouter(ContentRouterConfig(lossless=True)).compress(text).cache_key is None


def test_universal() -> None:
    made = UniversalCompressor().compress(records(), context="which failed?")
    assert made.content_type.value == "json" and made.ccr_key and retrieve(made.ccr_key) == records()
    assert made.tokens_before - made.tokens_after == made.tokens_saved > 0 and made.handler_used.startswith("json")
    config = UniversalCompressorConfig(min_content_length=10**6)
    assert UniversalCompressor(config).compress(records()).compressed == records()
    assert [one.tokens_saved for one in UniversalCompressor().compress_batch(["a", "b"])] == [0, 0]
    assert compress_one(rows()).tokens_saved > 0


def test_tables_expand() -> None:
    made = headroom.densify(openai(rows()), "gpt-4o")
    table = made[-1]["content"]
    assert made.lossless and table != rows() and headroom.is_compacted(table)
    assert headroom.expand_compacted(table) == json.loads(rows())
    dropped = compress(openai(records()), model="gpt-4o")[-1]["content"]
    for other in (rows(), "text", dropped, None, "\udfff"):
        assert not headroom.is_compacted(other) and headroom.expand_compacted(other) is None  # type: ignore[arg-type]


def test_counting_with_a_counter() -> None:
    class Counter:
        def count_text(self, text: str) -> int:
            return len(text)

        def count_messages(self, messages: list[Any]) -> int:
            return 7 * len(messages)

    assert headroom.count_tokens_text("four", Counter()) == 4 and headroom.count_tokens_messages([{}], Counter()) == 7
    assert Tokenizer(Counter(), "x").count_text("four") == 4 and Tokenizer().count_text("four") == 1
    provider = headroom.GoogleProvider()
    assert provider.supports_model("gemini-2.5-pro") and not provider.supports_model("gpt-4o")
    assert Tokenizer(provider.get_token_counter("gpt-4o")).count_message({"role": "user", "content": "four"}) > 0


def test_relevance() -> None:
    scorer = headroom.create_scorer()
    scores = scorer.score_batch(["payment timed out", "all is well", "Payment"], "payment timeout of Payment")
    assert scores[1].score == 0 < scores[0].score <= 1 and scores[2].matched_terms == ["payment"]
    assert headroom.BM25Scorer().score("payment", "payment").score > 0 == headroom.BM25Scorer().score("a", "b").score
    assert not headroom.embedding_available()
    for wrong in ("embedding", "other"):
        with pytest.raises(headroom.ConfigurationError):
            headroom.create_scorer(wrong)


def test_paths(monkeypatch: pytest.MonkeyPatch, workspace: Path, tmp_path: Path) -> None:
    assert paths.workspace_dir() == workspace and paths.config_dir() == workspace / "config"
    assert paths.plugin_workspace_dir("mine") == workspace / "plugins" / "mine"
    monkeypatch.setenv("HEADROOM_CONFIG_DIR", str(tmp_path / "settings"))
    assert paths.plugin_config_dir("mine") == tmp_path / "settings" / "plugins" / "mine" and not workspace.exists()
    assert paths.ensure_config_dir().is_dir() and paths.ensure_workspace_dir().is_dir()
    for wrong in ("", "..", "a/b"):
        with pytest.raises(headroom.ValidationError):
            paths.plugin_config_dir(wrong)
