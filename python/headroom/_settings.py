"""Settings of single steps, by the names and defaults that scripts know. What is kept follows from the data and from what is
asked, so few of them do something here; a HeadroomWarning names those that are set and do not."""

from __future__ import annotations

import warnings
from collections.abc import Collection
from dataclasses import dataclass, field, fields
from typing import Any

from ._errors import HeadroomWarning


def warn_of(settings: Any, effective: Collection[str], stacklevel: int) -> None:
    """Says which fields of a dataclass, and of those in it, are not as they are by default and have no effect."""
    names = sorted(_changed(settings, effective))
    if names:
        what = f"{type(settings).__name__}: {', '.join(names)}"
        why = "what is kept follows from the data and from what is asked"
        warnings.warn(f"no effect of {what}; {why}", HeadroomWarning, stacklevel=stacklevel + 1)


def _changed(settings: Any, effective: Collection[str]) -> list[str]:
    default = type(settings)()
    names = (known.name for known in fields(settings) if known.name not in effective)
    return [name for name in names if getattr(settings, name) != getattr(default, name)]


@dataclass
class RelevanceScorerConfig:
    """How fits were found. Here: BM25, always."""

    tier: str = "hybrid"
    bm25_k1: float = 1.5
    bm25_b: float = 0.75
    embedding_model: str = ""
    hybrid_alpha: float = 0.5
    adaptive_alpha: bool = True
    relevance_threshold: float = 0.25


@dataclass
class SmartCrusherConfig:
    """Of SmartCrusher. With effect: enabled, min_tokens_to_crush (in messages), lossless_only."""

    enabled: bool = True
    min_items_to_analyze: int = 5
    min_tokens_to_crush: int = 200
    variance_threshold: float = 2.0
    uniqueness_threshold: float = 0.1
    similarity_threshold: float = 0.8
    max_items_after_crush: int = 15
    preserve_change_points: bool = True
    factor_out_constants: bool = False
    include_summaries: bool = False
    use_feedback_hints: bool = True
    toin_confidence_threshold: float = 0.3
    relevance: RelevanceScorerConfig = field(default_factory=RelevanceScorerConfig)
    anchor: Any = None
    dedup_identical_items: bool = True
    first_fraction: float = 0.3
    last_fraction: float = 0.15
    lossless_min_savings_ratio: float = 0.15
    lossless_only: bool = False
    compaction_core_field_fraction: float = 0.8
    compaction_heterogeneous_core_ratio: float = 0.6
    compaction_max_flatten_inner_keys: int = 6
    compaction_min_buckets: int = 2
    compaction_max_buckets: int = 8


CRUSHER_EFFECTS = ("enabled", "min_tokens_to_crush", "lossless_only")


@dataclass
class CacheAlignerConfig:
    """Of CacheAligner. With effect: enabled."""

    enabled: bool = False
    use_dynamic_detector: bool = True
    detection_tiers: list[str] = field(default_factory=lambda: ["regex"])
    extra_dynamic_labels: list[str] = field(default_factory=list)
    entropy_threshold: float = 0.7
    date_patterns: list[str] = field(default_factory=list)
    normalize_whitespace: bool = True
    collapse_blank_lines: bool = True
    dynamic_tail_separator: str = "\n\n---\n[Dynamic Context]\n"


@dataclass
class CacheOptimizerConfig:
    """Accepted, without effect: prefixes are always kept stable, and answers are not cached."""

    enabled: bool = True
    auto_detect_provider: bool = True
    min_cacheable_tokens: int = 1024
    enable_semantic_cache: bool = False
    semantic_cache_similarity: float = 0.95
    semantic_cache_max_entries: int = 1000
    semantic_cache_ttl_seconds: int = 300


@dataclass
class CCRConfig:
    """Of originals and markers. With effect: enabled and inject_retrieval_marker; without either, nothing is dropped."""

    enabled: bool = True
    store_max_entries: int = 1000
    store_ttl_seconds: int = 1800
    inject_retrieval_marker: bool = True
    feedback_enabled: bool = True
    min_items_to_cache: int = 20
    inject_tool: bool = True
    inject_system_instructions: bool = False
    marker_template: str = ""

    @property
    def drops(self) -> bool:
        return self.enabled and self.inject_retrieval_marker


@dataclass
class PrefixFreezeConfig:
    """Accepted, without effect: what was sent once is sent again as it was, always."""

    enabled: bool = True
    min_cached_tokens: int = 1024
    session_ttl_seconds: int = 600
    force_compress_threshold: float = 0.5
