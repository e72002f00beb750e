"""Workloads whose tools return JSON."""

# ruff: noqa: E501 (rows of test data)

from __future__ import annotations

import json
import random
from typing import Any

from model import NONCE, Workload, hexes, stamp, workload

LINES = ["harbour", "valley", "north loop", "quarry", "forest", "old town"]
STOCK = ["tank engine", "railcar", "brake van", "hopper", "coach", "crane truck", "snow plough"]
STAFF = ["m.abara", "j.lindqvist", "t.osei", "k.varga", "p.ortiz", "s.nakata", "l.beaumont", "d.kowal"]
PLACES = ["signal box", "turntable", "water crane", "coal stage", "paint shop", "wheel lathe", "store room"]

Rows = list[dict[str, Any]]


def events(rng: random.Random, count: int) -> Rows:
    """What sensors and people report."""
    routine = ["axle counter reset", "door closed", "lamp test passed", "heater on", "points moved", "gauge read"]
    return [
        {
            "when": stamp(21600 + i * 41),
            "level": rng.choices(["info", "debug", "notice"], [8, 2, 1])[0],
            "place": rng.choice(PLACES),
            "message": rng.choice(routine),
            "battery": rng.randint(71, 100),
            "trace": NONCE if i == 2 else hexes(rng, 8),
        }
        for i in range(count)
    ]


def vehicles(rng: random.Random, count: int) -> Rows:
    """A fleet list with nested records."""
    return [
        {
            "fleet_no": 1200 + i,
            "kind": rng.choice(STOCK),
            "depot": {"line": rng.choice(LINES), "track": rng.randint(1, 14), "covered": rng.random() < 0.6},
            "mileage": rng.randint(2_000, 410_000),
            "boiler_due": f"202{rng.randint(6, 9)}-{rng.randint(1, 12):02d}-01",
            "keeper": rng.choice(STAFF),
            "note": NONCE if i == 3 else "",
        }
        for i in range(count)
    ]


def letters(rng: random.Random, count: int) -> Rows:
    """Visitors' mail, each body a few sentences."""
    topics = ["the cafe queue", "a lost umbrella", "the gift shop", "parking", "opening hours", "the model room"]
    return [
        {
            "id": 90_100 + i,
            "from": f"visitor{rng.randint(100, 999)}@example.org",
            "subject": f"About {rng.choice(topics)}",
            "status": rng.choice(["new", "answered", "closed"]),
            "body": f"We came on day {rng.randint(1, 30)} and wanted to tell you about {rng.choice(topics)}. "
            f"It took {rng.randint(5, 55)} minutes. The rest of the visit was lovely, thank you.",
            "tags": rng.sample(["praise", "complaint", "question", "group", "school"], rng.randint(0, 2)),
        }
        for i in range(count)
    ]


def gauges(rng: random.Random, count: int) -> Rows:
    """A series of numbers."""
    return [
        {
            "t": stamp(30_000 + i * 20),
            "boiler_bar": round(rng.gauss(11.8, 0.15), 2),
            "water_mm": rng.randint(148, 161),
            "flue_c": rng.randint(305, 322),
            "draught_pa": rng.randint(88, 97),
        }
        for i in range(count)
    ]


@workload("json_events_error", "json", "Something broke on site this morning. What was it?")
def _(rng: random.Random, w: Workload) -> None:
    rows = events(rng, 240)
    rows[171] |= {"level": "critical", "message": "traverser cable parted, platform locked at bay 9"}
    rows[172] |= {"level": "error", "message": "winch motor overcurrent 94 A, breaker Q17 open"}
    w.call("read_events", {"day": "today"}, rows)
    w.need("error", "traverser cable parted, platform locked at bay 9", "breaker Q17 open")
    w.need("detail", rows[20]["when"])


@workload("json_events_named", "json", "What did the wheel lathe report with trace 7be01dd2?")
def _(rng: random.Random, w: Workload) -> None:
    rows = events(rng, 300)
    rows[88] |= {"place": "wheel lathe", "trace": "7be01dd2", "message": "tool tip 5 worn past 0.8 mm"}
    w.call("read_events", {"place": "*"}, rows).need("asked", "tool tip 5 worn past 0.8 mm")


