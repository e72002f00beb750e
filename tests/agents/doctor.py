#!/usr/bin/env python3
"""Shows what `headroom run`, `headroom doctor`, `headroom init` and `headroom install` do.

doctor.py --headroom PROGRAM [NAME...]
"""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys

import wrap
from machine import Machine, read_terminal

LOG = "for i in $(seq 400); do echo 2026-01-02 10:00:00 INFO worker $i done in 12 ms; done; echo boom >&2; exit 3"


def check_run(machine: Machine) -> None:
    out, err = machine.run("run", "--query", "what failed?", "--", "sh", "-c", LOG, code=3)
    assert "boom" in out and "<<ccr:" in out and len(out) < 4000 and not err, (out, err)
    handle = out.split("<<ccr:")[1][:24]
    whole, _ = machine.run("retrieve", handle)
    assert "worker 211 done" in whole
    # What is small comes out as it was; words that look like flags are the command's.
    assert machine.run("run", "printf", "%s|", "--query", "a b", "")[0] == "--query|a b||"
    out, err = machine.run("run", "--", "no-such-program", code=127)
    assert "there is no program 'no-such-program'" in err
    _, err = machine.run("run", code=2)
    assert "which command?" in err
    machine.run("run", "sh", "-c", "kill -TERM $$", code=-signal.SIGTERM)
    waiting = machine.start("run", "sh", "-c", "trap 'echo caught; exit 5' INT; echo; while :; do sleep 0.1; done")
    try:
        waiting.wait(1)
    except subprocess.TimeoutExpired:
        waiting.send_signal(signal.SIGINT)
    assert waiting.communicate(timeout=30)[0].strip() == "caught" and waiting.returncode == 5


def check_run_on_a_terminal(machine: Machine) -> None:
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [machine.headroom, "run", "sh", "-c", "test -t 1 && " + LOG],
        env=machine.env,
        stdin=its,
        stdout=its,
        stderr=its,
        close_fds=True,
    )
    os.close(its)
    text = read_terminal(ours)
    assert process.wait(30) == 3 and text.count(b"\n") == 401, text[-200:]


def check_other_context_tools(machine: Machine) -> None:
    _, err = machine.run("run", "true", code=2, HEADROOM_CONTEXT_TOOL="rtk")
    assert "rtk is not on the PATH" in err
    machine.agent("rtk", '#!/bin/sh\necho rtk saw "$@"\n')
    assert machine.run("run", "git", "log", HEADROOM_CONTEXT_TOOL="rtk")[0] == "rtk saw git log\n"
    # What takes a line of the shell gets one that says the same.
    machine.agent("lean-ctx", '#!/bin/sh\nshift $(($# - 1))\nexec sh -c "$1"\n')
    words = ["it's", "$HOME", "a  b", "`x`;y", "*"]
    assert machine.run("run", "printf", "%s|", *words, HEADROOM_CONTEXT_TOOL="lean-ctx")[0] == "|".join([*words, ""])


def findings(machine: Machine, *words: str, code: int, **env: str) -> dict[str, dict[str, str]]:
    report = json.loads(machine.run("doctor", "--json", *words, code=code, **env)[0])
    assert report["exit_code"] == code
    return {one["name"]: one for one in report["checks"]}


def check_doctor(machine: Machine) -> None:
    machine.workspace.mkdir(mode=0o700)
    before = machine.checksum()
    all_is_well = findings(machine, code=0)
    assert all_is_well["proxy"]["status"] == "pass" and all_is_well["store"]["status"] == "pass", all_is_well
    assert machine.checksum() == before
    assert "pass" in machine.run("doctor")[0]
    machine.workspace.chmod(0o755)
    found = findings(machine, code=1)
    assert found["workspace"]["status"] == "warn" and "--fix" in found["workspace"]["hint"], found
    assert findings(machine, "--fix", code=0)["workspace"]["status"] == "pass"
    found = findings(machine, code=1, ANTHROPIC_API_KEY="a", ANTHROPIC_AUTH_TOKEN="b", HTTPS_PROXY="http://192.0.2.1:1")
    assert found["auth"]["status"] == "warn" and found["network proxy"]["status"] == "warn", found
    found = findings(
        machine, code=2, SSL_CERT_FILE="/nonexistent.pem", OPENAI_BASE_URL=f"http://127.0.0.1:{machine.port}/v1"
    )
    assert found["certificates"]["status"] == "fail" and "nothing answers" in found["environment"]["summary"], found
    broken = machine.workspace / "broken.pem"
    broken.write_text("-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n")
    for name in ("SSL_CERT_FILE", "HEADROOM_CA_BUNDLE", "HEADROOM_CLIENT_CERT"):
        said = json.loads(machine.run("doctor", "--json", code=2, **{name: str(broken)})[0])["checks"]
        assert any(one["status"] == "fail" and "broken.pem" in one["summary"] for one in said), (name, said)
    broken.unlink()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", machine.port))
        taken.listen()
        assert findings(machine, code=1)["proxy"]["summary"].startswith("another program")


