from __future__ import annotations

import asyncio
import http.server
import json
import os
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from samples import build_log, openai

import headroom
from headroom import CompressConfig, HeadroomProxy

try:
    from headroom._proxy import program

    PROGRAM = program()
except headroom.ConfigurationError as error:
    pytest.skip(str(error), allow_module_level=True)


class Upstream(http.server.BaseHTTPRequestHandler):
    bodies: list[dict[str, Any]] = []

    def do_POST(self) -> None:
        self.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def upstream() -> Iterator[str]:
    Upstream.bodies = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def post(proxy: HeadroomProxy, messages: list[Any]) -> list[Any]:
    body = json.dumps({"model": "gpt-4o", "messages": messages}).encode()
    headers = {"Content-Type": "application/json", "Authorization": "Bearer k"}
    request = urllib.request.Request(proxy.openai_base_url + "/chat/completions", body, headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    assert opener.open(request, timeout=30).status == 200
    sent: list[Any] = Upstream.bodies[-1]["messages"]
    return sent


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_runs_for_as_long_as_the_block(upstream: str) -> None:
    messages = openai(build_log())
    with HeadroomProxy(target=upstream + "/v1") as proxy:
        pid = proxy.pid
        assert alive(pid) and proxy.port > 0 and proxy.env["OPENAI_BASE_URL"] == f"http://127.0.0.1:{proxy.port}/v1"
        sent = post(proxy, messages)
        assert sent[:3] == messages[:3] and "sync_range" in sent[3]["content"]
        assert len(sent[3]["content"]) < len(build_log()) / 4
        assert proxy.stats() and "listening" in proxy.log
        # What the proxy left out, the library gets back: they share a store.
        marker = sent[3]["content"][sent[3]["content"].index("<<ccr:") :]
        assert headroom.retrieve(marker) == build_log()
        assert sent == headroom.compress(messages, model="gpt-4o")
        assert proxy.start() is proxy and proxy.pid == pid
    assert not alive(pid)
    with pytest.raises(headroom.ProviderError, match="does not run"):
        _ = proxy.url
    proxy.stop()


def test_settings(upstream: str) -> None:
    messages = openai(build_log())
    config = CompressConfig(tool_profiles={"Bash": "lossless"}, min_tokens_to_compress=50)
    with HeadroomProxy(target={"openai": upstream}, compression_config=config) as proxy:
        assert "<<ccr:" not in post(proxy, messages)[3]["content"]
    with HeadroomProxy(target=upstream, ccr_enabled=False) as proxy:
        assert "<<ccr:" not in post(proxy, messages)[3]["content"]
    with HeadroomProxy(target=upstream, compression_config=CompressConfig(profile="aggressive")) as proxy:
        assert "<<ccr:" in post(proxy, messages)[3]["content"]


def test_ccr_gives_the_model_a_tool(upstream: str) -> None:
    with HeadroomProxy(target=upstream, ccr_enabled=True) as proxy:
        body = {
            "model": "gpt-4o",
            "messages": openai(build_log()),
            "tools": [{"type": "function", "function": {"name": "Bash"}}],
        }
        headers = {"Content-Type": "application/json", "Authorization": "Bearer k"}
        request = urllib.request.Request(
            proxy.openai_base_url + "/chat/completions", json.dumps(body).encode(), headers
        )
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30)
    names = [tool["function"]["name"] for tool in Upstream.bodies[-1]["tools"]]
    assert names[0] == "Bash" and len(names) == 2


def test_async(upstream: str) -> None:
    async def run() -> int:
        async with HeadroomProxy(target=upstream) as proxy:
            await asyncio.to_thread(post, proxy, openai("fine"))
            return proxy.pid

    assert not alive(asyncio.run(run()))


def test_it_ends_when_the_block_fails(upstream: str) -> None:
    with pytest.raises(KeyError), HeadroomProxy(target=upstream) as proxy:
        pid = proxy.pid
        raise KeyError
    assert not alive(pid)


def test_wrong_settings_say_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(headroom.ConfigurationError, match="no provider 'nobody'"):
        HeadroomProxy(target={"nobody": "http://localhost"})
    with pytest.raises(headroom.ConfigurationError, match="no-such-flag"):
        HeadroomProxy(arguments=["--no-such-flag"]).start()
    monkeypatch.setenv("HEADROOM_PROGRAM", "/dev/null")
    with pytest.raises(headroom.ConfigurationError, match="no program"):
        HeadroomProxy().start()


def test_the_command_is_the_program() -> None:
    code = "from headroom._proxy import main; main()"
    made = subprocess.run([sys.executable, "-c", code, "--version"], capture_output=True, text=True, check=True)
    assert made.stdout == subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
