#!/usr/bin/env python3
"""Runs .case files against the headroom program.

    run_cases.py --headroom PROGRAM [--only TEXT] FILE.case...

A file is a list of cases, read line by line:

    == what the case shows         starts a case, in an empty folder that is also its HOME
    @env NAME=VALUE                sets a variable for the steps that follow
    @file NAME                     writes the lines up to "@end" to a file
    $ COMMAND                      a step: a bash command line; `headroom` is the program under test
    < LINE                         a line of the step's standard input
    > LINE                         the next line of standard output, exactly; all lines must be given, or none
    >~ REGEX                       standard output has a line in which the expression is found
    >! REGEX                       ... has no such line
    !~ REGEX                       standard error has a line in which the expression is found
    ? CODE                         the exit code (0 when not given)

Lines that start with # between steps are comments.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

TIMEOUT_S = 120


@dataclass
class Step:
    """One command and what is expected of it."""

    command: str
    line: int
    env: dict[str, str]
    files: dict[str, str]
    stdin: list[str] = field(default_factory=list)
    stdout: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    not_found: list[str] = field(default_factory=list)
    stderr_found: list[str] = field(default_factory=list)
    code: int = 0


@dataclass
class Case:
    """Steps that share a folder."""

    name: str
    steps: list[Step] = field(default_factory=list)


class CaseError(Exception):
    """The .case file itself is wrong."""


def add_expectation(step: Step, line: str) -> bool:
    """Takes one line that belongs to a step; False when it is none."""
    mark, _, rest = line.partition(" ")
    lists = {"<": step.stdin, ">": step.stdout, ">~": step.found, ">!": step.not_found, "!~": step.stderr_found}
    if mark in lists:
        lists[mark].append(rest)
        return True
    if mark == "?":
        step.code = int(rest)
        return True
    return False


def parse(path: Path) -> list[Case]:
    """All cases of a file."""
    cases: list[Case] = []
    env: dict[str, str] = {}
    files: dict[str, str] = {}
    lines = iter(enumerate(path.read_text(encoding="utf-8").splitlines(), 1))
    for number, line in lines:
        step = cases[-1].steps[-1] if cases and cases[-1].steps else None
        if line.startswith("== "):
            cases.append(Case(line[3:]))
            env, files = {}, {}
        elif not line.strip() or line.startswith("#"):
            continue
        elif not cases:
            raise CaseError(f"{path}:{number}: before the first case")
        elif line.startswith("@env "):
            name, _, value = line[5:].partition("=")
            env = {**env, name: value}
        elif line.startswith("@file "):
            content = []
            for _, inner in lines:
                if inner == "@end":
                    break
                content.append(inner + "\n")
            files = {**files, line[6:]: "".join(content)}
        elif line.startswith("$ "):
            cases[-1].steps.append(Step(line[2:], number, env, files))
        elif step is None or not add_expectation(step, line):
            raise CaseError(f"{path}:{number}: not understood: {line}")
    return cases


def problems_of(step: Step, code: int, stdout: str, stderr: str) -> list[str]:
    """What is not as expected."""
    problems = []
    if code != step.code:
        problems.append(f"exit code {code}, expected {step.code}")
    if step.stdout and stdout.splitlines() != step.stdout:
        problems.append("standard output differs; expected:\n" + "\n".join(step.stdout))
    for pattern in step.found:
        if not re.search(pattern, stdout, re.MULTILINE):
            problems.append(f"not in standard output: {pattern}")
    for pattern in step.not_found:
        if re.search(pattern, stdout, re.MULTILINE):
            problems.append(f"in standard output: {pattern}")
    for pattern in step.stderr_found:
        if not re.search(pattern, stderr, re.MULTILINE):
            problems.append(f"not in standard error: {pattern}")
    return problems


def run_step(step: Step, folder: Path, program: Path) -> list[str]:
    """Runs one step in the case's folder."""
    for name, content in step.files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    env = {"PATH": f"{program.parent}:{os.environ['PATH']}", "HOME": str(folder), "LC_ALL": "C.UTF-8", **step.env}
    stdin = "".join(line + "\n" for line in step.stdin).encode()
    done = subprocess.run(
        ["bash", "-c", step.command],
        input=stdin,
        capture_output=True,
        cwd=folder,
        env=env,
        timeout=TIMEOUT_S,
        check=False,
    )
    stdout, stderr = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
    problems = problems_of(step, done.returncode, stdout, stderr)
    if problems:
        problems.append(f"--- standard output\n{stdout[:4000]}\n--- standard error\n{stderr[:4000]}")
    return problems


def run_case(case: Case, path: Path, program: Path) -> bool:
    """Runs a case's steps until one fails."""
    with tempfile.TemporaryDirectory(prefix="headroom-case-") as folder:
        for step in case.steps:
            problems = run_step(step, Path(folder), program)
            if problems:
                print(f"FAILED {path.name}:{step.line}: {case.name}\n  $ {step.command}")
                print("\n".join(problems))
                return False
    return True


def main() -> int:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--headroom", required=True, type=Path)
    parser.add_argument("--only", default="", help="run only cases whose name holds this text")
    parser.add_argument("files", nargs="+", type=Path)
    args = parser.parse_args()
    program: Path = args.headroom.resolve()
    total = failed = 0
    for path in args.files:
        for case in parse(path):
            if args.only in case.name:
                total += 1
                failed += not run_case(case, path, program)
    print(f"{total - failed} of {total} cases passed")
    return 1 if failed or not total else 0


if __name__ == "__main__":
    sys.exit(main())
