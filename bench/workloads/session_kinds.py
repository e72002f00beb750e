"""Workloads of several calls, as agents make them."""

# ruff: noqa: E501 (rows of test data)

from __future__ import annotations

import random

from json_kinds import events, gauges, letters, vehicles
from model import NONCE, Workload, workload
from text_kinds import MODULES, VERBS, hit, log_line


def passing_tests(rng: random.Random, count: int) -> str:
    """Output of a test run without a failure."""
    lines = [f"tests/test_{rng.choice(MODULES)}.py::test_{rng.choice(VERBS)}_{i} PASSED" for i in range(count)]
    return "\n".join([*lines, f"=== {count} passed in 9.81s ==="])


@workload(
    "session_incident", "session", "The museum line stopped at noon. Find the cause and what it did to the boiler."
)
def _(rng: random.Random, w: Workload) -> None:
    log = [log_line(rng, i) for i in range(330)]
    log[214] = "2026-06-03T12:01:07Z ERROR signalling[204] track circuit TC-31 shorted, all signals to danger"
    rows = events(rng, 180)
    rows[120] |= {"place": "points 14", "message": "metal rod found across the rails", "level": "notice"}
    samples = gauges(rng, 170)
    samples[141] |= {"boiler_bar": 16.42}
    w.call("read_log", {"unit": "signalling"}, "\n".join(log), "I look at the log first.")
    w.call("read_events", {"day": "today"}, rows, "Then at the site events.")
    w.call("read_gauges", {"engine": 12}, {"run": NONCE, "samples": samples}, "And the boiler.")
    w.need("error", "track circuit TC-31 shorted").need("described", "metal rod found across the rails")
    w.need("outlier", "16.42")


@workload("session_bug_hunt", "session", "Vouchers expire two hours early. Find the code and run the tests.")
def _(rng: random.Random, w: Workload) -> None:
    hits = sorted(hit(rng, "expiry") for _ in range(150))
    hits[90] = "src/voucher/clock.py:31:    expiry = local_midnight.astimezone(UTC)  # compared with naive local time"
    w.call("Grep", {"pattern": "expiry"}, "\n".join(hits))
    w.call("Bash", {"command": "pytest"}, passing_tests(rng, 180))
    w.need("described", "src/voucher/clock.py").need("asked", "180 passed")


@workload("session_fleet_review", "session", "Which vehicle is overdue, and has anybody written about it?")
def _(rng: random.Random, w: Workload) -> None:
    fleet = vehicles(rng, 130)
    fleet[61] |= {"boiler_due": "2023-02-01", "note": "overdue since 2023"}
    mail = letters(rng, 90)
    mail[17] |= {"subject": "Engine 1261", "body": "Number 1261 leaks at the regulator gland. Is it safe?"}
    w.call("list_fleet", {}, fleet)
    w.call("search_mail", {"query": "engine"}, {"trace": NONCE, "letters": mail})
    w.need("described", "1261", "overdue since 2023", "leaks at the regulator gland")


@workload(
    "session_long_mixed", "session", "Prepare the Monday report: failures, complaints about safety, and odd readings."
)
def _(rng: random.Random, w: Workload) -> None:
    for day in range(4):
        log = [log_line(rng, i) for i in range(160)]
        if day == 2:
            log[80] = "2026-06-05T09:12:44Z ERROR ticketing[240] receipt printer 3 jammed, 212 receipts lost"
        w.call("read_log", {"day": day}, "\n".join(log))
        rows = events(rng, 90)
        if day == 1:
            rows[44] |= {"level": "error", "message": "paint shop extraction fan stopped, solvent alarm"}
        w.call("read_events", {"day": day}, rows)
    w.need("error", "212 receipts lost", "paint shop extraction fan stopped, solvent alarm")


@workload("session_repeat_reads", "session", "Check the stack file again: did the archive port change?")
def _(rng: random.Random, w: Workload) -> None:
    lines = [f"unit-{i}:\n  port: {8000 + i}\n  owner: {rng.choice(MODULES)}" for i in range(120)]
    w.call("Read", {"path": "stack.yaml"}, "\n".join([*lines, "archive:\n  port: 19443"]))
    w.call("Read", {"path": "stack.yaml"}, "\n".join([*lines, "archive:\n  port: 19444"]))
    w.need("asked", "19443", "19444")


@workload("session_failing_build_then_log", "session", "The nightly build is red. What is wrong?")
def _(rng: random.Random, w: Workload) -> None:
    build = [f"[{i}/210] compile {rng.choice(MODULES)}/{rng.choice(VERBS)}_{i}.rs" for i in range(210)]
    build[160:160] = [
        "error[E0277]: the trait bound `Lamp: Dimmable` is not satisfied",
        "   --> crates/lantern/src/hall.rs:204:17",
    ]
    w.call("Bash", {"command": "cargo build"}, "\n".join([*build, "error: could not compile `lantern`"]))
    w.call("read_log", {"unit": "ci"}, "\n".join(log_line(rng, i) for i in range(240)))
    w.need("error", "the trait bound `Lamp: Dimmable` is not satisfied", "crates/lantern/src/hall.rs:204:17")
