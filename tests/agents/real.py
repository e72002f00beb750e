#!/usr/bin/env python3
"""Runs real agents through `headroom wrap`, against a provider that plays the model with a task of several tools.

real.py --headroom PROGRAM [--modules FOLDER --node FOLDER --aider PROGRAM] [NAME...]

The agents are npm packages in --modules, run by the Node.js in --node, and Aider. Without --modules, a program that poses as each
of them where that speaks an API of its own (standin.py) takes its place. Each has a home of its own, keys that are
none, and, where the kernel allows it, no network but this machine. Each first works off the task with the provider itself, which
shows what it writes into its home, then through wrap: the same must come of it, and nothing else may lie in the home.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from machine import Machine, wait_for
from model import FINAL, OWN_CALLS, RETRIEVE, Model, Step, offered, streams

LOG = "".join(
    f"2026-01-02T10:{i // 60 % 60:02d}:{i % 60:02d}Z INFO worker-{i % 7} job {i} finished in {i % 40} ms\n"
    for i in range(300)
)
TEST = "import limits, sys\nsys.exit(0 if limits.RETRIES == 3 else 'FAILED test_retries: expected 3, got %d' % limits.RETRIES)\n"
ASKED_LINE = 117  # of the log; nothing speaks for it, so it is left out
RUN_TEST = "python3 -B test_limits.py"
PROMPT = "The suite fails since this morning. Find out why from app.log and limits.py, and mend it."


def steps(project: Path) -> list[Step]:
    source = str(project / "limits.py")
    return [
        ("shell", {"command": "cat app.log"}),
        ("read", {"file": source}),
        ("grep", {"pattern": "RETRIES", "folder": str(project)}),
        ("shell", {"command": f"{RUN_TEST}; echo exit $?"}),
        ("edit", {"file": source, "old": "RETRIES=5", "new": "RETRIES=3"}),
        ("shell", {"command": f"{RUN_TEST}; echo exit $?"}),
    ]


def block(old: str, new: str) -> str:
    return f"limits.py\n```\n<<<<<<< SEARCH\n{old}\n=======\n{new}\n>>>>>>> REPLACE\n```\n"


@dataclass
class Agent:
    words: list[str]
    env: dict[str, str]
    files: dict[str, str] = field(default_factory=dict)  # of its home
    replies: list[str] = field(default_factory=list)  # what an agent without tools is answered
    # Its calls have no ids, and what it says again of a turn need not be what it was told: then a call that was answered
    # beside its own cannot be placed, and is left out (docs/RETRIEVAL.md).
    may_forget: bool = False


# {url} is the provider.
AGENTS = {
    "claude": Agent(
        ["-p", PROMPT, "--dangerously-skip-permissions"],
        {
            "ANTHROPIC_API_KEY": "x",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "ANTHROPIC_BASE_URL": "{url}",
            "IS_SANDBOX": "1",
        },
    ),
    "codex": Agent(
        ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", PROMPT],
        {"CODEX_API_KEY": "x"},
        {".codex/config.toml": 'model = "gpt-6.2-sol"  # mine\nopenai_base_url = "{url}/v1"\n'},
    ),
    "opencode": Agent(
        ["run", "-m", "anthropic/claude-sonnet-4-5", PROMPT],
        {"ANTHROPIC_API_KEY": "x", "OPENCODE_DISABLE_AUTOUPDATE": "1"},
        {
            ".config/opencode/opencode.jsonc": '{  // mine\n  "$schema": "https://opencode.ai/config.json",\n  "provider": {"anthropic": {"options": {"baseURL": "{url}/v1"}}},\n'
            '  "permission": {"edit": "allow", "bash": "allow"}\n}\n'
        },
    ),
    "gemini": Agent(
        ["-m", "gemini-2.5-flash", "--approval-mode", "yolo", "-p", PROMPT],
        {"GEMINI_CLI_TRUST_WORKSPACE": "true"},
        {
            ".gemini/settings.json": '{"security": {"auth": {"selectedType": "gemini-api-key"}}}\n',
            ".gemini/.env": "GEMINI_API_KEY=x\nGOOGLE_GEMINI_BASE_URL={url}\n",
        },
        may_forget=True,
    ),
    "copilot": Agent(
        ["-p", PROMPT, "--allow-all-tools", "--allow-all-paths"],
        {
            "COPILOT_PROVIDER_BASE_URL": "{url}/v1",
            "COPILOT_PROVIDER_TYPE": "openai",
            "COPILOT_PROVIDER_API_KEY": "x",
            "COPILOT_MODEL": "gpt-4o",
            "COPILOT_OFFLINE": "true",
        },
    ),
    "aider": Agent(
        [
            "--no-git",
            "--yes-always",
            "--no-check-update",
            "--no-analytics",
            "--no-show-model-warnings",
            "--edit-format",
            "diff",
        ]
        + ["--model", "openai/gpt-4o", "--read", "app.log", "--auto-test", "--test-cmd", RUN_TEST]
        + ["--message", PROMPT, "limits.py"],
        {"OPENAI_API_KEY": "x", "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
        {".aider.conf.yml": "openai-api-base: {url}/v1  # mine\n"},
        replies=[block("RETRIES=5", "RETRIES=4"), block("RETRIES=4", "RETRIES=3") + FINAL],
    ),
}


def names(state: dict[str, str]) -> set[str]:
    """Names of files and folders, without what differs from run to run."""
    varies = [r"headroom-agents-[\w-]{8}", r"[0-9a-f-]{8,}", r"(?<=_)[0-9A-Za-z]{26}", r"(?<=-clone-)\w{6}", r"[0-9]+"]
    return {re.sub("|".join(varies), "#", file) for file in state}


def work(name: str, machine: Machine, programs: dict[str, Path], wrapped: bool) -> Model:
    """Has the agent do the task in a new home, and checks what has come of it."""
    agent = AGENTS[name]
    project = machine.home / "project"
    model = Model(steps(project), agent.replies, ASKED_LINE)
    (machine.bin / name).symlink_to(programs[name])
    for file, text in agent.files.items():
        machine.file(file, text.replace("{url}", model.url))
    for file, text in {"app.log": LOG, "limits.py": "RETRIES=5\n", "test_limits.py": TEST}.items():
        machine.file(f"project/{file}", text)
    env = {key: value.replace("{url}", model.url) for key, value in agent.env.items()}
    before = machine.checksum()
    command = [machine.headroom, "wrap", name] if wrapped else [str(machine.bin / name)]
    process = machine.start(*agent.words, command=command, folder=str(project), **env)
    out, err = process.communicate(timeout=240)
    problem = (name, wrapped, process.returncode, out[-3000:], err[-3000:], model.complaints, model.used)
    assert process.returncode == 0 and FINAL in out and not model.complaints, problem
    assert (project / "limits.py").read_text() == "RETRIES=3\n", problem
    last = json.dumps(model.tasks()[-1][1])
    assert "expected 3, got" in last and (agent.replies or "exit 0" in last), "the results are there"
    if wrapped:
        machine.run("unwrap", name)
    after = machine.checksum()
    changed = sorted(file for file in before if after.get(file) != before[file])
    assert changed == ["project/limits.py"], (name, wrapped, changed)
    return model


def check_retrieval(name: str, model: Model) -> None:
    """The model had the tool from the first request on, and got what it asked for: once in a turn by itself, and beside a call of
    the agent's, where it stays for all later requests."""
    assert model.own_calls == OWN_CALLS, f"{name}: it called it"
    # Some agents put lines of their own in front of what a command prints.
    lines = {text for told in model.told for text in told}
    assert len(lines) == 1 and lines <= set(LOG.splitlines(keepends=True)), f"{name}: {model.told}"
    assert [len(told) for told in model.told] == [1] * len(model.told), f"{name}: only the second stays: {model.told}"
    each = 1 + len(model.tasks()) - 3
    assert len(model.told) in ({1, each} if AGENTS[name].may_forget else {each}), f"{name}: {len(model.told)} of {each}"
    offers = [list(re.findall(r'"name": "(\w+)"', json.dumps(offered(body)))) for _, body in model.tasks()]
    assert all(one[-1] == RETRIEVE and one.count(RETRIEVE) == 1 for one in offers), f"{name}: {offers}"


