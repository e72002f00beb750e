#!/usr/bin/env python3
"""Shows for each setting about who may use the proxy, by which way it goes out and what it may spend, that it counts.

options_operation.py --headroom PROGRAM [NAME...]
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import pty
import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from options_proxy import Check, Proxy, main, request_body

TOKEN = "what-nobody-guesses"


def own_address() -> str:
    """An address of this machine that is not loopback; without one, nothing can be shown."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
            return str(probe.getsockname()[0])
        except OSError:
            return ""


def ask(proxy: Proxy, path: str, headers: dict[str, str], host: str) -> int:
    """Status of a request to the proxy's address `host`; with a body, as a chat, where the path is a provider's."""
    connection = http.client.HTTPConnection(host, proxy.port, timeout=30)
    body = request_body() if path.startswith("/v1/chat") else None
    connection.request("POST" if body else "GET", path, body, {"Content-Type": "application/json", **headers})
    status = connection.getresponse().status
    connection.close()
    return status


def check_proxy_token(check: Check) -> None:
    address = own_address()
    with check.proxy("--host", "0.0.0.0", env={"HEADROOM_PROXY_TOKEN": TOKEN}) as proxy:
        assert proxy.chat() == 200, "this machine needs none"
        assert ask(proxy, "/v1/chat/completions", {"Host": "rebound.example"}, "127.0.0.1") == 401
        if not address:
            return
        for path in ("/v1/chat/completions", "/stats", "/metrics"):
            assert ask(proxy, path, {}, address) == 401, path
            assert ask(proxy, path, {"x-headroom-proxy-token": TOKEN}, address) == 200, path
            assert ask(proxy, path, {"Authorization": "Bearer " + TOKEN}, address) == 200, path
        assert ask(proxy, "/livez", {}, address) == 200
        for _, _, headers in check.provider.seen:
            assert TOKEN not in str(headers), "the token went to the provider"
    assert TOKEN not in proxy.text


def check_allow_unauthenticated_bind(check: Check) -> None:
    address = own_address()
    with check.proxy("--host", "0.0.0.0", "--allow-unauthenticated-bind") as proxy:
        assert proxy.chat() == 200
        if address:
            assert ask(proxy, "/v1/chat/completions", {}, address) == 200
            assert ask(proxy, "/stats", {}, address) == 403


def check_allowed_hosts(check: Check) -> None:
    path = "/v1/chat/completions"
    with check.proxy("--allowed-hosts", "ai.corp.example,b.example") as proxy:
        assert ask(proxy, path, {"Host": "ai.corp.example"}, "127.0.0.1") == 200
        assert ask(proxy, path, {"Host": "c.example"}, "127.0.0.1") == 403
        assert ask(proxy, "/stats", {"Host": "ai.corp.example"}, "127.0.0.1") == 403
    with check.proxy() as proxy:
        assert ask(proxy, path, {"Host": "ai.corp.example"}, "127.0.0.1") == 403


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self.path))


def over_file(path: Path, method: str, target: str, body: bytes | None = None) -> int:
    connection = UnixConnection(path)
    connection.request(method, target, body, {"Host": "any.example"})
    status = connection.getresponse().status
    connection.close()
    return status


def check_uds(check: Check) -> None:
    with tempfile.TemporaryDirectory(prefix="headroom-uds-") as folder:
        path = Path(folder) / "proxy.sock"
        stale = socket.socket(socket.AF_UNIX)
        stale.bind(str(path))
        stale.close()  # its file stays, and is replaced
        with check.proxy("--uds", str(path), ready=path):
            assert over_file(path, "GET", "/stats") == 200
            assert over_file(path, "POST", "/v1/chat/completions", request_body()) == 200
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            second = check.start("--uds", str(path))
            assert "in use" in second.stderr, second.stderr
        assert not path.exists()
        path.write_text("a file of somebody's")
        assert check.start("--uds", str(path)).returncode == 1
        assert path.read_text() == "a file of somebody's"


def check_rpm(check: Check) -> None:
    with check.proxy("--rpm", "2") as proxy:
        assert [proxy.chat() for _ in range(3)] == [200, 200, 429]
        assert proxy.call("GET", "/v1/models")[0] != 429
        proxy.admin({"HEADROOM_RPM": 0})
        assert proxy.chat() == 200
    with check.proxy() as proxy:
        assert {proxy.chat() for _ in range(20)} == {200}


def check_response_cache(check: Check) -> None:
    def asked(*arguments: str) -> int:
        with check.proxy(*arguments) as proxy:
            before = len(check.provider.seen)
            assert [proxy.chat() for _ in range(3)] == [200] * 3
            return len(check.provider.seen) - before

    assert asked("--response-cache", "60") == 1
    assert asked("--response-cache", "0") == asked() == 3


