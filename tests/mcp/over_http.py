#!/usr/bin/env python3
"""Speaks to `headroom mcp serve --http` over plain HTTP.

over_http.py --headroom PROGRAM [NAME...]
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import Any

from serve import DATES, HERE, LOG, STATELESS, TIMEOUT_S, run_checks

JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


class Http:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)

    def send(self, method: str, body: str | None = None, path: str = "/mcp", **headers: str) -> tuple[int, Any, Any]:
        """Status, headers and the body as JSON."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, path, body, (JSON if body is not None else {}) | named)
        answer = self.connection.getresponse()
        text = answer.read()
        return answer.status, answer.headers, json.loads(text) if text else None

    def post(self, message: Any, **headers: str) -> tuple[int, Any, Any]:
        return self.send("POST", json.dumps(message), **headers)

    def begin(self, date: str, **capabilities: Any) -> str:
        """Initializes; the session's name."""
        params = {"protocolVersion": date, "capabilities": capabilities, "clientInfo": {"name": "t", "version": "1"}}
        status, headers, body = self.post(request(1, "initialize", params))
        assert status == 200 and body["result"]["protocolVersion"] == date, body
        session = headers["Mcp-Session-Id"]
        named = {"Mcp-Session-Id": session, "MCP-Protocol-Version": date}
        assert self.post({"jsonrpc": "2.0", "method": "notifications/initialized"}, **named)[0] == 202
        return str(session)


def request(number: int, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params or {}}


def event(stream: HTTPResponse) -> Any:
    """The next message of a stream of events."""
    assert stream.readline() == b"event: message\n"
    data = stream.readline()
    assert data.startswith(b"data: ") and stream.readline() == b"\n"
    return json.loads(data[6:])


@contextlib.contextmanager
def serving(headroom: str, folder: Path, *arguments: str) -> Iterator[int]:
    """Its port."""
    env = {"HOME": str(folder), "PATH": os.environ["PATH"]}
    command = [headroom, "mcp", "serve", "--http", "--port", "0", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=env, text=True) as process:
        assert process.stderr
        try:
            yield int(process.stderr.readline().rsplit(":", 1)[1].split("/")[0])
        finally:
            assert process.poll() is None, "it has ended by itself"
            process.kill()


def sessions(headroom: str, folder: Path) -> None:
    """Each has a name that the server gives, lives from initialize to DELETE, and knows what it has read."""
    (folder / "notes.txt").write_text("what it says\n")
    with serving(headroom, folder, "--root", str(folder)) as port:
        one, other = Http(port), Http(port)
        names = {"one": one.begin(DATES[0]), "other": other.begin(DATES[1])}
        assert len(set(names.values())) == 2 and all(len(name) == 32 for name in names.values())
        call = request(2, "tools/call", {"name": "headroom_read", "arguments": {"file_path": "notes.txt"}})
        for session, status in [("one", "read"), ("one", "unchanged"), ("other", "read")]:
            answer = one.post(call, Mcp_Session_Id=names[session])[2]
            assert answer["result"]["structuredContent"]["status"] == status
        compress = request(3, "tools/call", {"name": "headroom_compress", "arguments": {"content": LOG}})
        assert (
            other.post(compress, Mcp_Session_Id=names["other"])[2]["result"]["structuredContent"]["tokens_saved"] > 1000
        )
        assert one.post(request(4, "ping"))[0] == 400, "no session is named"
        assert one.post(request(4, "ping"), Mcp_Session_Id="0" * 32)[0] == 404
        assert one.post(request(4, "ping"), Mcp_Session_Id=names["one"], MCP_Protocol_Version="1999-01-01")[0] == 400
        assert one.send("DELETE", Mcp_Session_Id=names["one"])[0] == 200
        assert one.send("DELETE", Mcp_Session_Id=names["one"])[0] == 404
        assert one.post(request(4, "ping"), Mcp_Session_Id=names["one"])[0] == 404
        assert one.post(request(4, "ping"), Mcp_Session_Id=names["other"])[2]["result"] == {}
        for _ in range(300):
            one.begin(DATES[2])
        assert one.post(request(5, "ping"), Mcp_Session_Id=names["other"])[0] == 404, "the oldest has had to go"


def stateless(headroom: str, folder: Path) -> None:
    """The newest date: headers and body must say the same."""
    named = {"MCP_Protocol_Version": "2026-07-28"}
    with serving(headroom, folder) as port:
        http = Http(port)
        found = request(1, "server/discover", {"_meta": STATELESS})
        status, headers, body = http.post(found, **named, Mcp_Method="server/discover")
        assert status == 200 and body["result"]["supportedVersions"] == ["2026-07-28"]
        assert "Mcp-Session-Id" not in headers
        for wrong in [named, named | {"Mcp_Method": "tools/list"}, {"Mcp_Method": "server/discover"}]:
            status, _, body = http.post(found, **wrong)
            assert status == 400 and body["error"]["code"] == -32020 and body["id"] == 1, body
        call = request(2, "tools/call", {"name": "headroom_stats", "_meta": STATELESS})
        named["Mcp_Method"] = "tools/call"
        assert http.post(call, **named, Mcp_Name="headroom_stats")[2]["result"]["resultType"] == "complete"
        assert http.post(call, **named, Mcp_Name="=?base64?aGVhZHJvb21fc3RhdHM=?=")[0] == 200
        assert http.post(call, **named, Mcp_Name="another")[2]["error"]["code"] == -32020
        for method, code, expected in [("nope", -32601, 404), ("initialize", -32601, 404), ("ping", -32601, 404)]:
            named["Mcp_Method"] = method
            status, _, body = http.post(request(3, method, {"_meta": STATELESS}), **named)
            assert status == expected and body["error"]["code"] == code
        status, _, body = http.post(request(4, "tools/list"), **named)
        assert status == 400 and body["error"]["code"] == -32602, "without _meta"


