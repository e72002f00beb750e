#!/usr/bin/env python3
"""Puts `headroom mcp proxy` in front of a server of the test's and looks at each line that passes.

proxy.py --headroom PROGRAM [NAME...]
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from serve import DATES, LOG, STATELESS, TIMEOUT_S, Client, run_checks

# Writes what it reads to heard.txt, and answers with the lines of says.jsonl, one for each line that has an id
# (or several: \x1f stands between them).
SERVER = r"""
import json, sys
says = iter(open("says.jsonl", encoding="utf-8", newline="\n").read().split("\n"))
for line in sys.stdin:
    with open("heard.txt", "a") as heard:
        heard.write(line)
    try:
        wants = "id" in json.loads(line)
    except (ValueError, TypeError):
        wants = True
    if wants:
        print(next(says).replace("\x1f", "\n"), flush=True)
sys.exit(7)
"""


class Proxied(Client):
    """The proxy with the server behind it, which will say these lines."""

    def __init__(self, headroom: str, folder: Path, says: list[str]) -> None:
        self.folder = folder
        (folder / "server.py").write_text(SERVER)
        (folder / "says.jsonl").write_text("\n".join(says), encoding="utf-8")
        # However busy the machine is.
        patient = ["--time-budget-ms", "60000"]
        super().__init__(headroom, folder, *patient, "--", sys.executable, "server.py", action="proxy", cwd=folder)

    def raw(self, line: str) -> str:
        """The line that comes back for one, as it is."""
        self.send(line)
        return self.receive_line()

    def heard(self) -> list[str]:
        return (self.folder / "heard.txt").read_text().splitlines()


def response(number: int, result: Any) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": number, "result": result})


def initialized(headroom: str, folder: Path, says: list[str]) -> Proxied:
    """After initialize and tools/list, which had one tool."""
    begin = [
        response(
            1, {"protocolVersion": DATES[0], "capabilities": {"tools": {}}, "serverInfo": {"name": "s", "version": "1"}}
        ),
        '{"jsonrpc":"2.0", "id":2,  "result": {"tools": [ {"name":"query","inputSchema":{"type":"object"}} ], "x": 1.50 }}',
    ]
    client = Proxied(headroom, folder, begin + says)
    client.raw(
        '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}'
    )
    listed = client.raw('{"jsonrpc":"2.0","id":2,"method":"tools/list"}')
    before, after = begin[1].split(" ]", 1)
    assert listed.startswith(before) and listed.endswith("]" + after), listed
    tools = json.loads(listed)["result"]["tools"]
    assert [tool["name"] for tool in tools] == ["query", "headroom_retrieve"] and tools[1]["outputSchema"]
    return client


def call(number: int, tool: str = "query") -> str:
    return json.dumps(
        {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": {"name": tool, "arguments": {}}}
    )


def end(client: Proxied) -> None:
    assert client.process.stdin
    client.process.stdin.close()
    assert client.process.wait(TIMEOUT_S) == 7, "the server's own exit code"


def verbatim(headroom: str, folder: Path) -> None:
    """What is no result of a tool goes through as it is, in both directions, whatever it is."""
    lines = [
        "no JSON at all", '{"a": 1,   "b":[1.0e5 , "\\u00e4\\/"]}', "[1, 2 ]", '{"id":1,"jsonrpc":"2.0","method":"x"}', "",
        ' {"jsonrpc":"2.0","id":5,"result":{"content":[{"type":"text","text":' + json.dumps(LOG) + "}]}} ",
        '{"jsonrpc":"2.0","id":1,"method":"roots/list"}', "x" * 300_000, "\u00e4\u2028\ud83d",
    ]  # fmt: skip
    echo = Client(headroom, folder, "--", "cat", action="proxy")
    for line in lines:
        line = line.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")
        echo.send(line)
        assert echo.receive_line() == line
    echo.end()


def compressed(headroom: str, folder: Path) -> None:
    """A long text becomes shorter, the rest of its message stays, and the original is there for the client's model."""
    text = json.dumps(LOG)
    message = '{"jsonrpc": "2.0","id":3,"result":{"content":[{"type":"text","text":%s},{"type":"image","data":"AA=="}],"n":1.0}}'
    client = initialized(headroom, folder, [message % text, response(5, {"content": []})])
    said = client.raw(call(3))
    result = json.loads(said)["result"]
    short = result["content"][0]["text"]
    assert len(short) < len(LOG) / 10 and "ERROR disk" in short and "<<ccr:" in short
    head, tail = (message % "?").split("?")
    assert said.startswith(head) and said.endswith(tail)
    wanted = short.split("<<ccr:", 1)[1][:24]
    asked = {"name": "headroom_retrieve", "arguments": {"hash": wanted}}
    back = json.loads(client.raw(json.dumps({"jsonrpc": "2.0", "id": 4, "method": "tools/call", "params": asked})))
    assert back["id"] == 4 and back["result"]["structuredContent"]["original_content"] == LOG
    assert json.loads(client.raw(call(5)))["id"] == 5
    assert client.heard()[-2:] == [call(3), call(5)], "the server was not asked for what is not its own"
    end(client)


