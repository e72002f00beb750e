"""How well texts fit a question, under the names that scripts know."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ._bm25 import bm25
from ._errors import ConfigurationError

__all__ = [
    "BM25Scorer",
    "EmbeddingScorer",
    "HybridScorer",
    "RelevanceScore",
    "RelevanceScorer",
    "create_scorer",
    "embedding_available",
]


@dataclass
class RelevanceScore:
    """score: from 0, nothing of the question is in it, to 1."""

    score: float
    reason: str = ""
    matched_terms: list[str] = field(default_factory=list)


class RelevanceScorer(ABC):
    """Base of scorers."""

    @abstractmethod
    def score(self, item: str, context: str) -> RelevanceScore: ...

    @abstractmethod
    def score_batch(self, items: list[str], context: str) -> list[RelevanceScore]: ...

    @classmethod
    def is_available(cls) -> bool:
        return True


class BM25Scorer(RelevanceScorer):
    """By the words that a text and the question share, rare ones first. Scores of one batch compare with each other, as what
    is rare follows from its texts. k1 and b are accepted; they have their usual values, 1.5 and 0.75."""

    def __init__(self, k1: float = 1.5, b: float = 0.75, normalize_score: bool = True, max_score: float = 10.0) -> None:
        self._highest = max_score if normalize_score else None

    def score(self, item: str, context: str) -> RelevanceScore:
        return self.score_batch([item], context)[0]

    def score_batch(self, items: list[str], context: str) -> list[RelevanceScore]:
        wanted = dict.fromkeys(_words(context))
        return [self._scored(item, score, wanted) for item, score in zip(items, bm25(items, context), strict=True)]

    def _scored(self, item: str, score: float, wanted: dict[str, None]) -> RelevanceScore:
        having = set(_words(item))
        shared = [word for word in wanted if word in having]
        if self._highest is not None:
            score = min(score / self._highest, 1.0)
        return RelevanceScore(score, f"shares {', '.join(shared)}" if shared else "shares no word", shared)


class HybridScorer(BM25Scorer):
    """BM25. There is no embedding model here that it could be mixed with, so alpha and what else is given change nothing."""

    def __init__(self, alpha: float = 0.5, **_: Any) -> None:
        super().__init__()


class EmbeddingScorer(RelevanceScorer):
    """Not here: a ConfigurationError says so. embedding_available() tells beforehand."""

    def __new__(cls, *_: Any, **__: Any) -> EmbeddingScorer:
        raise ConfigurationError("no embedding model runs here; use BM25Scorer", code="unavailable")

    @classmethod
    def is_available(cls) -> bool:
        return False


def embedding_available() -> bool:
    """False."""
    return EmbeddingScorer.is_available()


def create_scorer(tier: str = "hybrid", **settings: Any) -> RelevanceScorer:
    """tier: "bm25" or "hybrid"."""
    kinds: dict[str, Callable[..., RelevanceScorer]] = {
        "bm25": BM25Scorer,
        "hybrid": HybridScorer,
        "embedding": EmbeddingScorer,
    }
    if tier not in kinds:
        raise ConfigurationError(f"no tier {tier!r}: {', '.join(kinds)}", code="invalid_argument")
    return kinds[tier](**settings)


def _words(text: str) -> Sequence[str]:
    return [word.lower() for word in re.findall(r"\w+", text)]