def asked_for_folders(headroom: str, folder: Path) -> None:
    """A client that has folders is asked in the response to a call that needs them, and answers by another POST."""
    (folder / "notes.txt").write_text("what it says\n")
    call = request(2, "tools/call", {"name": "headroom_read", "arguments": {"file_path": "notes.txt"}})
    with serving(headroom, folder) as port:
        one, other = Http(port), Http(port)
        session = {"Mcp-Session-Id": one.begin(DATES[0], roots={})}
        one.connection.request("POST", "/mcp", json.dumps(call), JSON | session)
        stream = one.connection.getresponse()
        assert stream.status == 200 and stream.headers["Content-Type"] == "text/event-stream"
        asked = event(stream)
        assert asked["method"] == "roots/list", asked
        assert other.post(request(3, "ping"), **session)[2]["result"] == {}, "others are answered meanwhile"
        stranger = other.begin(DATES[0])
        answer = {"jsonrpc": "2.0", "id": asked["id"], "result": {"roots": [{"uri": folder.as_uri()}]}}
        assert other.post(answer, Mcp_Session_Id=stranger)[0] == 202, "of another session, and lost"
        assert other.post(answer, **session)[0] == 202
        said = event(stream)
        assert said["id"] == 2 and said["result"]["structuredContent"]["content"] == "what it says\n", said
        assert stream.read() == b"", "the response is the last event"
        assert one.post(call | {"id": 4}, **session)[2]["result"]["structuredContent"]["status"] == "unchanged"
        # Who takes no events cannot be asked.
        plain = {"Mcp-Session-Id": one.begin(DATES[0], roots={}), "Accept": "application/json"}
        assert "no folder is open" in one.post(call, **plain)[2]["result"]["content"][0]["text"]


def strangers(headroom: str, folder: Path) -> None:
    """Pages of other origins and names that a rebound page has are refused, whatever they ask."""
    with serving(headroom, folder) as port:
        http = Http(port)
        for headers in [{"Host": "evil.example"}, {"Host": f"evil.example:{port}"}, {"Origin": "http://evil.example"},
                        {"Origin": "null"}, {"X-Forwarded-For": "10.0.0.1"}]:  # fmt: skip
            status, _, body = http.post(request(1, "initialize", {"protocolVersion": DATES[0]}), **headers)
            assert status in (403, 421) and "error" in body, (headers, status)
        begin = request(1, "initialize", {"protocolVersion": DATES[0]})
        assert http.post(begin, Host=f"localhost:{port}", Origin=f"http://localhost:{port}")[0] == 200
        for host in socket.gethostbyname_ex(socket.gethostname())[2]:
            if not host.startswith("127."):
                with contextlib.suppress(OSError):
                    socket.create_connection((host, port), 1).close()
                    raise AssertionError(f"it listens on {host}")


def malformed(headroom: str, folder: Path) -> None:
    """Wrong messages and wrong HTTP get errors, and the server goes on."""
    with serving(headroom, folder) as port:
        http = Http(port)
        session = http.begin(DATES[0])
        for number, case in enumerate((HERE / "malformed.tsv").read_text().splitlines(), 1):
            code, line = case.split("\t", 1)
            status, _, body = http.send("POST", line, Mcp_Session_Id=session)
            given = body["error"]["code"]
            # Requests that name a version are answered by themselves, and those that lack the headers for it refused.
            assert given in (int(code), -32020) and status in (200, 400, 404), (
                f"malformed.tsv:{number}: {status} {body}"
            )
        assert http.send("GET", Accept="text/event-stream")[0] == 405
        assert http.send("PUT", "{}")[0] == 405
        assert http.send("POST", "{}", path="/other")[0] == 404
        assert http.send("POST", "{}", Content_Type="text/plain")[0] == 415
        assert http.send("POST", "{}", Accept="text/html")[0] == 400
        for raw, reply in [
            (b"\r\n\r\n", b"400"), (b"hello\n", b"400"), (b"GET / HTTP/3\r\n\r\n", b""), (b"x" * 70_000, b"431"),
            (b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", b"501"),
            (b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
            (b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", b"400"),
            (b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nHost: a\r\nContent-Length: 0\r\n\r\n", b"400"),
        ]:  # fmt: skip
            with socket.create_connection(("127.0.0.1", port), TIMEOUT_S) as plain:
                plain.settimeout(TIMEOUT_S)
                plain.sendall(raw)
                assert reply in plain.recv(4096)[:20], raw[:60]
        with contextlib.ExitStack() as stack:
            for _ in range(100):  # more than are served at once
                stack.enter_context(socket.create_connection(("127.0.0.1", port), TIMEOUT_S))
        for _ in range(100):
            with contextlib.suppress(OSError, HTTPException):
                assert Http(port).post(request(9, "ping"), Mcp_Session_Id=session)[2]["result"] == {}
                return
        raise AssertionError("it serves nobody any more")


if __name__ == "__main__":
    run_checks([sessions, stateless, asked_for_folders, strangers, malformed])
