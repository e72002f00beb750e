"""The upstream of the chaos test: does to each request what its plan says."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import re
import socket
import struct
import zlib
from collections import Counter

from plans import NUMBER, Answer, Plan, answer_of, plan_of, retrieve_call
from traces import Trace, TracedReader, TracedWriter, serve_traced

LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(-?\d+)")
WHICH = re.compile(rb"(?i)\r\n" + NUMBER.encode() + rb": *(-?\d+)")
ENDS = (
    ConnectionError,
    asyncio.IncompleteReadError,
    asyncio.LimitOverrunError,
    TimeoutError,
)


def reset(writer: asyncio.StreamWriter) -> None:
    """Ends the connection with a reset."""
    sock = writer.get_extra_info("socket")
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


class Upstream:
    """Listens on a port of its own. Counts which requests have come, and notes what is wrong with them."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.seen: Counter[int] = Counter()  # heads
        self.whole: Counter[int] = Counter()  # and their bodies
        self.called: Counter[int] = Counter()  # answers that call the retrieve tool, behind which more is asked
        self.traces: dict[int, list[Trace]] = {}  # of the connections that a request came on
        self.wrong: list[str] = []
        self.port = 0
        self.open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await serve_traced(self._serve)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.hang_up()

    def forget(self) -> None:
        """The requests that have come."""
        self.seen.clear()
        self.whole.clear()
        self.called.clear()
        self.traces.clear()

    def hang_up(self) -> None:
        """Closes every connection."""
        for writer in list(self.open):
            writer.close()

    async def _serve(self, reader: TracedReader, writer: TracedWriter) -> None:
        self.open.add(writer)
        try:
            with contextlib.suppress(*ENDS, asyncio.CancelledError):
                while await self._one(reader, writer):
                    pass
        finally:
            self.open.discard(writer)
            writer.close()

    async def _read_body(self, head: bytes, reader: asyncio.StreamReader) -> bytes:
        if b"chunked" in head.lower():
            body = b""
            while size := int(await reader.readline(), 16):
                body += await reader.readexactly(size)
                await reader.readexactly(2)
            await reader.readexactly(2)
            return body
        found = LENGTH.search(head)
        return await reader.readexactly(int(found[1])) if found else b""

    async def _one(self, reader: TracedReader, writer: TracedWriter) -> bool:
        """Serves one request; true when the connection stays."""
        head = await reader.readuntil(b"\r\n\r\n")
        found = WHICH.search(head)
        if found is None:
            self.wrong.append(f"a request without its number: {head[:80]!r}")
            return False
        plan = plan_of(self.seed, int(found[1]))
        self.seen[plan.number] += 1
        self.traces.setdefault(plan.number, []).append(reader.trace)
        if plan.upstream == "close_in_request":
            reset(writer)
            return False
        body = await self._read_body(head, reader)
        self.whole[plan.number] += 1
        if b"content-encoding: gzip" in head.lower():
            body = self._unzipped(plan, body)
        if f"request {plan.number}:".encode() not in body:
            self.wrong.append(f"request {plan.number} came without what it says")
        try:
            json.loads(body)
        except ValueError:
            self.wrong.append(f"request {plan.number} is no JSON any more")
        if plan.upstream.startswith("retrieve") and b'"headroom_retrieve"' in body and self.whole[plan.number] == 1:
            kind, text = retrieve_call(plan)
            writer.write(self._head(Answer(200, kind, (text.encode(),)), len(text)) + text.encode())
            self.called[plan.number] += 1
            await writer.drain()
            return True
        return await self._answer(plan, reader, writer)

    def _unzipped(self, plan: Plan, body: bytes) -> bytes:
        try:
            return gzip.decompress(body)
        except (EOFError, OSError, zlib.error):
            self.wrong.append(f"request {plan.number} is no gzip any more")
            return body

    @staticmethod
    def _head(answer: Answer, length: int | None) -> bytes:
        lines = [f"HTTP/1.1 {answer.status} X"]
        if answer.content_type:
            lines.append(f"Content-Type: {answer.content_type}")
        if answer.coding:
            lines.append(f"Content-Encoding: {answer.coding}")
        if answer.retry_after:
            lines.append(f"Retry-After: {answer.retry_after}")
        if answer.status != 204:
            lines.append("Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n"

    async def _answer(self, plan: Plan, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        answer, rng = answer_of(plan), plan.random("upstream")
        chunked = answer.content_type == "text/event-stream"
        head = self._head(answer, None if chunked else len(answer.body))
        frames = [chunk(part) for part in answer.parts] + [b"0\r\n\r\n"] if chunked else list(answer.parts)
        whole = head + b"".join(frames)
        what = plan.upstream
        if what in (
            "stall",
            "reset",
            "close_after_request",
            "head_garbage",
            "huge_head",
            "two_lengths",
        ):
            await self._fail(what, reader, writer)
            return False
        if what == "until_close":
            writer.write(head.replace(b"Transfer-Encoding: chunked", b"Connection: close") + answer.body)
            await writer.drain()
            return False
        if what == "hints":
            for i in range(3):
                writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </%d>\r\n\r\n" % i)
                await writer.drain()
        if what == "trickle":
            for i in range(0, len(whole), 7):
                writer.write(whole[i : i + 7])
                await writer.drain()
                await asyncio.sleep(0)
            return True
        if what == "short_length":
            writer.write(whole + b'{"and": "what was not announced"}')
            await writer.drain()
            return False
        if what in (
            "half_event",
            "reset_midway",
            "stall_midway",
            "chunk_garbage",
            "long_length",
            "retrieve_then_cut",
        ):
            await self._cut(what, head, frames, reader, writer, rng.random())
            return False
        for frame in [head, *frames]:
            writer.write(frame)
            await writer.drain()
            if chunked:
                await asyncio.sleep(rng.random() * 0.01)
        if what == "close_after_answer":
            await asyncio.sleep(rng.choice((0, 0, 0.001, 0.01)))
            if rng.random() < 0.5:
                reset(writer)
            return False
        return True

    @staticmethod
    async def _fail(what: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if what == "stall":
            await reader.read(1)  # the proxy gives up
        elif what == "reset":
            reset(writer)
        elif what == "head_garbage":
            writer.write(b"SSH-2.0-nonsense\r\n\x00\xff\r\n\r\n")
        elif what == "huge_head":
            writer.write(b"HTTP/1.1 200 OK\r\n" + b"x-filler: " + b"y" * 200_000 + b"\r\n\r\n")
        elif what == "two_lengths":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde")
        with contextlib.suppress(*ENDS):
            await writer.drain()

    @staticmethod
    async def _cut(
        what: str,
        head: bytes,
        frames: list[bytes],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        share: float,
    ) -> None:
        body = b"".join(frames)
        if what == "chunk_garbage":
            writer.write(head + frames[0] + b"zz\r\nnot a size\r\n")
            await writer.drain()
            return
        sent = body[: max(1, int(len(body) * 0.9 * share))]
        writer.write(head + sent)
        await writer.drain()
        if what == "stall_midway":
            await reader.read(1)
        elif what == "reset_midway":
            await asyncio.sleep(0.005)
            reset(writer)
