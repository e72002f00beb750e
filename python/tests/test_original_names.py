"""Names of the original package (headroom-ai 0.42): each is here, or says what to use instead."""

from __future__ import annotations

import importlib
import warnings
from typing import Any

import pytest

import headroom
from headroom import _absent

# What `from headroom import *` gives there.
ORIGINAL = """
AnthropicCacheOptimizer AnthropicProvider BM25Scorer BaseCacheOptimizer Block CANONICAL_PIPELINE_STAGES CacheAligner
CacheAlignerConfig CacheConfig CacheError CacheMetrics CacheOptimizerConfig CacheOptimizerRegistry CachePrefixMetrics
CacheResult CacheStrategy CompressConfig CompressContext CompressEvent CompressResult CompressionError CompressionHooks
ConfigurationError DiffArtifact EmbedderBackend EmbeddingScorer GoogleCacheOptimizer HeadroomClient HeadroomConfig
HeadroomError HeadroomMode HeadroomOtelMetrics HeadroomTracer HierarchicalMemory HybridScorer LangfuseTracingConfig Memory
MemoryConfig MessageDecision OTelMetricsConfig OpenAICacheOptimizer OpenAIProvider OptimizationContext PipelineEvent
PipelineExtensionManager PipelineStage Provider ProviderError RelevanceScore RelevanceScorer RelevanceScorerConfig
RequestMetrics ScopeLevel SemanticCache SemanticCacheLayer SharedContext SimulationResult SmartCrusher SmartCrusherConfig
StorageError TokenCounter TokenizationError Tokenizer TransformDiff TransformError TransformPipeline TransformResult
ValidationError WasteSignals compress compress_spreadsheet configure_langfuse_tracing configure_otel_metrics
count_tokens_messages count_tokens_text create_scorer densify embedding_available expand_compacted generate_report
get_headroom_tracer get_langfuse_tracing_status get_otel_metrics get_otel_metrics_status is_compacted
reset_headroom_tracing reset_otel_metrics with_memory
""".split()

# Those that are not here: memory, caches of answers, reports, telemetry of one's own, figures about single blocks.
NOT_HERE = """
AnthropicCacheOptimizer BaseCacheOptimizer Block CacheConfig CacheMetrics CacheOptimizerRegistry CacheResult CacheStrategy
DiffArtifact EmbedderBackend GoogleCacheOptimizer HeadroomOtelMetrics HeadroomTracer HierarchicalMemory
LangfuseTracingConfig Memory MemoryConfig MessageDecision OTelMetricsConfig OpenAICacheOptimizer OptimizationContext
PipelineExtensionManager ScopeLevel SemanticCache SemanticCacheLayer TransformDiff WasteSignals
configure_langfuse_tracing configure_otel_metrics generate_report get_headroom_tracer get_langfuse_tracing_status
get_otel_metrics get_otel_metrics_status reset_headroom_tracing reset_otel_metrics with_memory
""".split()

# And of its modules.
MODULES = {
    "compression": "CompressionResult ContentType UniversalCompressor UniversalCompressorConfig compress",
    "config": "CacheAlignerConfig CacheOptimizerConfig CCRConfig HeadroomConfig HeadroomMode PrefixFreezeConfig "
    "RelevanceScorerConfig RequestMetrics SimulationResult SmartCrusherConfig TransformResult",
    "exceptions": "CacheError CompressionError ConfigurationError HeadroomError ProviderError StorageError "
    "TokenizationError TransformError ValidationError",
    "paths": "HEADROOM_CONFIG_DIR_ENV HEADROOM_WORKSPACE_DIR_ENV config_dir ensure_config_dir ensure_workspace_dir "
    "plugin_config_dir plugin_workspace_dir workspace_dir",
    "providers": "AnthropicProvider GoogleProvider OpenAIProvider Provider TokenCounter",
    "relevance": "BM25Scorer EmbeddingScorer HybridScorer RelevanceScore RelevanceScorer create_scorer embedding_available",
    "tokenizer": "Tokenizer count_tokens_messages count_tokens_text",
    "transforms": "CacheAligner CodeAwareCompressor CodeCompressionResult CodeCompressorConfig CompressionStrategy "
    "ContentRouter ContentRouterConfig ContentType DetectionResult DiffCompressionResult DiffCompressor "
    "DiffCompressorConfig DocstringMode LogCompressionResult LogCompressor LogCompressorConfig RouterCompressionResult "
    "SearchCompressionResult SearchCompressor SearchCompressorConfig SmartCrusher SmartCrusherConfig Transform "
    "TransformPipeline detect_content_type is_tree_sitter_available",
}


