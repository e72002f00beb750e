#!/usr/bin/env python3
"""Runs headroom_speed_bench and prints its figures, each beside a bare parse of the same bytes: by simdjson, for source
code by tree-sitter.

report.py PROGRAM [--json] [--seconds S] [--only REGEX]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

YARDSTICKS = ("simdjson_dom", "tree_sitter")  # bare parses that stand beside what is built on them


def measured(program: Path, seconds: float, only: str) -> list[dict[str, Any]]:
    """google-benchmark's own rows."""
    command = [str(program), "--benchmark_format=json", f"--benchmark_min_time={seconds}", f"--benchmark_filter={only}"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    rows: list[dict[str, Any]] = json.loads(done.stdout)["benchmarks"]
    return rows


def figures(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Processor time, throughput, and the ratio to the yardstick of the same group."""
    yardsticks = {
        (row["name"].split("/")[0], yardstick): row["cpu_time"]
        for row in rows
        for yardstick in YARDSTICKS
        if row["name"].endswith(yardstick)
    }
    found = []
    for row in rows:
        figure = {
            "name": row["name"],
            "cpu_us": row["cpu_time"],
            "mb_per_s": row["bytes_per_second"] / 1e6,
            "bytes": int(row["bytes"]),
            "tokens": int(row["tokens"]),
        }
        for yardstick in YARDSTICKS:
            base = yardsticks.get((row["name"].split("/")[0], yardstick))
            figure[f"times_{yardstick}"] = row["cpu_time"] / base if base else None
        found.append(figure)
    return found


def main() -> int:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("--json", action="store_true", help="print one JSON list")
    parser.add_argument("--seconds", type=float, default=0.5, help="least time for each figure (0.5)")
    parser.add_argument("--only", default=".", help="regular expression of names")
    args = parser.parse_args()
    found = figures(measured(args.program, args.seconds, args.only))
    if args.json:
        print(json.dumps(found))
        return 0
    print(f"  {'what':<40} {'bytes':>9} {'tokens':>8} {'cpu us':>10} {'MB/s':>9} {'x bare parse':>15}")
    for row in found:
        ratio = row["times_simdjson_dom"] or row["times_tree_sitter"]
        print(f"  {row['name']:<40} {row['bytes']:>9} {row['tokens']:>8} {row['cpu_us']:>10.1f} {row['mb_per_s']:>9.1f} "
              f"{'' if ratio is None else format(ratio, '.2f'):>15}")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
