"""A provider on this machine, and proxies in front of it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

START_TIMEOUT_S = 90.0
CALL_TIMEOUT_S = 120.0


class Provider(ThreadingHTTPServer):
    """Answers every POST with a short message and keeps the last body."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ProviderHandler)
        self.last_body = b""
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


ANTHROPIC_ANSWER = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "m",
    "content": [{"type": "text", "text": "Understood."}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {"input_tokens": 1, "output_tokens": 1},
}
OPENAI_ANSWER = {
    "id": "c1",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Understood."}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
}


class ProviderHandler(BaseHTTPRequestHandler):
    """The provider's side of a connection."""

    protocol_version = "HTTP/1.1"
    # An answer goes out at once and in one piece, so that latency is the proxy's.
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self) -> None:
        provider = self.server
        assert isinstance(provider, Provider)
        provider.last_body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        answer = OPENAI_ANSWER if "/chat/completions" in self.path else ANTHROPIC_ANSWER
        self.reply(json.dumps(answer).encode())

    def do_GET(self) -> None:
        self.reply(b"{}")

    def reply(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Proxy:
    """A running `PROGRAM proxy` with a workspace of its own; use it in a with statement."""

    def __init__(self, name: str, program: Path, provider: Provider) -> None:
        self.name, self.program, self.provider = name, program, provider
        self.port = free_port()
        self.home = tempfile.TemporaryDirectory(prefix=f"headroom-bench-{name}-")
        self.connection: http.client.HTTPConnection | None = None

    def __enter__(self) -> Proxy:
        env = {
            "PATH": os.environ["PATH"],
            "HOME": self.home.name,
            "ANTHROPIC_TARGET_API_URL": self.provider.url,
            "OPENAI_TARGET_API_URL": self.provider.url,
            "HEADROOM_TELEMETRY": "off",
            "HEADROOM_BEACON": "off",
            "HEADROOM_UPDATE_CHECK": "off",
            "DO_NOT_TRACK": "1",
        }
        command = [str(self.program), "proxy", "--port", str(self.port), "--no-rate-limit"]
        self.log = Path(self.home.name) / "proxy.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, env=env, stdout=log, stderr=log, cwd=self.home.name)
        end = time.monotonic() + START_TIMEOUT_S
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.call("GET", "/health")[0] == 200:
                    return self
            if self.process.poll() is not None or time.monotonic() > end:
                self.__exit__()
                raise RuntimeError(f"{self.name}: the proxy did not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.1)

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.home.cleanup()

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, bytes, float]:
        """Status, body and milliseconds, over a connection that is kept."""
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        for attempt in (0, 1):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=CALL_TIMEOUT_S)
            try:
                start = time.perf_counter()
                headers = {"Content-Type": "application/json", "x-api-key": "k", "Authorization": "Bearer k"}
                self.connection.request(method, path, data, headers | {"anthropic-version": "2023-06-01"})
                response = self.connection.getresponse()
                answer = response.read()
                return response.status, answer, (time.perf_counter() - start) * 1000
            except (OSError, http.client.HTTPException):
                self.connection = None
                if attempt:
                    raise
        raise AssertionError("unreachable")
