"""A machine to try agents on: a home of its own, programs that pose as agents, and a provider that plays the model."""

from __future__ import annotations

import hashlib
import http.server
import json
import os
import random
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

# What every fake agent can do: say what it was started with, and ask the model with a tool's result.
FAKE = """#!/usr/bin/env python3
import json, os, signal, sys, time, urllib.request
seen = {"args": sys.argv[1:], "env": {k: v for k, v in os.environ.items() if "URL" in k or "HOST" in k or "BASE" in k
        or k in ("ENABLE_TOOL_SEARCH", "NO_PROXY", "ANTHROPIC_MODEL")}}
log = "\\n".join(f"2026-01-02 10:00:{i % 60:02d} INFO worker {i} finished job {i} in 12 ms" for i in range(400))
base = os.environ.get("BASE_FROM") and os.environ.get(os.environ["BASE_FROM"])
if os.environ.get("FILE_FROM"):
    seen["file"] = open(os.environ["FILE_FROM"]).read()
if base:
    body = {"model": "m", "max_tokens": 9, "messages": [
        {"role": "user", "content": "Did any job fail?"},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": "cat log"}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": log}]}]}
    request = urllib.request.Request(base + "/v1/messages", json.dumps(body).encode(),
                                     {"Content-Type": "application/json", "anthropic-version": "2023-06-01"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    seen["status"] = opener.open(request, timeout=30).status
    seen["sent"] = len(json.dumps(body))
print(json.dumps(seen), flush=True)
time.sleep(float(os.environ.get("STAY", "0")))
sys.exit(int(os.environ.get("CODE", "0")))
"""


class Provider(http.server.ThreadingHTTPServer):
    """Answers every request, and keeps what came."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, bytes]] = []
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                provider.bodies.append((self.path, body))
                answer = json.dumps(
                    {
                        "id": "m",
                        "type": "message",
                        "role": "assistant",
                        "content": [],
                        "usage": {"input_tokens": 1, "output_tokens": 1},
                    }
                ).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.handle_error = lambda *_: None  # type: ignore[method-assign]  # who asks may be ended by a test
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


def free_port() -> int:
    """A port that nobody listens on, with some free ones behind it; not one of those that the system gives to connections."""
    while True:
        first = random.randrange(20000, 32000)
        try:
            for port in range(first, first + 4):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first


class Machine:
    """One home, one provider, and the program under test."""

    def __init__(self, headroom: str) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="headroom-agents-")
        root = Path(self.folder.name)
        self.home, self.bin, self.workspace = root / "home", root / "bin", root / "workspace"
        for folder in (self.home, self.bin):
            folder.mkdir()
        self.headroom = headroom
        self.provider = Provider()
        self.port = free_port()
        self.env = {
            "PATH": f"{self.bin}:/usr/bin:/bin",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "HEADROOM_WORKSPACE_DIR": str(self.workspace),
            "HEADROOM_PORT": str(self.port),
        }

    def __enter__(self) -> Machine:
        return self

    def __exit__(self, *_: object) -> None:
        self.provider.shutdown()
        wait_for(lambda: not self.proxies(), "the proxies ended by themselves")
        self.folder.cleanup()

    def agent(self, name: str, text: str = FAKE) -> None:
        """Puts a program on the PATH."""
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def file(self, name: str, text: str) -> Path:
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def start(
        self, *words: str, folder: str = "", command: list[str] | None = None, **env: str
    ) -> subprocess.Popen[str]:
        """Our program with these words, or another `command`."""
        return subprocess.Popen(
            [*(command or [self.headroom]), *words],
            env={**self.env, **env},
            text=True,
            cwd=folder or self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *words: str, code: int = 0, **env: str) -> tuple[str, str]:
        """Standard output and error of a command that must end with this code."""
        process = self.start(*words, folder="", command=None, **env)
        out, err = process.communicate(timeout=120)
        assert process.returncode == code, (words, process.returncode, out, err)
        return out, err

    def checksum(self) -> dict[str, str]:
        """Every file, folder and link of the home: mode and content."""
        state = {}
        for path in sorted(self.home.rglob("*")):
            content = os.readlink(path).encode() if path.is_symlink() else path.read_bytes() if path.is_file() else b""
            state[str(path.relative_to(self.home))] = f"{path.lstat().st_mode:o} {hashlib.sha256(content).hexdigest()}"
        return state

    def proxies(self) -> list[int]:
        """Ports from the first on where a proxy of ours answers."""
        found = []
        for port in range(self.port, self.port + 4):
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                    connection.sendall(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                    if b"headroom-proxy" in b"".join(iter(lambda: connection.recv(4096), b"")):  # noqa: B023
                        found.append(port)
            except OSError:
                pass
        return found


def read_terminal(ours: int) -> bytes:
    """What is written to a terminal until nobody has its other end open; then Linux gives an error, others nothing."""
    text = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            return text
        if not part:
            return text
        text += part


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.1)
