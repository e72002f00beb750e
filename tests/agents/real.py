#!/usr/bin/env python3
"""Runs real agents through `headroom wrap`, against a provider that plays the model with a task of several tools.

real.py --headroom PROGRAM --modules FOLDER [--node FOLDER] [NAME...]

The agents are npm packages in --modules, run by the Node.js in --node. They have a home of their own, keys that are none, and a
provider on this machine.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from machine import Machine, wait_for
from model import FINAL, Model

LOG = "".join(
    f"2026-01-02T10:{i // 60 % 60:02d}:{i % 60:02d}Z INFO worker-{i % 7} job {i} finished in {i % 40} ms\n"
    for i in range(900)
)
TEST = "import limits, sys\nsys.exit(0 if limits.RETRIES == 3 else 'FAILED test_retries: expected 3, got %d' % limits.RETRIES)\n"
COMMANDS = [
    "cat app.log",
    "grep -n RETRIES limits.py",
    "python3 test_limits.py; echo exit $?",
    "sed -i s/RETRIES.*/RETRIES=3/ limits.py && cat limits.py",
    "python3 test_limits.py; echo exit $?",
]
PROMPT = "The suite fails since this morning. Find out why from app.log and limits.py, and mend it."
# What each is started with; what it needs to have in its home; variables that name the provider.
AGENTS: dict[str, tuple[list[str], dict[str, str], dict[str, str]]] = {
    "claude": (
        ["-p", PROMPT, "--dangerously-skip-permissions"],
        {},
        {
            "ANTHROPIC_API_KEY": "x",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "ANTHROPIC_BASE_URL": "{url}",
            "IS_SANDBOX": "1",
        },
    ),
    "codex": (
        ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", PROMPT],
        {".codex/config.toml": 'model = "gpt-5"  # mine\nopenai_base_url = "{url}/v1"\n'},
        {"CODEX_API_KEY": "x"},
    ),
}


def run(name: str, headroom: str, program: Path, node: str) -> None:
    words, files, env = AGENTS[name]
    with Machine(headroom) as machine:
        model = Model(COMMANDS)
        machine.env["PATH"] = f"{machine.bin}:{node}:/usr/bin:/bin"
        (machine.bin / name).symlink_to(program)
        for file, text in files.items():
            machine.file(file, text.replace("{url}", model.url))
        project = machine.home / "project"
        for file, text in {"app.log": LOG, "limits.py": "RETRIES=5\n", "test_limits.py": TEST}.items():
            machine.file(f"project/{file}", text)
        before = machine.checksum()
        process = machine.start(
            "wrap", name, *words, folder=str(project), **{k: v.replace("{url}", model.url) for k, v in env.items()}
        )
        out, err = process.communicate(timeout=240)
        assert process.returncode == 0 and FINAL in out, (process.returncode, out[-2000:], err[-2000:])
        assert (project / "limits.py").read_text() == "RETRIES=3\n"
        tasks = [
            body
            for path, body in model.requests
            if path.split("?")[0].endswith(("/messages", "/responses")) and body.get("tools")
        ]
        last = json.dumps(tasks[-1])
        assert "expected 3, got 5" in last and "exit 0" in last, "the results are there"
        assert "<<ccr:" in last and len(last) - len(json.dumps(tasks[0])) < len(LOG) / 2, "and compressed"
        machine.run("unwrap", name)
        after = machine.checksum()
        changed = sorted(file for file in before if after.get(file) != before[file])
        assert changed == ["project/limits.py"], changed
        print(f"{name}: {len(tasks)} requests, the last one {len(last)} bytes; the log alone is {len(LOG)}", flush=True)
        wait_for(lambda: not machine.proxies(), "the proxy ended")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--headroom", required=True)
    parser.add_argument("--modules", required=True)
    parser.add_argument("--node", default="/usr/bin")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    modules = Path(args.modules)
    # Claude Code's package puts its program in place by a script of its own, which is not run.
    programs = {
        "claude": next(iter(sorted(modules.glob("@anthropic-ai/claude-code-*/claude"))), modules / "no claude"),
        "codex": modules / ".bin/codex",
    }
    for name in args.names or list(AGENTS):
        run(name, args.headroom, programs[name], args.node)
    return 0


if __name__ == "__main__":
    sys.exit(main())