def run(name: str, headroom: str, programs: dict[str, Path], node: str) -> None:
    sizes, written = [], []
    for wrapped in (False, True):
        with Machine(headroom) as machine:
            machine.env["HEADROOM_CCR_TOOL_INJECTION"] = "eager"
            machine.env["PATH"] = f"{machine.bin}:{node}:/usr/bin:/bin"
            model = work(name, machine, programs, wrapped)
            tasks = model.tasks()
            assert {streams(*one) for one in tasks} == {True}, f"{name}: every request asks for a stream"
            first, last = json.dumps(tasks[0][1]), json.dumps(tasks[-1][1])
            assert ("<<ccr:" in last) == (wrapped and bool(model.used)), f"{name}: {wrapped=}"
            if wrapped and model.used:
                check_retrieval(name, model)
            sizes.append((len(tasks) - min(model.own_calls, 1), len(last) - len(first)))
            written.append(names(machine.checksum()))
            wait_for(lambda machine=machine: not machine.proxies(), "the proxy ended")  # type: ignore[misc]
    assert sizes[0][0] == sizes[1][0], f"{name}: as many requests as without the proxy: {sizes}"
    # What an agent without tools reads stands in the user's own messages, and those stay as they are.
    assert sizes[1][1] < 0.6 * sizes[0][1] if model.used else sizes[1] == sizes[0], f"{name}: as it arrives: {sizes}"
    assert written[0] == written[1], f"{name}: in the home: {sorted(written[0] ^ written[1])}"
    tools = ", ".join(model.used) or "edits in its answers"
    print(f"{name}: {sizes[1][0]} requests, growing by {sizes[0][1]} -> {sizes[1][1]} bytes; {tools}", flush=True)


