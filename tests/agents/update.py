#!/usr/bin/env python3
"""Shows what `headroom update` says of a program that came by pip, npm or source, and when other commands mention a release.

update.py --headroom PROGRAM [NAME...]

The registries are on this machine: an index of wheels that the real pip asks, and programs that pose as npm and git.
"""

from __future__ import annotations

import http.server
import io
import json
import os
import pty
import shutil
import subprocess
import sys
import threading
import time
import zipfile

import wrap
from machine import Machine, read_terminal

SITE = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"


def wheel(version: str, keywords: str) -> bytes:
    info = f"headroom_ai-{version}.dist-info"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("headroom/new.txt", version)
        metadata = f"Metadata-Version: 2.1\nName: headroom-ai\nVersion: {version}\nKeywords: {keywords}\n"
        archive.writestr(f"{info}/METADATA", metadata)
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "".join(f"{name},,\n" for name in [*archive.namelist(), f"{info}/RECORD"]))
    return out.getvalue()


class Index(http.server.ThreadingHTTPServer):
    """A package index with the wheels that it is given."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        index = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.rsplit("/", 1)[-1]
                links = "".join(f'<a href="/files/{one}">{one}</a>' for one in index.files).encode()
                found = links if self.path == "/simple/headroom-ai/" else index.files.get(name)
                self.send_response(404 if found is None else 200)
                self.send_header("Content-Type", "application/octet-stream" if name in index.files else "text/html")
                self.end_headers()
                self.wfile.write(found or b"")

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def put(self, version: str, keywords: str) -> None:
        self.files = {f"headroom_ai-{version}-py3-none-any.whl": wheel(version, keywords)}


def placed(machine: Machine, folder: str) -> list[str]:
    """The program in another place."""
    place = machine.home / folder / "headroom"
    place.parent.mkdir(parents=True)
    shutil.copy(machine.headroom, place)
    return [str(place)]


def looked(machine: Machine, command: list[str], *words: str, **env: str) -> dict[str, object]:
    process = machine.start("update", "--json", *words, command=command, **env)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, (out, err)
    return dict(json.loads(out))


def check_by_pip(machine: Machine) -> None:
    index = Index()
    subprocess.run([sys.executable, "-m", "venv", str(machine.home / "venv")], check=True)
    command = placed(machine, f"venv/{SITE}/headroom/bin")
    env = {"PIP_INDEX_URL": f"http://127.0.0.1:{index.server_address[1]}/simple", "PIP_CONFIG_FILE": os.devnull}
    marker = machine.home / "venv" / SITE / "headroom/new.txt"
    index.put("99.0.0", "llm,agents")
    said = looked(machine, command, "--yes", **env)
    assert said["installed_as"] == "pip" and not said["ours"] and not said["newer"] and not said["step"], said
    assert not marker.exists(), "another program of our name is never installed"
    index.put("0.0.1", "llm,headroom-native")
    said = looked(machine, command, "--yes", **env)
    assert said["ours"] and not said["newer"] and not marker.exists(), said
    index.put("99.1.0", "llm,headroom-native")
    said = looked(machine, command, "--check", "--yes", **env)
    assert said["newer"] and str(said["step"]).endswith(
        "/venv/bin/python -m pip install --upgrade headroom-ai==99.1.0"
    ), said
    assert not marker.exists()
    process = machine.start("update", "--yes", command=command, **env)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0 and marker.read_text() == "99.1.0", (out, err)
    index.shutdown()
    process = machine.start("update", command=command, **env)
    index.server_close()
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1 and "failed; run it to see why" in err, (out, err)


NPM = """#!/bin/sh
echo "$@" >> "$NPM_LOG"
echo a warning >&2
[ "$1" = view ] && echo '{"version": "99.2.0", "keywords": ["llm", "headroom-native"]}'
exit 0
"""


def check_by_npm(machine: Machine) -> None:
    command = placed(machine, "app/node_modules/headroom-ai/bin")
    machine.agent("npm", NPM)
    log = machine.home / "npm.log"
    said = looked(machine, command, NPM_LOG=str(log))
    assert said["installed_as"] == "npm" and said["newer"], said
    assert said["step"] == f"npm install --prefix {machine.home}/app headroom-ai@99.2.0", said
    looked(machine, command, "--yes", NPM_LOG=str(log))
    assert log.read_text().splitlines()[1:] == [
        "view headroom-ai version keywords --json",
        f"install --prefix {machine.home}/app headroom-ai@99.2.0",
    ]


def check_by_source(machine: Machine) -> None:
    command = placed(machine, "src/build/release/bin")
    for file in ("CMakePresets.json", "src/cli/headroom_main.cc"):
        machine.file(f"src/{file}", "")
    machine.agent("git", "#!/bin/sh\nprintf '0a\\trefs/tags/v0.0.1\\n1b\\trefs/tags/v99.3.0\\n'\n")
    said = looked(machine, command)
    assert said["installed_as"] == "source" and said["newest"] == "99.3.0", said
    assert said["step"] == f"cd {machine.home}/src && git pull && ./dev build", said


def check_by_hand(machine: Machine) -> None:
    said = looked(machine, placed(machine, "bin"))
    assert said["installed_as"] == "binary" and not said["known"] and "in place of" in str(said["step"]), said
    _, err = machine.run("update", code=2, HEADROOM_OFFLINE="1")
    assert "HEADROOM_OFFLINE is set" in err


def at_a_terminal(machine: Machine, command: list[str], *words: str, **env: str) -> str:
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [*command, *words],
        env={**machine.env, **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=its,
        close_fds=True,
    )
    os.close(its)
    text = read_terminal(ours)
    process.wait(60)
    os.close(ours)
    return text.decode()


def check_it_is_mentioned_once_a_day(machine: Machine) -> None:
    command = placed(machine, "app/node_modules/headroom-ai/bin")
    # A registry that takes its time: nobody waits for it.
    machine.agent("npm", NPM.replace("echo a", "sleep 2; echo a"))
    log = machine.home / "npm.log"
    memory = machine.workspace / "update.json"
    machine.workspace.mkdir(mode=0o700)
    quiet: list[dict[str, str]] = [{"CI": "true"}, {"HEADROOM_OFFLINE": "1"}, {"HEADROOM_UPDATE_CHECK": "0"}]
    for env in quiet:
        at_a_terminal(machine, command, "perf", NPM_LOG=str(log), **env)
    machine.start("perf", command=command, NPM_LOG=str(log)).communicate(timeout=60)
    assert not log.exists() and not memory.exists()
    start = time.monotonic()
    assert "is there" not in at_a_terminal(machine, command, "perf", NPM_LOG=str(log))
    assert time.monotonic() - start < 2 and json.loads(memory.read_text())["newest"] == ""
    wrap.wait_for(lambda: json.loads(memory.read_text())["newest"] == "99.2.0", "it was looked for")
    for env in quiet:
        assert "99.2.0" not in at_a_terminal(machine, command, "perf", NPM_LOG=str(log), **env)
    assert "99.2.0 is there" in at_a_terminal(machine, command, "perf", NPM_LOG=str(log))
    assert "99.2.0" not in at_a_terminal(machine, command, "perf", NPM_LOG=str(log)), "once a day"
    old = {**json.loads(memory.read_text()), "told_ms": 1, "checked_ms": 1}
    memory.write_text(json.dumps(old))
    assert "99.2.0 is there" in at_a_terminal(machine, command, "perf", NPM_LOG=str(log))
    wrap.wait_for(lambda: len(log.read_text().splitlines()) == 2, "it was looked for again")


if __name__ == "__main__":
    sys.exit(wrap.main(globals()))
