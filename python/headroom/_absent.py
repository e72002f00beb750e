"""Names of the original package that there are none of here, and what to use instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

_MEMORY = "there is no memory across sessions here; SharedContext shares findings between the agents of a program"
_CACHE = (
    "prefixes are always kept stable, see docs/CACHE.md; HeadroomClient needs no optimizer, and no answers are cached"
)
_FIGURES = "use HeadroomClient.get_summary(), or `headroom perf --json` of the program"
_TELEMETRY = (
    "the proxy sends metrics and traces over OTLP (`--otlp-endpoint`), and has /metrics; hooks are told each step"
)
_PARTS = "CompressConfig(diagnostics=True) says what happened to each tool result, in CompressResult.diagnostics"
_EVALS = "the checks of answers and figures are in the project's bench/ (./dev bench)"
_IMAGES = "images are sent as they are"
_EXTENSIONS = "use CompressionHooks: compress(messages, hooks=...)"

_ADVICE: dict[str, str] = {
    **dict.fromkeys(
        ("EmbedderBackend", "HierarchicalMemory", "Memory", "MemoryConfig", "ScopeLevel", "with_memory"), _MEMORY
    ),
    **dict.fromkeys(
        (
            "AnthropicCacheOptimizer",
            "BaseCacheOptimizer",
            "CacheConfig",
            "CacheMetrics",
            "CacheOptimizerRegistry",
            "CacheResult",
            "CacheStrategy",
            "GoogleCacheOptimizer",
            "OpenAICacheOptimizer",
            "OptimizationContext",
            "SemanticCache",
            "SemanticCacheLayer",
        ),
        _CACHE,
    ),
    "generate_report": _FIGURES,
    **dict.fromkeys(
        (
            "HeadroomOtelMetrics",
            "HeadroomTracer",
            "LangfuseTracingConfig",
            "OTelMetricsConfig",
            "configure_langfuse_tracing",
            "configure_otel_metrics",
            "get_headroom_tracer",
            "get_langfuse_tracing_status",
            "get_otel_metrics",
            "get_otel_metrics_status",
            "reset_headroom_tracing",
            "reset_otel_metrics",
        ),
        _TELEMETRY,
    ),
    **dict.fromkeys(("Block", "DiffArtifact", "MessageDecision", "TransformDiff", "WasteSignals"), _PARTS),
    "PipelineExtensionManager": _EXTENSIONS,
    "KompressCompressor": "use TextCompressor: no learned model rewrites text here",
}
_MODULES = {
    "cache": _CACHE,
    "evals": _EVALS,
    "image": _IMAGES,
    "memory": _MEMORY,
    "observability": _TELEMETRY,
    "reporting": _FIGURES,
    "telemetry": _TELEMETRY,
}


def names() -> Iterable[str]:
    return _ADVICE.keys()


def advice_for(module: str) -> Callable[[str], Any]:
    """A module's __getattr__."""

    def look_up(name: str) -> Any:
        refuse(module, name)
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return look_up


def refuse(module: str, name: str) -> None:
    """Raises an ImportError for a name that only the original has; an AttributeError's text does not survive `from headroom
    import NAME`."""
    if name in _ADVICE:
        raise ImportError(f"{module} has no {name}: {_ADVICE[name]}", name=module)


def refuse_module(module: str) -> NoReturn:
    raise ImportError(f"there is no {module}: {_MODULES[module.rpartition('.')[2]]}", name=module)
