#!/usr/bin/env python3
"""Speaks to `headroom mcp serve` line by line, without a library between.

    serve.py --headroom PROGRAM [NAME...]

malformed.tsv holds what is wrong in one way or another, with the code of the error that is due: each is sent in the middle
of a session, and the next request must be answered as if nothing had been.
"""

from __future__ import annotations

import argparse
import json
import os
import selectors
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

TIMEOUT_S = 60
HERE = Path(__file__).resolve().parent
LOG = "".join(f"2026-11-25 10:00:{i % 60:02} INFO worker {i % 7} has done step {i}\n" for i in range(400))
LOG += "2026-11-25 10:07:01 ERROR disk /dev/vda1 is full\n"
STATELESS = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}
DATES = ["2025-11-25", "2025-06-18", "2025-03-26"]


class Client:
    """One process of the server, with a home of its own."""

    def __init__(
        self, headroom: str, folder: Path, *arguments: str, action: str = "serve", cwd: Path | None = None
    ) -> None:
        self.headroom = headroom
        self.env = {"HOME": str(folder), "PATH": os.environ["PATH"]}
        self.process = subprocess.Popen(
            [headroom, "mcp", action, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=self.env,
            cwd=cwd,
        )
        self.ids = 0
        self.pending = b""

    def send(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line.encode("utf-8", "surrogateescape") + b"\n")
        self.process.stdin.flush()

    def receive_line(self) -> str:
        """The next line; an error when none comes in time."""
        assert self.process.stdout
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while b"\n" not in self.pending:
                assert selector.select(TIMEOUT_S), "the server does not answer"
                piece = os.read(self.process.stdout.fileno(), 1 << 16)
                assert piece, f"the server has ended: {self.process.wait(TIMEOUT_S)}"
                self.pending += piece
        line, self.pending = self.pending.split(b"\n", 1)
        return line.decode("utf-8", "surrogateescape")

    def receive(self) -> Any:
        """The next message."""
        return json.loads(self.receive_line())

    def ask(self, method: str, params: dict[str, Any] | None = None) -> Any:
        self.ids += 1
        message = {"jsonrpc": "2.0", "id": self.ids, "method": method}
        self.send(json.dumps(message if params is None else message | {"params": params}))
        answer = self.receive()
        assert answer["id"] == self.ids, answer
        return answer

    def initialize(self, date: str, **capabilities: Any) -> Any:
        params = {"protocolVersion": date, "capabilities": capabilities, "clientInfo": {"name": "t", "version": "1"}}
        result = self.ask("initialize", params)["result"]
        self.send('{"jsonrpc":"2.0","method":"notifications/initialized"}')
        return result

    def call(self, tool: str, **arguments: Any) -> Any:
        return self.ask("tools/call", {"name": tool, "arguments": arguments})["result"]

    def end(self) -> None:
        """The end of its input is the end of the server."""
        assert self.process.stdin
        self.process.stdin.close()
        assert self.process.wait(TIMEOUT_S) == 0


def initialized(headroom: str, folder: Path, *arguments: str) -> Client:
    client = Client(headroom, folder, *arguments)
    client.initialize(DATES[0])
    return client


def versions(headroom: str, folder: Path) -> None:
    """Each date is answered with itself, any other with the newest that has sessions; what a date lacks is not sent."""
    for asked, given in [*((date, date) for date in DATES), ("2019-01-01", DATES[0]), ("2026-07-28", DATES[0])]:
        client = Client(headroom, folder)
        assert client.initialize(asked)["protocolVersion"] == given
        tools = client.ask("tools/list")["result"]["tools"]
        assert all(("outputSchema" in tool) == (given >= "2025-06-18") for tool in tools)
        result = client.call("headroom_stats")
        assert ("structuredContent" in result) == (given >= "2025-06-18")
        client.end()
    client = Client(headroom, folder)
    assert client.ask("tools/list")["error"]["code"] == -32602, "before initialize"
    assert client.ask("ping")["result"] == {}
    client.end()


def stateless(headroom: str, folder: Path) -> None:
    """The newest date: no session, each request says what it needs to, and each result what it is."""
    client = Client(headroom, folder)
    found = client.ask("server/discover", {"_meta": STATELESS})["result"]
    assert found["resultType"] == "complete" and found["supportedVersions"] == ["2026-07-28"]
    assert found["ttlMs"] > 0 and found["cacheScope"] == "public"
    assert found["_meta"]["io.modelcontextprotocol/serverInfo"]["name"] == "headroom"
    first = client.ask("tools/list", {"_meta": STATELESS})["result"]
    assert first == client.ask("tools/list", {"_meta": STATELESS})["result"], "the list has one order"
    (folder / "notes.txt").write_text("what it says\n")
    roots = STATELESS | {"io.modelcontextprotocol/clientCapabilities": {"roots": {}}}
    call: dict[str, Any] = {"name": "headroom_read", "arguments": {"file_path": "notes.txt"}, "_meta": roots}
    wanted = client.ask("tools/call", call)["result"]
    assert wanted["resultType"] == "input_required" and wanted["inputRequests"]["roots"]["method"] == "roots/list"
    call["inputResponses"] = {"roots": {"roots": [{"uri": folder.as_uri()}]}}
    read = client.ask("tools/call", call)["result"]
    assert read["structuredContent"]["content"] == "what it says\n" and read["resultType"] == "complete"
    assert client.ask("tools/call", call)["result"]["structuredContent"]["status"] == "read", "nothing is remembered"
    call["arguments"]["known_hash"] = read["structuredContent"]["hash"]
    assert client.ask("tools/call", call)["result"]["structuredContent"] == {"status": "unchanged"}
    client.end()


def batches(headroom: str, folder: Path) -> None:
    """Lists of messages, as 2025-03-26 has them."""
    client = Client(headroom, folder)
    client.initialize("2025-03-26")
    client.send('[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"n"},7]')
    first, second = client.receive()
    assert first == {"jsonrpc": "2.0", "id": 1, "result": {}} and second["error"]["code"] == -32600
    client.end()


def malformed(headroom: str, folder: Path) -> None:
    """Each gets the error that is due, and the session goes on."""
    client = initialized(headroom, folder)
    cases = (HERE / "malformed.tsv").read_text().splitlines()
    assert len(cases) >= 200
    for number, case in enumerate(cases, 1):
        code, line = case.split("\t", 1)
        client.send(line)
        answer = client.receive()
        assert answer.get("error", {}).get("code") == int(code), f"malformed.tsv:{number}: {str(answer)[:200]}"
        assert client.ask("ping")["result"] == {}
    for line in [
        "",
        "   ",
        '{"jsonrpc":"2.0","method":"notifications/nothing"}',
        '{"jsonrpc":"2.0","id":9,"result":{}}',
    ]:
        client.send(line)  # none of these wants an answer
    client.send("\udcff\udcfe")
    assert client.receive()["error"]["code"] == -32700
    client.send('{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"' + "a" * (65 << 20) + '"}}')
    assert client.receive()["error"]["code"] == -32600, "longer than any message may be"
    assert client.ask("ping")["result"] == {}
    client.end()


def ends(headroom: str, folder: Path) -> None:
    """It ends with its input, also in the middle of a message, and when nobody reads what it says."""
    for text in [b"", b"\n", b'{"jsonrpc":"2.0","id":1', b'{"jsonrpc":"2.0","id":1,"method":"ping"}']:
        done = subprocess.run(
            [headroom, "mcp", "serve"], input=text, capture_output=True, timeout=TIMEOUT_S, env={"HOME": str(folder)}
        )
        assert done.returncode == 0, done
        assert bool(done.stdout) == (b"id" in text)
    client = initialized(headroom, folder)
    assert client.process.stdout
    client.process.stdout.close()
    client.send('{"jsonrpc":"2.0","id":5,"method":"ping"}')
    assert client.process.wait(TIMEOUT_S) == 0


def costs_little(headroom: str, folder: Path) -> None:
    """What a model reads of the list of tools in each request stays short, and so do results that have nothing to say."""
    client = initialized(headroom, folder, "--root", str(folder))
    tools = client.ask("tools/list")["result"]["tools"]
    read = [{name: tool[name] for name in ("name", "description", "inputSchema")} for tool in tools]
    assert len(json.dumps(read, separators=(",", ":"))) < 3900
    short = client.call("compress_command_output", command="make", output="ok\n")["content"][0]["text"]
    assert len(short) < 120, short
    # One that would fill the window is offered in parts.
    (folder / "big.log").write_text(LOG * 10)
    big = client.call("headroom_read", file_path="big.log")
    said = big["content"][0]["text"]
    assert big["isError"] and len(said) < 300 and "compress_file" in said, said
    wanted = said.split("with hash ", 1)[1].split()[0]
    part = client.call("headroom_retrieve", hash=wanted, lines="1-2")["structuredContent"]["original_content"]
    assert part == "".join(LOG.splitlines(keepends=True)[:2])
    client.end()


def cancelled(headroom: str, folder: Path) -> None:
    """A request that is taken back before its turn is not answered; all others are, in their order."""
    client = initialized(headroom, folder)
    lines = [json.dumps({"jsonrpc": "2.0", "id": i, "method": "ping"}) for i in range(10)]
    back = [
        {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": i}} for i in (7, 8, "9", 99)
    ]
    # One write that is too short to be divided.
    client.send("\n".join([*lines, *map(json.dumps, back), '{"jsonrpc":"2.0","id":99,"method":"ping"}']))
    answered = [client.receive()["id"] for _ in range(9)]
    assert answered == [0, 1, 2, 3, 4, 5, 6, 9, 99], answered
    client.end()


def same_as_the_command_line(headroom: str, folder: Path) -> None:
    """A text comes out as `headroom compress` writes it, and its original comes back."""
    client = initialized(headroom, folder)
    (folder / "app.log").write_text(LOG)
    printed = subprocess.run(
        [headroom, "compress", "--api", "text"], input=LOG.encode(), capture_output=True, check=True, env=client.env
    ).stdout.decode()
    result = client.call("headroom_compress", content=LOG)
    said = result["structuredContent"]
    assert json.loads(result["content"][0]["text"]) == said
    assert said["compressed"] == printed and said["tokens_saved"] > 1000 and "ERROR disk" in printed
    whole = client.call("headroom_retrieve", hash=said["hash"])["structuredContent"]
    assert whole["original_content"] == LOG and whole["complete"]
    part = client.call("headroom_retrieve", hash=f"<<ccr:{said['hash'][:12]} 1 line>>", lines="2-3")[
        "structuredContent"
    ]
    assert part["original_content"] == "".join(LOG.splitlines(keepends=True)[1:3]) and not part["complete"]
    asked = client.call("headroom_retrieve", hash=said["hash"], query="disk full")["structuredContent"]
    assert "ERROR disk" in asked["original_content"]
    command = client.call("compress_command_output", command="cat app.log", output=LOG)["structuredContent"]
    by_hand = subprocess.run(
        [headroom, "compress", "--api", "text", "--tool", "Bash", "--args", "cat app.log"],
        input=LOG.encode(), capture_output=True, check=True, env=client.env,
    ).stdout.decode()  # fmt: skip
    assert command["compressed"] == by_hand
    stats = client.call("headroom_stats")["structuredContent"]
    assert stats["session"] == stats["all"] and stats["all"]["requests"] == 4, "the command line's are among them"
    assert stats["store"]["retrievals"] == 3
    resources = client.ask("resources/list")["result"]["resources"]
    assert said["hash"] in [resource["name"] for resource in resources]
    uri = f"headroom://original/{said['hash']}"
    assert client.ask("resources/read", {"uri": uri})["result"]["contents"][0]["text"] == LOG
    assert client.ask("resources/templates/list")["result"]["resourceTemplates"]
    client.end()


def without_a_workspace(headroom: str, folder: Path) -> None:
    """Where nothing can be written, originals can be had back until the end."""
    (folder / ".headroom").write_text("a file")
    client = initialized(headroom, folder)
    said = client.call("headroom_compress", content=LOG)["structuredContent"]
    assert said["tokens_saved"] > 1000
    assert client.call("headroom_retrieve", hash=said["hash"])["structuredContent"]["original_content"] == LOG
    assert client.call("headroom_stats")["structuredContent"]["session"]["requests"] == 1
    assert client.ask("resources/list")["result"]["resources"] == []
    client.end()


def wrong_arguments(headroom: str, folder: Path) -> None:
    """What a model can mend is told to the model."""
    client = initialized(headroom, folder)
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("headroom_compress", {}, '"content" is missing'),
        ("headroom_compress", {"content": 1}, "must be a string"),
        ("headroom_compress", {"content": "a", "profile": "wild"}, "must be one of"),
        ("headroom_retrieve", {"hash": "0123456789ab"}, "0123456789ab"),
        ("headroom_retrieve", {"hash": "nothing"}, ""),
        ("headroom_retrieve", {"hash": "0123456789ab", "lines": "1", "query": "x"}, "exclude each other"),
        ("compress_rag_chunks", {"query": "x", "chunks": ["a", 1]}, "must be a list of texts"),
        ("compress_rag_chunks", {"query": "x", "chunks": [], "max_tokens": 1.5}, "whole number"),
        ("compress_file", {"path": "/etc/passwd"}, "no folder is open"),
    ]
    for tool, arguments, said in cases:
        result = client.call(tool, **arguments)
        assert result["isError"] and said in result["content"][0]["text"], (tool, arguments, result)
        assert "structuredContent" not in result
    client.end()


def files(headroom: str, folder: Path) -> None:
    """Files below the folders that the client names, and no others, whatever path leads there."""
    shop = folder / "shop"
    shop.mkdir()
    (shop / "app.log").write_text(LOG)
    (shop / "main.py").write_text("print('hello')\n")
    (folder / "secret").write_text("a secret")
    (folder / "shop2").mkdir()
    (folder / "shop2" / "f").write_text("of the neighbour")
    (shop / "link").symlink_to(folder / "secret")
    (shop / "inside").symlink_to(shop / "main.py")
    os.mkfifo(shop / "pipe")
    client = Client(headroom, folder)
    client.initialize(DATES[0], roots={"listChanged": True})
    # The client is asked when it matters, and once.
    client.send(
        '{"jsonrpc":"2.0","id":"early","method":"tools/call","params":{"name":"headroom_read",'
        '"arguments":{"file_path":"main.py"}}}'
    )
    asked = client.receive()
    assert asked["method"] == "roots/list"
    client.send('{"jsonrpc":"2.0","id":"beside","method":"ping"}')
    client.send('{"jsonrpc":"2.0","id":"another","result":{"roots":[{"uri":"file:///"}]}}')
    client.send(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": {"roots": [{"uri": shop.as_uri()}]}}))
    early = client.receive()
    assert early["id"] == "early" and early["result"]["content"][0]["text"] == "print('hello')\n"
    assert client.receive()["id"] == "beside"
    again = client.call("headroom_read", file_path="main.py")
    assert again["structuredContent"] == {"status": "unchanged"} and len(again["content"][0]["text"]) < 40
    assert client.call("headroom_read", file_path="main.py", fresh=True)["structuredContent"]["status"] == "read"
    (shop / "main.py").write_text("print('hello, you')\n")
    changed = client.call("headroom_read", file_path="main.py")["structuredContent"]
    assert changed["status"] == "read" and changed["content"] == "print('hello, you')\n"
    assert client.call("headroom_retrieve", hash=changed["hash"])["structuredContent"]["complete"]
    assert client.call("headroom_read", file_path=str(shop / "inside"))["structuredContent"]["status"] == "read"
    for path in ["/etc/passwd", "../secret", "link", str(folder / "secret"), "../shop2/f", str(folder / "shop2" / "f"),
                 "pipe", ".", "nothing", "/nothing", "", "main.py/x", "a\0b"]:  # fmt: skip
        for tool, name in [("headroom_read", "file_path"), ("compress_file", "path")]:
            refused = client.call(tool, **{name: path})
            assert refused["isError"] and "secret" not in refused["content"][0]["text"].replace(path, ""), path
    (shop / "program").write_bytes(b"\x7fELF\0\1" * 5000)
    assert "is no text" in client.call("compress_file", path="program")["content"][0]["text"]
    said = client.call("compress_file", path=str(shop / "app.log"))["structuredContent"]
    printed = subprocess.run(
        [headroom, "compress", str(shop / "app.log")], capture_output=True, check=True, env=client.env
    )
    assert said["compressed"] == printed.stdout.decode()
    client.send('{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}')
    client.send(
        '{"jsonrpc":"2.0","id":"late","method":"tools/call","params":{"name":"headroom_read",'
        '"arguments":{"file_path":"main.py"}}}'
    )
    asked = client.receive()
    client.send(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "error": {"code": -32603, "message": "no"}}))
    assert "no folder is open" in client.receive()["result"]["content"][0]["text"], "what it may not know, it forgets"
    client.end()
    # A flag counts instead of what the client names, which is not even asked.
    client = Client(headroom, folder, "--root", str(folder / "shop2"))
    client.initialize(DATES[0], roots={})
    assert client.call("headroom_read", file_path="f")["content"][0]["text"] == "of the neighbour"
    assert client.call("headroom_read", file_path=str(shop / "main.py"))["isError"]
    client.end()
    done = subprocess.run([headroom, "mcp", "serve", "--root", "/nothing"], capture_output=True, env=client.env)
    assert done.returncode == 2


