#!/usr/bin/env python3
"""Fits the Claude estimate (src/tokens/estimate.h) and prints its weights and its error.

Claude's tokenizer is not public. The last vocabulary that Anthropic published is that of Claude 2; it ships in the litellm
package. The estimate is a weighted sum of o200k_base tokens, one weight per kind of piece, fitted so that it meets that
vocabulary over text of all sorts.

    pip install tiktoken==0.14.0 regex tokenizers numpy scipy
    unzip -j litellm-1.109.1*.whl '*/anthropic_tokenizer.json'
    python3 tools/ranks/fit_estimate.py anthropic_tokenizer.json
"""

import collections
import os
import sys

import numpy
import regex
import tiktoken
from scipy.optimize import nnls
from tokenizers import Tokenizer

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "tokens"))
import compare_tiktoken  # noqa: E402
import text_samples  # noqa: E402

KINDS = ["word", "word_part", "digit", "space", "symbol", "wide2", "indic", "cjk", "astral"]
# How much each sort of text counts in the fit, all its samples together: what agents read comes first.
GROUPS = {"code": 4, "log": 2, "json": 2, "table": 0.5, "base64": 0.3, "hex": 0.3, "prose en": 3, "prose": 1}


def kind(piece: str, tokens: int) -> int:
    """As piece_kind() in src/tokens/estimate.h: by the first byte, or the second one where the first is ASCII."""
    data = piece.encode()
    byte = data[1] if data[0] < 0x80 and len(data) > 1 else data[0]
    if byte >= 0xF0:
        return 8
    if byte >= 0xE3:
        return 7
    if byte >= 0xE0:
        return 6
    if byte >= 0x80:
        return 5
    char = chr(byte)
    if char.isalpha():
        return 0 if tokens == 1 else 1
    return 2 if char.isdigit() else 3 if char in " \t\n\r\v\f" else 4


def group(name: str) -> str:
    return name if name in GROUPS else name.split()[0]


def features(encoding: tiktoken.Encoding, text: str) -> list[int]:
    counts = [0] * len(KINDS)
    for piece in regex.findall(encoding._pat_str, text):
        tokens = len(encoding.encode_ordinary(piece))
        counts[kind(piece, tokens)] += tokens
    return counts


def main() -> None:
    encoding = compare_tiktoken.official("o200k_base", os.path.join(compare_tiktoken.ROOT, ".deps", "ranks"))
    published = Tokenizer.from_file(sys.argv[1])
    names, rows, truth = [], [], []
    for name, text in text_samples.samples():
        names.append(name)
        rows.append(features(encoding, text))
        truth.append(len(published.encode(text, add_special_tokens=False).ids))
    rows, truth = numpy.array(rows, float), numpy.array(truth, float)
    sizes = collections.Counter(map(group, names))
    emphasis = numpy.sqrt([GROUPS[group(name)] / sizes[group(name)] for name in names])
    held_out = numpy.random.default_rng(3).random(len(truth)) < 0.25

    def fit(part: numpy.ndarray) -> numpy.ndarray:  # relative error, so that short and long samples weigh the same
        return nnls(rows[part] / truth[part, None] * emphasis[part, None], emphasis[part])[0]

    trained = fit(~held_out)
    error = rows[held_out] @ trained / truth[held_out] - 1
    plain = rows[held_out].sum(1) / truth[held_out] - 1
    print(f"held out: {held_out.sum()} of {len(truth)} samples; mean absolute error")
    for wanted in GROUPS:
        part = numpy.array([group(name) == wanted for name in names])[held_out]
        print(f"  {wanted:<9} {abs(error[part]).mean():6.1%}   o200k_base itself {abs(plain[part]).mean():6.1%}")
    weights = fit(numpy.ones(len(truth), bool))
    by_class = collections.defaultdict(list)
    for name, estimate, plain, true in zip(names, rows @ weights, rows.sum(1), truth, strict=True):
        by_class[name].append((estimate / true - 1, plain / true - 1))
    for name, errors in sorted(by_class.items()):
        mean = numpy.mean(errors, axis=0)
        print(f"  {name:<12} {len(errors):5} samples   bias {mean[0]:+6.1%}   o200k_base {mean[1]:+6.1%}")
    for name, weight in zip(KINDS, weights, strict=True):
        print(f"weight {name:<7} {weight:.3f}  ({round(weight * 1024)} / 1024)")


main()
