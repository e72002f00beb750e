"""Whether pages that are no articles keep what another build of Headroom keeps of them; see bench/html/run."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from compare import headroom, without_marks, words

SMALLEST, LARGEST = 2_000, 1_000_000  # bytes of a page
EACH = 6  # pages of one folder


def pages_of(folders: list[Path]) -> Iterator[tuple[Path, str]]:
    taken: dict[Path, int] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.html")):
            if (
                not path.is_file()
                or not SMALLEST <= path.stat().st_size <= LARGEST
                or taken.get(path.parent, 0) == EACH
            ):
                continue
            taken[path.parent] = taken.get(path.parent, 0) + 1
            try:
                yield path, path.read_text()
            except UnicodeDecodeError:
                continue


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--against", nargs="+", required=True, metavar=("HEADROOM", "DIR"))
    args = parser.parse_args()
    other, *folders = args.against
    # A page that takes its time is still a page that both have to read.
    os.environ["HEADROOM_TIME_BUDGET_MS"] = "60000"
    pages = kept = lost = 0
    for path, html in pages_of([Path(folder) for folder in folders] or [Path("/usr/share/doc")]):
        texts = []
        for program in (other, args.program):
            with tempfile.TemporaryDirectory() as workspace:
                texts.append(words(without_marks(headroom(program, html, workspace)["text"])))
        missing = texts[0] - texts[1]
        pages, kept, lost = pages + 1, kept + texts[0].total(), lost + missing.total()
        if missing:
            print(f"{path}: {missing.total()} words fewer: {' '.join(list(missing)[:8])}")
    print(f"{pages} pages: of {kept} words that the other build keeps, {lost} are not kept")
    return 1 if lost or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
