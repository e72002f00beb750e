#!/usr/bin/env python3
"""Compares Headroom's tokenizers with tiktoken over thousands of deterministic samples.

    python3 tests/tokens/compare_tiktoken.py build/release/bin/headroom_tokens_dump [--samples N] [--ranks .deps/ranks]

Needs tiktoken; reads the rank files of the build, so it is offline. Prints "N samples, 0 differences" or fails.
"""

import argparse
import array
import base64
import glob
import json
import os
import random
import struct
import subprocess
import sys
import sysconfig

import tiktoken
from tiktoken_ext import openai_public

ENCODINGS = ("o200k_base", "cl100k_base")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def official(name, ranks_dir):
    """tiktoken's own definition of the encoding, its rank file taken from ranks_dir instead of the network."""

    def load(url, expected_hash=None):
        with open(os.path.join(ranks_dir, os.path.basename(url)), "rb") as file:
            return {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, file)}

    openai_public.load_tiktoken_bpe = load
    return tiktoken.Encoding(**openai_public.ENCODING_CONSTRUCTORS[name]())


SCRIPTS = [
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x250, 0x2FF),
    (0x300, 0x36F),
    (0x370, 0x3FF),
    (0x400, 0x52F),
    (0x590, 0x5FF),
    (0x600, 0x6FF),
    (0x900, 0x97F),
    (0xE00, 0xE7F),
    (0x10A0, 0x10FF),
    (0x1100, 0x11FF),
    (0x13A0, 0x13FF),
    (0x1E00, 0x1FFF),
    (0x2000, 0x206F),
    (0x2070, 0x2BFF),
    (0x2D00, 0x2D2F),
    (0x3000, 0x30FF),
    (0x4E00, 0x4FFF),
    (0xA640, 0xA69F),
    (0xAB70, 0xABBF),
    (0xAC00, 0xACFF),
    (0xFB00, 0xFB4F),
    (0xFE00, 0xFE0F),
    (0xFF00, 0xFFEF),
    (0x10400, 0x1044F),
    (0x1D400, 0x1D7FF),
    (0x1E900, 0x1E95F),
    (0x1F300, 0x1FAFF),
    (0xE0100, 0xE01EF),
]
PARTS = [
    "'s",
    "'S",
    "'\u017f",
    "'t",
    "'T",
    "'re",
    "'RE",
    "'rE",
    "'ve",
    "'m",
    "'ll",
    "'lL",
    "'d",
    "'K",
    "'\u212a",
    "'x",
    "'",
    "''",
    " ",
    "  ",
    "   ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    " \n",
    "\n ",
    "\u00a0",
    "\u3000",
    "\u2028",
    "\u0085",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x00",
    "\ufeff",
    "\u200b",
    "\u200d",
    "/",
    "//",
    "\n/",
    "a",
    "A",
    "aB",
    "Ab",
    "AB",
    "ABc",
    "\u01c5",
    "\u01c5a",
    "\u02b0",
    "\u00aa",
    "\u4e2d",
    "\u4e2dA",
    "A\u4e2d",
    "a\u4e2dB",
    "\u0301",
    "e\u0301",
    "E\u0301",
    "\u0301A",
    "\u0301a",
    " \u0301",
    "\u0301\u0301A",
    "1",
    "12",
    "123",
    "1234",
    "\u0661\u0662",
    "\u2160",
    "\u00bd",
    "\u00b2",
    ".",
    "...",
    "!?",
    "_",
    "__init__",
    "{}",
    "();",
    "\U0001f600",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f1e9\U0001f1ea",
    "\u2764\ufe0f",
    "1\ufe0f\u20e3",
    "\ue000",
    "\U0010ffff",
    "\uffff",
    "\u0378",
    "<|endoftext|>",
    "<|im_start|>",
    "<|fim_prefix|>",
    "The",
    " the",
    " don't",
    "DON'T",
    "I'm",
    "we'LL",
    "x's'",
    "=>",
    "->",
    "0x1F",
    "3.14",
]


def small_contexts(rng):
    """Every code point once between neighbours of other classes, many to a sample."""
    neighbours = ["a", "A", "1", " ", "\n", "'", ".", "\u4e2d", "\u0301", "", "  ", "'s", "\u00e9"]
    points = [p for p in range(0x110000) if not 0xD800 <= p < 0xE000]
    points = [
        p
        for p in points
        if p < 0x33FF
        or not (
            0x3400 <= p < 0x9FFF
            or 0xAC00 <= p < 0xD7A0
            or 0x17000 <= p < 0x18D00
            or 0x20000 <= p < 0x3FFFF
            or 0x40000 <= p < 0xE0000
            or 0xE0200 <= p
        )
        or rng.random() < 0.03
    ]
    for first in range(0, len(points), 24):
        yield "".join(rng.choice(neighbours) + chr(p) + rng.choice(neighbours) for p in points[first : first + 24])


