#!/usr/bin/env python3
"""Counting speed beside tiktoken's, on one thread, in one run.

    python3 bench/tokens/bench_tokens.py build/release/bin/headroom_tokens_bench [encoding]

Needs tiktoken. Each text is counted several times by both; the run of least CPU time counts (not the wall clock, so that a busy
machine does not blur it). Counts must be equal.
"""

import functools
import os
import random
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "tokens"))
import compare_tiktoken  # noqa: E402
import text_samples  # noqa: E402

MB = 1_000_000


def texts():
    rng = random.Random(5)
    by_class = {}
    for name, text in [*text_samples.code_samples(rng), *text_samples.prose_samples(rng)]:
        by_class.setdefault(name, []).append(text)
    for name in ("code py", "code go", "code js", "code h"):
        if name in by_class:
            yield name, "".join(by_class[name])[:MB]
    yield "log", text_samples.log_text(rng, MB)
    yield "json", text_samples.json_text(rng, MB)
    yield "json, 40 KB", text_samples.json_text(rng, 40_000)
    yield "json, indented", text_samples.json_text(rng, MB, 2)
    yield "table", text_samples.table_text(rng, 300_000)
    yield "english", "".join(by_class["prose en"])[:MB]
    yield "prose, all", "".join(text for name, some in by_class.items() if name.startswith("prose") for text in some)
    for language in ("ru", "zh", "ja", "th", "ar"):
        if f"prose {language}" in by_class:
            yield f"prose {language}", "".join(by_class[f"prose {language}"])
    yield "hex", rng.randbytes(MB // 2).hex()
    yield "random letters", "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=100_000))
    for name, unit in (
        ("a", "a"),
        ("spaces", " "),
        ("ab", "ab"),
        ("newlines", "\n"),
        ("digits", "7"),
        ("emoji", "\U0001f600"),
        ("=", "="),
        ("zh, one piece", "\u4f60\u597d\u4e16\u754c"),
    ):
        yield f"1 MB of {name}", unit * (MB // len(unit.encode()))


def fastest(action):
    best, total, runs = 1e9, 0.0, 0
    while runs < 3 or (total < 0.3 and runs < 50):
        start = time.process_time()
        action()
        seconds = time.process_time() - start
        best, total, runs = min(best, seconds), total + seconds, runs + 1
        if total > 3:
            break
    return best


def tokens_of(reference, text):
    """None where tiktoken's regular expression gives up: it does on a megabyte of white space in one piece."""
    try:
        return len(reference.encode_ordinary(text))
    except BaseException as failure:
        if type(failure).__name__ != "PanicException":
            raise
        return None


def main():
    name = sys.argv[2] if len(sys.argv) > 2 else "o200k_base"
    reference = compare_tiktoken.official(name, os.path.join(compare_tiktoken.ROOT, ".deps", "ranks"))
    samples = list(texts())
    stream = b"".join(struct.pack("<I", len(data)) + data for data in (text.encode() for _, text in samples))
    lines = subprocess.run([sys.argv[1], name], input=stream, stdout=subprocess.PIPE, check=True).stdout.splitlines()
    print(f"{name:<20} {'size':>10} {'headroom':>22} {'tiktoken':>22} {'ratio':>7}")
    for (label, text), line in zip(samples, lines, strict=True):
        tokens, ours = int(line.split()[0]), float(line.split()[1])
        size = len(text.encode())
        row = f"{label:<20} {size / 1000:>7.0f} KB {ours * 1000:>8.2f} ms {size / MB / ours:>6.0f} MB/s"
        expected = tokens_of(reference, text)
        if expected is None:
            print(f"{row} {'fails':>22}", flush=True)
            continue
        if expected != tokens:
            raise SystemExit(f"{label}: {tokens} tokens, tiktoken says {expected}")
        theirs = fastest(functools.partial(reference.encode_ordinary, text))
        print(f"{row} {theirs * 1000:>8.2f} ms {size / MB / theirs:>6.1f} MB/s {theirs / ours:>6.1f}x", flush=True)


if __name__ == "__main__":
    main()
