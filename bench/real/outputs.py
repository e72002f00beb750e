"""What is asked of an output, and the rules by which its facts are found."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

LARGEST = 400_000  # bytes of an output that an agent would still be given
Rule = Callable[[str], list[str]]


@dataclass
class Output:
    name: str
    kind: str  # what detection should say; several with "|"
    command: str
    question: str
    needles: list[str] = field(default_factory=list)
    text: str = ""
    tool: str = "Bash"
    arguments: dict[str, str] = field(default_factory=dict)


@dataclass
class Ask:
    """A command to run and what to ask of its output."""

    name: str
    kind: str
    command: str
    question: str
    rule: Rule
    path: str = ""  # set: the output is of a file tool that shows this file

    def run(self, folder: Path) -> Output | None:
        done = subprocess.run(
            ["bash", "-c", self.command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=240,
            check=False,
        )
        text = done.stdout.decode("utf-8", "replace")[:LARGEST]
        needles = [needle.strip() for needle in self.rule(text)] if text else []
        if not needles or not all(needle and needle in text for needle in needles):
            return None
        if self.path:
            tool, arguments = "Read", {"file_path": self.path}
        else:
            tool, arguments = "Bash", {"command": self.command}
        return Output(self.name, self.kind, self.command, self.question, needles, text, tool, arguments)


# --- rules ------------------------------------------------------------------------------------------------------------


def found(*patterns: str) -> Rule:
    """The first match of each pattern: its group if it has one."""

    def rule(text: str) -> list[str]:
        needles = []
        for pattern in patterns:
            match = re.search(pattern, text, re.M)
            if match is None:
                return []
            needles.append(match.group(match.lastindex or 0))
        return needles

    return rule


def all_found(pattern: str, most: int = 40) -> Rule:
    """Every match."""
    return lambda text: [m.group(m.lastindex or 0) for m in re.finditer(pattern, text, re.M)][:most]


def extreme(row: str, largest: bool = True) -> Rule:
    """Of the rows that match, group 1 being a number and group 2 what names the row: the name of the largest."""

    def rule(text: str) -> list[str]:
        rows = [(float(m.group(1).replace(",", "")), m.group(2), m.group(1)) for m in re.finditer(row, text, re.M)]
        if not rows:
            return []
        best = max(rows) if largest else min(rows)
        return [best[1], best[2]]

    return rule


def plant(*facts: str) -> Rule:
    """Facts that the command itself has put there."""
    return lambda text: list(facts)
