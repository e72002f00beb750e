#!/usr/bin/env python3
"""The workloads of the benchmark give the same messages, whatever way they come in.

    workloads.py --headroom PROGRAM --library PROGRAM [--python FOLDER] [--node NODE --package FOLDER]

Each goes as an Anthropic and as an OpenAI request through `headroom compress`, POST /v1/compress, the proxy to a provider on
this machine, the C++ library and the Python and the TypeScript package, where their folders are named. All messages are
compared, not only what changed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from options_proxy import Check, Proxy
from shapes import Packages, run

GENERATOR = Path(__file__).resolve().parents[2] / "bench/workloads/gen_workloads.py"
PATHS = {"anthropic": "/v1/messages", "openai": "/v1/chat/completions"}
Messages = list[dict[str, Any]]


def workloads() -> dict[str, tuple[str, dict[str, Any]]]:
    """Shape and body by name."""
    with tempfile.TemporaryDirectory(prefix="headroom-workloads-") as folder:
        subprocess.run([sys.executable, GENERATOR, "--out", folder], check=True, stdout=subprocess.DEVNULL)
        made = [json.loads(file.read_bytes()) for file in sorted(Path(folder).glob("*.json"))]
    return {f"{work['name']} ({shape})": (shape, work[shape]) for work in made for shape in PATHS}


def in_library(packages: Packages, bodies: list[dict[str, Any]]) -> list[Messages]:
    lines = run([packages.library], "".join(json.dumps(body) + "\n" for body in bodies)).splitlines()
    return [json.loads(line)["messages"] for line in lines]


def in_node(packages: Packages, bodies: list[dict[str, Any]]) -> list[Messages]:
    return json.loads(run(packages.node, json.dumps(bodies)))


def by_cli(check: Check, home: str, body: dict[str, Any]) -> Messages:
    command = [str(check.program), "compress"]
    env = {"PATH": "/usr/bin:/bin", "HOME": home}
    made = subprocess.run(command, input=json.dumps(body).encode(), env=env, check=True, stdout=subprocess.PIPE)
    return json.loads(made.stdout)["messages"]


def posted(proxy: Proxy, body: dict[str, Any]) -> Messages:
    status, data = proxy.call("POST", "/v1/compress", json.dumps(body).encode())
    assert status == 200, data
    return json.loads(data)["messages"]


def relayed(check: Check, proxy: Proxy, shape: str, body: dict[str, Any]) -> Messages:
    status, data = proxy.call("POST", PATHS[shape], json.dumps(body).encode())
    assert status == 200, data
    return json.loads(check.provider.received[-1][1])["messages"]


def difference(ways: dict[str, Messages]) -> str:
    """Where the first way that is not as the first one differs from it; "" when all are the same."""
    (first, expected), *others = ways.items()
    for way, messages in others:
        if messages == expected:
            continue
        if len(messages) != len(expected):
            return f"{way}: {len(messages)} messages, {first} {len(expected)}"
        index = next(i for i, pair in enumerate(zip(messages, expected, strict=True)) if pair[0] != pair[1])
        return f"{way} differs from {first} in message {index}\n--- {messages[index]}\n--- {expected[index]}"[:2000]
    return ""


def main() -> int:
    packages = Packages(__doc__, "shapes.mjs")
    check = Check(packages.headroom)
    made = workloads()
    bodies = [body for _, body in made.values()]
    library = in_library(packages, bodies)
    node = in_node(packages, bodies) if packages.node else []
    failed = unchanged = 0
    with (
        tempfile.TemporaryDirectory(prefix="headroom-workloads-") as home,
        check.proxy("--anthropic-api-url", check.provider.url) as proxy,
    ):
        python = packages.python(home)
        for i, (name, (shape, body)) in enumerate(made.items()):
            ways = {
                "c++": library[i],
                "cli": by_cli(check, home, body),
                "/v1/compress": posted(proxy, body),
                "proxy": relayed(check, proxy, shape, body),
            }
            if python is not None:
                ways["python"] = list(python.compress(body["messages"], model=body["model"]))
            if node:
                ways["typescript"] = node[i]
            unchanged += library[i] == body["messages"]
            if found := difference(ways):
                failed += 1
                print(f"{name}: {found}", file=sys.stderr)
    if unchanged * 10 > len(made):
        print(f"{unchanged} of {len(made)} were not compressed, so this shows little", file=sys.stderr)
        failed += 1
    print(f"{len(made)} requests, {failed} differences")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
