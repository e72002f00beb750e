#!/usr/bin/env python3
"""Shows what `headroom wrap` and `headroom unwrap` do, with programs that pose as agents.

wrap.py --headroom PROGRAM [NAME...]
"""

from __future__ import annotations

import argparse
import fcntl
import hmac
import http.server
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from machine import Machine, Provider, wait_for


def seen(text: str) -> dict[str, object]:
    """What the fake agent said of itself."""
    return dict(json.loads(text.splitlines()[0]))


def check_environment_is_enough(machine: Machine) -> None:
    machine.agent("claude")
    machine.file(".claude/settings.json", '{"model": "opus"}\n')
    before = machine.checksum()
    out, err = machine.run(
        "wrap",
        "claude",
        "-p",
        "two\nlines",
        "--port",
        "x",
        code=7,
        CODE="7",
        HTTPS_PROXY="http://192.0.2.1:1",
        BASE_FROM="ANTHROPIC_BASE_URL",
        ANTHROPIC_BASE_URL=machine.provider.url + "/",
    )
    agent = seen(out)
    assert agent["args"] == ["-p", "two\nlines", "--port", "x"], agent
    assert agent["env"]["ANTHROPIC_BASE_URL"] == f"http://127.0.0.1:{machine.port}", agent  # type: ignore[index]
    assert agent["env"]["NO_PROXY"] == "127.0.0.1,localhost", agent  # type: ignore[index]
    assert agent["env"]["ENABLE_TOOL_SEARCH"] == "true", agent  # type: ignore[index]
    assert machine.provider.url in err, err
    path, body = machine.provider.bodies[-1]
    assert path == "/v1/messages" and len(body) < int(str(agent["sent"])) / 2, (path, len(body), agent)
    assert "<<ccr:" in body.decode()
    assert machine.checksum() == before
    wait_for(lambda: not machine.proxies(), "the proxy ended with its last client")


def check_wraps_share_a_proxy(machine: Machine) -> None:
    machine.agent("claude")
    machine.agent("aider")
    first = machine.start("wrap", "claude", STAY="600")
    assert first.stdout is not None
    seen(first.stdout.readline())
    out, _ = machine.run("wrap", "aider", "--message", "hi")
    assert seen(out)["env"]["OPENAI_API_BASE"] == f"http://127.0.0.1:{machine.port}/v1"  # type: ignore[index]
    assert machine.proxies() == [machine.port]
    first.send_signal(signal.SIGTERM)
    assert first.wait(30) == -signal.SIGTERM, "the agent was ended by the signal, and so was what runs it"
    wait_for(lambda: not machine.proxies(), "the proxy ended with its last client")


def check_other_ports(machine: Machine) -> None:
    machine.agent("claude")
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", machine.port))
        taken.listen()
        out, err = machine.run("wrap", "claude")
        assert seen(out)["env"]["ANTHROPIC_BASE_URL"] == f"http://127.0.0.1:{machine.port + 1}", out  # type: ignore[index]
        assert f"port {machine.port} is taken by another program" in err, err
    # Another upstream is another proxy.
    first = machine.start("wrap", "claude", STAY="600")
    assert first.stdout is not None
    seen(first.stdout.readline())
    out, err = machine.run("wrap", "claude", BASE_FROM="ANTHROPIC_BASE_URL", ANTHROPIC_BASE_URL=machine.provider.url)
    assert f"port {machine.port} is taken by a proxy with other upstreams" in err, err
    assert seen(out)["status"] == 200
    first.send_signal(signal.SIGINT)
    first.wait(30)


