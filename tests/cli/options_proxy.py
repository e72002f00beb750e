#!/usr/bin/env python3
"""Shows for each setting of `headroom proxy` that it changes what the running proxy does.

    options_proxy.py --headroom PROGRAM [NAME...]

Each check starts the proxy in an empty workspace, in front of a provider on this machine, and talks HTTP to it.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

START_TIMEOUT_S = 20.0
ROWS = json.dumps([{"id": i, "state": "running", "zone": "eu", "note": "ok"} for i in range(150)])


class Provider(ThreadingHTTPServer):
    """Keeps what it received; answers after `delay_s`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.received: list[tuple[str, bytes]] = []
        self.seen: list[tuple[str, bytes, dict[str, str]]] = []  # the same with the headers
        self.delay_s = 0.0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """Answers every POST with an empty JSON object."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        provider = self.server
        assert isinstance(provider, Provider)
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        provider.received.append((self.path, body))
        provider.seen.append((self.path, body, dict(self.headers.items())))
        time.sleep(provider.delay_s)
        with contextlib.suppress(OSError):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def request_body() -> bytes:
    """An OpenAI request with a tool result that can be compressed."""
    call = {"id": "c1", "type": "function", "function": {"name": "fleet", "arguments": "{}"}}
    messages = [
        {"role": "user", "content": "which one is down?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": ROWS},
    ]
    return json.dumps({"model": "gpt-4o", "messages": messages}).encode()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Proxy:
    """A running `headroom proxy`."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, home: Path, log: Path) -> None:
        self.process, self.port, self.home, self.log = process, port, home, log
        self.text = ""  # of the log, once it has ended

    def call(self, method: str, path: str, body: bytes = b"", host: str = "127.0.0.1") -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(host, self.port, timeout=30)
        connection.request(method, path, body or None, {"Content-Type": "application/json", "x-api-key": "k"})
        response = connection.getresponse()
        data = response.read()
        connection.close()
        return response.status, data

    def admin(self, changes: dict[str, object]) -> dict[str, dict[str, str]]:
        status, text = self.call("POST", "/admin/runtime-env", json.dumps(changes).encode())
        assert status == 200, text
        answer: dict[str, dict[str, str]] = json.loads(text)
        return answer

    def chat(self) -> int:
        return self.call("POST", "/v1/chat/completions", request_body())[0]


class Check:
    """What each check gets: the provider, and a way to start proxies."""

    def __init__(self, program: Path) -> None:
        self.program = program
        self.provider = Provider()

    def start(self, *flags: str) -> subprocess.CompletedProcess[str]:
        """For a proxy that is not expected to start."""
        with tempfile.TemporaryDirectory(prefix="headroom-options-") as home:
            environment = {"PATH": os.environ["PATH"], "HOME": home}
            command = [str(self.program), "proxy", *flags]
            return subprocess.run(
                command, env=environment, capture_output=True, text=True, check=False, timeout=START_TIMEOUT_S
            )

    @contextlib.contextmanager
    def proxy(
        self, *flags: str, host: str = "127.0.0.1", env: dict[str, str] | None = None, ready: Path | None = None
    ) -> Iterator[Proxy]:
        """`ready`: the socket file that it listens on, instead of a port."""
        port = free_port()
        with tempfile.TemporaryDirectory(prefix="headroom-options-") as home:
            log = Path(home) / "log"
            command = [str(self.program), "proxy", "--port", str(port), "--openai-api-url", self.provider.url, *flags]
            with log.open("wb") as stderr:
                process = subprocess.Popen(
                    command, env={"PATH": os.environ["PATH"], "HOME": home, **(env or {})}, stdout=stderr, stderr=stderr
                )
            proxy = Proxy(process, port, Path(home), log)
            try:
                wait_until_ready(proxy, host, ready)
                yield proxy
            finally:
                process.terminate()
                process.wait(timeout=40)
                proxy.text = log.read_text()


def wait_until_ready(proxy: Proxy, host: str, file: Path | None) -> None:
    """Returns once the proxy accepts connections."""
    end = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            if file is None:
                socket.create_connection((host, proxy.port), timeout=1).close()
            else:
                with socket.socket(socket.AF_UNIX) as probe:
                    probe.connect(str(file))
            return
        except OSError:
            if proxy.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"the proxy did not start: {proxy.log.read_text()}") from None
            time.sleep(0.02)


