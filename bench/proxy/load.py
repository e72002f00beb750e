#!/usr/bin/env python3
"""What `headroom proxy` adds under load, beside the same requests sent directly in the same run; all on loopback.

    load.py --headroom PATH [--sizes 1,65,650] [--concurrency 1,16,64] [--requests N]

Requests of 1 KB are a question; larger ones hold the output of a tool that nobody has seen before, so each is compressed
anew. Direct and proxied requests take turns. Prints a JSON object for each size, number of connections and way of
answering (a JSON object, or an event stream): the added time to the whole answer and to its first byte, the same counted
from when the provider answers, that is, without the compression before, CPU of the proxy for a request, requests a second on
both ways, and the most memory so far. It ends by itself.
"""

import argparse
import asyncio
import json
import multiprocessing
import random
import re
import signal
import socket
import statistics
import tempfile
import time

from latency import ANSWER, REPLY, start_proxy
from sse_streams import cpu_seconds, event, memory_mib

EVENTS = b"".join(b"%x\r\n%s\r\n" % (len(event(0, i)), event(0, i)) for i in range(20)) + b"0\r\n\r\n"
STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
LENGTH = re.compile(rb"(?i)content-length: *(\d+)")
ANSWERED = re.compile(rb"(?i)x-answered-ns: *(\d+)")
BATCH = 4  # requests a connection sends on one way before it is the other's turn


class Server(asyncio.Protocol):
    """Answers each request at once: a stream where the request asks for one."""

    def connection_made(self, transport):
        self.transport, self.buffer, self.whole = transport, bytearray(), 0

    def data_received(self, data):
        self.buffer += data
        if not self.whole:
            head = self.buffer.find(b"\r\n\r\n")
            if head < 0:
                return
            self.streams = b"x-streams: 1" in self.buffer[:head]
            found = LENGTH.search(self.buffer[:head])
            self.whole = head + 4 + (int(found[1]) if found else 0)
        if len(self.buffer) >= self.whole:
            del self.buffer[: self.whole]
            self.whole = 0
            answer = STREAM_HEAD + EVENTS if self.streams else REPLY
            line = answer.index(b"\r\n") + 2
            stamp = b"x-answered-ns: %d\r\n" % time.perf_counter_ns()  # one clock for all processes
            self.transport.write(answer[:line] + stamp + answer[line:])


def serve(listener):
    async def run():
        server = await asyncio.get_running_loop().create_server(Server, sock=listener)
        await server.serve_forever()

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(run())


class Connection(asyncio.Protocol):
    """One request at a time; ask() gives the seconds to the first byte, to the last, and from the answer to the first."""

    def connection_made(self, transport):
        self.transport, self.buffer, self.done = transport, bytearray(), None
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data):
        if not self.buffer:
            self.first = time.perf_counter()
        self.buffer += data
        end = EVENTS[-5:] if self.streams else ANSWER
        if self.buffer.endswith(end) and self.done and not self.done.done():
            self.done.set_result(time.perf_counter())

    def connection_lost(self, error):
        if self.done and not self.done.done():
            self.done.set_exception(ConnectionError("a connection was closed"))

    async def ask(self, request, streams):
        self.buffer.clear()
        self.streams = streams
        self.done = asyncio.get_running_loop().create_future()
        start = time.perf_counter()
        self.transport.write(request)
        end = await self.done
        if not self.buffer.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"refused: {bytes(self.buffer[:200])!r}")
        answered = ANSWERED.search(self.buffer)
        return self.first - start, end - start, self.first - int(answered.group(1)) / 1e9


def body(rng, number, kib):
    """A conversation of about `kib` KiB."""
    said = f"{number}: which of them is late, and why?"
    if kib <= 4:
        said += " Say in one sentence what to look at first." * (kib * 1024 // 46)
    messages: list[dict[str, object]] = [{"role": "user", "content": said}]
    if kib > 4:
        rows, size = [], 0
        while size < kib * 1024:
            row = {
                "id": rng.randrange(10**9),
                "host": f"node-{rng.randrange(500)}.eu",
                "state": rng.choice(("ok", "ok", "ok", "late")),
                "ms": rng.randrange(2000),
                "note": f"run {rng.getrandbits(48):x}",
            }
            rows.append(row)
            size += len(json.dumps(row)) + 22
        use: object = {"type": "tool_use", "id": "t1", "name": "fleet", "input": {"n": number}}
        result: object = {"type": "tool_result", "tool_use_id": "t1", "content": json.dumps(rows)}
        messages += [{"role": "assistant", "content": [use]}, {"role": "user", "content": [result]}]
    return json.dumps({"model": "claude-sonnet-4-5", "max_tokens": 9, "messages": messages}).encode()


def request(rng, number, kib, streams):
    data = body(rng, number, kib)
    head = b"POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nx-streams: %d\r\nContent-Length: %d\r\n\r\n"
    return head % (streams, len(data)) + data


def ms(seconds, share):
    ordered = sorted(seconds)
    return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)]