def check_only_a_proxy_of_this_workspace_is_used(machine: Machine) -> None:
    """What says of itself that it is one, and cannot prove it, gets nothing."""
    machine.agent("claude")
    here = f"http://127.0.0.1:{machine.port}"
    for workspace, words in {"another": (), "workspace": (), "stateless": ("--stateless",)}.items():
        env = {"HEADROOM_WORKSPACE_DIR": str(machine.workspace.parent / workspace.replace("stateless", "workspace"))}
        proxy = machine.start("proxy", "--anthropic-api-url", machine.provider.url, *words, command=None, **env)
        wait_for(lambda: machine.proxies() == [machine.port], "it serves")
        out, err = machine.run("wrap", "claude", ANTHROPIC_BASE_URL=machine.provider.url)
        ours = workspace != "another"
        told = seen(out)["env"]["ANTHROPIC_BASE_URL"]  # type: ignore[index]
        assert told == (here if ours else f"{here[:-5]}{machine.port + 1}"), (out, err)
        assert ("cannot prove to be of this workspace" in err) != ours and ("is left alone" in err) != ours, err
        if not ours:
            assert str(machine.workspace) in err, err
            out, _ = machine.run("wrap", "--no-start", "claude")
            assert seen(out)["env"]["ANTHROPIC_BASE_URL"] == here, "asked for, it is taken as it is"  # type: ignore[index]
        assert (machine.workspace / "proxy.key").stat().st_mode & 0o777 == 0o600
        wait_for(lambda: machine.proxies() == [machine.port], "the proxy of the wrap ended")
        proxy.send_signal(signal.SIGTERM)
        proxy.communicate(timeout=60)
    asked: list[bytes] = []

    def pose(listening: socket.socket) -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:  # the end
                return
            with client:
                asked.append(client.recv(65536))
                body = b'{"service":"headroom-proxy","version":"0.1.0","proof":"' + b"0" * 64 + b'","config":{}}'
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", machine.port))
        listening.listen()
        threading.Thread(target=pose, args=(listening,), daemon=True).start()
        # An address of ours in the agent's settings, where now somebody else listens, is no upstream.
        machine.file(".claude/settings.json", "{}")
        machine.run("init", "claude")
        out, err = machine.run("wrap", "claude", BASE_FROM="NOTHING", ANTHROPIC_API_KEY="sk-secret")
        assert seen(out)["env"]["ANTHROPIC_BASE_URL"] == f"{here[:-5]}{machine.port + 1}", (out, err)  # type: ignore[index]
        assert "sends on to" not in err, err
        machine.run("unwrap", "claude")
        found = json.loads(machine.run("doctor", "--json", code=1)[0])["checks"]
        said = [one for one in found if one["name"] == "proxy"][0]
        assert said["status"] == "warn" and "cannot prove" in said["summary"], said
        assert asked and all(one.startswith(b"GET /health ") and b"sk-secret" not in one for one in asked), asked
        wait_for(lambda: machine.port + 1 not in machine.proxies(), "the proxy of the wrap ended")
        listening.shutdown(socket.SHUT_RDWR)