def check_doctor_probes_agents(machine: Machine) -> None:
    machine.workspace.mkdir(mode=0o700)
    settings = machine.file(".claude/settings.json", '{\n  "model": "opus"\n}\n')
    machine.file(
        ".claude.json",
        json.dumps({"mcpServers": {"headroom": {"command": "/nowhere/headroom", "args": ["mcp", "serve"]}}}),
    )
    before = machine.checksum()
    out, _ = machine.run("init", "claude", "--dry-run")
    assert f'+    "ANTHROPIC_BASE_URL": "http://127.0.0.1:{machine.port}"' in out and machine.checksum() == before
    machine.run("init", "claude")
    assert json.loads(settings.read_text())["env"]["ANTHROPIC_BASE_URL"] == f"http://127.0.0.1:{machine.port}"
    found = findings(machine, code=2)
    assert "nothing answers" in found["routing: claude"]["summary"], found
    assert found["mcp: claude"]["status"] == "fail" and "mcp install" in found["mcp: claude"]["hint"], found
    for name in ("aider", "codex", "gemini"):
        machine.agent(name)
    upstreams = [
        word for one in ("anthropic", "openai", "gemini") for word in (f"--{one}-api-url", machine.provider.url)
    ]
    proxy = machine.start("proxy", *upstreams)
    wrap.wait_for(lambda: bool(machine.proxies()), "the proxy serves")
    report = json.loads(machine.run("doctor", "--json", code=2)[0])["checks"]
    said = [one["summary"] for one in report if one["name"].startswith("routing") and one["status"] == "pass"]
    for path, api in {
        "/v1/messages": "anthropic_messages",
        "/v1/chat/completions": "openai_chat",
        "/v1/responses": "openai_responses",
        "/v1beta/models/m:generateContent": "gemini",
    }.items():
        end = f"POST {path} is compressed ({api}), and goes to {machine.provider.url}"
        assert any(one.endswith(end) for one in said), (end, report)
    assert any("ANTHROPIC_BASE_URL in" in one for one in said), "what is in Claude Code's settings was asked"
    found = findings(machine, code=2)
    assert found["routing: claude"]["status"] == "pass" and "is ready" in found["proxy"]["summary"], found
    assert not machine.provider.bodies, "and nothing of it left the proxy"
    proxy.send_signal(signal.SIGTERM)
    assert proxy.wait(60) == 0
    machine.run("unwrap", "claude")
    assert machine.checksum() == before


def check_another_program_writes_its_address(machine: Machine) -> None:
    """As switchers of accounts do; a router on this machine is no fault."""
    machine.workspace.mkdir(mode=0o700)
    router = machine.provider.url
    settings = machine.file(".claude/settings.json", json.dumps({"env": {"ANTHROPIC_BASE_URL": router}}))
    before = machine.checksum()
    found = findings(machine, code=0)
    assert "sends on to it" in found["routing: claude"]["summary"], found
    machine.run("init", "claude")
    settings.write_text(settings.read_text().replace(f"http://127.0.0.1:{machine.port}", router + "/other"))
    warned = findings(machine, code=1)["routing: claude"]
    assert (
        f"another program has put {router}/other" in warned["summary"] and "headroom init claude" in warned["hint"]
    ), found
    out, _ = machine.run("init", "claude")
    assert f"headroom proxy --anthropic-api-url {router}/other" in out, out
    assert f"http://127.0.0.1:{machine.port}" in settings.read_text()
    machine.run("unwrap", "claude")
    assert json.loads(settings.read_text())["env"] == {"ANTHROPIC_BASE_URL": router + "/other"}, "its address is back"
    assert machine.checksum() != before


def check_doctor_mends_what_a_killed_wrap_left(machine: Machine) -> None:
    machine.agent("cn")
    machine.workspace.mkdir(mode=0o700)
    config = machine.file(".continue/config.yaml", wrap.CONTINUE)
    before = machine.checksum()
    wrap.kill_wrap_and_proxy(machine, config)
    assert machine.checksum() != before
    found = findings(machine, code=2)
    assert "cut short" in found["journal"]["summary"] and "headroom unwrap continue" in found["journal"]["hint"], found
    findings(machine, "--fix", code=2)  # the address was looked at before it was put back
    assert machine.checksum() == before
    findings(machine, code=0)


def check_install(machine: Machine) -> None:
    out, _ = machine.run("install", "--dry-run")
    assert "+ExecStart=" in out and f"proxy --port {machine.port}" in out and "systemd/user/headroom.service" in out, (
        out
    )
    # A systemctl that writes down what it is asked.
    machine.agent("systemctl", '#!/bin/sh\necho "$@" >> "$SYSTEMCTL_LOG"\n')
    asked = machine.workspace.parent / "asked"
    before = machine.checksum()
    machine.run("install", SYSTEMCTL_LOG=str(asked))
    unit = machine.home / ".config/systemd/user/headroom.service"
    assert f"proxy --port {machine.port}\n" in unit.read_text()
    machine.run("install", "restart", SYSTEMCTL_LOG=str(asked))
    out, _ = machine.run("install", "status", code=1)
    assert str(unit) in out and "does not run" in out
    machine.run("install", "remove", SYSTEMCTL_LOG=str(asked))
    assert machine.checksum() == before
    assert asked.read_text().splitlines() == [
        "--user daemon-reload",
        "--user enable headroom.service",
        "--user restart headroom.service",
        "--user restart headroom.service",
        "--user disable --now headroom.service",
    ]


if __name__ == "__main__":
    sys.exit(wrap.main(globals()))