@pytest.mark.parametrize("name", ORIGINAL)
def test_name(name: str) -> None:
    scope: dict[str, Any] = {}
    if name in NOT_HERE:
        with pytest.raises(ImportError, match=f"headroom has no {name}: .{{20}}"):
            exec(f"from headroom import {name}", scope)
    else:
        exec(f"from headroom import {name}", scope)
        assert scope[name] is getattr(headroom, name) and name in headroom.__all__


@pytest.mark.parametrize("module", MODULES)
def test_names_of_modules(module: str) -> None:
    found = importlib.import_module(f"headroom.{module}")
    for name in MODULES[module].split():
        assert getattr(found, name) is not None
        known = getattr(headroom, name, None)
        assert known is None or known is getattr(found, name) or module == "compression"


@pytest.mark.parametrize("module", ["cache", "evals", "image", "memory", "observability", "reporting", "telemetry"])
def test_modules_that_are_not_here(module: str) -> None:
    with pytest.raises(ImportError, match=f"there is no headroom.{module}: .{{20}}"):
        importlib.import_module(f"headroom.{module}")


def test_names_of_the_integrations() -> None:
    from headroom import integrations

    assert {integrations.langchain_available(), integrations.agno_available(), integrations.strands_available()} <= {
        True,
        False,
    }

    class Model:
        model_name = "claude-sonnet-4-5"

    assert integrations.detect_provider(Model()) == "anthropic" and integrations.detect_provider(object()) == "openai"
    assert isinstance(integrations.get_headroom_provider(Model()), headroom.AnthropicProvider)
    for name in ("StreamingMetricsTracker", "create_headroom_mcp_proxy"):
        with pytest.raises(ImportError, match=f"headroom.integrations has no {name}: .{{20}}"):
            exec(f"from headroom.integrations import {name}")


def test_other_names_are_just_not_there() -> None:
    assert not hasattr(headroom, "no_such_name") and not hasattr(
        importlib.import_module("headroom.transforms"), "no_such_name"
    )
    assert set(_absent.names()) >= set(NOT_HERE) and not set(_absent.names()) & set(headroom.__all__)
    with pytest.raises(ImportError, match="headroom.transforms has no KompressCompressor: use TextCompressor"):
        exec("from headroom.transforms import KompressCompressor")


def test_defaults_of_settings_are_those_that_scripts_know() -> None:
    from headroom.config import CacheAlignerConfig, CCRConfig, SmartCrusherConfig

    crusher = SmartCrusherConfig()
    assert (crusher.min_tokens_to_crush, crusher.max_items_after_crush, crusher.relevance.tier) == (200, 15, "hybrid")
    assert CCRConfig().enabled and not CacheAlignerConfig().enabled
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        headroom.SmartCrusher(SmartCrusherConfig(min_tokens_to_crush=500, lossless_only=True))
    with pytest.warns(headroom.HeadroomWarning, match="SmartCrusherConfig: first_fraction, max_items_after_crush"):
        headroom.SmartCrusher(SmartCrusherConfig(max_items_after_crush=50, first_fraction=0.5))
    with pytest.raises(TypeError):
        SmartCrusherConfig(no_such_setting=1)  # type: ignore[call-arg]