def check_tpm(check: Check) -> None:
    with check.proxy("--tpm", "10") as proxy:
        assert proxy.chat() == 200
        wait_for(lambda: proxy.chat() == 429)


def check_budget(check: Check) -> None:
    for period, name, longest_s in (("monthly", "month", 31 * 24 * 3600), ("hourly", "hour", 3600)):
        with check.proxy("--budget", "0.0001", "--budget-period", period) as proxy:
            assert proxy.chat() == 200
            wait_for(lambda proxy=proxy: proxy.chat() == 429)  # type: ignore[misc]
            connection = http.client.HTTPConnection("127.0.0.1", proxy.port)
            connection.request("POST", "/v1/chat/completions", request_body())
            answer = connection.getresponse()
            text = answer.read().decode()
            assert answer.headers["x-should-retry"] == "false"
            assert 0 < int(answer.headers["Retry-After"]) <= longest_s
            assert f"for this {name} is spent" in text, text
            assert proxy.call("GET", "/stats")[0] == 200


def wait_for(condition: Callable[[], bool]) -> None:
    """What follows an answer happens a moment later."""
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def sent_size(check: Check, proxy: Proxy) -> int:
    assert proxy.chat() == 200
    return len(check.provider.received[-1][1])


def check_runtime_env(check: Check) -> None:
    with check.proxy() as proxy:
        small = sent_size(check, proxy)
        answer = proxy.admin({"HEADROOM_OPTIMIZE": False})
        assert answer["applied"] == {"HEADROOM_OPTIMIZE": "false"}, answer
        assert answer["runtime_env"]["HEADROOM_PROFILE"] == "balanced"
        whole = sent_size(check, proxy)
        assert whole == len(request_body()) > small
        proxy.admin({"optimize": None, "profile": "lossless"})
        assert b"<<ccr" not in check.provider.received[-1][1]
        assert sent_size(check, proxy) < whole
        for bad in (
            {"HEADROOM_PORT": "1"},
            {"min-tokens": "many"},
            {"profile": "x"},
            {"optimize": [1]},
            {"nonsense": 1},
        ):
            body = json.dumps({"HEADROOM_TARGET_TOKENS": "7", **bad}).encode()
            assert proxy.call("POST", "/admin/runtime-env", body)[0] == 400, bad
        status, text = proxy.call("GET", "/admin/runtime-env")
        assert status == 200 and json.loads(text)["runtime_env"]["HEADROOM_TARGET_TOKENS"] == "0", text
        page = {"Origin": "http://localhost:3000"}
        for headers in (page, {"Content-Type": "text/plain"}, {"Host": "rebound.example"}, {"Via": "1.1 x"}):
            assert ask_admin(proxy, headers) in (403, 415), headers
        assert proxy.call("POST", "/admin/runtime-env", b"x" * 70_000)[0] == 413
        assert proxy.call("POST", "/admin/restart")[0] == 405


def ask_admin(proxy: Proxy, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=30)
    connection.request("POST", "/admin/runtime-env", b"{}", {"Content-Type": "application/json", **headers})
    status = connection.getresponse().status
    connection.close()
    return status


def check_reload(check: Check) -> None:
    with check.proxy() as proxy:
        file = proxy.home / ".headroom" / "config" / "config.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        check.provider.delay_s = 1.0
        under_way: list[int] = []
        slow = threading.Thread(target=lambda: under_way.append(proxy.chat()))
        slow.start()
        time.sleep(0.3)
        file.write_text("compress.optimize = false\nserver.threads = 3\n")
        proxy.process.send_signal(signal.SIGHUP)
        wait_for(lambda: "count after a restart: threads" in proxy.log.read_text())
        slow.join()
        check.provider.delay_s = 0.0
        assert under_way == [200]
        assert sent_size(check, proxy) == len(request_body())
        file.write_text("compress.optimize = perhaps\n")
        proxy.process.send_signal(signal.SIGHUP)
        wait_for(lambda: "the settings stay as they are" in proxy.log.read_text())
        assert sent_size(check, proxy) == len(request_body())


def check_hangup(check: Check) -> None:
    with tempfile.TemporaryDirectory(prefix="headroom-hangup-") as home:
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(check.program, ["headroom", "proxy", "--port", "0"], {"HOME": home})
        text = b""
        while b"listening" not in text:
            text += os.read(terminal, 4096)
        os.close(terminal)
        ended = 0
        end = time.monotonic() + 20
        while ended == 0 and time.monotonic() < end:
            ended = os.waitpid(pid, os.WNOHANG)[0]
            time.sleep(0.02)
        if ended == 0:
            os.kill(pid, signal.SIGKILL)
        assert ended == pid, "it goes on without its terminal"


