"""Workloads whose tools return text: logs, builds, tests, searches, listings, diffs, tables, pages, prose, code."""

# ruff: noqa: E501 (rows of test data)

from __future__ import annotations

import random

from model import Workload, hexes, stamp, workload

UNITS = ["timetable", "ticketing", "signalling", "archive", "gatekeeper", "heating", "webshop", "cctv"]
CALM = ["request done", "cache filled", "session opened", "tick", "queue drained", "lease renewed", "page rendered"]
MODULES = ["points", "platform", "roster", "boiler", "catalogue", "voucher", "depot", "siding", "lantern", "gantry"]
VERBS = ["assign", "release", "measure", "couple", "announce", "reserve", "inspect", "record"]


def log_line(rng: random.Random, i: int) -> str:
    """An ordinary line."""
    level = rng.choices(["INFO ", "DEBUG", "WARN "], [16, 3, 1])[0]
    return f"{stamp(18_000 + i * 3)} {level} {rng.choice(UNITS)}[{rng.randint(200, 260)}] {rng.choice(CALM)} in {rng.randint(1, 400)} ms"


@workload("log_app_error", "log", "The webshop went down. What happened?")
def _(rng: random.Random, w: Workload) -> None:
    lines = [log_line(rng, i) for i in range(420)]
    lines[263:263] = [
        f"{stamp(18_790)} ERROR webshop[233] order 77120 not saved: disk quota of volume vol-orders exceeded",
        f"{stamp(18_791)} FATAL webshop[233] giving up after 5 attempts, exit status 74",
    ]
    w.call("read_log", {"unit": "webshop"}, "\n".join(lines))
    w.need("error", "disk quota of volume vol-orders exceeded", "exit status 74")


@workload("log_app_described", "log", "Why could people not sign in around eight?")
def _(rng: random.Random, w: Workload) -> None:
    lines = [log_line(rng, i) for i in range(400)]
    lines[301] = (
        f"{stamp(28_900)} INFO  gatekeeper[211] login refused for all users: clock is 340 s ahead of the directory"
    )
    w.call("read_log", {"unit": "gatekeeper"}, "\n".join(lines)).need(
        "described", "clock is 340 s ahead of the directory"
    )


@workload("log_stack_trace", "log", "What exception did the roster import raise, and where?")
def _(rng: random.Random, w: Workload) -> None:
    lines = [log_line(rng, i) for i in range(330)]
    trace = ["ERROR roster import failed", "Traceback (most recent call last):"]
    for depth in range(11):
        trace += [f'  File "/srv/roster/{rng.choice(MODULES)}.py", line {rng.randint(10, 900)}, in {rng.choice(VERBS)}',
                  f"    {rng.choice(VERBS)}_{depth}(shift, {depth})"]  # fmt: skip
    trace += ['  File "/srv/roster/calendar.py", line 613, in leap_shift', "    return days[366]",
              "IndexError: shift table has no day 366"]  # fmt: skip
    lines[140:140] = trace
    w.call("read_log", {"unit": "roster"}, "\n".join(lines))
    w.need("error", "IndexError: shift table has no day 366", "calendar.py", "613")


@workload("log_access", "log", "Which address is hammering the site, and what does it ask for?")
def _(rng: random.Random, w: Workload) -> None:
    lines = [
        f"10.3.{rng.randint(0, 9)}.{rng.randint(1, 250)} - - [03/Jun/2026:09:{i // 60 % 60:02d}:{i % 60:02d} +0000] "
        f'"GET /{rng.choice(MODULES)}/{rng.randint(1, 80)} HTTP/1.1" 200 {rng.randint(300, 9000)}'
        for i in range(380)
    ]
    for i in range(90, 190, 4):
        lines[i] = (
            f'198.51.100.23 - - [03/Jun/2026:09:{i // 60 % 60:02d}:{i % 60:02d} +0000] "GET /wp-backup.zip HTTP/1.1" 404 153'
        )
    w.call("read_log", {"unit": "nginx"}, "\n".join(lines)).need("asked", "198.51.100.23", "/wp-backup.zip")


