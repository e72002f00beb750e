#!/usr/bin/env python3
"""Drives `headroom mcp serve`, over standard input and output and over HTTP, with the protocol's official clients of Node.js.

    clients.py --headroom PROGRAM --node PROGRAM --suite FOLDER

FOLDER is where clients/package-lock.json is installed: both TypeScript libraries (clients/drive.mjs) and the inspector, whose
command line is used as a person would.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from over_http import serving
from serve import LOG

TIMEOUT_S = 120
DRIVEN = [("v1", "2025-11-25"), ("v2", "2025-11-25"), ("v2", "2026-07-28")]


def home(folder: str) -> Path:
    """With the folder that is open to the server."""
    shop = Path(folder) / "shop"
    shop.mkdir()
    (shop / "app.log").write_text(LOG)
    (shop / "notes.txt").write_text("what it says\n")
    return shop


class Inspector:
    """The inspector's command line, for a server that is started (`server` is a command) or runs (an address)."""

    def __init__(self, arguments: argparse.Namespace, folder: str, server: list[str], era: str) -> None:
        program = Path(arguments.suite) / "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js"
        self.command = [arguments.node, str(program), "--cli", *server]
        self.rest = ["--protocol-era", era, "--format", "json", "--quiet"]
        self.env = {"HOME": folder, "PATH": os.environ["PATH"]}

    def run(self, method: str, *arguments: str) -> tuple[int, Any]:
        """Exit code, and the result, or what is said instead."""
        done = subprocess.run(
            [*self.command, "--method", method, *arguments, *self.rest],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            env=self.env,
            stdin=subprocess.DEVNULL,
        )
        try:
            return done.returncode, json.loads(done.stdout)
        except ValueError:
            return done.returncode, done.stdout + done.stderr

    def call(self, tool: str, expected: int = 0, **arguments: Any) -> Any:
        """The result."""
        code, result = self.run("tools/call", "--tool-name", tool, "--tool-args-json", json.dumps(arguments))
        assert code == expected, (tool, code, result)
        return result.get("result", result)


def inspect(inspector: Inspector) -> None:
    """What the command line of the inspector can do with our server."""
    code, listed = inspector.run("tools/list", "--strict")
    assert code == 0, ("portable schemas", listed)
    assert len(listed.get("result", listed)["tools"]) == 7
    short = inspector.call("headroom_compress", content=LOG)["structuredContent"]
    assert short["tokens_saved"] > 1000
    back = inspector.call("headroom_retrieve", hash=short["hash"])["structuredContent"]
    assert back["original_content"] == LOG
    assert inspector.call("headroom_stats")["structuredContent"]["all"]["requests"] >= 1
    assert inspector.call("compress_file", path="app.log")["structuredContent"]["hash"] == short["hash"]
    assert inspector.call("headroom_read", file_path="notes.txt")["content"][0]["text"] == "what it says\n"
    code, said = inspector.run("tools/call", "--tool-name", "headroom_retrieve", "--tool-arg", "hash=0123456789ab")
    assert code != 0 or said.get("result", said)["isError"], said
    uri = f"headroom://original/{short['hash']}"
    code, said = inspector.run("resources/list")
    assert code == 0 and uri in [one["uri"] for one in said.get("result", said)["resources"]]
    code, said = inspector.run("resources/read", "--uri", uri)
    assert code == 0 and said.get("result", said)["contents"][0]["text"] == LOG
    code, said = inspector.run("resources/templates/list")
    assert code == 0 and said.get("result", said)["resourceTemplates"]


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ["--headroom", "--node", "--suite"]:
        parser.add_argument(name, required=True)
    arguments = parser.parse_args()
    headroom = str(Path(arguments.headroom).resolve())
    for library, date in DRIVEN:
        with tempfile.TemporaryDirectory() as folder:
            home(folder)
            drive = [arguments.node, str(Path(arguments.suite) / "drive.mjs"), library, date]
            subprocess.run([*drive, "stdio", headroom, folder], check=True, timeout=TIMEOUT_S)
            print(f"ok {library} {date}")
            with serving(headroom, Path(folder)) as port:
                subprocess.run([*drive, "http", f"http://127.0.0.1:{port}/mcp", folder], check=True, timeout=TIMEOUT_S)
            print(f"ok {library} {date} over HTTP")
    for era in ["legacy", "modern"]:
        with tempfile.TemporaryDirectory() as folder:
            shop = home(folder)
            inspect(Inspector(arguments, folder, [headroom, "mcp", "serve", "--root", str(shop), "--"], era))
            print(f"ok inspector, {era}")
            with serving(headroom, Path(folder), "--root", str(shop)) as port:
                inspect(Inspector(arguments, folder, ["--server-url", f"http://127.0.0.1:{port}/mcp"], era))
            print(f"ok inspector, {era}, over HTTP")


if __name__ == "__main__":
    main()