def check_host(check: Check) -> None:
    with check.proxy("--host", "127.0.0.2", host="127.0.0.2") as proxy:
        assert proxy.call("GET", "/livez", host="127.0.0.2")[0] == 200
        try:
            socket.create_connection(("127.0.0.1", proxy.port), timeout=1).close()
        except OSError:
            return
        raise AssertionError("it listens on 127.0.0.1, too")


def check_port(check: Check) -> None:
    with check.proxy() as proxy:
        assert proxy.call("GET", "/livez")[0] == 200


def check_max_body_mb(check: Check) -> None:
    big = b'{"model": "gpt-4o", "messages": [{"role": "user", "content": "' + b"x" * (3 << 20) + b'"}]}'
    with check.proxy("--max-body-mb", "1") as proxy:
        try:
            status = proxy.call("POST", "/v1/chat/completions", big)[0]
        except (BrokenPipeError, ConnectionResetError):
            status = 413
        assert status == 413, status
        assert proxy.chat() == 200
    with check.proxy() as proxy:
        assert proxy.call("POST", "/v1/chat/completions", big)[0] == 200


def thread_count(proxy: Proxy) -> int:
    status = Path(f"/proc/{proxy.process.pid}/status").read_text()
    found = re.search(r"^Threads:\s+(\d+)$", status, re.MULTILINE)
    assert found
    return int(found[1])


def check_threads(check: Check) -> None:
    with check.proxy("--threads", "1") as proxy:
        proxy.chat()
        few = thread_count(proxy)
    with check.proxy("--threads", "9") as proxy:
        proxy.chat()
        # It listens before the last of them has begun.
        end = time.monotonic() + START_TIMEOUT_S
        while thread_count(proxy) < few + 8 and time.monotonic() < end:
            time.sleep(0.05)
        assert thread_count(proxy) >= few + 8


def check_log_level(check: Check) -> None:
    with check.proxy("--log-level", "error") as proxy:
        proxy.chat()
        assert proxy.log.read_text() == "", proxy.log.read_text()
    with check.proxy("--log-level", "debug") as proxy:
        proxy.chat()
        assert proxy.log.read_text() != ""


def check_anthropic_api_url(check: Check) -> None:
    with check.proxy("--anthropic-api-url", check.provider.url + "/base") as proxy:
        proxy.call("POST", "/v1/messages", b'{"model":"claude-sonnet-4-5","max_tokens":1,"messages":[]}')
        assert check.provider.received[-1][0] == "/base/v1/messages", check.provider.received[-1][0]


def check_openai_api_url(check: Check) -> None:
    with check.proxy("--openai-api-url", check.provider.url + "/base") as proxy:
        proxy.chat()
        assert check.provider.received[-1][0] == "/base/v1/chat/completions", check.provider.received[-1][0]


def check_other_api_urls(check: Check) -> None:
    """Each provider's paths go to its own address."""
    for option, path in (
        ("gemini", "/v1beta/models/gemini-2.5-pro:generateContent"),
        ("cloudcode", "/v1internal:generateContent"),
        ("vertex", "/v1/projects/p/locations/l/publishers/google/models/gemini-2.5-pro:generateContent"),
        ("chatgpt", "/backend-api/codex/responses"),
        ("bedrock", "/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse"),
    ):
        with check.proxy(f"--{option}-api-url", f"{check.provider.url}/{option}") as proxy:
            proxy.call("POST", path, b"{}")
            assert check.provider.received[-1][0] == f"/{option}{path}", check.provider.received[-1][0]


def check_connect_timeout_seconds(check: Check) -> None:
    # A listener whose queue is full: further connections hang.
    with socket.socket() as listener, contextlib.ExitStack() as stack:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with check.proxy("--openai-api-url", url, "--connect-timeout-seconds", "1") as proxy:
            start = time.monotonic()
            status = proxy.chat()
            assert status in (502, 503, 504), status
            assert time.monotonic() - start < 9, "as long as without the setting"


def check_request_timeout_seconds(check: Check) -> None:
    check.provider.delay_s = 3.0
    try:
        with check.proxy("--request-timeout-seconds", "1") as proxy:
            assert proxy.chat() == 504
        with check.proxy() as proxy:
            assert proxy.chat() == 200
    finally:
        check.provider.delay_s = 0.0