@workload("log_syslog", "log", "Did the kernel kill a process? Which one, and how much memory had it?")
def _(rng: random.Random, w: Workload) -> None:
    lines = [
        f"Jun  3 06:{i // 60 % 60:02d}:{i % 60:02d} shed-2 {rng.choice(UNITS)}[{rng.randint(300, 999)}]: {rng.choice(CALM)} #{i}"
        for i in range(410)
    ]
    lines[222] = "Jun  3 06:03:42 shed-2 kernel: Out of memory: Killed process 8841 (tiff2pdf) total-vm:7340032kB"
    w.call("Bash", {"command": "journalctl -b"}, "\n".join(lines)).need(
        "error", "Killed process 8841 (tiff2pdf)", "7340032kB"
    )


@workload("log_key_values", "log", "Which voucher was redeemed twice?")
def _(rng: random.Random, w: Workload) -> None:
    lines = [
        f"ts={stamp(40_000 + i)} unit=ticketing op={rng.choice(VERBS)} voucher=V{rng.randint(10_000, 99_999)} dur={rng.randint(1, 90)}ms"
        for i in range(350)
    ]
    lines[77] += " outcome=redeemed voucher_state=V31337/double-redemption"
    w.call("read_log", {"unit": "ticketing"}, "\n".join(lines)).need("described", "V31337/double-redemption")


@workload("log_repeats", "log", "Anything other than the usual retry noise?")
def _(rng: random.Random, w: Workload) -> None:
    lines = [f"{stamp(i * 5)} WARN heating[220] sensor bus busy, retry {i % 3 + 1} of 3" for i in range(500)]
    lines[404] = f"{stamp(404 * 5)} ERROR heating[220] frost guard tripped in archive room B2, valve 6 forced open"
    w.call("read_log", {"unit": "heating"}, "\n".join(lines)).need("error", "frost guard tripped in archive room B2")


@workload("build_cpp", "build", "Why does the build fail?")
def _(rng: random.Random, w: Workload) -> None:
    lines = [
        f"[{i}/240] Building CXX object src/{rng.choice(MODULES)}/CMakeFiles/x.dir/{rng.choice(VERBS)}_{i}.cc.o"
        for i in range(1, 240)
    ]
    lines[150:150] = [
        "FAILED: src/gantry/CMakeFiles/x.dir/hoist.cc.o",
        "src/gantry/hoist.cc:88:21: error: no member named 'max_load_kg' in 'gantry::Hook'",
        "   88 |   return hook.max_load_kg();",
        "      |          ~~~~ ^",
    ]
    lines.append("ninja: build stopped: subcommand failed.")
    w.call("Bash", {"command": "ninja -C build"}, "\n".join(lines))
    w.need("error", "src/gantry/hoist.cc:88:21", "no member named 'max_load_kg' in 'gantry::Hook'")


@workload("build_npm_warnings", "build", "Which peer dependency conflicts?")
def _(rng: random.Random, w: Workload) -> None:
    lines = [
        f"npm warn deprecated {rng.choice(MODULES)}-kit@{rng.randint(1, 4)}.{i % 10}.0: use the maintained fork"
        for i in range(160)
    ]
    lines[99] = (
        "npm error ERESOLVE could not resolve: lantern-ui@7.2.0 needs peer signal-core@^3, found signal-core@2.9.4"
    )
    w.call("Bash", {"command": "npm install"}, "\n".join(lines)).need("error", "lantern-ui@7.2.0", "signal-core@2.9.4")


@workload("build_container", "build", "At which step does the image build stop?")
def _(rng: random.Random, w: Workload) -> None:
    lines = []
    for step in range(1, 19):
        lines.append(f"#{step + 4} [{step}/18] RUN make {rng.choice(MODULES)}")
        lines += [f"#{step + 4} {k / 10:.1f} unpacking layer {hexes(rng, 12)}" for k in range(14)]
    lines.append('#22 ERROR: process "/bin/sh -c make lantern-assets" did not complete: exit code 137')
    w.call("Bash", {"command": "docker build ."}, "\n".join(lines)).need(
        "error", "make lantern-assets", "exit code 137"
    )


