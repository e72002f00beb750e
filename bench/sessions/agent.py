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
class Step:
    """One answer of the agent: what it says, and a call with its result, if any."""

    say: str
    tool: str = ""
    arguments: dict[str, object] = field(default_factory=dict)
    result: str = ""
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

    def add(self, tool: str, arguments: dict[str, object], made: Made | str, say: str | None = None) -> None:
        made = made if isinstance(made, Made) else Made(made)
        self.steps.append(Step(self.say() if say is None else say, tool, arguments, made.text))
        self.open_facts += [(len(self.steps), question, answer) for question, answer in made.facts]

    def read_file(self, file: str, part: bool = False) -> None:
        text = self.project.files[file]
        lines = text.splitlines()
        if part or len(lines) > 1200:
            first = self.rng.randrange(max(1, len(lines) - 250))
            shown = "\n".join(lines[first : first + 250])
            self.add("Read", {"file_path": file, "offset": first + 1, "limit": 250}, numbered(shown, first + 1))
        else:
            fact = [self.project.facts[file]] if file not in self.read else []
            self.add("Read", {"file_path": file}, Made(numbered(text), fact))
            self.read.append(file)

    def bash(self, command: str, made: Made | str) -> None:
        self.add("Bash", {"command": command, "description": "Run a command"}, made)

    def edit_file(self, file: str) -> None:
        before = self.project.files[file]
        old, new = self.project.edit(file)
        after = self.project.files[file].splitlines()
        changed = next((i for i, (a, b) in enumerate(zip(before.splitlines(), after, strict=False)) if a != b), 0)
        snippet = numbered("\n".join(after[max(0, changed - 4) : changed + 6]), max(0, changed - 4) + 1)
        self.add(
            "Edit",
            {"file_path": file, "old_string": old, "new_string": new},
            f"The file {file} has been updated. Here's the result of running `cat -n` on a snippet of the edited file:\n{snippet}\n",
            "Now the change itself.",
        )

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
        self.add(
            "Grep",
            {"pattern": word, "path": "/home/dev/shop", "output_mode": "content", "-n": True},
            project.grep(word),
        )
        files = rng.sample(sorted(project.files), rng.randrange(2, 5))
        for file in files:
            self.read_file(file, part=rng.random() < 0.2)
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
        return sum(len(step.result) + len(step.say) + len(json.dumps(step.arguments)) for step in self.steps)

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
        if step.tool:
            blocks.append({"type": "tool_use", "id": id, "name": step.tool, "input": step.arguments})
        self.messages.append({"role": "assistant", "content": blocks})
        if step.tool:
            self.messages.append(
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": id, "content": step.result}]}
            )

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
            for name, text, args in tool_list()
        ]
        self.messages: list[dict[str, object]] = [{"role": "system", "content": system}]

    def user(self, text: str) -> None:
        self.messages.append({"role": "user", "content": text})

    def answer(self, step: Step, id: str) -> None:
        message: dict[str, object] = {"role": "assistant", "content": step.say or None}
        if step.tool:
            function = {"name": step.tool, "arguments": json.dumps(step.arguments)}
            message["tool_calls"] = [{"id": id, "type": "function", "function": function}]
        self.messages.append(message)
        if step.tool:
            self.messages.append({"role": "tool", "tool_call_id": id, "content": step.result})

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
        if not (step.say or step.tool):
            continue  # a user's turn; its answer is the next step
        written = len(step.say + json.dumps(step.arguments)) // 4 + 30
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
