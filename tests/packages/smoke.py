"""For ./dev test --packages: what a user does first, with nothing but the wheel and the standard library.

smoke.py VERSION
"""

from __future__ import annotations

import concurrent.futures
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import headroom
from headroom import HeadroomProxy, NotFoundError, compress, compress_text, count_tokens, retrieve

LOG = "".join(f"[{i + 1}/400] Building CXX object src/part{i}.cc.o\n" for i in range(400)) + "FAILED: src/wal.cc.o\n"
CALL = {"id": "t1", "type": "function", "function": {"name": "Bash", "arguments": '{"command": "ninja"}'}}
MESSAGES = [
    {"role": "user", "content": "Why did the build fail?"},
    {"role": "assistant", "content": None, "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "t1", "content": LOG},
]


def it_is_installed(version: str) -> None:
    home = Path(headroom.__file__).parent
    assert Path(sys.prefix) in home.parents, home
    assert headroom.__version__ == importlib.metadata.version("headroom-ai") == version, headroom.__version__
    needs = [each for each in importlib.metadata.requires("headroom-ai") or [] if "extra ==" not in each]
    assert not needs, needs
    assert (home / "py.typed").exists() and (home / "_native.pyi").exists()


def it_compresses() -> None:
    result = compress(MESSAGES, model="gpt-4o")
    assert "FAILED: src/wal.cc.o" in result[-1]["content"] and result.tokens_after * 10 < result.tokens_before
    assert retrieve(result.ids[0]) == LOG and count_tokens("hello world", "gpt-4o") == 2
    try:
        retrieve("0" * 24)
    except NotFoundError as error:
        assert error.code == "not_found"
    else:
        raise AssertionError("an original that nobody stored came back")
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        texts = set(pool.map(lambda _: str(compress_text(LOG, "Why did the build fail?")), range(20)))
    assert len(texts) == 1


def the_program_is_there() -> None:
    program = shutil.which("headroom")
    assert program is not None and Path(sys.prefix) in Path(program).parents, program
    said = subprocess.run([program, "version"], capture_output=True, check=True, text=True).stdout
    assert headroom.__version__ in said, said
    body = json.dumps({"model": "gpt-4o", "messages": MESSAGES})
    made = subprocess.run([program, "compress"], input=body, capture_output=True, check=True, text=True).stdout
    assert json.loads(made)["messages"] == list(compress(MESSAGES, model="gpt-4o"))


def the_proxy_runs() -> None:
    with HeadroomProxy() as proxy, urllib.request.urlopen(f"{proxy.url}/health", timeout=20) as answer:
        assert answer.status == 200
        pid = proxy.pid
    assert not Path(f"/proc/{pid}").exists()


def it_ends_while_threads_work() -> None:
    code = """import threading, time, headroom
text = "".join(f"{i * 7919 % 10007} words {i} that differ {i * i}\\n" for i in range(3000))
def work():
    while True:
        headroom.compress_text(text)
for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.5)"""
    for _ in range(3):
        assert subprocess.run([sys.executable, "-I", "-c", code], check=False).returncode == 0


def main() -> int:
    os.makedirs(os.environ["HOME"], exist_ok=True)
    it_is_installed(sys.argv[1])
    it_compresses()
    the_program_is_there()
    the_proxy_runs()
    it_ends_while_threads_work()
    print(f"the wheel works with Python {sys.version.split()[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