def check_restart(check: Check) -> None:
    with check.proxy() as proxy:
        check.provider.delay_s = 1.5
        answers: list[int] = []
        slow = threading.Thread(target=lambda: answers.append(proxy.chat()))
        slow.start()
        time.sleep(0.3)
        check.provider.delay_s = 0.0
        proxy.process.send_signal(signal.SIGUSR2)
        pid = 0
        end = time.monotonic() + 20
        while proxy.process.poll() is None and time.monotonic() < end:
            assert proxy.call("GET", "/livez")[0] == 200, "no connection may be refused"
        slow.join()
        assert answers == [200], "what was under way ends"
        assert proxy.process.returncode == 0, proxy.log.read_text()
        pid = int(re.findall(r"successor pid (\d+) serves", proxy.log.read_text())[-1])
        try:
            assert proxy.chat() == 200
            assert f"pid {pid} " in proxy.log.read_text()
        finally:
            os.kill(pid, signal.SIGTERM)
        wait_for(lambda: proxy.log.read_text().count("drained") == 2)


def check_secrets(check: Check) -> None:
    """Secrets of every kind, in every place where one can be, are in no output and no figure."""
    secrets = [f"fake-secret-{i:02d}-0123456789" for i in range(12)]
    url = f"http://user:{secrets[0]}@127.0.0.1:9"
    env = {"HEADROOM_PROXY_TOKEN": secrets[1] + "-token", "HEADROOM_HTTP_PROXY": url, "ANTHROPIC_API_KEY": secrets[2]}
    headers = {
        "Authorization": "Bearer " + secrets[3],
        "x-api-key": secrets[4],
        "x-goog-api-key": secrets[5],
        "Cookie": "session=" + secrets[6],
        "api-key": secrets[7],
        "x-headroom-proxy-token": secrets[1] + "-token",
        "Content-Type": "application/json",
    }
    body = json.loads(request_body())
    body["metadata"] = {"user_id": secrets[8]}
    body["messages"][0]["content"] = f"my password is {secrets[9]}"
    with check.proxy("--log-level", "debug", env=env) as proxy:
        for path in ("/v1/chat/completions", "/v1/messages", "/unknown", "/v1/compress", "/v1/retrieve"):
            for text in (json.dumps(body), "{" + secrets[10], ""):
                connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=30)
                connection.request("POST", f"{path}?key={secrets[11]}", text, headers)
                connection.getresponse().read()
                connection.close()
        with socket.create_connection(("127.0.0.1", proxy.port)) as raw:
            raw.sendall(f"GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization : {secrets[3]}\r\n\r\n".encode())
            assert b" 400 " in raw.recv(4096)
        outputs = {}
        for path in (
            "/stats",
            "/stats?window=lifetime",
            "/metrics",
            "/health",
            "/readyz",
            "/livez",
            "/admin/runtime-env",
            "/v1/retrieve/stats",
        ):
            outputs[path] = proxy.call("GET", path)[1].decode()
        shown = {"PATH": os.environ["PATH"], "HOME": str(proxy.home), **env}
        for command in (["config"], ["config", "show", "--json", "--origin"], ["perf", "--json"], ["perf", "--raw"]):
            done = subprocess.run([check.program, *command], env=shown, capture_output=True, text=True, check=False)
            outputs[" ".join(command)] = done.stdout + done.stderr
        for file in (proxy.home / ".headroom").glob("ledger.db*"):
            outputs[file.name] = file.read_bytes().decode("latin-1")
    outputs["log"] = proxy.text
    assert "POST /v1/chat/completions" in proxy.text
    for where, text in outputs.items():
        for secret in secrets:
            assert secret not in text, f"{secret} in {where}"