@workload("test_pytest", "test", "Which tests fail and why?")
def _(rng: random.Random, w: Workload) -> None:
    lines = [
        f"tests/test_{rng.choice(MODULES)}.py::test_{rng.choice(VERBS)}_{i} PASSED [{i // 3:3d}%]" for i in range(290)
    ]
    lines[200] = "tests/test_voucher.py::test_expiry_at_midnight FAILED [ 66%]"
    lines += [
        "=== FAILURES ===", "___ test_expiry_at_midnight ___",
        "    assert voucher.expires_at == datetime(2026, 6, 4, 0, 0)",
        "E   AssertionError: datetime(2026, 6, 3, 22, 0) != datetime(2026, 6, 4, 0, 0)",
        "tests/test_voucher.py:57: AssertionError", "=== 1 failed, 289 passed in 14.20s ===",
    ]  # fmt: skip
    w.call("Bash", {"command": "pytest -v"}, "\n".join(lines))
    w.need("error", "test_expiry_at_midnight", "datetime(2026, 6, 3, 22, 0)", "1 failed, 289 passed")


@workload("test_go", "test", "What is wrong with the depot package?")
def _(rng: random.Random, w: Workload) -> None:
    lines = []
    for i in range(150):
        name = f"Test{rng.choice(VERBS).title()}{i}"
        lines += [f"=== RUN   {name}", f"--- PASS: {name} (0.{rng.randint(0, 99):02d}s)"]
    lines[180:180] = [
        "=== RUN   TestTrackRelease",
        "    depot_test.go:141: track 6 still locked after release",
        "--- FAIL: TestTrackRelease (2.00s)",
    ]
    lines += ["FAIL", "FAIL\tmuseum/depot\t9.113s"]
    w.call("Bash", {"command": "go test -v ./depot"}, "\n".join(lines)).need(
        "error", "depot_test.go:141", "track 6 still locked after release"
    )


@workload("test_junit_xml", "test", "Name the failing case in the report.")
def _(rng: random.Random, w: Workload) -> None:
    cases = [
        f'  <testcase classname="{rng.choice(MODULES)}" name="case{i}" time="0.{rng.randint(1, 99):02d}"/>'
        for i in range(200)
    ]
    cases[121] = (
        '  <testcase classname="lantern" name="dims_at_dusk" time="3.10"><failure message="lux 41 above limit 5"/></testcase>'
    )
    w.call("Read", {"path": "report.xml"}, "<testsuite>\n" + "\n".join(cases) + "\n</testsuite>")
    w.need("error", "dims_at_dusk", "lux 41 above limit 5")


def hit(rng: random.Random, word: str) -> str:
    """A search hit."""
    module = rng.choice(MODULES)
    return f"src/{module}/{rng.choice(VERBS)}_{rng.randint(1, 70)}.py:{rng.randint(3, 990)}:    {word}.{rng.choice(VERBS)}({module}_id, actor={rng.choice(UNITS)})"


@workload("search_grep_described", "search", "Where do we turn off the interlock for test drives?")
def _(rng: random.Random, w: Workload) -> None:
    lines = sorted(hit(rng, "interlock") for _ in range(190))
    lines[133] = "src/gantry/yard_mode.py:77:    interlock.bypass(reason='trial run')  # allowed below 5 km/h"
    w.call("Grep", {"pattern": "interlock"}, "\n".join(lines)).need(
        "described", "src/gantry/yard_mode.py", "interlock.bypass"
    )


@workload("search_grep_named", "search", "Where is LanternBudget defined?")
def _(rng: random.Random, w: Workload) -> None:
    lines = sorted(hit(rng, "budget") for _ in range(180))
    lines[41] = "src/lantern/budget.py:12:class LanternBudget(Budget):"
    w.call("Grep", {"pattern": "udget"}, "\n".join(lines)).need(
        "asked", "src/lantern/budget.py:12", "class LanternBudget(Budget):"
    )