def left_alone(headroom: str, folder: Path) -> None:
    """Failures, files, short texts, and results of what nobody has asked for."""
    long = {"content": [{"type": "text", "text": LOG}]}
    says = [
        response(3, long | {"isError": True}),
        response(4, long),
        response(5, {"content": [{"type": "text", "text": "short"}]}),
        response(99, long),
        json.dumps({"jsonrpc": "2.0", "id": 7, "error": {"code": -32603, "message": LOG}}),
        response(8, {"content": "no list"}),
    ]
    client = initialized(headroom, folder, says)
    for number, (line, tool) in enumerate(
        zip(says, ["query", "read_file", "query", "query", "query", "query"], strict=True)
    ):
        assert client.raw(call(number + 3, tool)) == line, line[:100]
    end(client)


def before_the_list(headroom: str, folder: Path) -> None:
    """Who does not know the tool that gives originals back gets no marker; a server's own tool of that name is its own."""
    own = response(1, {"tools": [{"name": "headroom_retrieve", "inputSchema": {"type": "object"}}]})
    client = Proxied(
        headroom, folder, [response(3, {"content": [{"type": "text", "text": LOG}]}), own, response(4, {})]
    )
    assert "<<ccr:" not in client.raw(call(3))
    assert client.raw('{"jsonrpc":"2.0","id":1,"method":"tools/list"}') == own
    assert client.raw(call(4, "headroom_retrieve")) == response(4, {})
    end(client)


def stateless(headroom: str, folder: Path) -> None:
    """Without a session, too."""
    client = Proxied(headroom, folder, [response(1, {"tools": [], "resultType": "complete"})])
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": STATELESS}}
    assert len(json.loads(client.raw(json.dumps(request)))["result"]["tools"]) == 1
    end(client)


def structured(headroom: str, folder: Path) -> None:
    """Structured content that says what a compressed text says goes, as clients would show it instead; all other stays."""
    rows = [{"id": i, "name": f"user {i}", "ok": True, "note": "\u00e4"} for i in range(300)]
    text, other = json.dumps(rows, ensure_ascii=False), json.dumps({"rows": rows}, indent=1)
    cases: list[tuple[str, Any, bool]] = [
        (other, {"rows": rows}, False),
        (text, {"result": rows}, False),
        (LOG, {"result": LOG}, False),
        (LOG, {"content": LOG}, False),
        (LOG, {"result": LOG + "more"}, True),
        (LOG, {"lines": 401}, True),
        (text, {"result": rows[:-1]}, True),
        ("short", {"result": "short"}, True),
    ]
    says = [
        response(i, {"structuredContent": given, "content": [{"type": "text", "text": said}], "isError": False})
        for i, (said, given, _) in enumerate(cases, 3)
    ]
    # A list, item by item: each is short, together they are not.
    items = [{"type": "text", "text": json.dumps(row, indent=1)} for row in rows]
    cases.append(("", {"result": rows}, False))
    says.append(response(11, {"content": items, "structuredContent": {"result": rows}, "isError": False}))
    listed = json.loads(
        '{"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":"query","inputSchema":{"type":"object"},'
        '"outputSchema":{"type":"object"}},{"outputSchema":{"type":"object"},"name":"b","inputSchema":{"type":"object"}}]}}'
    )
    begun = response(1, {"protocolVersion": DATES[0], "capabilities": {}, "serverInfo": {"name": "s", "version": "1"}})
    client = Proxied(headroom, folder, [begun, json.dumps(listed), *says])
    client.raw('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}')
    tools = json.loads(client.raw('{"jsonrpc":"2.0","id":2,"method":"tools/list"}'))["result"]["tools"]
    for tool in listed["result"]["tools"]:
        del tool["outputSchema"]
    assert tools[:2] == listed["result"]["tools"] and tools[2]["outputSchema"], "only the other server's"
    for i, (said, given, kept) in enumerate(cases, 3):
        result = json.loads(client.raw(call(i)))["result"]
        assert ("structuredContent" in result) == kept, (i, result)
        assert not kept or result["structuredContent"] == given
        assert (result["content"][0]["text"] == said) == (said == "short") and len(result["content"]) == 1
        assert result["isError"] is False
    end(client)


