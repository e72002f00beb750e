#!/usr/bin/env python3
"""Many event streams at once through `headroom proxy`, all on loopback: are they all whole, and what do they cost?

    sse_streams.py --headroom PATH [--streams 1000] [--events 20] [--interval 0.5]

Starts an upstream of its own and a proxy in front of it, opens all streams, checks every event of every stream, prints one
JSON object and ends. It ends after --limit seconds in any case. Exit code 1 when a stream was lost or damaged.
"""

import argparse
import asyncio
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time

BODY = json.dumps(
    {"model": "claude-sonnet-4-5", "stream": True, "messages": [{"role": "user", "content": "count"}]}
).encode()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def event(stream, number):
    return b'event: content_block_delta\ndata: {"stream":%d,"number":%d}\n\n' % (stream, number)


async def upstream(reader, writer, args, counter):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(re.search(rb"(?i)content-length: *(\d+)", head).group(1))
            await reader.readexactly(length)
            stream = int(re.search(rb"(?i)x-stream: *(\d+)", head).group(1))
            counter["open"] += 1
            counter["peak"] = max(counter["peak"], counter["open"])
            writer.write(HEAD)
            for number in range(args.events):
                data = event(stream, number)
                writer.write(b"%x\r\n%s\r\n" % (len(data), data))
                await writer.drain()
                await asyncio.sleep(args.interval)
            writer.write(b"0\r\n\r\n")
            await writer.drain()
            counter["open"] -= 1
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def client(port, stream, args):
    """Seconds to the first event, or the reason why the stream is not whole."""
    start = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nx-stream: %d\r\nContent-Length: %d\r\n\r\n%s"
            % (stream, len(BODY), BODY)
        )
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            return head.split(b"\r\n")[0].decode()
        first = 0.0
        for number in range(args.events):
            size = int(await reader.readline(), 16)
            data = await reader.readexactly(size + 2)
            first = first or time.perf_counter() - start
            if data[:-2] != event(stream, number):
                return "a wrong event"
        if await reader.readexactly(5) != b"0\r\n\r\n":
            return "no proper end"
        writer.close()
        return first
    except (asyncio.IncompleteReadError, ConnectionError, ValueError) as error:
        return type(error).__name__


def memory_mib(pid):
    with open(f"/proc/{pid}/status") as status:
        return round(int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024, 1)


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def sample(pid, peak):
    while True:
        peak[0] = max(peak[0], memory_mib(pid))
        await asyncio.sleep(0.2)


async def healthy(port):
    for _ in range(500):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        except ConnectionError:
            await asyncio.sleep(0.01)
    sys.exit("the proxy did not start")


async def measure(args):
    counter = {"open": 0, "peak": 0}
    server = await asyncio.start_server(lambda r, w: upstream(r, w, args, counter), "127.0.0.1", 0, backlog=4096)
    url = "http://127.0.0.1:%d" % server.sockets[0].getsockname()[1]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tempfile.mkdtemp(prefix="headroom-bench-")
    proxy = subprocess.Popen(
        [args.headroom, "proxy", "--port", str(port), "--anthropic-api-url", url, "--log-level", "warning"],
        env={**os.environ, "HOME": home},
    )
    try:
        await healthy(port)
        await asyncio.sleep(0.5)
        idle, cpu, peak = memory_mib(proxy.pid), cpu_seconds(proxy.pid), [0.0]
        sampler = asyncio.create_task(sample(proxy.pid, peak))
        results = await asyncio.gather(*(client(port, i, args) for i in range(args.streams)))
        sampler.cancel()
        times = sorted(r for r in results if isinstance(r, float))
        lost = [r for r in results if not isinstance(r, float)]
        print(
            json.dumps(
                {
                    "streams": args.streams,
                    "events_each": args.events,
                    "whole": len(times),
                    "lost": len(lost),
                    "reasons": sorted(set(lost)),
                    "open_at_once": counter["peak"],
                    "first_event_p50_ms": round(1000 * times[len(times) // 2], 1) if times else None,
                    "rss_idle_mib": idle,
                    "rss_peak_mib": peak[0],
                    "kib_per_stream": round((peak[0] - idle) * 1024 / args.streams, 1),
                    "cpu_s": round(cpu_seconds(proxy.pid) - cpu, 2),
                }
            )
        )
        proxy.send_signal(signal.SIGTERM)
        return 0 if not lost and proxy.wait(40) == 0 else 1
    finally:
        if proxy.poll() is None:
            proxy.kill()
        server.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--headroom", required=True)
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--events", type=int, default=20)
    parser.add_argument("--interval", type=float, default=0.5)
    parser.add_argument("--limit", type=float, default=120)
    args = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    async def bounded():
        return await asyncio.wait_for(measure(args), args.limit)

    sys.exit(asyncio.run(bounded()))


if __name__ == "__main__":
    main()
