#!/usr/bin/env python3
"""The same tool output gives the same compressed text, whatever way it comes in.

    shapes.py --headroom PROGRAM --library PROGRAM [--python FOLDER] [--node NODE --package FOLDER]

Each sample goes through `headroom compress` as a text, as an Anthropic and as an OpenAI request, through POST
/v1/compress in both shapes, through the proxy to a provider on this machine in both shapes, and through the C++ library and
the Python and the TypeScript package, where their folders are named, as a text and in both shapes (TypeScript: in the AI
SDK's, too); what the model would read is compared.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from options_proxy import Check, Proxy

QUESTION = "Which worker gave up, and why?"
Content = Callable[[str], Any]


@dataclass
class Sample:
    """What a tool printed, and how it was called."""

    name: str
    tool: str
    arguments: dict[str, str]
    text: str


def log_lines(count: int) -> str:
    lines = [
        f"2026-01-02T03:{i // 60:02}:{i % 60:02}Z INFO worker-{i % 7} job {i * 7919 % 10007} done" for i in range(count)
    ]
    lines[count // 2] = "2026-01-02T03:59:59Z ERROR worker-9 gave up: disk full"
    return "\n".join(lines) + "\n"


def samples() -> list[Sample]:
    rows = [
        {"id": i, "worker": f"w{i % 7}", "state": "failed" if i == 41 else "running", "zone": "eu"} for i in range(90)
    ]
    build = "".join(f"   Compiling package-{i} v1.0.{i}\n" for i in range(120)) + "error: worker gave up\n"
    colours = "".join(f"\x1b[32mstep {i}\x1b[0m is \x1b[1mdone\x1b[0m in {i * 37 % 91} ms\n" for i in range(150))
    return [
        Sample("log", "read_log", {"path": "/var/log/app.log"}, log_lines(300)),
        Sample("json", "list_workers", {"zone": "eu"}, json.dumps(rows)),
        Sample(
            "mixed",
            "Bash",
            {"command": "curl -i http://localhost/workers"},
            "HTTP/1.1 200 OK\nServer: demo\n\n" + json.dumps(rows, indent=1) + "\n",
        ),
        Sample("build", "Bash", {"command": "cd app && cargo build 2>&1 | tail -200"}, build),
        Sample("colours", "Bash", {"command": "./deploy.sh"}, colours),
        Sample(
            "note at the end",
            "Bash",
            {"command": "cat app.log"},
            log_lines(200) + "\n<system-reminder>\nMind the gap.\n</system-reminder>\n",
        ),
        Sample("in an object", "shell", {}, json.dumps({"output": log_lines(300), "metadata": {"exit_code": 1}})),
        Sample("short", "Bash", {"command": "true"}, "nothing to see\n"),
    ]


def as_string(text: str) -> Any:
    return text


def as_parts(text: str) -> Any:
    return [{"type": "text", "text": text}]


def anthropic(sample: Sample, content: Content = as_string) -> dict[str, Any]:
    use = {"type": "tool_use", "id": "t1", "name": sample.tool, "input": sample.arguments}
    result = {"type": "tool_result", "tool_use_id": "t1", "content": content(sample.text)}
    messages = [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": [use]},
        {"role": "user", "content": [result]},
    ]
    return {"model": "gpt-4o", "max_tokens": 100, "messages": messages}


def openai(sample: Sample, content: Content = as_string) -> dict[str, Any]:
    function = {"name": sample.tool, "arguments": json.dumps(sample.arguments)}
    messages = [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": None, "tool_calls": [{"id": "t1", "type": "function", "function": function}]},
        {"role": "tool", "tool_call_id": "t1", "content": content(sample.text)},
    ]
    return {"model": "gpt-4o", "messages": messages}


def vercel(sample: Sample) -> dict[str, Any]:
    call = {"type": "tool-call", "toolCallId": "t1", "toolName": sample.tool, "input": sample.arguments}
    output = {"type": "text", "value": sample.text}
    result = {"type": "tool-result", "toolCallId": "t1", "toolName": sample.tool, "output": output}
    messages = [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": [call]},
        {"role": "tool", "content": [result]},
    ]
    return {"model": "gpt-4o", "messages": messages}


def result_of(messages: list[dict[str, Any]]) -> str:
    """The text of the tool result, which is in the last message."""
    content = messages[-1]["content"]
    while not isinstance(content, str):
        part = content[0]
        content = part["output"]["value"] if "output" in part else part.get("content", part.get("text"))
    return content


class Ways:
    """Every way in, each from a sample to what the model reads."""

    def __init__(self, check: Check, proxy: Proxy, home: str, packages: Packages) -> None:
        self.check, self.proxy, self.home = check, proxy, home
        self.library, self.python, self.node = packages.library, packages.python(home), packages.node

    def cli(self, data: bytes, *flags: str) -> bytes:
        command = [str(self.check.program), "compress", *flags]
        env = {"PATH": "/usr/bin:/bin", "HOME": self.home}
        return subprocess.run(command, input=data, env=env, check=True, stdout=subprocess.PIPE).stdout

    def text(self, sample: Sample) -> str:
        flags = ["--query", QUESTION, "--tool", sample.tool, "--args", json.dumps(sample.arguments), "--api", "text"]
        return self.cli(sample.text.encode(), *flags).decode()

    def cli_request(self, body: dict[str, Any], *flags: str) -> str:
        return result_of(json.loads(self.cli(json.dumps(body).encode(), *flags))["messages"])

    def compress_api(self, body: dict[str, Any]) -> str:
        status, data = self.proxy.call("POST", "/v1/compress", json.dumps(body).encode())
        assert status == 200, data
        return result_of(json.loads(data)["messages"])

    def relayed(self, path: str, body: dict[str, Any]) -> str:
        assert self.proxy.call("POST", path, json.dumps(body).encode())[0] == 200
        return result_of(json.loads(self.check.provider.received[-1][1])["messages"])

    def in_library(self, sample: Sample) -> dict[str, str]:
        words = [QUESTION, sample.tool, json.dumps(sample.arguments)]
        bodies = [
            anthropic(sample),
            anthropic(sample, as_parts),
            openai(sample),
            openai(sample, as_parts),
            vercel(sample),
        ]
        texts = [run([self.library, *words], sample.text)]
        made = run([self.library], "".join(json.dumps(body) + "\n" for body in bodies))
        texts += [result_of(json.loads(line)["messages"]) for line in made.splitlines()]
        return {f"c++ {i}": text for i, text in enumerate(texts)}

    def in_python(self, sample: Sample) -> dict[str, str]:
        if self.python is None:
            return {}

        def compress(body: dict[str, Any]) -> str:
            return result_of(self.python.compress(body["messages"], model=body["model"]))

        text = self.python.compress_text(sample.text, QUESTION, tool=sample.tool, arguments=sample.arguments)
        return {
            "python text": text,
            "python anthropic": compress(anthropic(sample)),
            "python anthropic, parts": compress(anthropic(sample, as_parts)),
            "python openai": compress(openai(sample)),
            "python openai, parts": compress(openai(sample, as_parts)),
        }

    def in_node(self, sample: Sample) -> dict[str, str]:
        if not self.node:
            return {}
        text = {"model": "gpt-4o", "text": sample.text, "question": QUESTION}
        bodies: dict[str, dict[str, Any]] = {
            "text": {**text, "tool": sample.tool, "arguments": sample.arguments},
            "anthropic": anthropic(sample),
            "anthropic, parts": anthropic(sample, as_parts),
            "openai": openai(sample),
            "openai, parts": openai(sample, as_parts),
            "vercel": vercel(sample),
        }
        env = {"PATH": "/usr/bin:/bin", "HOME": self.home}
        given = json.dumps(list(bodies.values())).encode()
        made = subprocess.run(self.node, input=given, env=env, check=True, stdout=subprocess.PIPE).stdout
        texts = (each if isinstance(each, str) else result_of(each) for each in json.loads(made))
        return {f"typescript {name}": each for name, each in zip(bodies, texts, strict=True)}

    def all(self, sample: Sample) -> dict[str, str]:
        return (
            self.in_library(sample)
            | self.in_python(sample)
            | self.in_node(sample)
            | {
                "cli text": self.text(sample),
                "cli anthropic": self.cli_request(anthropic(sample), "--api", "anthropic"),
                "cli anthropic, parts": self.cli_request(anthropic(sample, as_parts)),
                "cli openai": self.cli_request(openai(sample), "--api", "openai"),
                "cli openai, parts": self.cli_request(openai(sample, as_parts)),
                "/v1/compress anthropic": self.compress_api(anthropic(sample)),
                "/v1/compress openai": self.compress_api(openai(sample)),
                "/v1/compress vercel": self.compress_api(vercel(sample)),
                "cli vercel": self.cli_request(vercel(sample)),
                "proxy anthropic": self.relayed("/v1/messages", anthropic(sample)),
                "proxy openai": self.relayed("/v1/chat/completions", openai(sample)),
            }
        )


def run(command: list[str], text: str) -> str:
    made = subprocess.run(command, input=text.encode(), check=True, stdout=subprocess.PIPE)
    return made.stdout.decode()


class Packages:
    """The libraries that are compared, as the command line names them."""

    def __init__(self, description: str | None, script: str) -> None:
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument("--headroom", type=Path, required=True)
        parser.add_argument("--library", required=True, help="headroom_library_dump")
        parser.add_argument("--python", metavar="FOLDER")
        parser.add_argument("--node", metavar="NODE")
        parser.add_argument("--package", metavar="FOLDER")
        arguments = parser.parse_args()
        self.headroom: Path = arguments.headroom
        self.library: str = arguments.library
        named = arguments.node and arguments.package
        node_script = str(Path(__file__).with_name(script))
        self.node: list[str] = [arguments.node, node_script, arguments.package] if named else []
        self._python: str | None = arguments.python

    def python(self, home: str) -> Any:
        """The Python package, with a store in `home`; None where it is not built."""
        if self._python is None:
            return None
        sys.path.insert(0, self._python)
        os.environ["HEADROOM_WORKSPACE_DIR"] = f"{home}/python"
        return importlib.import_module("headroom")


def main() -> int:
    packages = Packages(__doc__, "shapes.mjs")
    check = Check(packages.headroom)
    failed = 0
    with (
        tempfile.TemporaryDirectory(prefix="headroom-shapes-") as home,
        check.proxy("--anthropic-api-url", check.provider.url) as proxy,
    ):
        ways = Ways(check, proxy, home, packages)
        for sample in samples():
            texts = ways.all(sample)
            expected = texts["cli text"]
            small = sample.name == "short"
            if (expected == sample.text) != small:
                print(f"{sample.name}: {'changed' if small else 'not compressed'}", file=sys.stderr)
                failed += 1
            for way, text in texts.items():
                if text == expected:
                    continue
                print(
                    f"{sample.name}: {way} differs from cli text\n--- {text[:400]}\n--- {expected[:400]}",
                    file=sys.stderr,
                )
                failed += 1
    print(f"{len(samples())} samples, {failed} differences")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