@workload("json_events_described", "json", "Did anybody get into a building without permission last night?")
def _(rng: random.Random, w: Workload) -> None:
    rows = events(rng, 260)
    rows[131] |= {"place": "store room", "message": "entry by badge 4471, which is not authorised for this door"}
    w.call("read_events", {"hours": 12}, rows).need("described", "badge 4471", "not authorised for this door")


@workload("json_fleet_nested", "json", "Which track is fleet number 1277 on, and who keeps it?")
def _(rng: random.Random, w: Workload) -> None:
    rows = vehicles(rng, 150)
    rows[77] |= {"depot": {"line": "quarry", "track": 7093, "covered": False}, "keeper": "r.tidewell"}
    w.call("list_fleet", {}, {"total": 150, "vehicles": rows}).need("asked", "7093", "r.tidewell")


@workload("json_fleet_described", "json", "One of our machines for clearing drifts off the line cannot be used. Why?")
def _(rng: random.Random, w: Workload) -> None:
    rows = vehicles(rng, 170)
    for row in rows:
        row["kind"] = row["kind"] if row["kind"] != "snow plough" else "coach"
    rows[104] |= {"kind": "snow plough", "note": "out of use: cracked wing hinge, part HN-208 ordered"}
    w.call("list_fleet", {"detail": True}, rows).need("described", "cracked wing hinge", "HN-208")


@workload("json_letters_described", "json", "Has a visitor been hurt? Find the letter.")
def _(rng: random.Random, w: Workload) -> None:
    rows = letters(rng, 110)
    rows[64] |= {
        "subject": "Fall on the footbridge",
        "body": "My father slipped on the wet third step of the footbridge and broke his wrist. Please call 555-0142.",
    }
    w.call("search_mail", {"folder": "inbox"}, {"trace": NONCE, "letters": rows})
    w.need("described", "slipped on the wet third step", "90164")


@workload("json_letters_named", "json", "What does visitor letter 90131 want?")
def _(rng: random.Random, w: Workload) -> None:
    rows = letters(rng, 120)
    rows[31] |= {
        "subject": "Wedding train",
        "body": "Can we hire the two dining coaches for 48 guests on 12 September?",
    }
    w.call("search_mail", {}, {"letters": rows, "trace": NONCE}).need("asked", "48 guests on 12 September")


@workload("json_gauges_outlier", "json", "Did the boiler behave on the test run? Name what was unusual.")
def _(rng: random.Random, w: Workload) -> None:
    rows = gauges(rng, 280)
    rows[199] |= {"boiler_bar": 15.93, "water_mm": 961}
    w.call("read_gauges", {"run": "test-3"}, {"run": NONCE, "samples": rows}).need("outlier", "15.93", "961")


@workload("json_gauges_drift", "json", "From when on did the flue temperature climb, and how high did it get?")
def _(rng: random.Random, w: Workload) -> None:
    rows = gauges(rng, 260)
    for i in range(200, 260):
        rows[i]["flue_c"] = 330 + (i - 200) * 3
    w.call("read_gauges", {"run": "test-4"}, {"samples": rows, "run": NONCE}).need("outlier", "507")


@workload("json_map_of_objects", "json", "Which switch heater is on the wrong firmware? All should have 4.2.0.")
def _(rng: random.Random, w: Workload) -> None:
    units = {
        f"heater-{i:03d}": {"firmware": "4.2.0", "watts": rng.randint(380, 420), "ok": True, "line": rng.choice(LINES)}
        for i in range(160)
    }
    units["heater-117"]["firmware"] = "3.9.7-beta"
    w.call("list_units", {}, {"trace": NONCE, "units": units}).need("described", "heater-117", "3.9.7-beta")


@workload("json_pretty_printed", "json", "Which job of the workshop plan is blocked, and by what?")
def _(rng: random.Random, w: Workload) -> None:
    jobs = [
        {"job": f"WS-{300 + i}", "state": rng.choice(["done", "planned", "running"]), "hours": rng.randint(1, 60),
         "needs": rng.sample(PLACES, 2), "lead": rng.choice(STAFF)}
        for i in range(90)
    ]  # fmt: skip
    jobs[52] |= {"state": "blocked", "reason": "crane licence of the lead has lapsed"}
    w.call("workshop_plan", {}, json.dumps({"plan": NONCE, "jobs": jobs}, indent=2))
    w.need("asked", "WS-352", "crane licence of the lead has lapsed")


