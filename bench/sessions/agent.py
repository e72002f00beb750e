"""A made-up session of a coding agent: tasks, and for each the calls and results that such agents make."""

from __future__ import annotations

import difflib
import json
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

import contents
from contents import Made

TASKS = (
    "The {word} step drops the last entry now and then. Find out why and fix it.",
    "Add an option that makes {word} stop at the first error.",
    "Rename what {word} returns so that callers see what it is, and keep the tests green.",
    "The nightly run of {word} is slow. See what it does and take out what is not needed.",
    "Look at the service log and the orders: what went wrong with {word} this morning? Then fix it.",
)
LONGEST = 480_000  # characters: about what fits a context window of 200,000 tokens with room for an answer
NARRATION = (
    "I look at where this is used.",
    "The caller may tell more.",
    "Let me read the file first.",
    "I check how the tests see it.",
    "That is one place; there may be others.",
    "Now the change itself.",
)


@dataclass
class Call:
    tool: str
    arguments: dict[str, object]
    result: str
    command: str = ""  # the same by way of a shell
    printed: str = ""  # what that prints, where it is not the result


@dataclass
class Step:
    """One answer of the agent: what it says, and calls with their results."""

    say: str
    calls: list[Call] = field(default_factory=list)
    user: str = ""  # comes before it
    asks: tuple[str, ...] = ()


def numbered(text: str, first: int = 1) -> str:
    """As Claude Code's Read shows a file."""
    return "\n".join(f"{i:>6}\t{line}" for i, line in enumerate(text.splitlines(), first))


