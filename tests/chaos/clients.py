"""The clients of the chaos test: they send what the plans say, read strictly, and judge what they got."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import Counter
from dataclasses import dataclass, field

from plans import NUMBER, Plan, answer_of, plan_of, request_body
from traces import Trace, TracedReader, TracedWriter, open_traced
from upstream import ENDS, Upstream, chunk, reset

GRACE_S = 1.0  # that the proxy, when it ends, gives a connection on which nothing has come
HEAD_S = 15.0  # that the proxy waits for the whole of a head
LONGEST_S = 30.0  # for one request, whatever happens; the proxy's own limits are far smaller
SILENT_S = 10.0  # without a byte, and it hangs; with some, this machine is slow


class Broken(Exception):
    """An answer that breaks HTTP."""


@dataclass
class Reply:
    """What came of an answer."""

    status: int = 0  # 0: nothing came
    fields: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    whole: bool = False
    begun: bool = False  # any byte came

    @property
    def keeps(self) -> bool:
        return self.whole and self.fields.get("connection", "").lower() != "close" and "framed" in self.fields


async def read_reply(reader: TracedReader, slow: bool = False) -> Reply:
    """One answer, news before it included; whole only when its framing says so."""
    reply = Reply()
    try:
        while reply.status < 200:
            head = await reader.readuntil(b"\r\n\r\n")
            reply.begun = True
            first, *lines = head.decode("latin-1").split("\r\n")
            if not first.startswith("HTTP/1.1 "):
                raise Broken(f"not a status line: {first[:60]!r}")
            reply.status = int(first.split(" ")[1])
            reply.fields = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines if line)}
        await read_body(reader, reply, slow)
    except asyncio.IncompleteReadError as error:
        reply.begun = reply.begun or bool(error.partial)
        if reply.status >= 200 and not reply.whole:
            reply.body += error.partial if "content-length" in reply.fields else b""
    except ConnectionError:
        pass
    return reply


async def read_body(reader: TracedReader, reply: Reply, slow: bool) -> None:
    if reply.status == 204:
        reply.whole = True
        reply.fields["framed"] = "nothing"
    elif reply.fields.get("transfer-encoding") == "chunked":
        while True:
            line = await reader.readuntil(b"\r\n")
            try:
                size = int(line, 16)
            except ValueError:
                raise Broken(f"not a chunk's size: {line[:40]!r}") from None
            reply.body += await reader.readexactly(size)
            if await reader.readexactly(2) != b"\r\n":
                raise Broken("a chunk without its end")
            if size == 0:
                break
        reply.whole, reply.fields["framed"] = True, "chunks"
    elif "content-length" in reply.fields:
        left = int(reply.fields["content-length"])
        while slow and left > 50_000:
            part = await reader.readexactly(50_000)
            reply.body += part
            left -= len(part)
            await asyncio.sleep(0.005)
        reply.body += await reader.readexactly(left)
        reply.whole, reply.fields["framed"] = True, "length"
    else:
        while data := await reader.read(65536):
            reply.body += data
        reply.whole = not reader.was_reset


@dataclass
class Judge:
    """Holds what was wrong; everything that a client may rightly see is counted by name."""

    upstream: Upstream
    timeout_s: float
    wrong: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    draining: int = 0  # how often connections were told to end
    ending: bool = False  # it is under way
    traces: dict[int, Trace] = field(default_factory=dict)  # of the connection that a request went out on
    kept: dict[int, str] = field(default_factory=dict)  # what was said of a request that went wrong

    def problem(self, plan: Plan, what: str) -> None:
        self.wrong.append(f"request {plan.number} ({plan.mix}): {what}")
        traces = [("the client", self.traces[plan.number])] if plan.number in self.traces else []
        traces += [("the upstream", trace) for trace in self.upstream.traces.get(plan.number, [])]
        parts = [f"{who}'s connection:\n{trace.text()}\n" for who, trace in traces]
        self.kept[plan.number] = "\n".join([f"{plan.mix}: {what}\n", *parts])

    def judge(self, plan: Plan, reply: Reply, seconds: float, reused: bool, drained: bool) -> None:
        """`reused`: the connection had been idle for so long that it might end."""
        answer = answer_of(plan)
        if not reply.begun:
            # An idle connection may end at any time. One that was cut before a byte came is told from an answer.
            if plan.client == "half_close":
                self.outcomes["ended for a client that had closed its side"] += 1
            elif reused and drained:
                self.outcomes["an idle connection ended"] += 1
            else:
                self.problem(
                    plan,
                    f"no answer and no reason, on a {'used' if reused else 'new'} connection",
                )
            return
        if reply.status == 0:
            return self.problem(plan, "half a head")
        own = reply.whole and reply.status in (502, 504) and b'"error"' in reply.body
        if own:
            return self._failure(plan, reply, seconds)
        if not reply.whole:
            if plan.ends != "cut":
                if plan.client == "half_close":
                    self.outcomes["ended for a client that had closed its side"] += 1
                    return
                # The provider's silence is the only reason to cut what it goes on with.
                if seconds < self.timeout_s:
                    return self.problem(plan, f"cut after {len(reply.body)} bytes of {len(answer.body)}")
                self.outcomes["cut, as this machine was slow"] += 1
                return
            if not answer.body.startswith(reply.body):
                return self.problem(plan, "what came before the cut is not what was sent")
            self.outcomes["cut"] += 1
            return
        if plan.ends == "cut" and plan.upstream != "retrieve_then_cut":
            # Where the answer is merged, an event says that no more comes.
            before, _, last = reply.body.removesuffix(b"\n\n").rpartition(b"\n\n")
            if b'"error"' in last and answer.body.startswith(before):
                self.outcomes["cut, with an event that says so"] += 1
                return
            return self.problem(plan, f"half an answer looks whole: {reply.status}, {reply.body[-200:]!r}")
        if plan.ends == "failed":
            return self.problem(plan, f"an answer from nowhere: {reply.status}")
        if reply.status != answer.status:
            what = f"status {reply.status} instead of {answer.status}: {reply.body[:200]!r}"
            return self.problem(plan, what)
        if reply.body != answer.body:
            return self.problem(plan, f"another body: {reply.body[:100]!r}")
        if answer.retry_after and reply.fields.get("retry-after") != answer.retry_after:
            return self.problem(plan, "Retry-After was lost")
        self.outcomes["whole"] += 1

    def _failure(self, plan: Plan, reply: Reply, seconds: float) -> None:
        try:
            json.loads(reply.body)
        except ValueError:
            return self.problem(plan, "an error that is no JSON")
        if plan.ends != "whole":
            self.outcomes[f"told {reply.status}"] += 1
        elif reply.status == 504 or seconds >= self.timeout_s:
            if seconds < self.timeout_s * 0.9:
                return self.problem(plan, f"given up after {seconds:.2f} s")
            self.outcomes["given up, as this machine was slow"] += 1
        elif self.upstream.seen[plan.number] == self.upstream.called[plan.number]:
            self.outcomes["told 502: the kept connection was closed as it was written to"] += 1
        else:
            self.problem(
                plan,
                f"{reply.status} though the upstream answered: {reply.body[:150]!r}",
            )


def request_bytes(plan: Plan) -> bytes:
    body = request_body(plan)
    head = (
        f"POST {plan.path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{NUMBER}: {plan.number}\r\n"
    )
    if plan.coding:
        head += f"Content-Encoding: {plan.coding}\r\n"
    if plan.client == "chunked":
        third = len(body) // 3
        return (
            head.encode()
            + b"Transfer-Encoding: chunked\r\n\r\n"
            + chunk(body[:third])
            + chunk(body[third:])
            + b"0\r\n\r\n"
        )
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body


class Client:
    """Works through numbers, on connections that it keeps as long as they may be kept."""

    def __init__(self, port: int, seed: int, judge: Judge) -> None:
        self.port, self.seed, self.judge = port, seed, judge
        self.reader: TracedReader | None = None
        self.writer: TracedWriter | None = None
        self.served = 0  # on this connection
        self.opened_at = 0

    async def run(self, numbers: list[int]) -> None:
        at = 0
        while at < len(numbers):
            plan = plan_of(self.seed, numbers[at])
            group = [plan]
            # Some send the next requests before the answer to the first.
            while plan.random("pipeline").random() < 0.3 and len(group) < 4 and at + len(group) < len(numbers):
                following = plan_of(self.seed, numbers[at + len(group)])
                if following.client != "plain" or group[-1].client != "plain":
                    break
                group.append(following)
            at += len(group)
            try:
                async with asyncio.timeout(LONGEST_S):
                    await self._group(group)
            except TimeoutError:
                if self.reader is not None and self.reader.trace.idle_s() < SILENT_S:
                    self.judge.outcomes["no end yet, as this machine was slow"] += 1
                else:
                    self.judge.problem(plan, f"hangs: no end after {LONGEST_S:.0f} s")
                self.close()
            except Broken as error:
                self.judge.problem(plan, str(error))
                self.close()
        self.close()

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None
        self.served = 0

    async def _connect(self) -> tuple[TracedReader, TracedWriter]:
        if self.reader is None or self.writer is None:
            self.opened_at = self.judge.draining
            self.reader, self.writer = await open_traced(self.port, 1 << 20)
            self.served = 0
        return self.reader, self.writer

    async def _group(self, group: list[Plan]) -> None:
        begun = time.monotonic()
        reader, writer = await self._connect()
        self.judge.traces |= {plan.number: reader.trace for plan in group}
        if group[0].client.startswith("leave"):
            await self._leave(group[0], reader, writer)
            return self.close()
        start = time.monotonic()
        with contextlib.suppress(ConnectionError):
            for plan in group:
                await self._send(plan, writer)
        if group[-1].client == "half_close":
            with contextlib.suppress(OSError):
                writer.write_eof()
        slow = time.monotonic() - start >= HEAD_S * 0.8
        idle = self.served > 0 or start - begun >= GRACE_S * 0.8
        for index, plan in enumerate(group):
            reply = await read_reply(reader, plan.client == "slow_read")
            drained = self.judge.ending or self.judge.draining != self.opened_at
            if not reply.begun and index > 0:
                self.judge.outcomes["not answered, as the connection ended before"] += 1
                break
            if slow and reply.status == 408:
                self.judge.outcomes["told 408, as this machine was slow"] += 1
                return self.close()
            self.judge.judge(plan, reply, time.monotonic() - start, idle, drained)
            self.served += 1
            idle = True
            if not reply.keeps or plan.client == "half_close":
                self.judge.outcomes["not answered, as the connection ended before"] += len(group) - index - 1
                return self.close()

    @staticmethod
    async def _send(plan: Plan, writer: asyncio.StreamWriter) -> None:
        data = request_bytes(plan)
        if plan.client == "slow_send":
            step = max(len(data) // 20, 1)
            for i in range(0, len(data), step):
                writer.write(data[i : i + step])
                await writer.drain()
                await asyncio.sleep(0.002)
            return
        writer.write(data)
        await writer.drain()

    async def _leave(self, plan: Plan, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        rng = plan.random("leave")
        data = request_bytes(plan)
        with contextlib.suppress(*ENDS, OSError):
            writer.write(data[: rng.randrange(len(data))] if plan.client == "leave_sending" else data)
            await writer.drain()
            if plan.client == "leave_reading":
                async with asyncio.timeout(0.3):  # or all that there is
                    await reader.readexactly(rng.randrange(1, 2000))
            else:
                await asyncio.sleep(rng.random() * 0.02)
        if rng.random() < 0.5:
            reset(writer)
        self.judge.outcomes["left"] += 1
