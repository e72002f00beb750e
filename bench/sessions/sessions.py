#!/usr/bin/env python3
"""Makes sessions of a coding agent, replays them, and prints what Headroom saves and where the asked facts are."""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from pydoc_data import topics

import agent

SHAPES: dict[str, type[agent.AnthropicShape] | type[agent.OpenAiShape]] = {
    "anthropic": agent.AnthropicShape,
    "openai": agent.OpenAiShape,
}


def source_files() -> list[Path]:
    """Real code that stays the same from commit to commit, so that figures compare: Python's own library."""
    library = Path(sysconfig.get_paths()["stdlib"])
    folders = (
        "",
        "asyncio",
        "concurrent/futures",
        "email",
        "html",
        "http",
        "importlib",
        "json",
        "logging",
        "unittest",
        "urllib",
        "wsgiref",
    )
    found = [path for folder in folders for path in (library / folder).glob("*.py")]
    return sorted(path for path in found if 1500 < path.stat().st_size < 24_000)


def system_prompt(rng: random.Random) -> str:
    """As long as agents' instructions are; the text is prose that Python brings along."""
    texts = sorted(topics.topics.values(), key=len)[-12:]
    prompt = "You are a coding agent. You work in the user's checkout with the tools you have.\n\n" + "\n".join(texts)
    return prompt[: rng.randrange(6_000, 24_000)]


def make_session(seed: int, shape: str, folder: Path) -> Path:
    rng = random.Random(seed)
    system = system_prompt(rng)
    steps = agent.Agent(rng, source_files()).run(rng.randrange(30, 201))
    path = folder / f"{shape}-{seed}.jsonl"
    rows = agent.records(steps, SHAPES[shape](system), f"{shape}-{seed}", 1_795_600_000 + 100_000 * seed)
    with path.open("w") as out:
        for row in rows:
            out.write(json.dumps(row) + "\n")
    return path


def replay(program: str, folder: Path, cache: str, extra: list[str]) -> dict[str, object]:
    command = [program, "replay", str(folder), "--cache", cache, "--json", *extra]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--sessions", type=int, default=6, metavar="N", help="for each shape")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shape", choices=[*SHAPES, "both"], default="both")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave the sessions there")
    parser.add_argument("--json", action="store_true")
    args, extra = parser.parse_known_args()
    shapes = list(SHAPES) if args.shape == "both" else [args.shape]
    results: dict[str, dict[str, object]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        base = args.keep or Path(temporary)
        for shape in shapes:
            folder = base / shape
            folder.mkdir(parents=True, exist_ok=True)
            for seed in range(args.seed, args.seed + args.sessions):
                make_session(seed, shape, folder)
            for cache in ("warm", "none"):
                results[f"{shape} {cache}"] = replay(args.program, folder, cache, extra)
    if args.json:
        print(json.dumps(results))
        return 0
    print(
        f"{'shape, cache':<18}{'requests':>9}{'tokens':>13}{'input $':>10}{'saved':>8}{'with output':>13}{'hit rate':>16}{'busts by us':>13}{'facts in text/originals/lost':>30}"
    )
    for name, r in results.items():
        raw, ours = dict(r["passthrough"]), dict(r["headroom"])  # type: ignore[call-overload]
        hits = f"{raw['cache_hit_percent']:.0f} -> {ours['cache_hit_percent']:.0f} %"
        facts = f"{r['facts_in_text']}/{r['facts_in_originals']}/{r['facts_lost']}"
        print(
            f"{name:<18}{r['requests']:>9}{raw['input_tokens']:>13,}{raw['input_usd']:>10.2f}{r['saved_input_usd_percent']:>7.1f}%"
            f"{r['saved_usd_percent']:>12.1f}%{hits:>16}{ours['busts'].get('headroom', 0):>13}{facts:>30}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
