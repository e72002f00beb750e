"""Small projects with one thing wrong in each, for compilers and test runners to report."""

from __future__ import annotations

import subprocess
from pathlib import Path
from textwrap import dedent

WORDS = (
    "harbour ledger parcel ticket route cargo vessel invoice pilot berth tariff crane manifest buoy dock ferry".split()
)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text).lstrip("\n"))


def c_project(folder: Path) -> None:
    for i, word in enumerate(WORDS):
        body = "".join(
            f"int {word}_{k}(int a) {{ int unused_{k}; unsigned u = a; if (u < {k - 4}) return 1; return a * {k}; }}\n"
            for k in range(8)
        )
        wrong = 'int vessel_draught(void) { struct hull h; return h.depth + draught_margin("port"); }\n'
        write(folder / f"c/{word}.c", f"#include <stdio.h>\n{body}{wrong if i == 6 else ''}")
    objects = " ".join(f"{word}.o" for word in WORDS)
    write(folder / "c/Makefile", f"CFLAGS=-Wall -Wextra -O1\nall: {objects}\n\ttouch all\n")
    write(
        folder / "link/main.c",
        "int berth_open(int);\nint berth_close(int);\nint main(void) { return berth_open(2) + berth_close(3); }\n",
    )
    write(folder / "link/berth.c", "int berth_open(int n) { return n + 1; }\n")
    write(
        folder / "cpp/sort.cc",
        """
        #include <algorithm>
        #include <list>
        #include <map>
        #include <string>
        struct Crane { std::string name; double load; };
        int main() {
          std::list<Crane> cranes;
          std::sort(cranes.begin(), cranes.end());
          std::map<Crane, int> by_crane;
          by_crane[Crane{"north", 2.5}] = 1;
        }
        """,
    )


def cmake_project(folder: Path) -> None:
    tests = "".join(f"add_test(NAME {w}.{k} COMMAND probe {w} {k})\n" for w in WORDS for k in range(8))
    write(
        folder / "cmake/CMakeLists.txt",
        f"cmake_minimum_required(VERSION 3.20)\nproject(probe C)\nenable_testing()\nadd_executable(probe probe.c)\n{tests}",
    )
    write(
        folder / "cmake/probe.c",
        """
        #include <stdio.h>
        #include <string.h>
        int main(int argc, char **argv) {
          printf("probing %s, step %s\\n", argv[1], argv[2]);
          if (argc > 2 && !strcmp(argv[1], "tariff") && !strcmp(argv[2], "5")) {
            fprintf(stderr, "tariff table ends at row 417, expected 512\\n");
            return 9;
          }
          return 0;
        }
        """,
    )


def rust_project(folder: Path) -> None:
    functions = "".join(
        f"pub fn {w}_toll(weight: u32) -> u32 {{ let spare = weight; weight * {i + 2} }}\n" for i, w in enumerate(WORDS)
    )
    tests = "".join(
        f"    #[test]\n    fn {w}_is_charged() {{ assert_eq!({w}_toll(10), {(i + 2) * 10}); }}\n"
        for i, w in enumerate(WORDS)
    )
    wrong = '    #[test]\n    fn heavy_freight_is_rounded_up() { assert_eq!(ferry_toll(7), 120, "freight over six tonnes"); }\n'
    manifest = '[package]\nname = "{}"\nversion = "0.1.0"\nedition = "2021"\n'
    write(folder / "rust/Cargo.toml", manifest.format("tolls"))
    write(folder / "rust/src/lib.rs", f"{functions}\n#[cfg(test)]\nmod tests {{\n    use super::*;\n{tests}{wrong}}}\n")
    write(folder / "rustbad/Cargo.toml", manifest.format("moves"))
    moved = 'pub fn unload(crates: Vec<String>) -> usize {\n    let moved = crates;\n    println!("{:?}", moved);\n    crates.len()\n}\n'
    write(folder / "rustbad/src/lib.rs", functions + moved)