async def cell(ports, pid, kib, concurrency, streams, count, rng):
    """One line of the result."""
    loop = asyncio.get_running_loop()
    ways = []
    for port in ports:
        ways.append([(await loop.create_connection(Connection, "127.0.0.1", port))[1] for _ in range(concurrency)])
    firsts, wholes, relays = [[], []], [[], []], [[], []]
    walls, cpu, asked = [0.0, 0.0], 0.0, 0

    async def some(connection, which, requests):
        for one in requests:
            first, whole, relay = await connection.ask(one, streams)
            firsts[which].append(first)
            wholes[which].append(whole)
            relays[which].append(relay)

    turns = max(count // (concurrency * BATCH), 2)
    for _ in range(turns):
        requests = [[request(rng, rng.getrandbits(40), kib, streams) for _ in range(BATCH)] for _ in range(concurrency)]
        for which in (0, 1):
            before, start = cpu_seconds(pid), time.perf_counter()
            await asyncio.gather(*(some(c, which, r) for c, r in zip(ways[which], requests, strict=True)))
            walls[which] += time.perf_counter() - start
            cpu += cpu_seconds(pid) - before if which else 0.0
        asked += concurrency * BATCH
    for way in ways:
        for connection in way:
            connection.transport.close()
    direct, through = wholes
    return {
        "kib": kib,
        "connections": concurrency,
        "stream": bool(streams),
        "requests": asked,
        "direct_p50_ms": round(ms(direct, 0.5), 3),
        "added_p50_ms": round(ms(through, 0.5) - ms(direct, 0.5), 3),
        "added_p99_ms": round(ms(through, 0.99) - ms(direct, 0.99), 3),
        "first_byte_added_p50_ms": round(1000 * (statistics.median(firsts[1]) - statistics.median(firsts[0])), 3),
        "answer_to_first_byte_added_p50_ms": round(
            1000 * (statistics.median(relays[1]) - statistics.median(relays[0])), 3
        ),
        "cpu_ms_per_request": round(1000 * cpu / asked, 3),
        "requests_per_s": round(asked / walls[1], 1),
        "direct_requests_per_s": round(asked / walls[0], 1),
        "rss_mib": memory_mib(pid),
    }


async def measure(args, upstream):
    with tempfile.TemporaryDirectory() as home:
        proxy, port, _ = start_proxy(args.headroom, upstream, home)
        try:
            rng = random.Random(1)
            await cell((upstream, port), proxy.pid, 1, 1, 0, 200, rng)  # warm
            for kib in args.sizes:
                for concurrency in args.concurrency:
                    for streams in (0, 1):
                        count = args.requests or max(2000 // kib, 24) * (1 if concurrency == 1 else 2)
                        line = await cell((upstream, port), proxy.pid, kib, concurrency, streams, count, rng)
                        print(json.dumps(line), flush=True)
            with open(f"/proc/{proxy.pid}/status") as status:
                peak = re.search(r"VmHWM:\s+(\d+)", status.read())
            print(json.dumps({"rss_peak_mib": round(int(peak.group(1)) / 1024, 1)}))
        finally:
            proxy.send_signal(signal.SIGTERM)
            proxy.wait(40)


def main():
    def numbers(text):
        return [int(part) for part in text.split(",")]

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--headroom", required=True)
    parser.add_argument("--sizes", type=numbers, default=[1, 65, 650])
    parser.add_argument("--concurrency", type=numbers, default=[1, 16, 64])
    parser.add_argument("--requests", type=int, default=0)
    args = parser.parse_args()
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    upstream = multiprocessing.Process(target=serve, args=(listener,), daemon=True)
    upstream.start()
    try:
        asyncio.run(measure(args, listener.getsockname()[1]))
    finally:
        upstream.terminate()


if __name__ == "__main__":
    main()
