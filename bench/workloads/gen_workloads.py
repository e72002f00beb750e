#!/usr/bin/env python3
"""Writes the benchmark's workloads: one JSON file each, the same bytes on every machine.

A workload is an agent's turn as a request body of Anthropic and of OpenAI, with needles: facts that somebody needs from
what the tools returned. See model.py for what the files hold.

    gen_workloads.py --out FOLDER [--only TEXT] [--list]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

import json_kinds  # noqa: F401  (registers workloads)
import session_kinds  # noqa: F401
import text_kinds  # noqa: F401
from model import make_all


def main() -> int:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="folder for the files; it is made")
    parser.add_argument("--only", default="", help="only workloads whose name holds this text")
    parser.add_argument("--list", action="store_true", help="print names, categories and sizes instead")
    args = parser.parse_args()
    chosen = [w for w in make_all() if args.only in w.name]
    if args.list:
        for w in chosen:
            print(f"{w.name:32} {w.category:8} {sum(len(c.result) for c in w.calls):8} bytes  {len(w.needles)} needles")
        print(f"{len(chosen)} workloads: {dict(Counter(w.category for w in chosen))}")
        return 0
    if args.out is None:
        parser.error("--out FOLDER is needed (or --list)")
    args.out.mkdir(parents=True, exist_ok=True)
    for w in chosen:
        (args.out / f"{w.name}.json").write_text(json.dumps(w.as_json(), ensure_ascii=False), encoding="utf-8")
    print(f"{len(chosen)} workloads in {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
