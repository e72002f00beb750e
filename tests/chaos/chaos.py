#!/usr/bin/env python3
"""Everything goes wrong at once around `headroom proxy`: upstreams, clients, its files, its signals.

chaos.py --headroom PROGRAM [--seed N] [--rounds N] [--requests N] [--minutes M] [--only MIX] [--keep FOLDER]

Each round sends requests whose plans (plans.py) say what the upstream and the client do. What must hold: every request
gets one whole answer, exactly the one that was sent for it, or one end that cannot be taken for a whole answer, with a
reason; nothing is sent twice or hangs; the process neither crashes nor keeps descriptors or memory. Prints one JSON
object; exit code 1 and the reasons on stderr when something does not hold. With --minutes: rounds until then.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import signal
import sys
import tempfile
import time
from pathlib import Path

from clients import Client, Judge
from plans import PATHS, plan_of
from process import Proxy, StoreTrouble
from upstream import Upstream

MOST_SHOWN = 20
ALLOWED_GROWTH_KIB = 24 * 1024  # from the second third of the rounds to the end
ALLOWED_DESCRIPTORS = 12  # a store opens its files when it needs them, and connections are kept


class Chaos:
    """One proxy, one upstream and the rounds that they go through."""

    def __init__(self, args: argparse.Namespace, home: Path) -> None:
        self.args = args
        self.rng = random.Random(args.seed)
        self.upstream = Upstream(args.seed)
        self.judge = Judge(self.upstream, args.timeout)
        self.home = home
        self.next_number = 1
        self.memory: list[int] = []  # at rest, after each round
        self.descriptors: list[int] = []
        self.troubles: dict[str, int] = {}

    async def run(self) -> None:
        await self.upstream.start()
        args = self.args
        proxy = self.proxy = Proxy(
            args.headroom,
            self.upstream.port,
            self.home,
            args.timeout,
            "--ccr-tool-injection",
            "eager",
        )
        try:
            await proxy.ready()
            end = time.monotonic() + args.minutes * 60
            round_number = 0
            while round_number < args.rounds or time.monotonic() < end:
                await self.round(round_number)
                round_number += 1
            await self.ends_under_load()
        finally:
            proxy.kill()
            proxy.close_log()
            await self.upstream.stop()
        self.check_growth()
        self.check_log()

    def numbers(self) -> list[list[int]]:
        first = self.next_number
        self.next_number += self.args.requests
        every = [n for n in range(first, self.next_number) if self.is_wanted(n)]
        return [every[i :: self.args.clients] for i in range(self.args.clients)]

    def is_wanted(self, number: int) -> bool:
        return re.search(self.args.only, plan_of(self.args.seed, number).mix) is not None

    async def load(self) -> None:
        clients = [Client(self.proxy.port, self.args.seed, self.judge) for _ in range(self.args.clients)]
        await asyncio.gather(*(c.run(n) for c, n in zip(clients, self.numbers(), strict=True)))

    async def round(self, number: int) -> None:
        """Load with one trouble of the files and one signal in it; then all must be as before."""
        way = StoreTrouble.WAYS[number % len(StoreTrouble.WAYS)]
        trouble = StoreTrouble(self.proxy, self.rng)
        self.troubles[way] = self.troubles.get(way, 0) + 1
        load = asyncio.create_task(self.load())
        await asyncio.sleep(0.2)
        wrong = asyncio.create_task(trouble.once(way, 0.5))
        await self.signals(number, way)
        await asyncio.gather(load, wrong)
        if way == "spoilt" and not await self.hand_over():
            self.judge.wrong.append("a successor could not start once the damaged files were away")
        await self.comes_to_rest()

    async def signals(self, number: int, way: str) -> None:
        self.proxy.signal(signal.SIGHUP)
        if number % 2 == 0:
            return
        if not await self.hand_over() and way not in ("full", "gone", "spoilt"):
            self.judge.wrong.append(f"a successor could not start while the files were {way}")

    async def hand_over(self) -> bool:
        self.judge.draining += 1
        self.judge.ending = True
        done = await self.proxy.hand_over()
        self.judge.ending = False
        return done

    async def comes_to_rest(self) -> None:
        """No connection is left."""
        self.upstream.hang_up()
        # Who takes a kept connection throws away those that have been closed; two connections reach both threads.
        calm = [
            n for n in range(-400, 0) if (p := plan_of(self.args.seed, n)).client == "plain" and p.upstream == "json"
        ]
        for path in PATHS:
            for number in [n for n in calm if plan_of(self.args.seed, n).path == path][:2]:
                await Client(self.proxy.port, self.args.seed, self.judge).run([number])
        most = 1 + 2 * len(PATHS)  # the listening one, and what those have left
        await self.proxy.until(lambda: self.proxy.sockets() <= most, "connections are left")
        self.memory.append(self.proxy.memory_kib())
        self.descriptors.append(self.proxy.descriptors())
        for number, count in self.upstream.seen.items():
            plan = plan_of(self.args.seed, number)
            if count > (5 if plan.upstream.startswith("retrieve") else 1):
                self.judge.problem(plan, f"came to the upstream {count} times")
        self.upstream.forget()
        self.judge.traces.clear()

    async def ends_under_load(self) -> None:
        """SIGTERM: requests under way get their answers, nothing new is taken."""
        load = asyncio.create_task(self.load_until_refused())
        await asyncio.sleep(0.5)
        self.judge.draining += 1
        self.judge.ending = True
        code = await self.proxy.end()
        await load
        if code != 0:
            self.judge.wrong.append(f"after SIGTERM it ended with {code}")

    async def load_until_refused(self) -> None:
        async def one(numbers: list[int]) -> None:
            client = Client(self.proxy.port, self.args.seed, self.judge)
            try:
                await client.run(numbers)
            except ConnectionError:
                self.judge.outcomes["refused after SIGTERM"] += 1
            client.close()

        await asyncio.gather(*(one(n) for n in self.numbers()))

    def check_growth(self) -> None:
        if self.descriptors[-1] > self.descriptors[0] + ALLOWED_DESCRIPTORS:
            self.judge.wrong.append(f"descriptors are left open: {self.descriptors}")
        third = len(self.memory) // 3
        if third >= 2 and min(self.memory[-third:]) > max(self.memory[third : 2 * third]) + ALLOWED_GROWTH_KIB:
            self.judge.wrong.append(f"memory grows, in KiB: {self.memory}")

    def check_log(self) -> None:
        text = self.proxy.text
        for bad in ("exception", "requests had to be cut"):
            if bad in text:
                self.judge.wrong.append(f"the log says {bad!r}")

    def keep(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "proxy.log").write_text(self.proxy.text)
        for number, text in self.judge.kept.items():
            (folder / f"request-{number}.txt").write_text(text)

    def report(self) -> dict[str, object]:
        return {
            "seed": self.args.seed,
            "requests": self.next_number - 1,
            "rounds": len(self.memory),
            "outcomes": dict(self.judge.outcomes.most_common()),
            "troubles_with_files": self.troubles,
            "handovers_and_ends": self.judge.draining,
            "rss_mib_first_last_most": [round(f(self.memory) / 1024, 1) for f in (lambda m: m[0], lambda m: m[-1], max)]
            if self.memory
            else [],
            "descriptors_first_last_most": [
                self.descriptors[0],
                self.descriptors[-1],
                max(self.descriptors),
            ]
            if self.descriptors
            else [],
            "wrong": len(self.judge.wrong) + len(self.upstream.wrong),
        }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--headroom", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--requests", type=int, default=100, help="in each round")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--timeout", type=int, default=2, help="the proxy's, in seconds")
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--only", default="", help="mixes: what this pattern finds in 'PATH SIZE, UPSTREAM, CLIENT'")
    parser.add_argument("--keep", type=Path, help="a folder for the log, and for what both sides of a wrong one said")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="headroom-chaos-") as home:
        chaos = Chaos(args, Path(home))
        try:
            asyncio.run(chaos.run())
        except AssertionError as error:
            chaos.judge.wrong.append(str(error))
        if args.keep:
            chaos.keep(args.keep)
    print(json.dumps(chaos.report()))
    for line in (chaos.judge.wrong + chaos.upstream.wrong)[:MOST_SHOWN]:
        print(line, file=sys.stderr)
    return 1 if chaos.judge.wrong or chaos.upstream.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