def check_optimize(check: Check) -> None:
    with check.proxy("--no-optimize") as proxy:
        proxy.chat()
        assert check.provider.received[-1][1] == request_body()
    with check.proxy(env={"HEADROOM_OPTIMIZE": "0"}) as proxy:
        proxy.chat()
        assert check.provider.received[-1][1] == request_body()
    with check.proxy() as proxy:
        proxy.chat()
        assert len(check.provider.received[-1][1]) < len(request_body())


def check_no_ccr_proactive_expansion(check: Check) -> None:
    log = "".join(f"2026-11-25 10:00:00 INFO job-{7000 + i} is done in {i * 37 % 211} ms\n" for i in range(400))
    call = {"id": "c1", "type": "function", "function": {"name": "Bash", "arguments": '{"command": "cat job.log"}'}}
    said = [
        {"role": "user", "content": "are there errors?"},
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": log},
        {"role": "assistant", "content": "no"},
        {"role": "user", "content": "How long did job-7213 take?"},
    ]
    body = json.dumps({"model": "gpt-4o", "messages": said}).encode()

    def sent(*flags: str, env: dict[str, str] | None = None) -> bytes:
        with check.proxy(*flags, env=env) as proxy:
            assert proxy.call("POST", "/v1/chat/completions", body)[0] == 200
            return check.provider.received[-1][1]

    assert b"job-7213 is done" in sent()
    assert b"job-7213 is done" not in sent("--no-ccr-proactive-expansion")
    assert b"job-7213 is done" not in sent(env={"HEADROOM_NO_CCR_PROACTIVE_EXPANSION": "1"})


def check_align_prefix(check: Check) -> None:
    def second_request(*flags: str, env: dict[str, str] | None = None) -> bytes:
        with check.proxy(*flags, env=env) as proxy:
            said = [{"role": "user", "content": "hello"}]
            for day in ("2026-11-25", "2026-11-26"):
                system = {"role": "system", "content": f"You help. Today's date: {day}. Be brief."}
                body = json.dumps({"model": "gpt-4o", "messages": [system, *said]}).encode()
                assert proxy.call("POST", "/v1/chat/completions", body)[0] == 200
                said += [{"role": "assistant", "content": "yes?"}, {"role": "user", "content": "bye"}]
            return check.provider.received[-1][1]

    assert b"date: 2026-11-25. Be" in second_request()
    assert b"date: 2026-11-26. Be" in second_request("--no-align-prefix")
    assert b"date: 2026-11-26. Be" in second_request(env={"HEADROOM_ALIGN_PREFIX": "0"})


def check_tool_schemas(check: Check) -> None:
    long = "The path. " + "It may be relative, absolute or a link to somewhere else. " * 12
    schema: dict[str, object] = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}
    schema |= {"properties": {"path": {"type": "string", "description": long}}}
    tool = {"type": "function", "function": {"name": "read", "description": "Reads a file.", "parameters": schema}}
    body = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "hi"}], "tools": [tool]}).encode()
    sizes = []
    for level in ("keep", "annotations", "descriptions"):
        with check.proxy("--tool-schemas", level, "--ccr-tool-injection", "off") as proxy:
            assert proxy.call("POST", "/v1/chat/completions", body)[0] == 200
            sizes.append(len(check.provider.received[-1][1]))
    assert len(body) == sizes[0] > sizes[1] > sizes[2], sizes


def check_ccr_tool_injection(check: Check) -> None:
    tool = {"type": "function", "function": {"name": "read", "description": "Reads.", "parameters": {}}}
    log = "".join(f"2026-11-25 10:00:00 INFO job-{7000 + i} is done in {i * 37 % 211} ms\n" for i in range(400))
    call = {"id": "c1", "type": "function", "function": {"name": "Bash", "arguments": '{"command": "cat job.log"}'}}
    said: list[dict[str, object]] = [{"role": "user", "content": "are there errors?"}]
    short = json.dumps({"model": "gpt-4o", "tools": [tool], "messages": said}).encode()
    said += [{"role": "assistant", "tool_calls": [call]}, {"role": "tool", "tool_call_id": "c1", "content": log}]
    long = json.dumps({"model": "gpt-4o", "tools": [tool], "messages": said}).encode()

    def offered(*flags: str, env: dict[str, str] | None = None) -> list[bool]:
        with check.proxy(*flags, env=env) as proxy:
            found = []
            for body in (short, long):
                assert proxy.call("POST", "/v1/chat/completions", body)[0] == 200
                found.append(b"headroom_retrieve" in check.provider.received[-1][1])
            return found

    assert offered() == [True, True]
    assert offered("--ccr-tool-injection", "off") == [False, False]
    assert offered("--ccr-tool-injection", "lazy") == [False, True]
    assert offered(env={"HEADROOM_CCR_TOOL_INJECTION": "off"}) == [False, False]