def without_network() -> bool:
    """Starts this program again where there is no network but this machine. False when the kernel does not allow it."""
    alone = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    if os.environ.get("HEADROOM_TEST_ALONE") or shutil.which("unshare") is None:
        return bool(os.environ.get("HEADROOM_TEST_ALONE"))
    if subprocess.run([*alone, "true"], capture_output=True).returncode != 0:
        return False
    os.execvpe("unshare", [*alone, sys.executable, *sys.argv], {**os.environ, "HEADROOM_TEST_ALONE": "1"})


def installed(modules: Path, aider: str) -> dict[str, Path]:
    """Programs of the agents. Claude Code's and OpenCode's packages put theirs in place by a script that is not run."""
    return {
        "claude": next(iter(sorted(modules.glob("@anthropic-ai/claude-code-*/claude"))), modules / "no claude"),
        "codex": modules / ".bin/codex",
        "opencode": next(iter(sorted(modules.glob("opencode-*/bin/opencode"))), modules / "no opencode"),
        "gemini": modules / ".bin/gemini",
        "copilot": modules / ".bin/copilot",
        "aider": Path(aider),
    }


def stand_ins() -> dict[str, Path]:
    return dict.fromkeys(["claude", "codex", "gemini", "copilot"], Path(__file__).parent / "standin.py")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--headroom", required=True)
    parser.add_argument("--modules")
    parser.add_argument("--node", default="/usr/bin")
    parser.add_argument("--aider", default="aider")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    if not without_network():
        print("the kernel gives no network of its own: what agents send elsewhere is not kept from them")
    programs = stand_ins() if args.modules is None else installed(Path(args.modules), args.aider)
    for name in args.names or list(programs):
        run(name, args.headroom, programs, args.node)
    return 0


if __name__ == "__main__":
    sys.exit(main())
