"""What was said on the connections of the chaos test, for the one in ten thousand that went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import SupportsIndex

BEGINNING, END = 4000, 400  # bytes that are kept of each piece


class Trace:
    """What both ends of one connection said, in order, with times as in the proxy's log."""

    def __init__(self) -> None:
        self.said: list[tuple[datetime, str, bytes, int]] = []

    def add(self, way: str, data: bytes) -> None:
        kept = data if len(data) <= BEGINNING + END else data[:BEGINNING] + b" [...] " + data[-END:]
        self.said.append((datetime.now(UTC), way, bytes(kept), len(data)))

    def idle_s(self) -> float:
        """Since anybody said anything."""
        return (datetime.now(UTC) - self.said[-1][0]).total_seconds() if self.said else 0.0

    def text(self) -> str:
        lines = [f"{at:%H:%M:%S.%f} {way} {size} bytes: {data!r}" for at, way, data, size in self.said]
        return "\n".join(lines)


class TracedReader(asyncio.StreamReader):
    """What came before a reset is read before the reset is seen, as from a socket."""

    def __init__(self, trace: Trace, limit: int = 1 << 16) -> None:
        super().__init__(limit)
        self.trace = trace
        self.was_reset = False

    def feed_data(self, data: Iterable[SupportsIndex]) -> None:
        self.trace.add("<", bytes(data))
        super().feed_data(data)

    def feed_eof(self) -> None:
        self.trace.add("< the end", b"")
        super().feed_eof()

    def set_exception(self, exc: Exception) -> None:
        self.trace.add(f"< {exc!r}", b"")
        if not isinstance(exc, ConnectionError):
            return super().set_exception(exc)
        self.was_reset = True
        super().feed_eof()


class TracedWriter(asyncio.StreamWriter):
    """The writing side of a TracedReader."""

    trace: Trace

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.trace.add(">", bytes(data))
        super().write(data)

    def write_eof(self) -> None:
        self.trace.add("> the end", b"")
        super().write_eof()

    def close(self) -> None:
        self.trace.add("> closed", b"")
        super().close()


async def open_traced(port: int, limit: int) -> tuple[TracedReader, TracedWriter]:
    """A connection of a client; reader and writer share their trace."""
    loop = asyncio.get_running_loop()
    reader = TracedReader(Trace(), limit)
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await loop.create_connection(lambda: protocol, "127.0.0.1", port)
    writer = TracedWriter(transport, protocol, reader, loop)
    writer.trace = reader.trace
    return reader, writer


async def serve_traced(serve: Callable[[TracedReader, TracedWriter], Awaitable[None]]) -> asyncio.Server:
    """A server on a port of its own, which calls `serve` for each connection."""
    loop = asyncio.get_running_loop()

    def connection() -> asyncio.StreamReaderProtocol:
        reader = TracedReader(Trace())

        async def serve_it(_: asyncio.StreamReader, plain: asyncio.StreamWriter) -> None:
            writer = TracedWriter(plain.transport, protocol, reader, loop)
            writer.trace = reader.trace
            await serve(reader, writer)

        protocol = asyncio.StreamReaderProtocol(reader, serve_it)
        return protocol

    return await loop.create_server(connection, "127.0.0.1", 0, backlog=512)
