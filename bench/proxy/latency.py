#!/usr/bin/env python3
"""What `headroom proxy` adds to a small request, on loopback: one client, one request at a time.

    latency.py --headroom PATH [--requests 2000]

Starts an upstream of its own and a proxy in front of it, sends the same requests to both in turn over kept connections, prints
one JSON object and ends. "added" is the difference of the medians; CPU is the proxy's own.
"""

import argparse
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import tempfile
import threading
import time

from sse_streams import cpu_seconds, memory_mib

ANSWER = b'{"id":"m","type":"message","role":"assistant","content":[],"usage":{"input_tokens":9,"output_tokens":1}}'
REPLY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER)
LENGTH = re.compile(rb"(?i)content-length: *(\d+)")


def read_message(connection: socket.socket, buffer: bytearray) -> bool:
    """Reads one message with a Content-Length off the connection; False at its end."""
    while True:
        head = buffer.find(b"\r\n\r\n")
        if head >= 0:
            found = LENGTH.search(bytes(buffer[:head]))
            whole = head + 4 + (int(found.group(1)) if found else 0)
            if len(buffer) >= whole:
                del buffer[:whole]
                return True
        data = connection.recv(65536)
        if not data:
            return False
        buffer += data


def serve(connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    buffer = bytearray()
    with connection:
        while read_message(connection, buffer):
            connection.sendall(REPLY)


def accept(listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


def connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def start_proxy(program: str, upstream: int, home: str) -> tuple[subprocess.Popen[bytes], int, float]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = dict(
        os.environ, HOME=home, HEADROOM_WORKSPACE_DIR=home, ANTHROPIC_TARGET_API_URL=f"http://127.0.0.1:{upstream}"
    )
    start = time.perf_counter()
    proxy = subprocess.Popen([program, "proxy", "--port", str(port)], env=env, stderr=subprocess.DEVNULL)
    while time.perf_counter() - start < 10:
        try:
            with connect(port) as connection:
                connection.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                if connection.recv(64).startswith(b"HTTP/1.1 200"):
                    return proxy, port, time.perf_counter() - start
        except ConnectionError:
            time.sleep(0.001)
    proxy.kill()
    raise SystemExit("the proxy did not start")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--headroom", required=True)
    parser.add_argument("--requests", type=int, default=2000)
    args = parser.parse_args()
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=accept, args=(listener,), daemon=True).start()
    upstream = listener.getsockname()[1]
    text = "Say in one sentence what the agent should read first. " * 16
    with tempfile.TemporaryDirectory() as home:
        proxy, port, started = start_proxy(args.headroom, upstream, home)
        try:
            time.sleep(0.5)
            idle = memory_mib(proxy.pid)
            pairs = [(connect(upstream), bytearray()), (connect(port), bytearray())]
            times: list[list[float]] = [[], []]
            cpu = 0.0
            for number in range(-200, args.requests):
                if number == 0:
                    cpu = cpu_seconds(proxy.pid)
                message = {
                    "model": "claude-sonnet-4-5",
                    "max_tokens": 9,
                    "messages": [{"role": "user", "content": f"{number} {text}"}],
                }
                body = json.dumps(message).encode()
                request = b"POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n%s" % (
                    len(body),
                    body,
                )
                for which, (connection, buffer) in enumerate(pairs):
                    start = time.perf_counter()
                    connection.sendall(request)
                    if not read_message(connection, buffer):
                        raise SystemExit("a connection was closed")
                    if number >= 0:
                        times[which].append(1000 * (time.perf_counter() - start))
            direct, through = (statistics.median(each) for each in times)
            spent = cpu_seconds(proxy.pid) - cpu
            result = {
                "start_to_healthy_ms": round(1000 * started, 1),
                "idle_rss_mib": idle,
                "direct_p50_ms": round(direct, 3),
                "added_p50_ms": round(through - direct, 3),
                "added_p99_ms": round(
                    statistics.quantiles(times[1], n=100)[98] - statistics.quantiles(times[0], n=100)[98], 3
                ),
                "cpu_ms_per_request": round(1000 * spent / args.requests, 3),
            }
            print(json.dumps(result))
        finally:
            proxy.send_signal(signal.SIGTERM)
            proxy.wait(10)


if __name__ == "__main__":
    main()
