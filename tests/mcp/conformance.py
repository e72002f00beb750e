#!/usr/bin/env python3
"""Runs the protocol's own conformance suite, date by date, and compares what passes with conformance/summary.tsv.

    conformance.py --headroom PROGRAM --fixture PROGRAM --node PROGRAM --suite FOLDER [--write]

FOLDER is where @modelcontextprotocol/conformance is installed. Two servers are run:

  fixture   tests/mcp/fixture_server.cc: all scenarios of each date. They call tools, prompts and resources of a server that
            is made for the suite; this one has those on top of the messages, sessions and transport of src/mcp.
  headroom  `headroom mcp serve --http`: the scenarios that any server must pass.

A scenario is required where the suite's own requirements for the date name it; for dates that have none, all are. No check
of a required scenario may fail, and no row may differ from the summary; --write writes it anew.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from over_http import serving

TIMEOUT_S = 300
DATES = ["2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"]
SUMMARY = Path(__file__).resolve().parent / "conformance/summary.tsv"
COLUMNS = "date\tserver\tscenario\trequired\tpassed\tfailed\twarnings\tskipped"
# What any server must pass, by the date that it came with.
GENERAL = {
    "server-session-lifecycle",
    "server-initialize",
    "ping",
    "tools-list",
    "resources-list",
    "server-sse-multiple-streams",
    "dns-rebinding-protection",
    "server-stateless",
    "sep-2164-resource-not-found",
    "caching",
    "http-header-validation",
    "input-required-result-unsupported-methods",
}
# Of those, these checks call a tool of the suite's, or list prompts, which Headroom does not have.
NEED_THE_FIXTURE = {
    "sep-2575-server-rejects-undeclared-capability",
    "sep-2575-missing-capability-http-400",
    "sep-2575-http-server-no-independent-requests-on-stream",
    "sep-2575-server-no-log-without-loglevel",
    "sep-2549-prompts-list-caching-hints",
}


@contextlib.contextmanager
def fixture(program: str) -> Iterator[str]:
    """Its address."""
    with subprocess.Popen([program], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        try:
            yield process.stderr.readline().strip()
        finally:
            assert process.poll() is None, "it has ended by itself"
            process.kill()


def scenarios(suite: list[str], date: str) -> dict[str, bool]:
    """Of a date, by name: is it required?"""
    listed = subprocess.run([*suite, "list", "--server", "--spec-version", date], capture_output=True, text=True).stdout
    names = re.findall(r"^  - (\S+) ", listed, re.MULTILINE)
    assert names, listed
    required = subprocess.run([*suite, "list", "--requirements", date], capture_output=True, text=True)
    if required.returncode != 0:
        return dict.fromkeys(names, True)
    section = required.stdout.split("Server scenarios", 1)[1].split("Client scenarios", 1)[0]
    wanted = set(re.findall(r"^  - (\S+)$", section, re.MULTILINE))
    assert wanted <= set(names), wanted - set(names)
    return {name: name in wanted for name in names}


def run(suite: list[str], url: str, date: str, *which: str) -> dict[str, Counter[str]]:
    """Checks of each scenario by their status."""
    with tempfile.TemporaryDirectory() as out:
        command = [*suite, "server", "--url", url, "--spec-version", date, "-o", out, *which]
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S)
        found: dict[str, Counter[str]] = {}
        for file in sorted(Path(out).rglob("checks.json")):
            name = re.sub(r"^server-(.*)-\d{4}-\d\d-\d\dT[\d-]+Z$", r"\1", file.parent.name)
            counts = found.setdefault(name, Counter())
            for check in json.loads(file.read_text()):
                counts[check["status"]] += 1
                if "--scenario" in which and check["id"] in NEED_THE_FIXTURE:
                    counts[check["status"]] -= 1
                elif check["status"] in ("FAILURE", "WARNING"):
                    print(f"{date} {name} {check['id']}: {check.get('errorMessage', check['description'])}")
        assert found, f"no check was run\n{done.stdout[-500:]}{done.stderr[-500:]}"
        return found


def row(date: str, server: str, name: str, required: bool, counts: Counter[str]) -> str:
    numbers = "\t".join(str(counts[status]) for status in ("SUCCESS", "FAILURE", "WARNING", "SKIPPED"))
    return f"{date}\t{server}\t{name}\t{'yes' if required else 'no'}\t{numbers}"


def all_rows(suite: list[str], arguments: argparse.Namespace) -> Iterator[str]:
    with fixture(arguments.fixture) as url:
        for date in DATES:
            required = scenarios(suite, date)
            found = run(suite, url, date, "--suite", "all")
            for name in sorted(required):
                yield row(date, "fixture", name, required[name], found.get(name, Counter()))
    with tempfile.TemporaryDirectory() as folder, serving(arguments.headroom, Path(folder)) as port:
        for date in DATES:
            required = scenarios(suite, date)
            for name in sorted(GENERAL & set(required)):
                found = run(suite, f"http://127.0.0.1:{port}/mcp", date, "--scenario", name)
                yield row(date, "headroom", name, required[name], found[name])


def judge(rows: list[str]) -> bool:
    """Says how many checks passed where, and what is other than it should be."""
    good = True
    for date in DATES:
        for server in ("fixture", "headroom"):
            mine = [line.split("\t") for line in rows if line.startswith(f"{date}\t{server}\t")]
            must = [cells for cells in mine if cells[3] == "yes"]
            bad = [cells[2] for cells in must if cells[4] == "0" or cells[5] != "0"]
            good = good and not bad
            passed, failed = (sum(int(cells[column]) for cells in must) for column in (4, 5))
            print(
                f"{date} {server}: {len(must)} required scenarios, {passed} checks passed, {failed} failed; "
                f"{len(mine) - len(must)} others{': ' + ', '.join(bad) if bad else ''}"
            )
    known = SUMMARY.read_text().splitlines()[1:] if SUMMARY.exists() else []
    for sign, lines in (
        ("-", [line for line in known if line not in rows]),
        ("+", [x for x in rows if x not in known]),
    ):
        for line in lines:
            print(sign, line)
            good = False
    return good


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ["--headroom", "--fixture", "--node", "--suite"]:
        parser.add_argument(name, required=True)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    program = Path(arguments.suite) / "node_modules/@modelcontextprotocol/conformance/dist/index.js"
    rows = list(all_rows([arguments.node, str(program)], arguments))
    if arguments.write:
        SUMMARY.write_text("\n".join([COLUMNS, *rows]) + "\n")
    sys.exit(0 if judge(rows) else 1)


if __name__ == "__main__":
    main()