def go_project(folder: Path) -> None:
    write(folder / "go/go.mod", "module example.org/tolls\n\ngo 1.20\n")
    functions = "".join(
        f"func {w.title()}(weight int) int {{ return weight * {i + 2} }}\n" for i, w in enumerate(WORDS)
    )
    tests = "".join(
        f'func Test{w.title()}(t *testing.T) {{ for i := 0; i < 6; i++ {{ i := i; t.Run(fmt.Sprintf("load%d", i), func(t *testing.T) '
        f"{{ if {w.title()}(i) != i*{i + 2} {{ t.Fatal(i) }} }}) }} }}\n"
        for i, w in enumerate(WORDS)
    )
    wrong = 'func TestNightSurcharge(t *testing.T) { if got := Ferry(3); got != 54 { t.Errorf("surcharge after 22:00: got %d, want 54", got) } }\n'
    write(folder / "go/tolls.go", f"package tolls\n\n{functions}")
    write(folder / "go/tolls_test.go", f'package tolls\n\nimport (\n\t"fmt"\n\t"testing"\n)\n\n{tests}{wrong}')
    write(folder / "gobad/go.mod", "module example.org/bad\n\ngo 1.20\n")
    bad = "".join(f'func {w.title()}Name() string {{ return fmt.Sprintf("%d {w}", "{w}") }}\n' for w in WORDS)
    write(folder / "gobad/names.go", f'package bad\n\nimport "fmt"\n\n{bad}')


def python_project(folder: Path) -> None:
    functions = "".join(
        f"def {w}_fee(weight: int) -> int:\n    return weight * {i + 2}\n\n\n" for i, w in enumerate(WORDS)
    )
    write(folder / "py/fees.py", functions)
    tests = "".join(
        f"@pytest.mark.parametrize('weight', range(8))\ndef test_{w}(weight):\n    assert {w}_fee(weight) == weight * {i + 2}\n\n\n"
        for i, w in enumerate(WORDS)
    )
    wrong = "def test_refund_after_cancellation():\n    assert ferry_fee(4) - dock_fee(4) == 13\n"
    write(folder / "py/test_fees.py", f"import pytest\nfrom fees import *\n\n\n{tests}{wrong}")
    cases = "".join(
        f"    def test_{w}_{k}(self):\n        self.assertEqual({w}_fee({k}), {k} * {i + 2})\n\n"
        for i, w in enumerate(WORDS)
        for k in range(6)
    )
    fail = "    def test_deposit_is_returned(self):\n        self.assertEqual(crane_fee(3), 38)\n"
    write(
        folder / "py/unit_fees.py",
        f"import unittest\nfrom fees import *\n\n\nclass Fees(unittest.TestCase):\n{cases}{fail}\n\nif __name__ == '__main__':\n    unittest.main()\n",
    )
    typed = "".join(f"def {w}_name(n: int) -> str:\n    return n + {i}\n\n\n" for i, w in enumerate(WORDS))
    write(folder / "py/typed.py", f"{typed}def tide(level: float) -> float:\n    return level.metres\n")
    write(
        folder / "py/service.py",
        """
        import json, logging, random, sys
        random.seed(4)
        logging.basicConfig(level=logging.DEBUG, stream=sys.stdout, format="%(asctime)s %(levelname)-7s %(name)s %(message)s")
        for i in range(900):
            log = logging.getLogger(random.choice(["gate", "meter", "billing", "sync"]))
            log.log(random.choice([10, 20, 20, 20]), "request %05d served in %d ms for account A-%d", i, random.randint(2, 90), random.randint(100, 999))
            if i == 611:
                try:
                    json.loads("{\\"berth\\": 12, \\"until\\":}")
                except ValueError:
                    logging.getLogger("sync").exception("schedule of terminal 7 could not be read")
            if i == 702:
                logging.getLogger("meter").warning("meter M-88213 answered after 30 s, reading skipped")
        """,
    )


