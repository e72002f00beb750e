#!/usr/bin/env python3
"""How often `headroom proxy` opens a connection to its upstream, which is all that HTTP/2 could spare.

    connections.py --headroom PATH [--turns 50]

Agents of 1, 16 and 64 ask in turns over connections of their own, each a new one every ten turns; prints one JSON object with the
upstream connections a hundred requests took, and ends.
"""

from __future__ import annotations

import argparse
import json
import socket
import tempfile
import threading

from latency import connect, read_message, serve, start_proxy

BODY = b'{"model":"claude-sonnet-4-5","max_tokens":1,"messages":[{"role":"user","content":"hi"}]}'
REQUEST = b"POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nx-api-key: k\r\nContent-Length: %d\r\n\r\n%s" % (
    len(BODY),
    BODY,
)
TURNS_OF_A_CONNECTION = 10


class Upstream:
    """Answers everything; counts the connections that are opened to it."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = int(self.listener.getsockname()[1])
        self.opened = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            connection, _ = self.listener.accept()
            self.opened += 1
            threading.Thread(target=serve, args=(connection,), daemon=True).start()


def agent(port: int, turns: int) -> None:
    for begin in range(0, turns, TURNS_OF_A_CONNECTION):
        with connect(port) as connection:
            buffer = bytearray()
            for _ in range(min(TURNS_OF_A_CONNECTION, turns - begin)):
                connection.sendall(REQUEST)
                assert read_message(connection, buffer)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--headroom", required=True)
    parser.add_argument("--turns", type=int, default=50)
    arguments = parser.parse_args()
    found = {}
    for agents in (1, 16, 64):
        upstream = Upstream()
        with tempfile.TemporaryDirectory(prefix="headroom-bench-") as home:
            proxy, port, _ = start_proxy(arguments.headroom, upstream.port, home)
            threads = [threading.Thread(target=agent, args=(port, arguments.turns)) for _ in range(agents)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            proxy.terminate()
            proxy.wait(30)
        requests = agents * arguments.turns
        found[f"{agents}_agents"] = {
            "requests": requests,
            "upstream_connections": upstream.opened,
            "a_hundred_requests": round(100 * upstream.opened / requests, 2),
        }
    print(json.dumps({"connections": found}))


if __name__ == "__main__":
    main()