@workload("json_ndjson", "json", "Which ticket sale failed, and with which code?")
def _(rng: random.Random, w: Workload) -> None:
    sales: Rows = [
        {"sale": 50_000 + i, "gate": rng.randint(1, 6), "kind": rng.choice(["adult", "child", "family"]),
         "cents": rng.choice([1200, 600, 2900]), "ok": True, "till": hexes(rng, 6)}
        for i in range(320)
    ]  # fmt: skip
    sales[211] |= {"ok": False, "error": "card reader E-7731: chip not readable"}
    sales[5]["till"] = NONCE
    w.call("export_sales", {"format": "ndjson"}, "\n".join(json.dumps(s) for s in sales) + "\n")
    w.need("error", "50211", "card reader E-7731: chip not readable")


@workload("json_columns", "json", "How many visitors came on the busiest day, and which day was it?")
def _(rng: random.Random, w: Workload) -> None:
    days = [f"2026-{m:02d}-{d:02d}" for m in range(1, 7) for d in range(1, 29)]
    counts = [rng.randint(180, 900) for _ in days]
    counts[99] = 4127
    w.call(
        "visitor_counts",
        {},
        {"trace": NONCE, "columns": ["day", "visitors"], "rows": list(zip(days, counts, strict=True))},
    )
    w.need("outlier", "4127", days[99])


@workload("json_deep_document", "json", "What is the sheave diameter limit in the crane's approval?")
def _(rng: random.Random, w: Workload) -> None:
    parts = {
        f"section_{i}": {"title": f"Part {i}", "limits": {rng.choice(PLACES): rng.randint(1, 99) for _ in range(4)},
                         "checks": [{"by": rng.choice(STAFF), "ok": True} for _ in range(6)]}
        for i in range(60)
    }  # fmt: skip
    parts["section_41"]["limits"] = {"sheave_diameter_min_mm": 318, "rope_mm": 14}
    w.call("read_approval", {"asset": "crane"}, {"approval": NONCE, "parts": parts}).need("asked", "318")


@workload("json_escaped_inner", "json", "One of the queued messages is malformed. What does its payload say?")
def _(rng: random.Random, w: Workload) -> None:
    queue = [
        {"seq": i, "queue": "signals", "payload": json.dumps({"track": rng.randint(1, 14), "aspect": "green"})}
        for i in range(180)
    ]
    queue[96] |= {"status": "malformed", "payload": '{"track": 12, "aspect": "purple-ish'}
    queue[4]["tag"] = NONCE
    w.call("peek_queue", {"n": 180}, queue).need("error", "purple-ish")


@workload("json_unicode", "json", "Which exhibit's label mentions the avalanche of 1904?")
def _(rng: random.Random, w: Workload) -> None:
    names = ["Gletscherbahn", "Żuraw parowy", "蒸気機関車", "Паровоз", "Locomotora nº 3", "Ångvält"]
    rows = [
        {
            "exhibit": 400 + i,
            "name": rng.choice(names),
            "label": f"Built {rng.randint(1860, 1939)}, restored in our shops.",
        }
        for i in range(140)
    ]
    rows[73]["label"] = "Dug out after the avalanche of 1904 — the crew of five survived."
    w.call("list_exhibits", {}, {"rows": rows, "trace": NONCE}).need("asked", "473", "the crew of five survived")


@workload("json_ids_exact", "json", "Give me the full certificate hash of exhibit 451's boiler.")
def _(rng: random.Random, w: Workload) -> None:
    rows = [{"exhibit": 400 + i, "certificate": hexes(rng, 64), "year": rng.randint(1990, 2026)} for i in range(110)]
    w.call("list_certificates", {}, {"rows": rows, "trace": NONCE}).need("asked", str(rows[51]["certificate"]))


@workload("json_all_alike", "json", "Are all smoke detectors fine?")
def _(rng: random.Random, w: Workload) -> None:
    rows = [{"detector": f"sd-{i:03d}", "state": "ok", "battery": "full", "tested": "2026-05-30"} for i in range(200)]
    rows[150]["battery"] = "removed"
    w.call("list_detectors", {}, {"rows": rows, "trace": NONCE}).need("outlier", "sd-150", "removed")


@workload("json_small", "json", "What is the code of the tool crib?")
def _(rng: random.Random, w: Workload) -> None:
    w.call("read_note", {"id": 4}, {"note": NONCE, "text": "tool crib code is 8-1-8-2", "by": rng.choice(STAFF)})
    w.need("asked", "8-1-8-2")