def node_project(folder: Path) -> None:
    tests = "".join(
        f"test('{w} is priced', async (t) => {{ for (let i = 0; i < 5; i++) await t.test(`load ${{i}}`, () => assert.equal(i * {i + 2}, {i + 2} * i)); }});\n"
        for i, w in enumerate(WORDS)
    )
    wrong = "test('late fee is capped', () => assert.deepEqual({ fee: 75, cap: 60 }, { fee: 60, cap: 60 }));\n"
    write(
        folder / "node/price.test.js",
        f"const test = require('node:test');\nconst assert = require('node:assert');\n{tests}{wrong}",
    )
    write(
        folder / "node/crash.js",
        "const orders = [{ id: 1, lines: [] }, { id: 2 }];\nfunction total(order) { return order.lines.map((l) => l.price); }\norders.forEach((o) => total(o));\n",
    )


def java_project(folder: Path) -> None:
    methods = "".join(f"  java.util.List {w}() {{ return new java.util.ArrayList(); }}\n" for w in WORDS)
    write(
        folder / "java/Quay.java",
        f"public class Quay {{\n{methods}  int length(Berth berth) {{ return berth.metres(); }}\n  String label() {{ return 7; }}\n}}\n",
    )


def site(folder: Path) -> None:
    for i, word in enumerate(WORDS * 4):
        write(folder / f"site/{word}/{i}.html", f"<html><body><h1>{word}</h1><p>page {i}</p></body></html>")
    write(
        folder / "site/requests.sh",
        """
        python3 -u -m http.server 0 --bind 127.0.0.1 --directory . 2>&1 &
        server=$!
        sleep 0.1
        for n in 1 2 3 4 5 6 7 8 9 10; do
          port=$(ss -Hltnp 2>/dev/null | sed -n "s/.*:\\([0-9]*\\) .*pid=$server,.*/\\1/p" | head -1)
          [ -n "$port" ] && break
          sleep 0.2
        done
        find . -name '*.html' | sed 's/^/url=http:\\/\\/127.0.0.1:'$port'\\//' > list
        for n in 1 2 3 4 5; do curl -s -K list > /dev/null; done
        curl -s http://127.0.0.1:$port/harbour/price-list-2019.pdf > /dev/null
        for n in 1 2 3; do curl -s -K list > /dev/null; done
        kill $server
        """,
    )


def database(folder: Path) -> None:
    rows = "".join(
        f"insert into berths values ({i}, '{WORDS[i % 16]}-{i}', {40 + i * 37 % 260}, '{['free', 'taken', 'taken', 'closed'][i % 4 if i != 144 else 0]}');\n"
        for i in range(300)
    )
    write(
        folder / "db/berths.sql",
        f"create table berths(id integer primary key, name text, metres integer, state text);\n{rows}insert into berths values (300, 'dry-dock', 612, 'maintenance');\n",
    )
    write(folder / "db/bad.sql", "select * from berths where lenght > 100;\n")


def repository(folder: Path) -> None:
    """A history in which one commit differs from the others."""
    repo = folder / "repo"
    repo.mkdir()

    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *identity, *arguments], cwd=repo, check=False, capture_output=True)

    git("init", "-q", "-b", "main")
    for i in range(60):
        word = WORDS[i % 16]
        write(repo / f"src/{word}.py", "".join(f"def {word}_{k}(x):\n    return x * {k + i}\n\n\n" for k in range(12)))
        if i == 37:
            write(repo / "src/limits.py", "# Raised after the storm of May\nMAX_WAVE_HEIGHT = 3.5\nMAX_WIND = 22\n")
        git("add", "-A")
        subject = "limits: vessels stay in port above 3.5 m waves" if i == 37 else f"{word}: factors of step {i}"
        git("commit", "-q", "-m", subject)
    write(repo / "src/tariff.py", "".join(f"def tariff_{k}(x):\n    return x * {k + 91}\n\n\n" for k in range(12)))
    write(repo / "src/limits.py", "# Raised after the storm of May\nMAX_WAVE_HEIGHT = 2.75\nMAX_WIND = 22\n")
    for word in WORDS[:6]:
        write(repo / f"notes/{word}.txt", "new\n")


def make_projects(folder: Path) -> None:
    for make in (c_project, cmake_project, rust_project, go_project, python_project, node_project, java_project):
        make(folder)
    for make in (site, database, repository):
        make(folder)
