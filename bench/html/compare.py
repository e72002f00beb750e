"""Headroom beside trafilatura on labelled pages; see bench/html/run."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from html import unescape
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


def plain(markdown: str) -> str:
    """The same without any marks, in one line: pieces of text can be looked for in it."""
    text = re.sub(r"!?\[([^\]]*)\]", r"\1", without_marks(markdown))
    text = re.sub(r"^(>\s*)*(#+ |- |\d+\. |\| )", "", text, flags=re.M)
    return one_line(re.sub(r"`|~~", "", text))


def one_line(text: str) -> str:
    return " ".join(text.split())


def counts(found: str, segments: pages.Segments) -> tuple[int, int, int]:
    """Pieces found that belong to the content, found that do not, and not found that do."""
    right = sum(one_line(piece) in found for piece in segments.wanted)
    wrong = sum(one_line(piece) in found for piece in segments.unwanted)
    return right, wrong, len(segments.wanted) - right


def without_title(found: str, page: pages.Page) -> str:
    """Without a first line that repeats the page's title where the label leaves it out, as many labels do."""
    title = re.search(r"<title[^>]*>(.*?)</title", page.html, re.S | re.I)
    first, _, rest = found.lstrip().partition("\n")
    words_of = words(first)
    if title is None or not words_of or 10 * (words_of & words(unescape(title[1]))).total() < 6 * words_of.total():
        return found
    if page.segments:
        return found if any(one_line(piece) in plain(first) for piece in page.segments.wanted) else rest
    label = " ".join(re.findall(r"\w+", page.text.lower()))
    return found if " ".join(re.findall(r"\w+", first.lower())) in label else rest


def headroom(program: str, html: str, workspace: str) -> dict:
    command = [program, "compress", "--type", "html", "--json", "--min-tokens", "0", "--workspace-dir", workspace]
    done = subprocess.run(command, input=html, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def together(scores: list, segments: bool) -> tuple[float, float, float]:
    """Of all pages: the mean, or what the counts of their pieces come to."""
    if not segments:
        return tuple(mean(one[i] for one in scores) for i in range(3))
    right, wrong, missed = (sum(one[i] for one in scores) for i in range(3))
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("place", type=Path)
    parser.add_argument("program")
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if args.labelled:
        all_pages = list(pages.labelled_pages(args.labelled))
    else:
        all_pages = [*pages.sphinx_pages(args.place), *pages.mkdocs_pages(args.place)]
    rows = []
    with tempfile.TemporaryDirectory() as workspace:
        for page in all_pages:
            report = headroom(args.program, page.html, workspace)
            theirs = extract(page.html, include_comments=False, include_tables=True) or ""
            saved = 100 * (1 - report["tokens_after"] / max(1, report["tokens_before"]))
            row = {"kind": page.name.split(":")[0], "name": page.name, "saved": saved}
            if page.segments:
                row["headroom"] = counts(plain(without_title(report["text"], page)), page.segments)
                row["trafilatura"] = counts(one_line(without_title(theirs, page)), page.segments)
            else:
                row["headroom"] = score(without_title(without_marks(report["text"]), page), page.text)
                row["trafilatura"] = score(without_title(theirs, page), page.text)
            row["segments"] = page.segments is not None
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
        if not some or len({row["segments"] for row in some}) > 1:
            continue
        ours, theirs = (
            together([row[who] for row in some], some[0]["segments"]) for who in ("headroom", "trafilatura")
        )
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
