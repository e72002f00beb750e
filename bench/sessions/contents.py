"""What the tools of a made-up coding session print: each maker gives a text and the facts in it that one may ask for."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field

SERVICES = ("catalogue", "basket", "checkout", "warehouse", "mailer", "search", "accounts", "reviews")
ROUTINE = (
    "served page {path} in {ms} ms",
    "refreshed price list {n} ({ms} ms)",
    "checked stock of {n} articles",
    "indexed {n} titles in {ms} ms",
    "renewed session {id}",
    "closed idle socket after {ms} ms",
    "sent newsletter batch {n}",
    "cache hit for {path}",
)
FAILURES = (
    "pool timeout after 30000 ms, request {id} gave up",
    "upstream ledger refused write, journal entry {id} missing",
    "deadlock on table parcels, transaction {id} rolled back",
    "certificate of node {id} expired",
)
CITIES = ("Lisbon", "Oslo", "Graz", "Turin", "Ghent", "Malaga", "Gdansk", "Cork")


@dataclass
class Made:
    """A text, and facts in it as (question, words of the answer)."""

    text: str
    facts: list[tuple[str, str]] = field(default_factory=list)


def hex_id(rng: random.Random, digits: int = 12) -> str:
    return f"{rng.getrandbits(4 * digits):0{digits}x}"


def clock(seconds: float) -> str:
    whole = int(seconds)
    return f"2026-11-25T{8 + whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{int(seconds * 1000) % 1000:03}Z"


def service_log(rng: random.Random, lines: int) -> Made:
    out, facts = [], []
    now = rng.uniform(0, 3600)
    bad = rng.randrange(lines // 3, lines - 5)
    asked = rng.randrange(lines)
    for i in range(lines):
        now += rng.expovariate(2)
        service = rng.choice(SERVICES)
        if i == bad:
            id = hex_id(rng)
            out.append(f"{clock(now)} ERROR {service} {rng.choice(FAILURES).format(id=id)}")
            out.append("Traceback (most recent call last):")
            out += [
                f'  File "/srv/{service}/{n}.py", line {rng.randrange(20, 400)}, in {n}' for n in ("serve", "commit")
            ]
            out.append(f"{service}.errors.Unavailable: gave up after 3 attempts")
            facts.append((f"Which id does the error of {service} in the log name?", id))
            continue
        level = rng.choices(("INFO", "DEBUG", "WARN"), (80, 17, 3))[0]
        text = rng.choice(ROUTINE).format(
            path=f"/{service}/{rng.randrange(1, 400)}",
            ms=rng.randrange(1, 900),
            n=rng.randrange(1, 5000),
            id=hex_id(rng),
        )
        trace = hex_id(rng, 16)
        out.append(f"{clock(now)} {level} {service} {text} trace={trace} host=node-{rng.randrange(1, 13):02}")
        if i == asked:
            facts.append((f"Which trace belongs to the line of {clock(now)} in that log?", trace))
    return Made("\n".join(out) + "\n", facts)


def orders_json(rng: random.Random, count: int) -> Made:
    orders, facts = [], []
    for i in range(count):
        orders.append(
            {
                "id": f"ORD-{rng.randrange(10_000, 99_999)}-{i}",
                "status": rng.choices(("delivered", "packed", "paid", "refunded", "failed"), (60, 20, 14, 4, 2))[0],
                "created_at": clock(i * 61 + rng.random()),
                "customer": {
                    "id": rng.randrange(1000, 9999),
                    "city": rng.choice(CITIES),
                    "newsletter": rng.random() < 0.3,
                },
                "total_cents": rng.randrange(500, 90_000),
                "currency": "EUR",
                "items": [
                    {"sku": f"BK-{rng.randrange(1000, 9999)}", "quantity": rng.randrange(1, 4)} for _ in range(2)
                ],
                "tracking": hex_id(rng, 14).upper(),
                "note": None,
            }
        )
    for order in rng.sample(orders, 2):
        facts.append((f"What is the tracking code of order {order['id']}?", str(order["tracking"])))
    return Made(json.dumps({"orders": orders, "next_page": None}, indent=rng.choice((None, 2))), facts)


def pytest_run(rng: random.Random, files: list[str], failing: bool) -> Made:
    out = ["============================= test session starts =============================="]
    out += [
        "platform linux -- Python 3.11.2, pytest-8.3.4, pluggy-1.5.0",
        "rootdir: /home/dev/shop",
        "plugins: cov-6.0.0, xdist-3.6.1",
    ]
    names = []
    for file in files:
        stem = file.rsplit("/", 1)[-1].removesuffix(".py")
        names += [
            f"tests/test_{stem}.py::Test{stem.title()}::test_{verb}_{noun}"
            for verb in VERBS
            for noun in NOUNS[: rng.randrange(2, 6)]
        ]
    out += [f"collected {len(names)} items", ""]
    bad = rng.choice(names)
    facts = []
    for i, name in enumerate(names):
        verdict = "FAILED" if failing and name == bad else "PASSED"
        out.append(f"{name} {verdict}{'':<20} [{100 * (i + 1) // len(names):3}%]")
    took = f"{rng.uniform(1, 40):.2f}s"
    if failing:
        expected, found = hex_id(rng, 10), hex_id(rng, 10)
        out += [
            "",
            "=================================== FAILURES ===================================",
            f"____ {bad.split('::')[-1]} ____",
            "",
        ]
        out += [
            "    def test(self):",
            "        shop = make_shop(seed=7)",
            f'>       assert shop.digest() == "{expected}"',
        ]
        out += [
            f"E       AssertionError: assert '{found}' == '{expected}'",
            "",
            f"{bad.split('::')[0]}:{rng.randrange(20, 300)}: AssertionError",
        ]
        out += [
            "=========================== short test summary info ============================",
            f"FAILED {bad} - AssertionError",
        ]
        out.append(f"========================= 1 failed, {len(names) - 1} passed in {took} =========================")
        facts.append(("Which digest did the failing test get?", found))
    else:
        out.append(f"============================= {len(names)} passed in {took} =============================")
    return Made("\n".join(out) + "\n", facts)


VERBS = ("load", "store", "price", "merge", "validate", "publish")
NOUNS = ("voucher", "parcel", "invoice", "edition", "refund", "courier")


def build_log(rng: random.Random, files: list[str], failing: bool) -> Made:
    out, facts = [], []
    steps = rng.randrange(60, 160)
    for i in range(1, steps + 1):
        unit = f"{rng.choice(SERVICES)}/{rng.choice(VERBS)}_{rng.choice(NOUNS)}_{i}"
        out.append(
            f"[{i}/{steps}] /usr/bin/c++ -Isrc -Ibuild/gen -O2 -Wall -Wextra -std=c++23 -MD -MF CMakeFiles/{unit}.d -o CMakeFiles/{unit}.o -c src/{unit}.cc"
        )
        if rng.random() < 0.04:
            out.append(
                f"src/{unit}.cc:{rng.randrange(10, 500)}:9: warning: unused variable 'left_{i}' [-Wunused-variable]"
            )
    if failing:
        symbol = f"shop::{rng.choice(VERBS)}_{hex_id(rng, 8)}"
        out += [
            "FAILED: bin/shop",
            f"/usr/bin/ld: CMakeFiles/main.o: in function `main': main.cc:(.text+0x5): undefined reference to `{symbol}'",
            "collect2: error: ld returned 1 exit status",
            "ninja: build stopped: subcommand failed.",
        ]
        facts.append(("Which symbol did the linker miss?", symbol))
    return Made("\n".join(out) + "\n", facts)


def file_listing(rng: random.Random, files: list[str]) -> Made:
    out = ["total 1204"]
    for file in files:
        size = rng.randrange(200, 90_000)
        out.append(
            f"-rw-r--r-- 1 dev dev {size:>7} Nov {rng.randrange(1, 25):>2} {rng.randrange(24):02}:{rng.randrange(60):02} {file}"
        )
    return Made("\n".join(out) + "\n")


def git_log(rng: random.Random, count: int) -> Made:
    out, facts = [], []
    asked = rng.randrange(count)
    for i in range(count):
        commit = hex_id(rng, 40)
        subject = f"{rng.choice(SERVICES)}: {rng.choice(VERBS)} the {rng.choice(NOUNS)} {rng.choice(('once', 'lazily', 'in one step', 'before it is sent'))}"
        out += [
            f"commit {commit}",
            f"Author: {rng.choice(('Ada', 'Ben', 'Cleo'))} <dev@example.org>",
            f"Date:   Tue Nov {25 - i % 24} 10:{i % 60:02}:00 2026 +0100",
            "",
            f"    {subject} (#{1000 + i})",
            "",
        ]
        if i == asked:
            facts.append((f"Which commit has the subject that ends in (#{1000 + i})?", commit))
    return Made("\n".join(out), facts)


def package_install(rng: random.Random) -> Made:
    out = []
    for i in range(rng.randrange(30, 80)):
        name = f"{rng.choice(SERVICES)}-{rng.choice(NOUNS)}-{i}"
        out += [
            f"Collecting {name}>={rng.randrange(1, 5)}.0",
            f"  Downloading {name}-{rng.randrange(1, 5)}.{rng.randrange(20)}.{rng.randrange(9)}-py3-none-any.whl ({rng.randrange(5, 900)} kB)",
            f"     ---------------------------------------- {rng.randrange(5, 900)}.0/900.0 kB 8.1 MB/s eta 0:00:00",
        ]
    return Made("\n".join(out) + "\n")
