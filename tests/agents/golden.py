#!/usr/bin/env python3
"""Compares what `headroom wrap --dry-run` says of each agent, and what `headroom init` and `unwrap` make of its files, with
the folders of golden/: before/ is a home as the agent's documentation has it, after/ what init makes of it, wrap.txt what wrap
would do there; taken back, the home is before/ again. A case is an agent's name, or AGENT@WHAT for another state of its home.

golden.py --headroom PROGRAM [--update] [NAME...]
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from machine import Machine

GOLDEN = Path(__file__).parent / "golden"
PORT = "8787"


def tree(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}


def settled(text: str, machine: Machine) -> str:
    """Without what differs from machine to machine."""
    return text.replace(str(machine.home), "HOME")


def check(name: str, headroom: str, update: bool) -> None:
    case = GOLDEN / name
    with Machine(headroom) as machine:
        machine.port = 65000
        if (case / "before").is_dir():
            shutil.copytree(case / "before", machine.home, dirs_exist_ok=True)
        before = machine.checksum()
        agent = name.split("@")[0]
        said = settled(machine.run("wrap", agent, "--dry-run", HEADROOM_PORT=PORT)[0], machine)
        assert machine.checksum() == before
        durable = bool(machine.start("init", agent, "--dry-run", HEADROOM_PORT=PORT).wait(60) == 0)
        after: dict[str, str] = {}
        if durable:
            machine.run("init", agent, HEADROOM_PORT=PORT)
            after = tree(machine.home)
            machine.run("unwrap", agent)
            assert machine.checksum() == before, f"{name}: not as it was"
        if update:
            case.mkdir(exist_ok=True)
            (case / "wrap.txt").write_text(said)
            shutil.rmtree(case / "after", ignore_errors=True)
            for file, text in after.items():
                (case / "after" / file).parent.mkdir(parents=True, exist_ok=True)
                (case / "after" / file).write_text(text)
        assert said == (case / "wrap.txt").read_text(), f"{name}: wrap --dry-run says\n{said}"
        assert after == tree(case / "after"), f"{name}: init makes\n{after}"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--headroom", required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    names = args.names or sorted(path.name for path in GOLDEN.iterdir())
    for name in names:
        print(name, flush=True)
        check(name, args.headroom, args.update)
    assert args.names or len({name.split("@")[0] for name in names}) >= 18, names
    return 0


if __name__ == "__main__":
    sys.exit(main())