def check_a_proxy_of_another_version_is_left_alone(machine: Machine) -> None:
    machine.agent("claude")
    machine.run("wrap", "claude")
    key = (machine.workspace / "proxy.key").read_bytes()

    class Older(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            about = f"headroom-proxy {machine.port} {self.headers['X-Headroom-Challenge']}".encode()
            proof = hmac.new(key, about, "sha256").hexdigest()
            body = json.dumps({"service": "headroom-proxy", "version": "0.0.9", "proof": proof, "config": {}}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    wait_for(lambda: not machine.proxies(), "the proxy ended with its last client")
    with http.server.ThreadingHTTPServer(("127.0.0.1", machine.port), Older) as older:
        threading.Thread(target=older.serve_forever, daemon=True).start()
        out, err = machine.run("wrap", "claude")
        assert f"port {machine.port} is taken by Headroom 0.0.9" in err, err
        assert seen(out)["env"]["ANTHROPIC_BASE_URL"] == f"http://127.0.0.1:{machine.port + 1}", out  # type: ignore[index]
        machine.workspace.chmod(0o700)
        checks = json.loads(machine.run("doctor", "--json", code=1)[0])["checks"]
        assert any(one["name"] == "proxy" and one["summary"].startswith("version 0.0.9 runs") for one in checks), checks
        # Two at once, too.
        both = [machine.start("wrap", "claude", STAY="1") for _ in range(2)]
        for process in both:
            out, err = process.communicate(timeout=60)
            assert seen(out)["env"]["ANTHROPIC_BASE_URL"] == f"http://127.0.0.1:{machine.port + 1}", (out, err)  # type: ignore[index]
        wait_for(lambda: machine.port + 1 not in machine.proxies(), "the proxy ended with its last client")
        older.shutdown()


def check_codex_by_its_command_line(machine: Machine) -> None:
    machine.agent("codex")
    home = machine.home / "elsewhere"
    machine.file(
        "elsewhere/config.toml",
        '# mine\nmodel_provider = "corp"\n[model_providers.corp]\nbase_url = "https://llm.corp.example/v1"\n',
    )
    before = machine.checksum()
    out, err = machine.run("wrap", "codex", "exec", "hi", CODEX_HOME=str(home))
    url = f"http://127.0.0.1:{machine.port}/v1"
    assert seen(out)["args"] == [
        "-c",
        f'openai_base_url="{url}"',
        "-c",
        f'model_providers.corp.base_url="{url}"',
        "exec",
        "hi",
    ]
    assert "https://llm.corp.example" in err
    assert machine.checksum() == before


def check_a_router_of_another_tool(machine: Machine) -> None:
    machine.agent("claude")
    machine.file(".claude/settings.json", json.dumps({"env": {"ANTHROPIC_BASE_URL": machine.provider.url}}))
    out, err = machine.run("wrap", "claude", "-p", "hi", BASE_FROM="ANTHROPIC_BASE_URL")
    agent = seen(out)
    assert agent["args"][0] == "--settings", agent  # type: ignore[index]
    assert agent["status"] == 200 and machine.provider.bodies, "the proxy sends on to the router"
    assert "the proxy sends on to it" in err, err


# Reads its address from a file, asks, and does so again each time that another one stands there; ends with the file "end".
READS_ANEW = """#!/usr/bin/env python3
import json, os, re, sys, time, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
last = ""
while not os.path.exists("end"):
    found = re.search(r"http://127.0.0.1:[0-9]+(/p/[a-z]+)?", open(os.environ["FILE_FROM"]).read())
    now = found.group() if found else os.environ.get("ANTHROPIC_BASE_URL", "")
    if now and now != last:  # not while the file is half written
        request = urllib.request.Request(now + "/v1/messages", b'{"model":"m","messages":[]}', {"x-api-key": "k"})
        print(json.dumps({"asked": now, "status": opener.open(request, timeout=30).status}), flush=True)
        last = now
    time.sleep(0.05)
"""


def wrap_that_reads_anew(machine: Machine) -> tuple[Path, subprocess.Popen[str]]:
    """A settings file, and the wrap of an agent that asks where that file says; it has asked once."""
    machine.agent("claude", READS_ANEW)
    file = machine.file(".claude/settings.json", "{}\n")
    wrapped = machine.start("wrap", "claude", FILE_FROM=str(file), HEADROOM_ANTHROPIC_API_URL=machine.provider.url)
    assert wrapped.stdout is not None
    wrapped.stdout.readline()
    return file, wrapped


def check_a_router_that_comes_while_the_agent_runs(machine: Machine) -> None:
    """The wrap goes in front of it, by a proxy of its own, and the file has the router's address again at the end."""
    here = [f"http://127.0.0.1:{machine.port + more}" for more in range(3)]
    router, other = Provider(), Provider()
    for agent, program, name, before, of_router, of_other in (
        (
            "claude",
            "claude",
            ".claude/settings.json",
            '{\n  "model": "opus"  \n}\n',
            json.dumps({"env": {"ANTHROPIC_BASE_URL": router.url, "ANTHROPIC_AUTH_TOKEN": "t"}}, indent=2) + "\n",
            json.dumps({"env": {"ANTHROPIC_BASE_URL": other.url}}) + "\n",
        ),
        (
            "continue",
            "cn",
            ".continue/config.yaml",
            "models:\n  - name: a  # best\n    provider: anthropic\n",
            f"# of a switcher\nmodels:\n  - name: a\n    provider: anthropic\n    apiBase: {router.url}\n",
            f"models:\n  - name: a\n    provider: anthropic\n    apiBase: {other.url}  # other\n",
        ),
    ):
        machine.agent(program, READS_ANEW)
        file = machine.file(name, before)
        (machine.home / "end").unlink(missing_ok=True)
        first = machine.start("wrap", agent, FILE_FROM=str(file), HEADROOM_ANTHROPIC_API_URL=machine.provider.url)
        assert first.stdout is not None
        assert json.loads(first.stdout.readline()) == {"asked": here[0], "status": 200}
        second = machine.start("wrap", agent, FILE_FROM=str(file), HEADROOM_ANTHROPIC_API_URL=machine.provider.url)
        assert second.stdout is not None
        assert json.loads(second.stdout.readline())["asked"] == here[0]
        counts = [len(one.bodies) for one in (machine.provider, router, other)]
        file.write_text(of_router)
        for process in (first, second):
            assert process.stdout is not None
            asked = [json.loads(process.stdout.readline())]
            if asked[0]["asked"] == router.url:  # between the switcher and us
                asked.append(json.loads(process.stdout.readline()))
            assert asked[-1] == {"asked": here[1], "status": 200}, asked
        text = file.read_text()
        assert here[1] in text and router.url not in text and ("# of a switcher" in text) == (agent == "continue"), text
        assert machine.proxies() == [machine.port, machine.port + 1], "the first goes on, for who has its address"
        assert len(router.bodies) >= counts[1] + 2 and len(machine.provider.bodies) == counts[0]
        file.write_text(of_other)
        wait_for(lambda text=file: here[2] in text.read_text(), "the next one is followed, too")  # type: ignore[misc]
        wait_for(lambda before=counts[2]: len(other.bodies) > before, "and gets the requests")  # type: ignore[misc]
        # The last wrap puts back what the last switcher wrote.
        if agent == "claude":
            (machine.home / "end").touch()
        else:
            first.send_signal(signal.SIGTERM)
            first.wait(30)
            assert here[2] in file.read_text()
            second.send_signal(signal.SIGTERM)
        said = [process.communicate(timeout=60)[1] for process in (first, second)]
        assert all("has changed the settings of" in err for err in said), said
        assert all(any(f"sends on to {one.url}" in err for err in said) for one in (router, other)), said
        assert file.read_text() == of_other
        wait_for(lambda: not machine.proxies(), "the proxies ended with their last client")
        assert machine.run("unwrap", agent)[0].startswith("Nothing of"), agent


def check_a_proxy_that_cannot_start_is_tried_again(machine: Machine) -> None:
    machine.agent("claude", READS_ANEW)
    file = machine.file(".claude/settings.json", "{}\n")
    wrapped = machine.start("wrap", "claude", FILE_FROM=str(file), HEADROOM_ANTHROPIC_API_URL=machine.provider.url)
    assert wrapped.stdout is not None and wrapped.stderr is not None
    wrapped.stdout.readline()
    # No log, no proxy.
    log = machine.workspace / "logs" / f"proxy-{machine.port + 1}.log"
    log.mkdir()
    router = Provider()
    file.write_text(json.dumps({"env": {"ANTHROPIC_BASE_URL": router.url}}))
    said = wrapped.stderr.readline()
    while "no proxy for" not in said:
        assert said, "it said nothing of it"
        said = wrapped.stderr.readline()
    assert router.url in said and "it is tried again" in said, said
    time.sleep(7)  # it is, more than once
    log.rmdir()
    wait_for(lambda: f"127.0.0.1:{machine.port + 1}" in file.read_text(), "nobody has written, and it came right")
    (machine.home / "end").touch()
    _, err = wrapped.communicate(timeout=60)
    assert "no proxy for" not in err, "that is told once"
    assert f"sends on to {router.url}" in err, err


def check_a_router_that_gives_way_to_another_while_its_proxy_starts(machine: Machine) -> None:
    """No request that is for the second one goes to the first."""
    file, wrapped = wrap_that_reads_anew(machine)
    lock = machine.workspace / "clients" / str(machine.port + 1) / "lock"
    lock.parent.mkdir()
    router, other = Provider(), Provider()
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        file.write_text(json.dumps({"env": {"ANTHROPIC_BASE_URL": router.url}}))
        theirs = Path(f"/proc/{wrapped.pid}/fd")
        wait_for(lambda: any(one.exists() and one.readlink() == lock for one in theirs.iterdir()), "it waits for us")
        file.write_text(json.dumps({"env": {"ANTHROPIC_BASE_URL": other.url}}))
        seen = len(router.bodies)  # of the agent, before anybody was in front of it
    wait_for(lambda: f"127.0.0.1:{machine.port + 2}" in file.read_text(), "the second one has a proxy of its own")
    wait_for(lambda: len(other.bodies) > 1, "and gets the requests")
    assert len(router.bodies) == seen, "those alone that the agent sent while the file named it"
    (machine.home / "end").touch()
    _, err = wrapped.communicate(timeout=60)
    assert all(f"sends on to {one.url}" in err for one in (router, other)), err


def check_the_last_wrap_puts_back_what_another_has_changed(machine: Machine) -> None:
    machine.agent("claude", READS_ANEW)
    file = machine.file(".claude/settings.json", "{}\n")
    env = {"FILE_FROM": str(file), "HEADROOM_ANTHROPIC_API_URL": machine.provider.url}
    first = machine.start("wrap", "claude", command=None, folder="", **env)
    assert first.stdout is not None
    first.stdout.readline()
    theirs = json.dumps({"env": {"ANTHROPIC_BASE_URL": machine.provider.url + "/other"}})
    file.write_text(theirs)
    wait_for(lambda: f"127.0.0.1:{machine.port + 1}" in file.read_text(), "the wrap is in front of it")
    later = machine.start("wrap", "claude", command=None, folder="", **env)
    assert later.stdout is not None
    later.stdout.readline()
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=60)
    assert file.read_text() != theirs, "the other one runs"
    later.send_signal(signal.SIGTERM)
    later.communicate(timeout=60)
    assert file.read_text() == theirs


def check_a_killed_wrap_leaves_the_routers_address(machine: Machine) -> None:
    """Also where the wrap had gone in front of a router that came later, by a second proxy."""
    file, wrapped = wrap_that_reads_anew(machine)
    router = Provider()
    theirs = json.dumps({"env": {"ANTHROPIC_BASE_URL": router.url}, "model": "opus"})
    file.write_text(theirs)
    wait_for(lambda: f"127.0.0.1:{machine.port + 1}" in file.read_text(), "the wrap is in front of it")
    wrapped.kill()
    wrapped.wait(30)
    wait_for(lambda: file.read_text() == theirs, "a proxy put the router's address back")
    (machine.home / "end").touch()
    wait_for(lambda: not machine.proxies(), "the proxies ended")
    assert machine.run("unwrap", "claude")[0].startswith("Nothing of")


def check_unwrap_and_fights_while_the_agent_runs(machine: Machine) -> None:
    """What the user takes back stays taken back, and a program that does not give in is let be."""
    machine.agent("cn", READS_ANEW)
    router = Provider()
    file = machine.file(".continue/config.yaml", f"models:\n  - provider: anthropic\n    apiBase: {router.url}\n")
    mine = file.read_text()
    wrapped = machine.start("wrap", "continue", FILE_FROM=str(file))
    assert wrapped.stdout is not None
    wrapped.stdout.readline()
    for _ in range(3):
        file.write_text(mine)
        wait_for(lambda: file.read_text() != mine, "ours is put in front again")
    file.write_text(mine)
    time.sleep(5)
    assert file.read_text() == mine, "it is left to who keeps changing it"
    machine.run("unwrap", "continue")
    (machine.home / "end").touch()
    _, err = wrapped.communicate(timeout=60)
    assert "keeps changing" in err and err.count("keeps changing") == 1, err
    assert file.read_text() == mine
    # By words of the command line, which win, it is only told.
    machine.agent("codex", "#!/bin/sh\nwhile ! test -e go; do sleep 0.1; done\nsleep 5\n")
    codex = machine.file(".codex/config.toml", 'model = "gpt-5"\n')
    wrapped = machine.start("wrap", "codex")
    wait_for(lambda: bool(machine.proxies()), "it runs")
    time.sleep(3)
    codex.write_text(f'openai_base_url = "{router.url}/v1"\n')
    (machine.home / "go").touch()
    _, err = wrapped.communicate(timeout=60)
    assert f"now name {router.url}" in err and "start it again" in err, err
    assert codex.read_text() == f'openai_base_url = "{router.url}/v1"\n'


def check_variables_of_settings_files(machine: Machine) -> None:
    """Claude Code takes variables from its settings, which win over those of its process."""
    machine.agent("claude")
    settings = machine.file(".claude/settings.json", json.dumps({"env": {"CLAUDE_CODE_USE_BEDROCK": "1"}}))
    here = f"http://127.0.0.1:{machine.port}"
    out, _ = machine.run("wrap", "claude", "--dry-run")
    assert f"ANTHROPIC_BEDROCK_BASE_URL={here}\n" in out and "ANTHROPIC_BASE_URL" not in out, out
    gateway = "https://gateway.corp.example"
    variables = {"CLAUDE_CODE_USE_VERTEX": "1", "ANTHROPIC_VERTEX_BASE_URL": gateway + "/v1"}
    settings.write_text(json.dumps({"env": variables}))
    out, _ = machine.run("wrap", "claude", "--dry-run")
    assert f"ANTHROPIC_VERTEX_BASE_URL={here}/v1\n" in out and out.count(gateway) == 1, out
    assert '--settings \'{"env":{"ANTHROPIC_VERTEX_BASE_URL":"' + here + "/v1\"}}'" in out, out
    # Settings of a project win over those of the user; one word of ours wins over all.
    settings.write_text(json.dumps({"env": {"ANTHROPIC_BASE_URL": "https://mine.corp.example"}}))
    machine.file(
        "project/.claude/settings.local.json", json.dumps({"env": {"ANTHROPIC_BASE_URL": machine.provider.url}})
    )
    process = machine.start("wrap", "claude", folder=str(machine.home / "project"), BASE_FROM="ANTHROPIC_BASE_URL")
    out, err = process.communicate(timeout=60)
    agent = seen(out)
    assert agent["args"] == ["--settings", json.dumps({"env": {"ANTHROPIC_BASE_URL": here}}, separators=(",", ":"))], (
        agent
    )
    assert agent["status"] == 200 and machine.provider.bodies, (agent, err)


CONTINUE = "# mine\nmodels:\n  - name: a   # best\n    provider: anthropic\n    apiKey: 'x'\n  - name: b\n    provider: openai\n"


def staying_wrap(machine: Machine, config: Path) -> subprocess.Popen[str]:
    """A wrap of Continue that goes on, once its agent has said what it sees."""
    first = machine.start("wrap", "continue", STAY="600", FILE_FROM=str(config))
    assert first.stdout is not None
    seen(first.stdout.readline())
    return first


def check_a_file_is_put_back(machine: Machine) -> None:
    machine.agent("cn")
    config = machine.file(".continue/config.yaml", CONTINUE)
    config.chmod(0o640)
    before = machine.checksum()
    out, err = machine.run("wrap", "continue", FILE_FROM=str(config))
    changed = str(seen(out)["file"])
    assert changed.count(f'apiBase: "http://127.0.0.1:{machine.port}/v1"') == 2, changed
    assert "# best" in changed and "is changed until this ends" in err
    assert machine.checksum() == before
    # Two of them: the last one puts it back.
    first = staying_wrap(machine, config)
    machine.run("wrap", "continue", FILE_FROM=str(config))
    assert "apiBase" in config.read_text()
    first.send_signal(signal.SIGTERM)
    first.wait(30)
    assert machine.checksum() == before


def check_a_killed_wrap_heals(machine: Machine) -> None:
    machine.agent("cn")
    config = machine.file(".continue/config.yaml", CONTINUE)
    before = machine.checksum()
    killed = machine.start("wrap", "continue", STAY="3", FILE_FROM=str(config))
    assert killed.stdout is not None
    seen(killed.stdout.readline())
    assert machine.checksum() != before
    killed.kill()
    killed.wait(30)
    wait_for(lambda: machine.checksum() == before, "the proxy put the file back")
    wait_for(lambda: not machine.proxies(), "the proxy ended")
    out, _ = machine.run("unwrap", "continue")
    assert out == "Nothing of Continue is changed.\n", out


def kill_wrap_and_proxy(machine: Machine, config: Path) -> None:
    """A wrap that changes a file, killed at once with its proxy and its agent."""
    killed = machine.start("wrap", "continue", STAY="3", FILE_FROM=str(config))
    assert killed.stdout is not None
    seen(killed.stdout.readline())
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"--clients" in words and str(machine.workspace).encode() in b" ".join(words):
            os.kill(int(process.name), signal.SIGKILL)
    killed.kill()
    killed.wait(30)


def check_a_proxy_whose_workspace_is_removed_ends_with_its_clients(machine: Machine) -> None:
    machine.agent("claude")
    client = machine.start("wrap", "claude", STAY="600")
    assert client.stdout is not None
    seen(client.stdout.readline())
    time.sleep(1)  # the proxy has counted it
    shutil.rmtree(machine.workspace / "clients")
    time.sleep(3)
    assert machine.proxies(), "its client is there"
    client.send_signal(signal.SIGTERM)
    client.wait(30)
    wait_for(lambda: not machine.proxies(), "the proxy ended with its last client")


def check_unwrap_after_everything_was_killed(machine: Machine) -> None:
    machine.agent("cn")
    config = machine.file(".continue/config.yaml", CONTINUE)
    before = machine.checksum()
    kill_wrap_and_proxy(machine, config)
    assert machine.checksum() != before
    config.write_text(config.read_text() + "# added since\n")
    out, _ = machine.run("unwrap", "continue", "--dry-run")
    assert "-    apiBase" in out and "apiBase" in config.read_text(), out
    out, _ = machine.run("unwrap", "continue")
    assert "was changed since: only what is ours is taken back" in out, out
    assert config.read_text() == CONTINUE + "# added since\n"


def check_an_address_of_ours_is_no_upstream(machine: Machine) -> None:
    """Not when nothing runs there, and of one that runs, the upstream is taken over."""
    machine.agent("claude")
    dead = f"http://127.0.0.1:{machine.port}"
    out, err = machine.run("wrap", "claude", ANTHROPIC_BASE_URL=dead)
    assert "the proxy sends on to" not in err and seen(out)["env"]["ANTHROPIC_BASE_URL"] == dead, (out, err)  # type: ignore[index]
    _, err = machine.run("proxy", "--anthropic-api-url", dead, code=2)
    assert "is this proxy itself" in err, err
    wait_for(lambda: not machine.proxies(), "the proxy ended with its last client")
    # init, with a router of the user's, and no proxy.
    settings = machine.file(".claude/settings.json", json.dumps({"env": {"ANTHROPIC_BASE_URL": machine.provider.url}}))
    before = machine.checksum()
    machine.run("init", "claude")
    assert dead in settings.read_text()
    out, _ = machine.run("wrap", "claude", BASE_FROM="ANTHROPIC_BASE_URL")
    assert seen(out)["status"] == 200 and seen(out)["args"][0] == "--settings", out  # type: ignore[index]
    machine.run("unwrap", "claude")
    assert machine.checksum() == before
    # A wrap in a wrap.
    wait_for(lambda: not machine.proxies(), "the proxy ended with its last client")
    settings.unlink()
    outer = machine.start("wrap", "claude", STAY="600", ANTHROPIC_BASE_URL=machine.provider.url)
    assert outer.stdout is not None
    seen(outer.stdout.readline())
    out, _ = machine.run("wrap", "claude", ANTHROPIC_BASE_URL=dead, BASE_FROM="ANTHROPIC_BASE_URL")
    assert seen(out)["status"] == 200 and machine.proxies() == [machine.port], out
    outer.send_signal(signal.SIGTERM)
    outer.wait(30)


def check_files_stay_until_the_last_wrap_on_any_port(machine: Machine) -> None:
    machine.agent("cn")
    config = machine.file(".continue/config.yaml", CONTINUE)
    before = machine.checksum()
    first = staying_wrap(machine, config)
    machine.run("wrap", "--no-start", "-p", str(machine.port + 1), "continue", FILE_FROM=str(config))
    assert "apiBase" in config.read_text()
    first.send_signal(signal.SIGTERM)
    first.wait(30)
    assert machine.checksum() == before


def check_the_proxy_has_the_settings_of_the_wrap(machine: Machine) -> None:
    machine.agent("claude")
    out, _ = machine.run(
        "wrap",
        "--workspace-dir",
        "here",
        "claude",
        BASE_FROM="ANTHROPIC_BASE_URL",
        ANTHROPIC_BASE_URL=machine.provider.url,
        HEADROOM_UDS=str(machine.home / "socket"),
    )
    assert seen(out)["status"] == 200
    assert (machine.home / "here" / "logs").is_dir() and not (machine.home / "socket").exists()
    wait_for(lambda: not machine.proxies(), "the proxy ended with its last client")


def check_dry_run(machine: Machine) -> None:
    machine.agent("cn")
    machine.file(".continue/config.yaml", CONTINUE)
    before = machine.checksum()
    out, _ = machine.run("wrap", "continue", "--dry-run")
    assert f'+    apiBase: "http://127.0.0.1:{machine.port}/v1"' in out, out
    out, _ = machine.run("wrap", "claude", "--dry-run", "--1m", "--", "-p", "it's")
    assert f"ANTHROPIC_BASE_URL=http://127.0.0.1:{machine.port}\n" in out and "ANTHROPIC_MODEL='sonnet[1m]'" in out, out
    assert "claude -p 'it'\\''s'\n" in out, out
    plan = json.loads(machine.run("wrap", "--json", "--dry-run", "continue")[0])
    assert plan["command"] == ["cn"] and "+    apiBase" in plan["files"][0]["diff"], plan
    plan = json.loads(machine.run("wrap", "--json", "--dry-run", "codex", "--json")[0])
    assert plan["command"][-1] == "--json" and plan["files"] == [], "behind the name it is the agent's"
    _, err = machine.run("wrap", "--json", "codex", code=2)
    assert "stands behind its name" in err, err
    _, err = machine.run("wrap", "--verbose", "codex", code=2)
    assert "`headroom wrap AGENT -- ...`" in err, err
    assert machine.checksum() == before and not machine.proxies() and not (machine.workspace / "journal").exists()


def check_which_agents(machine: Machine) -> None:
    machine.agent("aider")
    (machine.home / ".codex").mkdir()
    out, _ = machine.run("wrap")
    assert "aider" in out and ".codex" in out and "goose" not in out, out
    everything = json.loads(machine.run("wrap", "--json")[0])["agents"]
    assert len(everything) >= 18 and {one["name"] for one in everything if one["found"]} == {"aider", "codex"}
    _, err = machine.run("wrap", "goose", code=3)
    assert "goose is not on the PATH" in err
    _, err = machine.run("wrap", "nonesuch", code=2)
    assert "there is no agent 'nonesuch'; there are aider, " in err


def main(names: dict[str, object]) -> int:
    """Runs the functions among `names` that are checks."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--headroom", required=True)
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    checks = {name.removeprefix("check_"): value for name, value in names.items() if name.startswith("check_")}
    for name, check in checks.items():
        if args.names and name not in args.names:
            continue
        print(name, flush=True)
        with Machine(args.headroom) as machine:
            assert callable(check)
            check(machine)
    return 0


if __name__ == "__main__":
    sys.exit(main(globals()))
