#!/usr/bin/env python3
"""Savings, needles and latency of Headroom on the workloads, alone or beside other implementations in one run.

    measure.py [--headroom PROGRAM] [--peer NAME=PROGRAM] [--only TEXT] [--channels LIST] [--repeat N] [--json]

Channels: compress:anthropic, compress:openai (POST /v1/compress), proxy:anthropic, proxy:openai (what a provider behind
the proxy receives). Tokens are o200k_base's, counted by tiktoken, of all text that the model reads.

Needles: inline (readable at once), by retrieval (in an original that a marker names), lost. Needles of every kind but
"detail" are wanted inline. A workload's safe saving is its saving when all wanted needles are inline and none is lost,
else 0. Every repetition carries fresh bytes in each tool result.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counting import encoding, holds, markers, plain, texts_of, tokens, tool_text
from proxies import Provider, Proxy

ROOT = Path(__file__).resolve().parents[2]
CHANNELS = ["compress:anthropic", "compress:openai", "proxy:anthropic", "proxy:openai"]
Json = Any


@dataclass
class Sample:
    """One workload through one channel of one implementation."""

    impl: str
    channel: str
    workload: str
    category: str
    before: int = 0
    after: int = 0
    inline: int = 0
    retrieved: int = 0
    lost: int = 0
    wanted: int = 0
    wanted_inline: int = 0
    ms: list[float] = field(default_factory=list)
    not_inline: list[str] = field(default_factory=list)
    error: str = ""

    @property
    def saved(self) -> float:
        return 1 - self.after / self.before if self.before else 0.0

    @property
    def safe_saved(self) -> float:
        return self.saved if not self.lost and self.wanted_inline == self.wanted else 0.0


def fresh(body: Json, nonce: str) -> Json:
    """The body with another nonce, of the same length."""
    other = "".join(random.choices("ABCDEFGHJKLMNPRSTUVWXYZ23456789", k=len(nonce)))
    return json.loads(json.dumps(body, ensure_ascii=False).replace(nonce, other))


def send(proxy: Proxy, channel: str, body: Json) -> tuple[Json, float]:
    """The messages that come out, and milliseconds."""
    kind, _, shape = channel.partition(":")
    if kind == "compress":
        status, answer, ms = proxy.call("POST", "/v1/compress", {"model": body["model"], "messages": body["messages"]})
        if status != 200:
            raise RuntimeError(f"/v1/compress answered {status}: {answer[:200]!r}")
        return json.loads(answer)["messages"], ms
    path = "/v1/messages" if shape == "anthropic" else "/v1/chat/completions"
    proxy.provider.last_body = b""
    status, answer, ms = proxy.call("POST", path, body)
    if status != 200 or not proxy.provider.last_body:
        raise RuntimeError(f"{path} answered {status}: {answer[:200]!r}")
    return json.loads(proxy.provider.last_body)["messages"], ms


def retrievable_text(proxy: Proxy, text: str) -> str:
    """All originals that markers in the text name."""
    found = []
    for name in markers(text):
        status, answer, _ = proxy.call("GET", f"/v1/retrieve/{name}")
        if status == 200:
            with contextlib.suppress(ValueError):
                found.append(str(json.loads(answer).get("original_content", "")))
    return plain("\n".join(found))


def count_needles(sample: Sample, needles: Json, proxy: Proxy, messages: Json) -> None:
    """Where each needle is."""
    text = tool_text(messages)
    readable = plain(text)
    originals: str | None = None
    for needle in needles:
        wanted = needle["why"] != "detail"
        sample.wanted += wanted
        if holds(readable, needle["text"]):
            sample.inline += 1
            sample.wanted_inline += wanted
            continue
        sample.not_inline.append(needle["text"])
        originals = retrievable_text(proxy, text) if originals is None else originals
        if holds(originals, needle["text"]):
            sample.retrieved += 1
        else:
            sample.lost += 1


def measure(proxy: Proxy, channel: str, work: Json, repeat: int, ranks: Path) -> Sample:
    """Figures from the first repetition, latency from all."""
    sample = Sample(proxy.name, channel, work["name"], work["category"])
    shape = channel.partition(":")[2]
    try:
        for repetition in range(repeat):
            body = fresh(work[shape], work["nonce"])
            messages, ms = send(proxy, channel, body)
            sample.ms.append(ms)
            if repetition:
                continue
            sample.before = sum(tokens(text, ranks) for text in texts_of(body["messages"]))
            sample.after = sum(tokens(text, ranks) for text in texts_of(messages))
            count_needles(sample, work["needles"], proxy, messages)
    except (RuntimeError, OSError, ValueError, KeyError) as error:
        sample.error = str(error)[:300] or repr(error)
    return sample


def percent(part: float) -> str:
    return f"{100 * part:5.1f}%"


def totals(samples: list[Sample]) -> dict[str, Json]:
    """Sums and medians over workloads."""
    good = [s for s in samples if not s.error]
    before = sum(s.before for s in good)
    after = sum(s.after for s in good)
    safe = sum(s.before * s.safe_saved for s in good)
    return {
        "workloads": len(good),
        "errors": len(samples) - len(good),
        "tokens_before": before,
        "tokens_after": after,
        "saved": 1 - after / before if before else 0.0,
        "safe_saved": safe / before if before else 0.0,
        "needles_inline": sum(s.inline for s in good),
        "needles_by_retrieval": sum(s.retrieved for s in good),
        "needles_lost": sum(s.lost for s in good),
        "wanted": sum(s.wanted for s in good),
        "wanted_inline": sum(s.wanted_inline for s in good),
        "ms_p50": statistics.median(ms for s in good for ms in s.ms) if good else None,
    }


def print_details(samples: list[Sample], impls: list[str], channel: str) -> None:
    """One line a workload."""
    print(f"\n{channel}")
    head = "".join(f" | {name + ' after':>14} {'saved':>6} {'needles':>9} {'ms':>7}" for name in impls)
    print(f"  {'workload':<32} {'before':>7}{head}" + ("   tokens ratio" if len(impls) > 1 else ""))
    for work in dict.fromkeys(s.workload for s in samples):
        row = {s.impl: s for s in samples if s.workload == work and s.channel == channel}
        line = f"  {work:<32} {row[impls[0]].before:>7}"
        for name in impls:
            s = row[name]
            needles = f"{s.inline}+{s.retrieved}-{s.lost}"
            ms = statistics.median(s.ms) if s.ms else 0.0
            line += (
                f" | {s.after:>14} {percent(s.saved)} {needles:>9} {ms:>7.1f}"
                if not s.error
                else f" | error: {s.error[:33]:<32}"
            )
        if len(impls) > 1 and all(not row[name].error for name in impls):
            line += f"   {row[impls[0]].after / max(1, row[impls[1]].after):.2f}"
        print(line)
        for name in impls:
            if row[name].wanted_inline < row[name].wanted:
                print(f"      {name} does not show: {', '.join(row[name].not_inline)[:110]}")


def print_totals(samples: list[Sample], impls: list[str]) -> None:
    """One line for each implementation and channel, and ratios to the first other implementation."""
    print(f"\n  {'total':<22} {'impl':<10} {'before':>8} {'after':>8} {'saved':>6} {'safe':>6} {'wanted inline':>14} "
          f"{'by retrieval':>13} {'lost':>5} {'p50 ms':>7} {'errors':>7}")  # fmt: skip
    for channel in dict.fromkeys(s.channel for s in samples):
        sums = {name: totals([s for s in samples if s.impl == name and s.channel == channel]) for name in impls}
        for name, t in sums.items():
            print(f"  {channel:<22} {name:<10} {t['tokens_before']:>8} {t['tokens_after']:>8} {percent(t['saved'])} "
                  f"{percent(t['safe_saved'])} {str(t['wanted_inline']) + '/' + str(t['wanted']):>14} "
                  f"{t['needles_by_retrieval']:>13} {t['needles_lost']:>5} {t['ms_p50'] or 0:>7.1f} {t['errors']:>7}")  # fmt: skip
        if len(impls) > 1 and all(t["workloads"] for t in sums.values()):
            ours, theirs = sums[impls[0]], sums[impls[1]]
            tokens_ratio = ours["tokens_after"] / max(1, theirs["tokens_after"])
            speed = theirs["ms_p50"] / ours["ms_p50"] if ours["ms_p50"] else float("inf")
            print(f"  {'':<22} {impls[0]} : {impls[1]}   tokens after {tokens_ratio:.2f}, speed {speed:.1f}x")


def default_program() -> Path:
    folder = os.environ.get("HEADROOM_BIN_DIR")
    return Path(folder or ROOT / "build" / "release" / "bin") / "headroom"


def load_workloads(folder: Path | None, only: str) -> list[Json]:
    """From a folder, or made now."""
    with contextlib.ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="headroom-workloads-")))
            generator = ROOT / "bench" / "workloads" / "gen_workloads.py"
            subprocess.run(
                [sys.executable, str(generator), "--out", str(folder)], check=True, stdout=subprocess.DEVNULL
            )
        works = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    return [work for work in works if only in work["name"]]


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--headroom", type=Path, default=default_program(), help="the program (build/release/bin/headroom)"
    )
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=PROGRAM", help="another implementation")
    parser.add_argument("--workloads", type=Path, help="folder of workload files (made by bench/workloads)")
    parser.add_argument("--ranks", type=Path, default=ROOT / ".deps" / "ranks", help="folder of o200k_base.tiktoken")
    parser.add_argument("--channels", default=",".join(CHANNELS), help="comma list (all)")
    parser.add_argument("--only", default="", help="only workloads whose name holds this text")
    parser.add_argument("--repeat", type=int, default=3, help="repetitions a workload (3)")
    parser.add_argument("--totals", action="store_true", help="print only the totals")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args()


def main() -> int:
    """The program."""
    args = parse_args()
    works = load_workloads(args.workloads, args.only)
    if not works:
        print("no workload has that name", file=sys.stderr)
        return 2
    if not (args.ranks / "o200k_base.tiktoken").exists():
        print(f"no o200k_base.tiktoken in {args.ranks}; `./dev setup` fetches it", file=sys.stderr)
        return 1
    encoding(args.ranks)
    programs = {"headroom": args.headroom} | {
        name: Path(path) for name, _, path in (p.partition("=") for p in args.peer)
    }
    samples: list[Sample] = []
    with contextlib.ExitStack() as stack:
        proxies = [stack.enter_context(Proxy(name, path.resolve(), Provider())) for name, path in programs.items()]
        for channel in args.channels.split(","):
            for work in works:
                samples += [measure(proxy, channel, work, args.repeat, args.ranks) for proxy in proxies]
    if args.json:
        rows = [vars(s) | {"saved": s.saved, "safe_saved": s.safe_saved} for s in samples]
        sums = {f"{i}/{c}": totals([s for s in samples if (s.impl, s.channel) == (i, c)])
                for i in programs for c in args.channels.split(",")}  # fmt: skip
        print(json.dumps({"totals": sums, "samples": rows}))
    else:
        if not args.totals:
            for channel in args.channels.split(","):
                print_details(samples, list(programs), channel)
        print_totals(samples, list(programs))
    return 1 if any(s.error for s in samples if s.impl == "headroom") else 0


if __name__ == "__main__":
    sys.exit(main())
