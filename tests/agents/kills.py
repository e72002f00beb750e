#!/usr/bin/env python3
"""Kills wrap, init, mcp install and unwrap at each of their changes of a file; `headroom unwrap` must then restore the home.

kills.py --headroom PROGRAM [NAME...]
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import wrap
from machine import Machine

HOMES = {
    "claude": {
        ".claude/settings.json": '{\n  // mine\n  "model": "opus", "env": {"A": "b"}\n}\n',
        ".claude.json": '{"numStartups": 7}\n',
    },
    "codex": {".codex/config.toml": '# mine\nmodel = "gpt-5"\n\n[profiles.x]\nmodel = "o3"\n'},
    "continue": {".continue/config.yaml": wrap.CONTINUE},
}
MOST_STEPS = 200


def shim(folder: Path) -> Path:
    made = folder / "kill_at.so"
    source = Path(__file__).parent / "kill_at.c"
    subprocess.run([shutil.which("cc") or "gcc", "-shared", "-fPIC", "-o", made, source, "-ldl"], check=True)
    return made


def kill_at_each(machine: Machine, agent: str, words: list[str], first: list[list[str]] | None = None) -> None:
    """`first` is run unharmed before; then `words` is killed at its first change, at its second, and so on."""
    with tempfile.TemporaryDirectory() as folder:
        library = str(shim(Path(folder)))
        for at in range(1, MOST_STEPS):
            for path in [*machine.home.iterdir(), machine.workspace]:
                shutil.rmtree(path, ignore_errors=True)
                path.unlink(missing_ok=True)
            for file, text in HOMES[agent].items():
                machine.file(file, text)
            before = machine.checksum()
            for one in first or []:
                machine.run(*one)
            env = {"LD_PRELOAD": library, "KILL_AT": str(at), "KILL_COMMAND": words[0]}
            process = machine.start(*words, folder="", command=None, **env)
            process.communicate(timeout=60)
            machine.run("unwrap", agent)
            after = machine.checksum()
            changed = {file for file in {*before, *after} if before.get(file) != after.get(file)}
            assert not changed, (words, at, changed)
            left = [str(record) for record in machine.workspace.glob("journal/*.json")]
            assert not left, (words, at, left)
            if process.returncode == 0:
                print(f"  {' '.join(words)}: killed at {at - 1} changes", flush=True)
                assert at > 5, "it was killed at some"
                return
            assert process.returncode == -signal.SIGKILL, (words, at, process.returncode)
    raise AssertionError("there is no end of it")


def check_wrap(machine: Machine) -> None:
    machine.agent("cn")
    kill_at_each(machine, "continue", ["wrap", "continue", "--no-start"])


def check_init(machine: Machine) -> None:
    kill_at_each(machine, "claude", ["init", "claude"])
    kill_at_each(machine, "codex", ["init", "codex"])


def check_mcp_install(machine: Machine) -> None:
    kill_at_each(machine, "claude", ["mcp", "install", "--agent", "claude"])
    kill_at_each(machine, "codex", ["mcp", "install", "--agent", "codex"], [["init", "codex"]])


def check_unwrap(machine: Machine) -> None:
    kill_at_each(machine, "claude", ["unwrap", "claude"], [["init", "claude"], ["mcp", "install", "--agent", "claude"]])


if __name__ == "__main__":
    sys.exit(wrap.main(globals()))
