"""See bench/python/run."""

import json
import statistics
import subprocess
import sys
import time

from headroom import Engine, count_tokens_messages

STARTS = 20


def started(code: str) -> float:
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return (time.perf_counter() - begin) * 1000


def imports() -> None:
    codes = {"nothing": "pass", "json": "import json", "headroom": "import headroom"}
    codes["headroom, and first use"] = "import headroom; headroom.count_tokens('x', 'claude-sonnet-4-5')"
    times = {name: [] for name in codes}
    for _ in range(STARTS):
        for name, code in codes.items():
            times[name].append(started(code))
    nothing = min(times["nothing"])
    for name, values in times.items():
        print(f"start, importing {name:24} {min(values):7.1f} ms   {min(values) - nothing:+6.1f}")


def log(seed: int, lines: int) -> str:
    rows = [
        f"2026-01-02T03:{i // 60:02}:{i % 60:02}Z INFO worker-{i % 7} job {i * seed % 10007} done" for i in range(lines)
    ]
    rows[lines // 2] = "2026-01-02T03:59:59Z ERROR worker-9 gave up: disk full"
    return "\n".join(rows) + "\n"


def table(seed: int, count: int) -> str:
    return json.dumps(
        [{"id": i, "host": f"h{i * seed % 1009}", "state": "up", "load": i * 37 % 101} for i in range(count)]
    )


def openai(texts: list[str]) -> list[dict]:
    messages: list[dict] = [{"role": "user", "content": "Which worker gave up, and why?"}]
    for index, text in enumerate(texts):
        function = {"name": "Bash", "arguments": json.dumps({"command": f"show {index}"})}
        call = {"id": f"t{index}", "type": "function", "function": function}
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": f"t{index}", "content": text})
    return messages


def anthropic(texts: list[str]) -> list[dict]:
    messages: list[dict] = [{"role": "user", "content": "Which worker gave up, and why?"}]
    for index, text in enumerate(texts):
        use = {"type": "tool_use", "id": f"t{index}", "name": "Bash", "input": {"command": f"show {index}"}}
        messages.append({"role": "assistant", "content": [use]})
        messages.append(
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": f"t{index}", "content": text}]}
        )
    return messages


def texts_of(seed: int) -> list[str]:
    return [log(seed, 110), table(seed, 70), log(seed + 2, 140), table(seed + 2, 95)]


def measure(name: str, runs: int, messages_of) -> None:
    tokens = count_tokens_messages(messages_of(texts_of(7919)), "gpt-4o")
    first, again = [], []
    engine = Engine(in_memory=True)
    engine.compress(messages_of(texts_of(3)), "gpt-4o")
    for run in range(runs):
        messages = messages_of(texts_of(7919 + 2 * run))
        for times in (first, again):
            begin = time.perf_counter()
            engine.compress(messages, "gpt-4o")
            times.append((time.perf_counter() - begin) * 1000)
    for when, times in (("new", first), ("again", again)):
        times.sort()
        high = times[int(len(times) * 0.95)]
        print(
            f"compress, {name:9} {tokens} tokens, {when:5}  p50 {statistics.median(times):6.2f} ms   p95 {high:6.2f} ms"
        )


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    imports()
    measure("openai", runs, openai)
    measure("anthropic", runs, anthropic)
    return 0


if __name__ == "__main__":
    sys.exit(main())