class Project:
    """Files that the session reads, searches and edits. They change only here."""

    def __init__(self, rng: random.Random, sources: list[Path]) -> None:
        self.rng = rng
        self.files: dict[str, str] = {}
        self.facts: dict[str, tuple[str, str]] = {}
        for path in rng.sample(sources, min(24, len(sources))):
            text = path.read_text(encoding="utf-8", errors="replace")
            lines = text.splitlines()
            name, value = f"{path.stem.upper()}_SEED", f"0x{contents.hex_id(rng, 10)}"
            at = rng.randrange(len(lines) // 2, len(lines)) if lines else 0
            comment = "//" if path.suffix in (".cc", ".h") else "#"
            lines.insert(at, f"{comment} {name} = {value}")
            folder = rng.choice(contents.SERVICES)
            file = f"/home/dev/shop/{folder}/{path.name}"
            self.files[file] = "\n".join(lines) + "\n"
            self.facts[file] = (f"What is {name} in {file}?", value)

    def edit(self, file: str) -> tuple[str, str]:
        """Changes a few lines in the middle; gives them before and after."""
        lines = self.files[file].splitlines()
        spots = [
            i
            for i, line in enumerate(lines)
            if re.search(r"\breturn\b|=", line) and len(line) < 100 and "_SEED" not in line
        ]
        at = self.rng.choice(spots) if spots else 0
        old = "\n".join(lines[max(0, at - 1) : at + 2])
        new_line = re.sub(r"\b(\w{4,})\b", lambda m: m.group(1) + "_checked", lines[at], count=1)
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        lines[at : at + 1] = [new_line, f"{indent}assert_valid({self.rng.randrange(1000)})"]
        new = "\n".join(lines[max(0, at - 1) : at + 3])
        self.files[file] = "\n".join(lines) + "\n"
        return old, new

    def grep(self, word: str) -> str:
        hits = []
        for file, text in self.files.items():
            hits += [f"{file}:{i}:{line}" for i, line in enumerate(text.splitlines(), 1) if word in line]
        return "\n".join(hits[:120])

    def word(self) -> str:
        text = self.rng.choice(list(self.files.values()))
        words = [w for w in re.findall(r"\b[a-z_]{5,16}\b", text) if 3 < text.count(w) < 60]
        return self.rng.choice(words) if words else "self"


class Agent:
    def __init__(self, rng: random.Random, sources: list[Path]) -> None:
        self.rng = rng
        self.project = Project(rng, sources)
        self.steps: list[Step] = []
        self.open_facts: list[tuple[int, str, str]] = []  # step, question, answer
        self.read: list[str] = []

    def say(self) -> str:
        return self.rng.choice(NARRATION)

    def add(self, call: Call, facts: list[tuple[str, str]], say: str = "", joined: bool = False) -> None:
        """As an answer of its own, or as one more call of the last one."""
        if joined and self.steps and self.steps[-1].calls:
            self.steps[-1].calls.append(call)
        else:
            self.steps.append(Step(say or self.say(), [call]))
        self.open_facts += [(len(self.steps), question, answer) for question, answer in facts]

    def read_file(self, file: str, part: bool = False, joined: bool = False) -> None:
        lines = self.project.files[file].splitlines()
        first = self.rng.randrange(max(1, len(lines) - 250)) if part or len(lines) > 1200 else 0
        shown = lines[first : first + 250] if part or len(lines) > 1200 else lines
        arguments: dict[str, object] = {"file_path": file}
        command = f"cat {file}"
        if len(shown) < len(lines):
            arguments |= {"offset": first + 1, "limit": 250}
            command = f"sed -n '{first + 1},{first + 250}p' {file}"
        text = "\n".join(shown) + "\n"
        question, answer = self.project.facts[file]
        facts = [(question, answer)] if answer in text and file not in self.read else []
        self.read += [file] if facts else []
        self.add(Call("Read", arguments, numbered(text, first + 1), command, text), facts, joined=joined)

    def bash(self, command: str, made: Made | str) -> None:
        made = made if isinstance(made, Made) else Made(made)
        self.add(Call("Bash", {"command": command, "description": "Run a command"}, made.text, command), made.facts)

    def edit_file(self, file: str) -> None:
        before = self.project.files[file]
        old, new = self.project.edit(file)
        after = self.project.files[file].splitlines()
        changed = next((i for i, (a, b) in enumerate(zip(before.splitlines(), after, strict=False)) if a != b), 0)
        snippet = numbered("\n".join(after[max(0, changed - 4) : changed + 6]), max(0, changed - 4) + 1)
        result = (
            f"The file {file} has been updated. Here's the result of running `cat -n` on a snippet of the edited file:\n"
            f"{snippet}\n"
        )
        arguments: dict[str, object] = {"file_path": file, "old_string": old, "new_string": new}
        self.add(Call("Edit", arguments, result), [], "Now the change itself.")

    def task(self) -> None:
        rng, project = self.rng, self.project
        word = project.word()
        self.steps.append(Step("", user=rng.choice(TASKS).format(word=word)))
        if rng.random() < 0.5:
            folder = rng.choice(contents.SERVICES)
            listed = [
                f"{folder}/{rng.choice(contents.VERBS)}_{rng.choice(contents.NOUNS)}_{i}.py"
                for i in range(rng.randrange(20, 150))
            ]
            self.bash(f"ls -l {folder}", contents.file_listing(rng, listed))
        grep = f"grep -rn '{word}' /home/dev/shop"
        arguments: dict[str, object] = {"pattern": word, "path": "/home/dev/shop", "output_mode": "content", "-n": True}
        self.add(Call("Grep", arguments, project.grep(word), grep), [])
        files = rng.sample(sorted(project.files), rng.randrange(2, 5))
        at_once = rng.random() < 0.4
        for i, file in enumerate(files):
            self.read_file(file, part=rng.random() < 0.2, joined=at_once and i > 0)
        kind = rng.random()
        if kind < 0.35:
            self.bash("journalctl -u shop --since today --no-pager", contents.service_log(rng, rng.randrange(80, 360)))
        elif kind < 0.6:
            self.bash(
                "curl -s http://127.0.0.1:8080/api/orders?page=1", contents.orders_json(rng, rng.randrange(12, 50))
            )
        elif kind < 0.75:
            self.bash("git log -n 40", contents.git_log(rng, 40))
        elif kind < 0.82:
            self.bash("pip install -r requirements.txt", contents.package_install(rng))
        target = files[0]
        if rng.random() < 0.4:
            self.read_file(target)  # the same again, unchanged
        self.edit_file(target)
        names = rng.sample(sorted(project.files), 4)
        native = rng.random() < 0.3
        for failing in [True] * rng.randrange(1, 3) + [False]:
            if native:
                self.bash("ninja -C build", contents.build_log(rng, names, failing))
            else:
                self.bash("python -m pytest -v", contents.pytest_run(rng, names, failing))
            if failing:
                if rng.random() < 0.6:
                    self.read_file(target)  # after the edit
                self.edit_file(target)
        if rng.random() < 0.5:
            diff = "\n".join(difflib.unified_diff(["a"] * 3, ["a"] * 2 + ["b"], "a/x", "b/x", lineterm=""))
            self.bash("git diff --stat; git diff", diff)
        self.steps.append(Step(f"Done: {word} is changed as you asked, and the tests pass."))

    def question(self) -> None:
        """Asks for something that a result of some time ago shows."""
        old = [fact for fact in self.open_facts if fact[0] + 4 < len(self.steps)]
        if not old:
            return
        fact = self.rng.choice(old)
        self.open_facts.remove(fact)
        _, question, answer = fact
        self.steps.append(Step(f"It is {answer}.", user=f"Before you go on: {question}", asks=(answer,)))

    def size(self) -> int:
        """Characters of the conversation so far."""
        calls = (call for step in self.steps for call in step.calls)
        return sum(len(call.result) + len(json.dumps(call.arguments)) for call in calls)

    def run(self, turns: int) -> list[Step]:
        while len(self.steps) < turns and self.size() < LONGEST:
            self.task()
            for _ in range(self.rng.randrange(1, 4)):
                self.question()
        return self.steps[:turns]


def tool_list() -> list[tuple[str, str, dict[str, str]]]:
    return [
        (
            "Read",
            "Reads a file of the user's, with line numbers. Takes an absolute path; offset and limit for long files.",
            {"file_path": "string", "offset": "integer", "limit": "integer"},
        ),
        (
            "Grep",
            "Searches file contents for a regular expression.",
            {"pattern": "string", "path": "string", "output_mode": "string", "-n": "boolean"},
        ),
        (
            "Bash",
            "Runs a command in a shell and gives what it prints. Quote paths with blanks; do not use it to read files.",
            {"command": "string", "description": "string"},
        ),
        (
            "Edit",
            "Replaces a text in a file, exactly; the old text must be there once.",
            {"file_path": "string", "old_string": "string", "new_string": "string"},
        ),
    ]


SHELL = ("shell", "Runs a command line and gives what it prints.", {"command": "array", "workdir": "string"})


class AnthropicShape:
    """Request bodies of the Messages API as Claude Code writes them, with its cache marks."""

    model = "claude-sonnet-4-5"

    def __init__(self, system: str) -> None:
        self.head: dict[str, object] = {
            "model": self.model,
            "max_tokens": 32000,
            "system": [{"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}],
            "tools": [
                {
                    "name": name,
                    "description": text,
                    "input_schema": {"type": "object", "properties": {k: {"type": t} for k, t in args.items()}},
                }
                for name, text, args in tool_list()
            ],
        }
        self.messages: list[dict[str, object]] = []
        self.marked = -1  # the message that the request before had its mark on

    def user(self, text: str) -> None:
        self.messages.append({"role": "user", "content": [{"type": "text", "text": text}]})

    def answer(self, step: Step, id: str) -> None:
        blocks: list[dict[str, object]] = [{"type": "text", "text": step.say}] if step.say else []
        results: list[dict[str, object]] = []
        for i, call in enumerate(step.calls):
            blocks.append({"type": "tool_use", "id": f"{id}_{i}", "name": call.tool, "input": call.arguments})
            results.append({"type": "tool_result", "tool_use_id": f"{id}_{i}", "content": call.result})
        self.messages.append({"role": "assistant", "content": blocks})
        if results:
            self.messages.append({"role": "user", "content": results})

    def body(self) -> dict[str, object]:
        last = len(self.messages) - 1
        messages = list(self.messages)
        for at in {last, self.marked} - {-1}:
            blocks = [dict(block) for block in messages[at]["content"]]  # type: ignore[attr-defined]
            blocks[-1]["cache_control"] = {"type": "ephemeral"}
            messages[at] = {**messages[at], "content": blocks}
        self.marked = last
        return {**self.head, "messages": messages}


class OpenAiShape:
    """Request bodies of Chat Completions."""

    model = "gpt-5.1"

    def __init__(self, system: str) -> None:
        self.tools = [
            {
                "type": "function",
                "function": {
                    "name": name,
                    "description": text,
                    "parameters": {"type": "object", "properties": {k: {"type": t} for k, t in args.items()}},
                },
            }
            for name, text, args in [*tool_list()[-1:], SHELL]
        ]
        self.messages: list[dict[str, object]] = [{"role": "system", "content": system}]

    def user(self, text: str) -> None:
        self.messages.append({"role": "user", "content": text})

    def answer(self, step: Step, id: str) -> None:
        message: dict[str, object] = {"role": "assistant", "content": step.say or None}
        calls: list[dict[str, object]] = []
        results: list[dict[str, object]] = []
        for i, call in enumerate(step.calls):
            name, arguments, result = call.tool, call.arguments, call.result
            if call.command:  # reads and searches by way of a shell, as Codex does
                name, arguments = "shell", {"command": ["bash", "-lc", call.command], "workdir": "/home/dev/shop"}
                result = call.printed or call.result
            function = {"name": name, "arguments": json.dumps(arguments)}
            calls.append({"id": f"{id}_{i}", "type": "function", "function": function})
            results.append({"role": "tool", "tool_call_id": f"{id}_{i}", "content": result})
        if calls:
            message["tool_calls"] = calls
        self.messages += [message, *results]

    def body(self) -> dict[str, object]:
        return {"model": self.model, "tools": self.tools, "messages": self.messages}


def records(
    steps: list[Step], shape: AnthropicShape | OpenAiShape, session: str, start_s: int
) -> list[dict[str, object]]:
    """A request a step, as `headroom replay` reads them."""
    out: list[dict[str, object]] = []
    now = float(start_s)
    rng = random.Random(session)
    for i, step in enumerate(steps):
        if step.user:
            shape.user(step.user)
            now += rng.uniform(5, 200)
        if not (step.say or step.calls):
            continue  # a user's turn; its answer is the next step
        written = len(step.say + json.dumps([call.arguments for call in step.calls])) // 4 + 30
        out.append(
            {
                "session": session,
                "time": int(now * 1000),
                "body": json.loads(json.dumps(shape.body())),
                "usage": {"output_tokens": written},
                "asks": list(step.asks),
            }
        )
        shape.answer(step, f"call_{i}")
        now += rng.uniform(4, 25)
    return out
