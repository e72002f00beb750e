"""Safe saving on outputs of real programs; see bench/real/run."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import asks
from outputs import Output
from projects import make_projects


@dataclass
class Result:
    name: str
    kind: str
    detected: str
    strategy: str
    before: int
    after: int
    missing: list[str]
    body_saved: float
    body_missing: list[str]
    reason: str

    @property
    def saved(self) -> float:
        return 100 * (1 - self.after / self.before) if self.before else 0.0

    @property
    def routed(self) -> bool:
        return self.detected in self.kind.split("|")


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def missing(needles: list[str], text: str) -> list[str]:
    readable = plain(text)
    return [needle for needle in needles if plain(needle) not in readable]


def compress(program: str, workspace: str, stdin: str, *arguments: str) -> dict:
    command = [program, "compress", "--json", "--workspace-dir", workspace, *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[:300])
    return json.loads(done.stdout)


def body_of(output: Output) -> str:
    call = {"type": "tool_use", "id": "toolu_1", "name": output.tool, "input": output.arguments}
    answer = {"type": "tool_result", "tool_use_id": "toolu_1", "content": output.text}
    messages = [
        {"role": "user", "content": output.question},
        {"role": "assistant", "content": [{"type": "text", "text": "Let me look."}, call]},
        {"role": "user", "content": [answer]},
    ]
    return json.dumps({"model": "gpt-4o", "max_tokens": 1000, "messages": messages}, ensure_ascii=False)


def measure(program: str, workspace: str, output: Output, keep: Path | None) -> Result:
    arguments = ["--query", output.question, "--tool", output.tool, "--args", json.dumps(output.arguments)]
    report = compress(program, workspace, output.text, "--api", "text", *arguments)
    body = compress(program, workspace, body_of(output), "--api", "anthropic")
    shrunk = json.loads(body["text"])["messages"][2]["content"][0]["content"]
    block = report["blocks"][0]
    if keep:
        (keep / f"{output.name}.in").write_text(output.text)
        (keep / f"{output.name}.out").write_text(report["text"])
    return Result(
        name=output.name,
        kind=output.kind,
        detected=block["type"],
        strategy=block["strategy"],
        before=report["tokens_before"],
        after=report["tokens_after"],
        missing=missing(output.needles, report["text"]),
        body_saved=100 * body["tokens_saved"] / max(1, body["tokens_before"]),
        body_missing=missing(output.needles, shrunk),
        reason=block["reason"],
    )


def report(results: list[Result], skipped: list[str]) -> None:
    print(f"{'output':<26} {'type':<8} {'before':>7} {'after':>7} {'saved':>7}  facts     what")
    for r in sorted(results, key=lambda r: r.name):
        facts = "ok" if not r.missing and not r.body_missing else "MISSING"
        routed = "" if r.routed else f"  taken for {r.detected}, is {r.kind}"
        what = r.strategy or r.reason
        print(f"{r.name:<26} {r.detected:<8} {r.before:>7,} {r.after:>7,} {r.saved:>6.1f}%  {facts:<8}  {what}{routed}")
        for needle in dict.fromkeys(r.missing + r.body_missing):
            print(f"{'':<26}   not inline: {needle[:100]}")
    if not results:
        return
    safe = [r for r in results if not r.missing]
    body_safe = [r for r in results if not r.body_missing]
    n = len(results)
    print(
        f"\n{n} outputs; {len(safe)} with every fact inline; {sum(not r.routed for r in results)} taken for another type"
    )
    print(f"mean saving {sum(r.saved for r in results) / n:.1f} %, safe {sum(r.saved for r in safe) / n:.1f} %", end="")
    print(f"; as a request body {sum(r.body_saved for r in body_safe) / n:.1f} % safe")
    if skipped:
        print(f"skipped, because a program or its output is not here: {' '.join(skipped)}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if args.keep:
        args.keep.mkdir(parents=True, exist_ok=True)
    outputs: list[Output] = []
    skipped: list[str] = []
    with tempfile.TemporaryDirectory(prefix="real") as temporary:
        folder = Path(temporary)
        make_projects(folder)

        def collect(ask: asks.Ask) -> Output | None:
            try:
                return ask.run(folder)
            except (subprocess.SubprocessError, OSError):
                return None

        wanted = [ask for ask in asks.all_asks() if args.only in ask.name]
        with ThreadPoolExecutor(2) as pool:
            for ask, output in zip(wanted, pool.map(collect, wanted), strict=True):
                if output is None:
                    skipped.append(ask.name)
                else:
                    outputs.append(output)
        workspace = str(folder / "workspace")
        results = [measure(args.program, workspace, output, args.keep) for output in outputs]
    if args.json:
        rows = [{**asdict(r), "saved": r.saved, "routed": r.routed} for r in results]
        json.dump({"outputs": rows, "skipped": skipped}, sys.stdout, indent=1)
        print()
    else:
        report(results, skipped)
    return 0


if __name__ == "__main__":
    sys.exit(main())