def passages(headroom: str, folder: Path) -> None:
    """What a search found: near-duplicates and what is off the topic go, and can be had back; numbers are never merged."""
    client = initialized(headroom, folder)
    chunks: list[Any] = [
        "Refunds are paid within 14 days after the goods have come back to the warehouse.",
        {"id": "b", "text": "Refunds are paid within 14 days after the goods have come back to the warehouse!"},
        "Refunds are paid within 30 days after the goods have come back to the warehouse.",
        "Refunds are not paid within 14 days after the goods have come back to the warehouse.",
        "The warehouse keeps the goods of returned orders.",
        "Our company was founded by three friends in a garage.",
        "The canteen has soup on Mondays and fish on Fridays.",
    ]
    said = client.call("compress_rag_chunks", query="when are refunds paid", chunks=chunks)["structuredContent"]
    assert [chunk["index"] for chunk in said["chunks"]] == [0, 2, 3]
    assert said["chunks"][0]["text"] == chunks[0]
    dropped = {chunk["index"]: chunk for chunk in said["dropped"]}
    assert dropped[1]["reason"] == "says the same as 0" and dropped[1]["id"] == "b"
    assert sorted(dropped) == [1, 4, 5, 6]
    back = client.call("headroom_retrieve", hash=dropped[5]["hash"])["structuredContent"]
    assert back["original_content"] == chunks[5]
    few = client.call("compress_rag_chunks", query="when are refunds paid", chunks=chunks, max_tokens=20)
    assert len(few["structuredContent"]["chunks"]) == 1
    client.end()
    client = initialized(headroom, folder, "--no-ccr")
    kept = client.call("compress_rag_chunks", query="refunds", chunks=chunks)["structuredContent"]
    assert len(kept["chunks"]) == len(chunks) and kept["note"], "nothing can be got back, so nothing goes"
    client.end()


def run_checks(checks: list[Callable[[str, Path], None]]) -> None:
    """All of them, or those that the command line names, each in an empty folder; all are told before the end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--headroom", required=True)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    headroom = str(Path(arguments.headroom).resolve())
    failed = 0
    for check in checks:
        if arguments.names and check.__name__ not in arguments.names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                check(headroom, Path(folder))
                print(f"ok {check.__name__}")
            except Exception as error:
                failed += 1
                where = traceback.extract_tb(error.__traceback__)[-1].lineno
                print(f"FAILED {check.__name__}, line {where}: {type(error).__name__}: {error}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    run_checks(
        [
            versions,
            stateless,
            batches,
            malformed,
            ends,
            costs_little,
            cancelled,
            same_as_the_command_line,
            without_a_workspace,
            wrong_arguments,
            files,
            passages,
        ]
    )