@workload("search_ripgrep_headings", "search", "Which file still uses the serial port for the turntable?")
def _(rng: random.Random, w: Workload) -> None:
    blocks = []
    for i in range(60):
        head = f"src/{rng.choice(MODULES)}/{rng.choice(VERBS)}{i}.py"
        blocks.append(
            "\n".join([head] + [f"{rng.randint(1, 400)}:    turntable.{rng.choice(VERBS)}()" for _ in range(4)])
        )
    blocks[37] = "src/siding/old_drive.py\n29:    turntable = SerialPort('/dev/ttyS4', 9600)\n30:    turntable.home()"
    w.call("Bash", {"command": "rg turntable"}, "\n\n".join(blocks)).need(
        "described", "src/siding/old_drive.py", "/dev/ttyS4"
    )


@workload("listing_ls", "listing", "Which file in the scans folder is empty?")
def _(rng: random.Random, w: Workload) -> None:
    lines = [
        f"-rw-r--r-- 1 scan scan {rng.randint(90_000, 9_000_000):8d} May {rng.randint(1, 30):2d} 14:{rng.randint(0, 59):02d} plate_{i:04d}.tif"
        for i in range(260)
    ]
    lines[188] = "-rw-r--r-- 1 scan scan        0 May 19 14:02 plate_0188.tif"
    w.call("Bash", {"command": "ls -l scans"}, "total 260\n" + "\n".join(lines)).need("outlier", "plate_0188.tif")


@workload("listing_tree", "listing", "Is there a backup of the points table somewhere?")
def _(rng: random.Random, w: Workload) -> None:
    lines = ["."]
    for i in range(45):
        lines.append(f"├── {rng.choice(MODULES)}_{i}")
        lines += [f"│   ├── {rng.choice(VERBS)}_{rng.randint(1, 99)}.py" for _ in range(5)]
    lines[170] = "│   ├── points_table.2025-11.sqlite.bak"
    w.call("Bash", {"command": "tree"}, "\n".join(lines)).need("described", "points_table.2025-11.sqlite.bak")


@workload("listing_processes", "listing", "Which process eats the processor?")
def _(rng: random.Random, w: Workload) -> None:
    lines = ["USER         PID %CPU %MEM COMMAND"]
    lines += [
        f"svc      {1000 + i:7d}  0.{rng.randint(0, 9)}  0.{rng.randint(0, 9)} /srv/{rng.choice(UNITS)} --shard {i}"
        for i in range(210)
    ]
    lines[144] = "svc         1143 99.7  3.1 /srv/archive --reindex-all --no-nice"
    w.call("Bash", {"command": "ps aux"}, "\n".join(lines)).need("outlier", "1143", "--reindex-all --no-nice")


@workload("diff_large", "diff", "Does this change touch how late fees are computed?")
def _(rng: random.Random, w: Workload) -> None:
    out = []
    for i in range(26):
        name = f"src/{rng.choice(MODULES)}/{rng.choice(VERBS)}{i}.py"
        out += [f"diff --git a/{name} b/{name}", f"--- a/{name}", f"+++ b/{name}", f"@@ -{i + 4},7 +{i + 4},7 @@"]
        out += [f" context line {k}" for k in range(3)] + [
            f"-    colour = '{hexes(rng, 6)}'",
            f"+    colour = '{hexes(rng, 6)}'",
        ]
        out += [f" context line {k}" for k in range(3, 6)]
        if i == 17:
            out += [
                "@@ -90,3 +90,3 @@",
                "-    late_fee = days * 2",
                "+    late_fee = max(days - 3, 0) * 2.5",
                "     return late_fee",
            ]
    w.call("Bash", {"command": "git diff main"}, "\n".join(out)).need("asked", "late_fee = max(days - 3, 0) * 2.5")


