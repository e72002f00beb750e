#!/usr/bin/env python3
"""Runs the protocol's own conformance suite against `headroom mcp serve --http`, date by date.

    conformance.py --headroom PROGRAM --node PROGRAM --suite FOLDER

FOLDER is where @modelcontextprotocol/conformance is installed. Only what any server must pass is run: the other scenarios
call tools, prompts and resources of a server that is made for the suite. The last lines say how many checks passed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from over_http import serving

TIMEOUT_S = 120
SESSION = ["server-initialize", "ping", "tools-list", "resources-list"]
SCENARIOS = {
    "2025-03-26": ["server-session-lifecycle"],
    "2025-06-18": [*SESSION, "server-session-lifecycle"],
    "2025-11-25": [
        *SESSION,
        "server-session-lifecycle",
        "server-sse-multiple-streams",
        "dns-rebinding-protection",
    ],
    "2026-07-28": [
        "server-stateless",
        "tools-list",
        "resources-list",
        "server-sse-multiple-streams",
        "sep-2164-resource-not-found",
        "dns-rebinding-protection",
        "caching",
        "http-header-validation",
        "input-required-result-unsupported-methods",
    ],
}
# They call a tool, or list prompts, which this server does not have, and fail without them.
NEED_A_SERVER_OF_THEIRS = {
    "sep-2575-server-rejects-undeclared-capability",
    "sep-2575-missing-capability-http-400",
    "sep-2575-http-server-no-independent-requests-on-stream",
    "sep-2575-server-no-log-without-loglevel",
    "sep-2549-prompts-list-caching-hints",
}


def run(command: list[str], date: str, scenario: str) -> Counter[str]:
    """Checks by their status; those that need another server are not counted."""
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as out:
        done = subprocess.run(
            [*command, "--spec-version", date, "--scenario", scenario, "-o", out],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
        )
        for file in Path(out).rglob("checks.json"):
            for check in json.loads(file.read_text()):
                if check["id"] in NEED_A_SERVER_OF_THEIRS:
                    continue
                counts[check["status"]] += 1
                if check["status"] in ("FAILURE", "WARNING"):
                    print(f"{date} {scenario} {check['id']}: {check.get('errorMessage', check['description'])}")
    if not counts["SUCCESS"]:
        print(f"{date} {scenario}: no check was run\n{done.stdout[-500:]}{done.stderr[-500:]}")
        counts["FAILURE"] += 1
    return counts


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ["--headroom", "--node", "--suite"]:
        parser.add_argument(name, required=True)
    arguments = parser.parse_args()
    program = Path(arguments.suite) / "node_modules/@modelcontextprotocol/conformance/dist/index.js"
    failed = 0
    lines = []
    with tempfile.TemporaryDirectory() as folder, serving(arguments.headroom, Path(folder)) as port:
        command = [arguments.node, str(program), "server", "--url", f"http://127.0.0.1:{port}/mcp"]
        for date, scenarios in SCENARIOS.items():
            counts: Counter[str] = Counter()
            for scenario in scenarios:
                counts += run(command, date, scenario)
            failed += counts["FAILURE"]
            lines.append(
                f"{date}: {counts['SUCCESS']} checks passed, {counts['FAILURE']} failed, "
                f"{counts['WARNING']} warnings, in {len(scenarios)} scenarios"
            )
    print("\n".join(lines))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