def random_text(rng):
    kind = rng.random()
    if kind < 0.4:
        return "".join(rng.choice(PARTS) for _ in range(rng.randint(1, 24)))
    if kind < 0.7:
        low, high = rng.choice(SCRIPTS)
        other = rng.choice(SCRIPTS)
        return "".join(
            rng.choice(PARTS)
            if rng.random() < 0.2
            else chr(rng.randint(*(other if rng.random() < 0.2 else (low, high))))
            for _ in range(rng.randint(1, 80))
        )
    if kind < 0.8:
        return rng.choice(PARTS) * rng.randint(1, 400)
    if kind < 0.9:
        alphabet = rng.choice(
            [
                "ab",
                "aA",
                "abcdefghijklmnopqrstuvwxyz",
                "0123456789abcdef",
                "ACGT",
                " \n",
                " \t\r\n",
                "=-",
                "\u4e2d\u6587\u5b57",
            ]
        )
        return "".join(rng.choice(alphabet) for _ in range(rng.randint(1, 600)))
    record = {
        "id": rng.randint(0, 10**9),
        "hash": f"{rng.getrandbits(128):032x}",
        "ok": rng.random() < 0.5,
        "time": f"2024-05-{rng.randint(1, 28):02}T{rng.randint(0, 23):02}:00:00.{rng.randint(0, 999999):06}Z",
        "score": rng.random(),
        "name": rng.choice(PARTS) + rng.choice(PARTS),
        "tags": [rng.choice(PARTS) for _ in range(4)],
    }
    return json.dumps(record, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 2]))


def installed_files():
    library = sysconfig.get_paths()["stdlib"]
    patterns = [
        os.path.join(library, "*.py"),
        os.path.join(library, "*", "*.py"),
        os.path.join(ROOT, "**", "*.cc"),
        os.path.join(ROOT, "**", "*.md"),
        "/usr/include/*.h",
        "/usr/share/perl/*/*.p[ml]",
        "/usr/share/i18n/locales/*",
        "/usr/share/common-licenses/*",
    ]
    files = sorted(
        f for p in patterns for f in glob.glob(p, recursive=True) if os.path.isfile(f) and "/build/" not in f
    )
    random.Random(1).shuffle(files)
    return files


def file_chunks(rng):
    for path in installed_files():
        with open(path, encoding="utf-8", errors="ignore", newline="") as file:
            text = file.read(200_000)
        if text:
            start = rng.randrange(len(text))
            yield text[start : start + rng.randint(200, 6000)]


def mutate(rng, text):
    chars = list(text)
    for _ in range(rng.randint(1, 12)):
        at = rng.randrange(len(chars) + 1)
        action = rng.random()
        if action < 0.5:
            chars[at:at] = rng.choice(PARTS)
        elif action < 0.8:
            del chars[at : at + rng.randint(1, 9)]
        else:
            chars[at:at] = chars[max(0, at - 20) : at] * rng.randint(1, 4)
    return "".join(chars)


def make_samples(count):
    rng = random.Random(20240521)
    samples = ["", *PARTS]
    samples += [part * n for part in PARTS for n in (2, 3, 63, 64, 65, 66, 200)]
    samples += [a + b for a in PARTS for b in PARTS][::3]
    samples += small_contexts(rng)
    for text in file_chunks(rng):
        samples.append(text)
        samples.append(mutate(rng, text))
        if len(samples) >= count * 3 // 4:
            break
    while len(samples) < count:
        samples.append(random_text(rng))
    return samples


def ours(binary, name, samples):
    texts = [text.encode() for text in samples]
    stream = b"".join(struct.pack("<I", len(text)) + text for text in texts)
    done = subprocess.run([binary, name], input=stream, stdout=subprocess.PIPE, check=True)
    words = array.array("I", done.stdout)
    at = 0
    for _ in samples:
        yield words[at + 1 : at + 1 + words[at]].tolist()
        at += 1 + words[at]
    if at != len(words):
        raise SystemExit("the dump wrote more than it was asked for")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("--samples", type=int, default=24000)
    parser.add_argument("--ranks", default=os.path.join(ROOT, ".deps", "ranks"))
    arguments = parser.parse_args()
    samples = make_samples(arguments.samples)
    bad = 0
    for name in ENCODINGS:
        reference = official(name, arguments.ranks)
        for text, ids in zip(samples, ours(arguments.binary, name, samples), strict=True):
            expected = reference.encode_ordinary(text)
            if ids != expected:
                bad += 1
                if bad <= 5:
                    print(f"{name}: {text[:200]!r}\n  tiktoken {expected[:40]}\n  headroom {ids[:40]}", file=sys.stderr)
        print(f"{name}: {len(samples)} samples, {sum(map(len, samples))} characters")
    print(f"{len(samples) * len(ENCODINGS)} samples, {bad} differences")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