@workload("table_csv", "table", "Which supplier delivered the wrong brake blocks?")
def _(rng: random.Random, w: Workload) -> None:
    rows = ["order,supplier,part,count,remark"]
    rows += [
        f"{8000 + i},Supplier {rng.randint(1, 30)},{rng.choice(MODULES)} part {i % 40},{rng.randint(1, 90)},ok"
        for i in range(280)
    ]
    rows[166] = "8165,Hartmann & Daughters,brake block type C,40,wrong alloy; returned 2 June"
    w.call("Read", {"path": "orders.csv"}, "\n".join(rows)).need("described", "Hartmann & Daughters", "wrong alloy")


@workload("table_kubectl", "table", "Which pod is not running?")
def _(rng: random.Random, w: Workload) -> None:
    lines = ["NAMESPACE   NAME                          READY   STATUS             RESTARTS   AGE"]
    lines += [
        f"museum      {rng.choice(UNITS)}-{hexes(rng, 9)}-{hexes(rng, 5)}   1/1     Running            0          {rng.randint(1, 40)}d"
        for i in range(150)
    ]
    lines[101] = "museum      cctv-7d9f6c5b4-xkq2p          0/1     CrashLoopBackOff   41         3h"
    w.call("Bash", {"command": "kubectl get pods"}, "\n".join(lines)).need(
        "error", "cctv-7d9f6c5b4-xkq2p", "CrashLoopBackOff"
    )


@workload("html_page", "html", "What does admission cost for a school class?")
def _(rng: random.Random, w: Workload) -> None:
    cards = [
        f'<div class="card c{i}"><h3>{rng.choice(MODULES).title()} hall</h3><p>Open daily, step free, room {i}.</p><script>track({i})</script></div>'
        for i in range(90)
    ]
    cards[60] = (
        '<div class="card"><h3>Groups</h3><p>A school class of up to 30 pays 74 euros, teachers are free.</p></div>'
    )
    w.call("WebFetch", {"url": "https://museum.example"}, "<html><body>" + "\n".join(cards) + "</body></html>")
    w.need("asked", "74 euros")


@workload("prose_manual", "prose", "How long must the boiler cool before the washout plugs come out?")
def _(rng: random.Random, w: Workload) -> None:
    paragraphs = [
        f"Section {i}. The {rng.choice(MODULES)} is kept clean and dry. Staff who {rng.choice(VERBS)} it sign the book on the {rng.choice(['left', 'right'])} "
        f"shelf, and report wear to the foreman of the {rng.choice(UNITS)} group before the end of their shift."
        for i in range(1, 110)
    ]
    paragraphs[70] += " Let the boiler stand for nineteen hours below forty degrees before a washout plug is drawn."
    w.call("Read", {"path": "manual.txt"}, "\n\n".join(paragraphs)).need("asked", "nineteen hours below forty degrees")


@workload("code_file", "code", "What does couple_on_gradient do about the handbrake?")
def _(rng: random.Random, w: Workload) -> None:
    parts = ["import math", ""]
    for i in range(70):
        name = f"{rng.choice(VERBS)}_{rng.choice(MODULES)}_{i}"
        parts += [
            f"def {name}(train, load={rng.randint(1, 90)}):",
            f'    """Part {i} of the yard rules."""',
            f"    return train.{rng.choice(VERBS)}(load * {rng.randint(2, 9)})",
            "",
        ]
    parts[200:200] = [
        "def couple_on_gradient(train, slope):",
        "    if slope > 0.012:",
        "        train.handbrake.hold(seconds=45)",
        "    return train.couple()",
        "",
    ]
    w.call("Read", {"path": "yard.py"}, "\n".join(parts)).need("asked", "train.handbrake.hold(seconds=45)")


@workload("config_yaml", "config", "Which port does the archive's health check use?")
def _(rng: random.Random, w: Workload) -> None:
    lines = []
    for i in range(70):
        unit = f"{rng.choice(UNITS)}-{i}"
        lines += [
            f"{unit}:",
            f"  image: registry.example/{unit}:{rng.randint(1, 9)}.{i}",
            f"  port: {8000 + i}",
            "  replicas: 2",
        ]
    lines[120:120] = ["archive-main:", "  healthcheck:", "    port: 19443", "    path: /alive"]
    w.call("Read", {"path": "stack.yaml"}, "\n".join(lines)).need("asked", "19443")
