#!/usr/bin/env python3
"""Writes src/tokens/unicode_classes.tsv: the character classes that the pre-tokenizers tell apart.

The classes are asked from tiktoken's own regex engine, one code point at a time, so they are those of the engine whose
output we have to equal, whatever Unicode version it was built with. Run it in an environment with the pinned tiktoken:

    pip install tiktoken==0.14.0 && python3 tools/ranks/make_unicode_classes.py src/tokens/unicode_classes.tsv
"""

import sys

import tiktoken

CLASSES = [
    ("U", r"[\p{Lu}\p{Lt}]"),
    ("L", r"\p{Ll}"),
    ("B", r"[\p{Lm}\p{Lo}]"),
    ("M", r"\p{M}"),
    ("N", r"\p{N}"),
    ("S", r"\s"),
]
SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def members(pattern: str) -> set[int]:
    bytes_only = {bytes([b]): b for b in range(256)}
    engine = tiktoken.Encoding("probe", pat_str=pattern, mergeable_ranks=bytes_only, special_tokens={})
    found: set[int] = set()
    for first in range(0, len(SCALARS), 4096):
        text = "".join(map(chr, SCALARS[first : first + 4096]))
        found.update(map(ord, bytes(engine.encode_ordinary(text)).decode()))
    return found


def main() -> None:
    classes: dict[int, str] = {}
    for letter, pattern in CLASSES:
        for point in members(pattern):
            if point in classes:
                raise SystemExit(f"U+{point:04X} is both {classes[point]} and {letter}")
            classes[point] = letter
    rows: list[tuple[int, int, str]] = []
    for point in sorted(classes):
        if rows and rows[-1][1] == point - 1 and rows[-1][2] == classes[point]:
            rows[-1] = (rows[-1][0], point, rows[-1][2])
        else:
            rows.append((point, point, classes[point]))
    assigned = len(classes)
    with open(sys.argv[1], "w", encoding="ascii") as out:
        out.write(
            "# Character classes of the BPE pre-tokenizers: first, last, class. What is not listed is O (other).\n"
        )
        out.write("# U upper or title case, L lower case, B letter without case, M mark, N number, S white space.\n")
        out.write(f"# Made by tools/ranks/make_unicode_classes.py from tiktoken {tiktoken.__version__} (Unicode 16.0);")
        out.write(f" {assigned} code points.\n")
        for first, last, letter in rows:
            out.write(f"{first:04X}\t{last:04X}\t{letter}\n")


main()
