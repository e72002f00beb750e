#!/usr/bin/env python3
"""Compares what `headroom mcp install` makes of the settings of each agent with the folders of mcp/golden/, named
AGENT or AGENT@WHAT: before/ is a home as the agent's documentation has it, after/ the same with our entry (the program stands
there as HEADROOM); taken back, the home is before/ again. environment has NAME=VALUE lines, where ~ is the home.

mcp_golden.py --headroom PROGRAM [--update] [NAME...]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parent / "mcp/golden"
TIMEOUT_S = 60
# Those that the documentation names; each has a folder at least.
AGENTS = [
    "claude", "claude-desktop", "codex", "cursor", "opencode", "gemini", "vscode", "cline", "cline-vscode", "continue",
    "goose", "windsurf", "zed",
]  # fmt: skip


class Home:
    """Of a user with one agent."""

    def __init__(self, headroom: str, name: str, folder: str) -> None:
        self.agent = name.split("@")[0]
        self.path = Path(folder) / "home"
        self.headroom = headroom
        before = GOLDEN / name / "before"
        if before.is_dir():
            shutil.copytree(before, self.path)
        self.path.mkdir(exist_ok=True)
        self.env = {"HOME": str(self.path), "PATH": "/usr/bin:/bin", "HEADROOM_WORKSPACE_DIR": f"{folder}/workspace"}
        extra = GOLDEN / name / "environment"
        for line in extra.read_text().splitlines() if extra.exists() else []:
            variable, value = line.split("=", 1)
            self.env[variable] = value.replace("~", str(self.path))

    def run(self, action: str, *arguments: str) -> tuple[int, Any]:
        """Exit code and report."""
        command = [self.headroom, "mcp", action, "--agent", self.agent, "--json", *arguments]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=TIMEOUT_S)
        assert done.stdout, (command, done.stderr)
        return done.returncode, json.loads(done.stdout)

    def tree(self) -> dict[str, tuple[bytes, int]]:
        """Bytes and mode of each file, and which folders there are."""
        return {
            str(p.relative_to(self.path)): (p.read_bytes() if p.is_file() else b"", p.stat().st_mode)
            for p in sorted(self.path.rglob("*"))
        }

    def texts(self) -> dict[str, str]:
        program = json.dumps(self.headroom)[1:-1]
        return {
            name: text.decode().replace(program, "HEADROOM").replace(self.headroom, "HEADROOM")
            for name, (text, _) in self.tree().items()
            if (self.path / name).is_file()
        }

    def state(self) -> str:
        return str(self.run("status")[1]["agents"][0]["state"])


def texts_of(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}


def check(headroom: str, name: str, update: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(headroom, name, folder)
        before = home.tree()
        assert home.state() == "not installed"
        assert home.run("install", "--dry-run")[0] == 0 and home.tree() == before, f"{name}: it only says so"
        assert home.run("install")[0] == 0
        installed = home.tree()
        after = home.texts()
        if update:
            shutil.rmtree(GOLDEN / name / "after", ignore_errors=True)
            for file, text in after.items():
                (GOLDEN / name / "after" / file).parent.mkdir(parents=True, exist_ok=True)
                (GOLDEN / name / "after" / file).write_text(text)
        assert after == texts_of(GOLDEN / name / "after"), f"{name}: install makes\n{after}"
        assert home.state() == "installed"
        assert home.run("install")[0] == 0 and home.tree() == installed, f"{name}: twice is once"
        assert home.run("uninstall", "--dry-run")[0] == 0 and home.tree() == installed, f"{name}: it only says so"
        assert home.run("uninstall")[0] == 0
        assert home.tree() == before, f"{name}: not as it was"
        assert home.state() == "not installed"


def foreign(headroom: str, name: str) -> None:
    """An entry of this name that somebody else has made stays; with --force it comes back."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(headroom, name, folder)
        home.run("install")
        for file in home.path.rglob("*"):
            if file.is_file():
                file.write_bytes(file.read_bytes().replace(os.fsencode(headroom), b"/opt/other/headroom"))
        shutil.rmtree(Path(folder) / "workspace")
        theirs = home.tree()
        assert home.state() == "another entry"
        code, said = home.run("install")
        assert code == 1 and "--force" in said["agents"][0]["result"] and home.tree() == theirs
        assert home.run("install", "--force")[0] == 0 and home.state() == "installed"
        assert home.run("uninstall")[0] == 0 and home.tree() == theirs, f"{name}: theirs is not as it was"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--headroom", required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    headroom = str(Path(args.headroom).resolve())
    names = args.names or sorted(path.name for path in GOLDEN.iterdir())
    for name in names:
        print(name, flush=True)
        check(headroom, name, args.update)
        foreign(headroom, name)
    missing = {*AGENTS} - {name.split("@")[0] for name in names}
    assert args.names or not missing, missing
    return 0


if __name__ == "__main__":
    sys.exit(main())