def arguments(headroom: str, folder: Path) -> None:
    """The command gets its words as they are."""
    words = ["", "two\nlines", " blanks ", "--root", "-x", "--", "\u00e4", "a'b\"c$d"]
    program = "import json, sys; print(json.dumps(sys.argv[1:]))"
    for dashes in [["--"], []]:
        client = Client(headroom, folder, *dashes, sys.executable, "-c", program, *words, action="proxy")
        assert json.loads(client.receive_line()) == words
        assert client.process.wait(TIMEOUT_S) == 0


def big_and_many(headroom: str, folder: Path) -> None:
    """5 MB become little; 11,000 calls that are taken back use nothing up; notifications pass."""
    big = "".join(f"2026-11-25 10:00:00 INFO worker {i % 7} has done step {i}\n" for i in range(90_000))
    progress = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1.50}}'
    text = {"content": [{"type": "text", "text": big}]}
    client = initialized(headroom, folder, [progress + "\x1f" + response(3, text), *["{}"] * 11_000, response(4, text)])
    client.send(call(3))
    assert client.receive_line() == progress
    said = json.loads(client.receive_line())["result"]["content"][0]["text"]
    assert len(big) > 4_500_000 and len(said) < 5_000
    wanted = {"name": "headroom_retrieve", "arguments": {"hash": said.split("<<ccr:", 1)[1][:24], "lines": "45001"}}
    back = json.loads(client.raw(json.dumps({"jsonrpc": "2.0", "id": 9, "method": "tools/call", "params": wanted})))
    assert back["result"]["structuredContent"]["original_content"].endswith("step 45000\n")
    cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled"}
    client.send(
        "\n".join(f"{call(i)}\n{json.dumps(cancel | {'params': {'requestId': i}})}" for i in range(100, 11_100))
    )
    assert {client.receive_line() for _ in range(11_000)} == {"{}"}
    assert len(client.raw(call(4))) < 10_000, "still compressed"
    end(client)


def stubborn(headroom: str, folder: Path) -> None:
    """A server that goes on when its client has gone, or when we are told to end, does not outlive us, nor what it starts."""
    script = "trap '' TERM; sleep 1000 & echo $! $$; exec 2>&-; while :; do sleep 0.1; done"
    for tell in [lambda process: process.stdin.close(), lambda process: process.send_signal(signal.SIGTERM)]:
        client = Client(headroom, folder, "--", "sh", "-c", script, action="proxy")
        pids = [int(pid) for pid in client.receive_line().split()]
        tell(client.process)
        assert client.process.wait(TIMEOUT_S) == 137
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, 0)
                state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
                assert state == "Z", f"{pid} is still there: {state}"
    # One that does not read, with a line on its way that no pipe holds.
    client = Client(headroom, folder, "--", "sh", "-c", "echo up; sleep 1000", action="proxy")
    client.receive_line()
    assert client.process.stdin is not None
    os.set_blocking(client.process.stdin.fileno(), False)
    with contextlib.suppress(BlockingIOError):
        os.write(client.process.stdin.fileno(), b" " * 60_000)
        for _ in range(100):
            time.sleep(0.01)
            os.write(client.process.stdin.fileno(), b" " * 30_000 + b"\n")
    client.process.send_signal(signal.SIGTERM)
    assert client.process.wait(TIMEOUT_S) == 143
    # One that listens to it ends with its own code.
    client = Client(
        headroom, folder, "--", "sh", "-c", "trap 'exit 5' TERM; echo up; while :; do sleep 0.1; done", action="proxy"
    )
    client.receive_line()
    client.process.send_signal(signal.SIGTERM)
    assert client.process.wait(TIMEOUT_S) == 5


def ends(headroom: str, folder: Path) -> None:
    """It ends with the server, whose code it gives; what cannot be started is an error."""
    for command, code in [(["false"], 1), (["true"], 0), (["sh", "-c", "kill -9 $$"], 137)]:
        client = Client(headroom, folder, "--", *command, action="proxy")
        assert client.process.wait(TIMEOUT_S) == code, command
    for arguments, code in [(["--", "/no/such/program"], 3), ([], 2)]:
        done = subprocess.run(
            [headroom, "mcp", "proxy", *arguments], capture_output=True, timeout=TIMEOUT_S, env=client.env
        )
        assert done.returncode == code and done.stderr, done


if __name__ == "__main__":
    run_checks(
        [
            verbatim,
            compressed,
            left_alone,
            before_the_list,
            stateless,
            structured,
            arguments,
            big_and_many,
            stubborn,
            ends,
        ]
    )
