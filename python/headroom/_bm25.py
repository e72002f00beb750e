"""Which texts fit a query."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"\w+")
_K1, _B = 1.5, 0.75  # BM25's usual constants
_MUCH_THE_SAME = 0.8  # of the words that two texts have, the share that both have


def bm25(texts: Sequence[str], query: str) -> list[float]:
    """How well each text fits the words of the query; 0: none of them is in it."""
    counts = [Counter(_words(text)) for text in texts]
    lengths = [sum(count.values()) for count in counts]
    mean = sum(lengths) / len(lengths) if lengths else 1.0
    wanted = set(_words(query))
    scores = [0.0] * len(texts)
    for word in wanted:
        having = sum(1 for count in counts if word in count)
        rare = math.log(1 + (len(texts) - having + 0.5) / (having + 0.5))
        for index, count in enumerate(counts):
            often = count[word]
            scores[index] += rare * often * (_K1 + 1) / (often + _K1 * (1 - _B + _B * lengths[index] / (mean or 1.0)))
    return scores


def most_relevant(texts: Sequence[str], query: str, most: int, least: float = 0.0, diverse: bool = False) -> list[int]:
    """Indices of the texts that fit best, the best first; equal ones in their own order. least: of the best one's score,
    from 0 to 1. diverse: a text that says much the same as a better one comes after all others."""
    scores = bm25(texts, query)
    top = max(scores, default=0.0)
    order = sorted(range(len(texts)), key=lambda index: -scores[index])
    if top > 0:
        order = [index for index in order if scores[index] >= least * top]
    if diverse:
        words = [set(_words(text)) for text in texts]
        first: list[int] = []
        later: list[int] = []
        for index in order:
            again = any(_alike(words[index], words[other]) for other in first)
            (later if again else first).append(index)
        order = first + later
    return order[:most]


def _alike(a: set[str], b: set[str]) -> bool:
    return len(a & b) >= _MUCH_THE_SAME * len(a | b) if a or b else True


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