def check_ccr_learning(check: Check) -> None:
    tool = {"type": "function", "function": {"name": "read", "description": "Reads.", "parameters": {}}}
    call = {"id": "c1", "type": "function", "function": {"name": "fleet", "arguments": "{}"}}

    def talk(name: str, first: int) -> bytes:
        rows = [{"id": first + i, "name": f"host-{i % 17}", "load": 20 + i * 7 % 90} for i in range(400)]
        said = [
            {"role": "user", "content": f"{name}: which one is down?"},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c1", "content": json.dumps(rows)},
        ]
        return json.dumps({"model": "gpt-4o", "tools": [tool], "messages": said}).encode()

    def sizes(*flags: str, env: dict[str, str] | None = None) -> tuple[int, int]:
        """Of what is sent in two new conversations, before and after all that was left out was asked for."""
        with check.proxy("--ccr-tool-injection", "eager", *flags, env=env) as proxy:
            sent = []
            for turn in range(14):
                name = "agent " + "abcdefghijklmn"[turn] * 3
                first = 100_000 + 1000 * (turn % 13)  # the last is like the first
                assert proxy.call("POST", "/v1/chat/completions", talk(name, first))[0] == 200
                body = check.provider.received[-1][1]
                sent.append(len(body))
                marker = re.search(rb"<<ccr:([0-9a-f]{24})", body)
                assert marker is not None
                asked = json.dumps({"hash": marker.group(1).decode()}).encode()
                assert proxy.call("POST", "/v1/retrieve", asked)[0] == 200
            return sent[0], sent[13]

    before, after = sizes()
    assert after > before
    before, after = sizes("--no-ccr-learning")
    assert after == before
    before, after = sizes(env={"HEADROOM_CCR_LEARNING": "0"})
    assert after == before


def check_cache_marks(check: Check) -> None:
    with check.proxy() as proxy:
        proxy.chat()
        assert b"prompt_cache_key" not in check.provider.received[-1][1]
    with check.proxy("--cache-marks") as proxy:
        keys = []
        for _ in range(2):
            proxy.chat()
            keys.append(json.loads(check.provider.received[-1][1])["prompt_cache_key"])
        assert keys[0] == keys[1] != ""


def check_stateless(check: Check) -> None:
    with check.proxy("--stateless") as proxy:
        assert proxy.chat() == 200
        assert not (proxy.home / ".headroom").exists()
    with check.proxy() as proxy:
        assert proxy.chat() == 200
        assert (proxy.home / ".headroom" / "ccr.db").exists()


CHECKS: dict[str, Callable[[Check], None]] = {
    "host": check_host,
    "port": check_port,
    "max-body-mb": check_max_body_mb,
    "threads": check_threads,
    "log-level": check_log_level,
    "anthropic-api-url": check_anthropic_api_url,
    "openai-api-url": check_openai_api_url,
    "gemini-api-url": check_other_api_urls,
    "cloudcode-api-url": check_other_api_urls,
    "vertex-api-url": check_other_api_urls,
    "bedrock-api-url": check_other_api_urls,
    "chatgpt-api-url": check_other_api_urls,
    "connect-timeout-seconds": check_connect_timeout_seconds,
    "request-timeout-seconds": check_request_timeout_seconds,
    "optimize": check_optimize,
    "align-prefix": check_align_prefix,
    "no-ccr-proactive-expansion": check_no_ccr_proactive_expansion,
    "tool-schemas": check_tool_schemas,
    "ccr-tool-injection": check_ccr_tool_injection,
    "ccr-learning": check_ccr_learning,
    "cache-marks": check_cache_marks,
    "stateless": check_stateless,
}


def main(checks: dict[str, Callable[[Check], None]], description: str | None) -> int:
    """The program."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--headroom", required=True, type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help="settings to check (all)")
    args = parser.parse_args()
    failed = 0
    for name in args.names or checks:
        try:
            checks[name](Check(args.headroom.resolve()))
            print(f"ok      {name}")
        except (AssertionError, OSError, http.client.HTTPException) as error:
            failed += 1
            print(f"FAILED  {name}: {error!r}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(CHECKS, __doc__))