def audit(check: Check, proxy: Proxy, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(proxy.home)}
    command = [str(check.program), "audit", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def check_audit(check: Check) -> None:
    with check.proxy("--audit", "on") as proxy:
        assert proxy.chat() == 200
        connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=30)
        connection.request("POST", "/v1/anything?key=1", b"as it is", {"Authorization": "Bearer k"})
        assert connection.getresponse().read() == b"{}"
        connection.close()
        assert ask_admin(proxy, {"Origin": "http://localhost:3000"}) == 403
        assert proxy.call("GET", "/livez")[0] == 200
        trail = proxy.home / ".headroom" / "audit.jsonl"
        wait_for(lambda: trail.read_text().count("\n") == 3)
        assert stat.S_IMODE(trail.stat().st_mode) == 0o600
        chat, relayed, refused = (json.loads(line) for line in trail.read_text().splitlines())
        digest = hashlib.sha256(request_body()).hexdigest()
        assert chat["received"] == {"bytes": len(request_body()), "sha256": digest}, chat
        sent = check.provider.received[0][1]
        assert chat["sent"] == {"bytes": len(sent), "sha256": hashlib.sha256(sent).hexdigest()}
        assert chat["answer"] == {"bytes": 2, "sha256": hashlib.sha256(b"{}").hexdigest()}
        assert chat["upstream"] in check.provider.url and chat["status"] == 200
        assert chat["decisions"][0]["tool"] == "fleet" and chat["decisions"][0]["strategy"]
        assert relayed["received"]["sha256"] == hashlib.sha256(b"as it is").hexdigest()
        assert refused["status"] == 403 and "upstream" not in refused, refused
        assert "which one is down" not in trail.read_text(), "no content"
        verdict = json.loads(audit(check, proxy, "verify", "--json").stdout)
        assert verdict["valid"] and verdict["lines"] == 3, verdict
        assert "/v1/chat/completions" in audit(check, proxy).stdout
        assert audit(check, proxy, "export").stdout == trail.read_text()
        rows = audit(check, proxy, "export", "--format", "csv").stdout.splitlines()
        assert len(rows) == 4 and rows[0].startswith("time,caller,method,path"), rows
        whole = trail.read_text()
        trail.write_text(whole.replace('"status":403', '"status":200'))
        bad = audit(check, proxy, "verify")
        assert bad.returncode == 1 and "line 3: it was changed" in bad.stdout, bad
        trail.write_text("".join(whole.splitlines(keepends=True)[:2]))
        assert audit(check, proxy, "verify").returncode == 0, audit(check, proxy, "verify")
        bad = audit(check, proxy, "verify", "--hash", verdict["last_hash"])
        assert bad.returncode == 1 and "missing at the end" in bad.stdout, bad
    with check.proxy("--audit", "content") as proxy:
        assert proxy.chat() == 200
        trail = proxy.home / ".headroom" / "audit.jsonl"
        wait_for(lambda: trail.read_text().endswith("\n"))
        line = json.loads(trail.read_text())
        assert line["received_content"].encode() == request_body()
        assert line["sent_content"].encode() == check.provider.received[-1][1]
    with check.proxy() as proxy:
        assert proxy.chat() == 200
        none = audit(check, proxy, "tail")
        assert none.returncode == 3 and "--audit on" in none.stderr, none
    assert "leave one of them out" in check.start("--audit", "on", "--stateless").stderr


def check_store_key_file(check: Check) -> None:
    with tempfile.TemporaryDirectory(prefix="headroom-key-") as folder:
        keys = [Path(folder) / name for name in ("key", "other")]
        for digit, key in zip("ab", keys, strict=True):
            key.write_text(digit * 64)
            key.chmod(0o600)
        text = "".join(
            f"2026-01-02 03:{i // 60 % 60:02d}:{i % 60:02d} job {i * 7919 % 10007} done\n" for i in range(3000)
        )
        (Path(folder) / "a.log").write_text(text)

        def run(key: str, *words: str) -> subprocess.CompletedProcess[str]:
            env = {"PATH": os.environ["PATH"], "HOME": folder, "HEADROOM_STORE_KEY_FILE": key}
            return subprocess.run(
                [str(check.program), *words], env=env, capture_output=True, text=True, check=False, cwd=folder
            )

        found = re.search(r"<<ccr:([0-9a-f]{24})", run(str(keys[0]), "compress", "a.log").stdout)
        assert found
        kept = b"".join(file.read_bytes() for file in (Path(folder) / ".headroom").glob("ccr.db*"))
        assert kept and b"job 7919 done" not in kept
        for named, code, shown in ((str(keys[0]), 0, text), (str(keys[1]), 2, ""), ("", 2, "")):
            done = run(named, "retrieve", found[1])
            assert done.returncode == code and done.stdout == shown, done
            assert code == 0 or "is encrypted" in done.stderr, done
        purged = run("", "purge", "--everything")
        assert "1 originals" in purged.stdout, purged
        with check.proxy("--store-key-file", str(keys[1])) as proxy:
            assert proxy.chat() == 200
        keys[0].chmod(0o644)
        assert "chmod 600" in check.start("--store-key-file", str(keys[0])).stderr


CHECKS: dict[str, Callable[[Check], None]] = {
    "store-key-file": check_store_key_file,
    "audit": check_audit,
    "proxy-token": check_proxy_token,
    "allow-unauthenticated-bind": check_allow_unauthenticated_bind,
    "allowed-hosts": check_allowed_hosts,
    "uds": check_uds,
    "response-cache": check_response_cache,
    "rpm": check_rpm,
    "tpm": check_tpm,
    "budget": check_budget,
    "runtime-env": check_runtime_env,
    "reload": check_reload,
    "hangup": check_hangup,
    "restart": check_restart,
    "secrets": check_secrets,
}

if __name__ == "__main__":
    sys.exit(main(CHECKS, __doc__))
