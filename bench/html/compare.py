"""Headroom beside trafilatura on labelled pages; see bench/html/run."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from statistics import mean

import pages
from trafilatura import extract


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def score(found: str, label: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of words, each counted as often as it stands."""
    got, want = words(found), words(label)
    common = (got & want).total()
    precision = common / max(1, got.total())
    recall = common / max(1, want.total())
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def without_marks(markdown: str) -> str:
    """What a reader of the markdown reads: no targets of links, no languages of code, no handle."""
    text = re.sub(r"<<ccr:[^>]*>>", " ", markdown)
    text = re.sub(r"\]\([^)\s]*\)", "]", text)
    return re.sub(r"^```\w+$", " ", text, flags=re.M)


def headroom(program: str, html: str, workspace: str) -> dict:
    command = [program, "compress", "--type", "html", "--json", "--min-tokens", "0", "--workspace-dir", workspace]
    done = subprocess.run(command, input=html, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("place", type=Path)
    parser.add_argument("program")
    parser.add_argument("--articles", type=Path)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    all_pages = [*pages.sphinx_pages(args.place), *pages.mkdocs_pages(args.place)]
    if args.articles:
        all_pages += pages.article_pages(args.articles)
    rows = []
    with tempfile.TemporaryDirectory() as workspace:
        for page in all_pages:
            report = headroom(args.program, page.html, workspace)
            theirs = extract(page.html, include_comments=False, include_tables=True) or ""
            saved = 100 * (1 - report["tokens_after"] / max(1, report["tokens_before"]))
            row = {"kind": page.name.split(":")[0], "name": page.name, "saved": saved}
            row["headroom"] = score(without_marks(report["text"]), page.text)
            row["trafilatura"] = score(theirs, page.text)
            rows.append(row)
    if args.json:
        json.dump(rows, sys.stdout, indent=1)
        print()
        return 0
    print(
        f"{'pages':<22} {'n':>4}  {'headroom P':>10} {'R':>6} {'F1':>6}  {'trafilatura P':>13} {'R':>6} {'F1':>6}  saved"
    )
    kinds = sorted({row["kind"] for row in rows})
    for kind in [*kinds, "all"]:
        some = [row for row in rows if kind in ("all", row["kind"])]
        ours, theirs = ([mean(row[who][i] for row in some) for i in range(3)] for who in ("headroom", "trafilatura"))
        saved = mean(row["saved"] for row in some)
        print(
            f"{kind:<22} {len(some):>4}  {ours[0]:>10.3f} {ours[1]:>6.3f} {ours[2]:>6.3f}"
            f"  {theirs[0]:>13.3f} {theirs[1]:>6.3f} {theirs[2]:>6.3f}  {saved:.1f} %"
        )
    if os.environ.get("HTML_BENCH_WORST"):
        for row in sorted(rows, key=lambda row: row["headroom"][2])[:15]:
            print(row["name"], [f"{x:.2f}" for x in row["headroom"]], [f"{x:.2f}" for x in row["trafilatura"]])
    return 0


if __name__ == "__main__":
    sys.exit(main())
