"""The outputs that are measured. Questions say in a user's words what the rule beside them looks for."""

from __future__ import annotations

import glob
import re
import sysconfig
from pathlib import Path

import first_looks
from outputs import Ask, Rule, all_found, extreme, found, plant

STDLIB = sysconfig.get_paths()["stdlib"]


def builds() -> list[Ask]:
    return [
        Ask(
            "make_gcc",
            "log",
            "make -C c -k",
            "Why does the build fail?",
            found(
                r"vessel\.c:\d+:\d+: (error: .*)",
                r"(error: .*draught.*|.*implicit declaration of function .draught_margin.*)",
            ),
        ),
        Ask(
            "gcc_link",
            "log",
            "gcc link/main.c link/berth.c -o link/main",
            "What is missing at link time?",
            found(r"(undefined reference to .berth_close.)"),
        ),
        Ask(
            "gpp_templates",
            "log",
            "g++ -std=c++20 -c cpp/sort.cc -o /dev/null",
            "What in my own code does not compile?",
            found(r"(sort\.cc:8:\d+):", r"(no match for .operator-.)"),
        ),
        Ask(
            "clang_templates",
            "log",
            "clang++-19 -std=c++20 -c cpp/sort.cc -o /dev/null",
            "What in my own code does not compile?",
            found(r"(sort\.cc:8:\d+: note: .*)", r"(error: invalid operands to binary expression.*)"),
        ),
        Ask(
            "cargo_build",
            "log",
            "cd rustbad && cargo build --offline",
            "Why is it rejected, and where?",
            found(r"(error\[E0382\].*)", r"--> (src/lib\.rs:\d+:\d+)\n.*\n.*\n.*let moved|--> (src/lib\.rs:\d+:\d+)"),
        ),
        Ask(
            "go_vet",
            "log|search",  # complaints about places: grouped by file, each stays
            "cd gobad && go vet ./...",
            "Which functions have a wrong format?",
            all_found(r"names\.go:(\d+:\d+)"),
        ),
        Ask(
            "javac",
            "log",
            "javac -Xlint:all -d java/out java/Quay.java",
            "Which errors stop the compiler?",
            found(r"(incompatible types: .*)", r"(symbol: +class Berth)"),
        ),
        Ask(
            "cmake_configure",
            "log",
            "cmake -S cmake -B cmake/b1 --log-level=VERBOSE",
            "Which C compiler did it choose?",
            found(r"(The C compiler identification is .*)"),
        ),
        Ask(
            "ninja_v",
            "log",
            "cmake -G Ninja -S cmake -B cmake/b2 > /dev/null; ninja -v -C cmake/b2",
            "What is linked into the probe?",
            found(r"(-o probe)"),
        ),
        Ask(
            "mypy",
            "log|search",
            "python3 -m mypy --no-error-summary py/typed.py || mypy --no-error-summary py/typed.py",
            "What is wrong with the tide?",
            found(r"(.float. has no attribute .metres.)"),
        ),
        Ask(
            "shellcheck",
            "log",
            "shellcheck $(ls /usr/bin/*grep /usr/bin/z* /etc/init.d/* 2>/dev/null | head -40)",
            "Which variable is never used?",
            found(r"(\w+ appears unused.*)"),
        ),
        Ask(
            "node_crash",
            "log",
            "node node/crash.js",
            "What crashed and on which line?",
            found(r"(crash\.js:2)", r"(TypeError: .*)"),
        ),
    ]


def tests() -> list[Ask]:
    return [
        Ask(
            "pytest_v",
            "log",
            "cd py && pytest -v test_fees.py",
            "Which test fails, and what did it get?",
            found(r"(test_refund_after_cancellation)", r"(assert \(?.*== 13)", r"(\d+ failed, \d+ passed)"),
        ),
        Ask(
            "pytest_q",
            "log",
            "cd py && pytest -q test_fees.py",
            "Did everything pass?",
            found(r"(1 failed, \d+ passed)", r"(FAILED .*test_refund_after_cancellation)"),
        ),
        Ask(
            "unittest_v",
            "log",
            "cd py && python3 -m unittest -v unit_fees",
            "Which expectation is not met?",
            found(r"FAIL: (test_deposit_is_returned)", r"(AssertionError: 36 != 38|AssertionError: .* != 38)"),
        ),
        Ask(
            "go_test_v",
            "log",
            "cd go && go test -v ./...",
            "What is wrong with the surcharge at night?",
            found(r"(surcharge after 22:00: got \d+, want 54)", r"(--- FAIL: TestNightSurcharge)"),
        ),
        Ask(
            "go_test_json",
            "ndjson|json|log",
            "cd go && go test -json ./...",
            "Which test failed?",
            plant("TestNightSurcharge", "surcharge after 22:00: got 51, want 54"),
        ),
        Ask(
            "cargo_test",
            "log",
            "cd rust && cargo test --offline",
            "Which test fails and with which values?",
            found(r"(heavy_freight_is_rounded_up)", r"(left: \d+)", r"(right: 120)"),
        ),
        Ask(
            "node_test",
            "log",
            "node --test --test-reporter=spec node/price.test.js",
            "What is wrong with the late fee?",
            found(r"(late fee is capped)", r"(fee: 75)"),
        ),
        Ask(
            "node_test_tap",
            "log",
            "node --test --test-reporter=tap node/price.test.js",
            "Which one is not ok?",
            found(r"(not ok \d+ - late fee is capped)"),
        ),
        Ask(
            "ctest",
            "log",
            "cmake -S cmake -B cmake/b3 > /dev/null && cmake --build cmake/b3 > /dev/null; ctest --test-dir cmake/b3 --output-on-failure",
            "What did the failing test print?",
            found(r"(tariff table ends at row 417, expected 512)", r"(\d+ - tariff\.5 \(Failed\))"),
        ),
        Ask(
            "junit_ctest",
            "xml",
            "cmake -S cmake -B cmake/b4 > /dev/null && cmake --build cmake/b4 > /dev/null; ctest --test-dir cmake/b4 --output-junit ../r.xml > /dev/null 2>&1; cat cmake/r.xml",
            "What did the failing test print?",
            found(r"(tariff table ends at row 417, expected 512)", r'(name="tariff\.5")'),
        ),
        Ask(
            "junit_node",
            "xml",
            "node --test --test-reporter=junit node/price.test.js",
            "What is wrong with the late fee?",
            found(r"(late fee is capped)"),
        ),
        Ask(
            "checkstyle_xml",
            "xml",
            "shellcheck -f checkstyle $(ls /usr/bin/*grep /usr/bin/z* /etc/init.d/* 2>/dev/null | head -40)",
            "Which variable is never used?",
            found(r"(\w+ appears unused[^']*)"),
        ),
        Ask(
            "junit_xml",
            "xml",
            "cd py && pytest -q --junitxml=report.xml test_fees.py > /dev/null; cat report.xml",
            "Which test case failed?",
            plant("test_refund_after_cancellation", 'failures="1"'),
        ),
    ]


def system() -> list[Ask]:
    return [
        Ask(
            "ps_aux",
            "table|log",
            "ps aux --sort=pid",
            "Which process uses the most memory?",
            lambda text: [max((line.split(None, 10) for line in text.splitlines()[1:]), key=lambda c: int(c[5]))[1]],
        ),
        Ask(
            "ls_include",
            "log|table",
            "ls -l /usr/include",
            "Which header is the largest?",
            extreme(r"^-\S+ +\d+ \w+ +\w+ +(\d+) .* (\S+\.h)$"),
        ),
        Ask(
            "find_sizes",
            "log|table",
            "find /usr/lib/python3* -name '*.py' -printf '%s %p\\n' | head -1200",
            "Which of these files is the biggest?",
            extreme(r"^(\d+) (\S+)$"),
        ),
        Ask(
            "du",
            "log|table",
            "du -k /usr/share/doc 2>/dev/null | head -800",
            "Which folder below takes the most room?",
            extreme(r"^(\d+)\t(/usr/share/doc/\S+)$"),
        ),
        Ask("df", "table|log", "df -k", "How full is the root file system?", found(r"(\d+%) +/$")),
        Ask(
            "mount",
            "log|config|table|other",
            "mount",
            "With which options is proc mounted?",
            found(r"on /proc type proc (\(.*\))"),
        ),
        Ask(
            "env_names",
            "config",
            "env -i PATH=$PATH HOME=/home/ana LANG=C.UTF-8 $(python3 -c \"print(' '.join(f'FEATURE_{i}=off' for i in range(150)))\") TIDE_ENDPOINT=https://tides.example.org env",
            "Where do tide readings come from?",
            plant("TIDE_ENDPOINT=https://tides.example.org"),
        ),
        Ask(
            "dpkg_l",
            "table|log",
            "dpkg -l | cat",
            "Which version of the OpenSSL library is installed?",
            found(r"^ii +libssl3\S* +(\S+)"),
        ),
        Ask(
            "apt_show",
            "config|log",
            "apt-cache show coreutils bash grep sed tar gzip findutils 2>/dev/null",
            "What does the shell's package need to be installed already?",
            found(r"Package: bash\n(?:.*\n)*?(Pre-Depends: .*)"),
        ),
        Ask(
            "apt_list",
            "log|table|search",
            "apt list --installed 2>/dev/null | head -700",
            "Is a C compiler installed, and which version?",
            found(r"^(gcc/\S+ .*)$"),
        ),
        Ask(
            "apt_simulate",
            "log",
            "apt-get -s install apache2 2>&1",
            "How many new packages would the web server bring?",
            found(r"(\d+ newly installed)"),
        ),
        Ask(
            "pip_list",
            "table|log",
            "pip list 2>/dev/null",
            "Which setuptools do we have?",
            found(r"^(setuptools +\S+)"),
        ),
        Ask("lscpu", "config|log|table", "lscpu", "How large is the last level cache?", found(r"(L3(?: cache)?: +.*)")),
        Ask(
            "meminfo",
            "config|log|table",
            "cat /proc/meminfo",
            "How much memory is free for new programs without swapping?",
            found(r"(MemAvailable: +\d+ kB)"),
        ),
        Ask(
            "sysctl",
            "config|log",
            "sysctl -a 2>/dev/null",
            "How many files may be open on the whole system?",
            found(r"^(fs\.file-max = \d+)"),
        ),
        Ask("ss", "table|log", "ss -tan", "Is anything listening?", found(r"^(LISTEN .*?)\s*$")),
        Ask(
            "lsof",
            "table|log",
            "lsof -p $$ 2>/dev/null; lsof -p 1 2>/dev/null",
            "Which C library is mapped?",
            found(r"(\S*libc\S*\.so\S*)$"),
        ),
        Ask(
            "strace",
            "log",
            "strace -f ls /nonexistent-quay 2>&1",
            "Which call failed because of the missing folder?",
            found(r'(statx?\(.*"/nonexistent-quay".*)'),
        ),
        Ask(
            "ldd",
            "log|other|search|config",
            "for p in git python3 curl gdb psql; do ldd $(command -v $p) 2>/dev/null; done",
            "Which TLS library does it load?",
            found(r"(libssl\.so\S*) =>|(libgnutls\.so\S*) =>"),
        ),
        Ask(
            "readelf",
            "table|log",
            "readelf -Ws /lib/x86_64-linux-gnu/libz.so.1",
            "At which address is the function that inflates?",
            found(
                r"([0-9a-f]{16}) +\d+ FUNC +GLOBAL DEFAULT +\d+ inflate$|([0-9a-f]{16}) +\d+ FUNC +GLOBAL DEFAULT +\d+ inflate\b"
            ),
        ),
        Ask(
            "openssl_ciphers",
            "table|log|other",
            "openssl ciphers -v",
            "Which suites still work without authentication by RSA, with PSK only?",
            all_found(r"^(PSK-\S+)", 3),
        ),
        Ask(
            "tar_list",
            "log|table",
            "tar -cf - -C /usr/share/doc bash gcc git make 2>/dev/null | tar -tvf - | head -400",
            "Which file in the archive is the largest?",
            extreme(r"^-\S+ \S+ +(\d+) \S+ \S+ (\S+)$"),
        ),
        Ask(
            "vmstat",
            "table|log|config",
            "vmstat -s",
            "How many processes were started since boot?",
            found(r"^ *(\d+) forks"),
        ),
        Ask(
            "objdump",
            "code|log|other|table",
            "objdump -d --no-show-raw-insn $(command -v true) | head -900",
            "Which address does the program start at, by its own header?",
            found(r"(file format elf64-x86-64)"),
        ),
    ]


def version_control() -> list[Ask]:
    return [
        Ask(
            "git_log",
            "log",
            "git -C repo log",
            "When did we decide to keep ships in port, and in which commit?",
            found(
                r"commit ([0-9a-f]{40})\nAuthor.*\nDate.*\n\n +limits: vessels",
                r"(limits: vessels stay in port above 3.5 m waves)",
            ),
        ),
        Ask(
            "git_log_oneline",
            "log",
            "git -C repo log --oneline",
            "Which commit is about waves?",
            found(r"^([0-9a-f]{7}) limits"),
        ),
        Ask(
            "git_log_stat",
            "log",
            "git -C repo log --stat",
            "Which commit added a file?",
            found(r"commit ([0-9a-f]{40})\nAuthor.*\nDate.*\n\n +limits: vessels", r"(src/limits\.py)"),
        ),
        Ask(
            "git_diff",
            "diff",
            "git -C repo diff",
            "What became of the wave limit?",
            plant("-MAX_WAVE_HEIGHT = 3.5", "+MAX_WAVE_HEIGHT = 2.75"),
        ),
        Ask(
            "git_log_p",
            "diff|log",
            "git -C repo log -p -25",
            "What did the limits commit bring in?",
            found(r"(\+MAX_WAVE_HEIGHT = 3\.5)", r"(limits: vessels stay in port above 3.5 m waves)"),
        ),
        Ask(
            "git_status",
            "log|other|config|prose",
            "git -C repo status -uall",
            "What is changed but not staged?",
            plant("modified:   src/limits.py", "modified:   src/tariff.py"),
        ),
        Ask(
            "git_blame",
            "log|code|table",
            "git -C repo blame src/crane.py",
            "Who wrote the last function and in which commit?",
            found(r"^(\^?[0-9a-f]{7,8}) .*crane_11"),
        ),
        Ask(
            "git_grep",
            "search",
            "git -C repo grep -n 'return x'",
            "Where is 91 the factor?",
            found(r"^(?:[^:]+:\d+:) +(return x \* 48)$"),
        ),
        Ask(
            "diff_r",
            "diff",
            "mkdir -p d1 d2; cp -r repo/src d1/; cp -r repo/src d2/; sed -i 's/x \\* 5[0-9]/x + 1/' d2/src/dock.py; diff -ru d1 d2",
            "What changed in the dock?",
            found(r"^(\+    return x \+ 1)", r"(d2/src/dock\.py)"),
        ),
    ]


def servers_and_data() -> list[Ask]:
    return [
        Ask(
            "access_log",
            "log",
            "cd site && bash requests.sh",
            "Which request got no page?",
            plant("/harbour/price-list-2019.pdf", "404"),
        ),
        Ask(
            "service_log",
            "log",
            "python3 py/service.py",
            "Why could the timetable not be loaded?",
            found(r"(schedule of terminal 7 could not be read)", r"(json\.decoder\.JSONDecodeError: .*)"),
        ),
        Ask("service_log_meter", "log", "python3 py/service.py", "Which meter was too slow?", plant("M-88213")),
        Ask(
            "sqlite_table",
            "table",
            "rm -f t.db; sqlite3 t.db < db/berths.sql; sqlite3 -header -column t.db 'select * from berths'",
            "Which berth is longest, and what is going on there?",
            found(r"(dry-dock)", r"\b(612)\b", r"(maintenance)"),
        ),
        Ask(
            "sqlite_csv",
            "table",
            "rm -f u.db; sqlite3 u.db < db/berths.sql; sqlite3 -header -csv u.db 'select * from berths'",
            "Which berth is longest?",
            plant("dry-dock", "612"),
        ),
        Ask(
            "sqlite_json",
            "json",
            "rm -f v.db; sqlite3 v.db < db/berths.sql; sqlite3 -json v.db 'select * from berths'",
            "Which berth is under maintenance?",
            plant("dry-dock", "maintenance"),
        ),
        Ask(
            "sqlite_error",
            "log|other|prose|config",
            "rm -f w.db; sqlite3 w.db < db/berths.sql; sqlite3 w.db < db/bad.sql; sqlite3 w.db .dump",
            "Why does the query fail?",
            found(r"(no such column: lenght)"),
        ),
        Ask(
            "seq_awk_table",
            "table",
            'awk \'BEGIN{print "hour station level"; for(i=0;i<800;i++) printf "%02d:%02d gauge-%d %.2f\\n", i/60, i%60, i%7, (i==533)?9.87:2+(i*37%90)/100}\'',
            "When was the water unusually high?",
            plant("08:53", "9.87"),
        ),
        Ask(
            "services",
            "table|config|log",
            "cat /etc/services",
            "Which port has the network time protocol?",
            found(r"^ntp\s+(123/udp)"),
        ),
        Ask(
            "pip_json",
            "json",
            "pip list --format json 2>/dev/null",
            "Which version of pip is it?",
            found(r'"name": "pip", "version": "([^"]+)"'),
        ),
        Ask(
            "npm_ls_json",
            "json",
            "npm ls -g --json --all 2>/dev/null",
            "Which version of semver comes with it?",
            found(r'"semver": \{\s+"version": "([^"]+)"'),
        ),
        Ask("ip_json", "json", "ip -j addr", "What is the loopback address?", plant("127.0.0.1")),
        Ask(
            "go_list_json",
            "json|ndjson|other|code",
            "go list -json net/http crypto/tls 2>/dev/null | head -600",
            "In which folder is the TLS package?",
            found(r'"Dir": "(\S*crypto/tls)"'),
        ),
        Ask(
            "cargo_metadata",
            "json",
            "cd rust && cargo metadata --offline --format-version 1",
            "Where does the build write to?",
            found(r'"target_directory":"([^"]+)"'),
        ),
    ]


def searches() -> list[Ask]:
    return [
        Ask(
            "grep_def",
            "search",
            f"cd {STDLIB} && grep -rn 'def ' json email http",
            "Where are cookies made ready to be sent in a header?",
            found(r"^[^:]*cookiejar\.py:\d+: +(def _?cookie_attrs\(.*)$"),
        ),
        Ask(
            "grep_raise",
            "search",
            f"cd {STDLIB} && grep -n 'raise ValueError' [q-t]*.py",
            "What does it say about a semaphore's start value?",
            found(r"^threading\.py:\d+:\s+(raise ValueError\(.*semaphore initial value.*\))"),
        ),
        Ask(
            "rg_import",
            "search",
            f"cd {STDLIB} && rg -n '^import (ssl|socket)$' --sort path",
            "Which mail modules import it?",
            all_found(r"^(?:imaplib|poplib|smtplib)\.py:\d+:(import \w+)$"),
        ),
        Ask(
            "rg_heading",
            "search",
            f"cd {STDLIB} && rg --heading -n 'deprecated' --sort path -g '*.py' | head -600",
            "Which option of the argument parser's version is deprecated?",
            found(r"^\d+:(.*version.*deprecated.*)$"),
        ),
        Ask(
            "grep_config",
            "search",
            "grep -rn 'Port' /etc/ssh /etc/ssl 2>/dev/null",
            "Which port does the shell daemon listen on?",
            found(r"^[^:]+:\d+:(#?\s*Port 22)"),
        ),
        Ask(
            "find_names",
            "search|log|other|table",
            "find /usr/include -name '*.h' | sort | head -3000",
            "Where is the header for the PCI bus ids?",
            found(r"^/usr/include/\S*/(pci\S*\.h)$"),
        ),
    ]


def documents() -> list[Ask]:
    return [
        Ask(
            "man_tar",
            "prose|other|log",
            "man tar 2>/dev/null | col -b",
            "Which option follows symbolic links?",
            found(r"(-h, --dereference)"),
        ),
        Ask(
            "help_curl",
            "log|prose|table|other|config",
            "curl --help all",
            "How do I limit the rate of a transfer?",
            found(r"(--limit-rate <speed>)"),
        ),
        Ask(
            "help_gcc",
            "log|prose|table|other|config",
            "gcc --help=warnings",
            "Which option warns of a variable that shadows another?",
            found(r"^ +(-Wshadow) "),
        ),
        Ask(
            "help_git",
            "log|prose|table|other",
            "git help -a | cat",
            "Which command finds the commit that brought in a bug?",
            found(r"^ +(bisect +.*)$"),
        ),
        Ask(
            "pydoc_text",
            "prose|code|other|log",
            "python3 -m pydoc textwrap",
            "How are long words handled?",
            found(r"(break_long_words \(default: true\))"),
        ),
        Ask(
            "changelog",
            "prose|log|other",
            "zcat /usr/share/doc/bash/changelog.gz 2>/dev/null | head -1500 || true",
            "What changed last in the shell?",
            found(r"^\s*(\S.*)$"),
        ),
        Ask(
            "debian_changelog",
            "prose|log|other",
            "zcat /usr/share/doc/openssl/changelog.Debian.gz | head -700",
            "Which vulnerabilities does the newest version fix?",
            found(r"(CVE-\d+-\d+)"),
        ),
        Ask(
            "licence",
            "prose",
            "cat /usr/share/common-licenses/Apache-2.0",
            "When does a patent licence end?",
            found(r"(patent licenses\s+granted to You under this License for that Work shall terminate)"),
        ),
        Ask(
            "pydoc_html",
            "html",
            "python3 -m pydoc -w shlex > /dev/null && cat shlex.html",
            "What does quote give back?",
            found(r"(escaped)"),
        ),
        Ask(
            "javadoc_html",
            "html|other",
            "mkdir -p jd && printf '/** A crane. */\\npublic class Lift {\\n /** Lifts a load. @param kg weight, at most 4200 */\\n public void up(int kg) {}\\n}\\n' > jd/Lift.java && javadoc -quiet -d jd/out jd/Lift.java && cat jd/out/Lift.html",
            "How heavy may a load be?",
            found(r"(weight, at most 4200)"),
        ),
        Ask(
            "http_listing",
            "html",
            "cd site && python3 -c \"import http.server,threading,urllib.request as u; s=http.server.ThreadingHTTPServer(('127.0.0.1',0),http.server.SimpleHTTPRequestHandler); s.RequestHandlerClass.log_message=lambda *a:None; threading.Thread(target=s.serve_forever,daemon=True).start(); print(u.urlopen(f'http://127.0.0.1:{s.server_port}/').read().decode())\"",
            "Is there a folder for ferries?",
            found(r">(ferry/)<"),
        ),
    ]


def html_folders() -> list[Ask]:
    wanted = [
        (
            "rust_ownership",
            "book/ch04-01-what-is-ownership.html",
            "What happens to a String's first variable when it is assigned to another one?",
            found(r"(s1 is grayed out because s1 is no longer valid)"),
        ),
        (
            "rust_option",
            "std/option/enum.Option.html",
            "What does unwrap_or_default do for None?",
            found(r"(returns the <a|Returns the contained)"),
        ),
    ]
    homes = sorted(glob.glob(str(Path.home() / ".rustup/toolchains/*/share/doc/rust/html")))
    homes = [home for home in homes if (Path(home) / wanted[0][1]).is_file()]
    return [
        Ask(name, "html", f"cat {homes[0]}/{page}", question, rule) for name, page, question, rule in wanted if homes
    ]


def body_of(pattern: str, *lines: str) -> Rule:
    return found(pattern, *lines)


def sources() -> list[Ask]:
    def python(module: str, question: str, *patterns: str) -> Ask:
        path = f"{STDLIB}/{module}.py"
        return Ask(f"read_{Path(module).name}_py", "code", f"cat -n {path}", question, found(*patterns), path)

    asks = [
        python(
            "textwrap",
            "How does dedent find the margin that lines have in common?",
            r"^\s*\d+\t(def dedent\(text\):)",
            r"(indents = _leading_whitespace_re\.findall\(text\))",
        ),
        python(
            "shelve",
            "What does closing a shelf do to the entries that were cached?",
            r"(def close\(self\):)",
            r"(self\.sync\(\))",
        ),
        python(
            "sched",
            "When does the scheduler let other threads run?",
            r"(def run\(self, blocking=True\):)",
            r"(delayfunc\(0\))",
        ),
        python(
            "bisect",
            "What does bisect_right do when lo is negative?",
            r"(def bisect_right\(.*)",
            r"(raise ValueError\('lo must be non-negative'\))",
        ),
        python(
            "statistics",
            "How is the harmonic mean of zero handled?",
            r"(def harmonic_mean\(.*)",
            r"(raise StatisticsError\('weighted sum must be positive'\)|if x == 0:|return 0)",
        ),
    ]
    others = [
        (
            "read_c_header",
            "/usr/include/stdio.h",
            "Which function reopens a stream?",
            found(r"^\s*\d+\t(extern FILE \*freopen .*)$"),
        ),
        (
            "read_cpp_header",
            "/usr/include/c++/12/bits/stl_stack.h",
            "What does pop do when the stack is empty?",
            found(r"(pop\(\))", r"(__glibcxx_requires_nonempty\(\);)"),
        ),
        (
            "read_go",
            "/usr/local/go/src/strings/replace.go",
            "Which algorithm does a generic replacer use to look strings up?",
            found(r"(type trieNode struct \{)", r"(func \(r \*genericReplacer\) lookup\(.*)"),
        ),
        (
            "read_perl",
            "/usr/share/perl/5.36/Text/Wrap.pm",
            "How are lines wrapped when a word is too long?",
            found(r"(sub wrap)", r"(\$huge eq 'overflow')"),
        ),
        (
            "read_js",
            "/usr/lib/node_modules/npm/lib/utils/error-message.js",
            "What does npm say when there is no space left?",
            found(r"(There appears to be insufficient space on your system)"),
        ),
        (
            "read_tcl",
            "/usr/share/tcltk/tcl8.6/package.tcl",
            "How is a package index made?",
            found(r"(proc pkg_mkIndex \{args\} \{)"),
        ),
        (
            "read_sh",
            "/usr/bin/ldd",
            "What does it do for a file that may not be read?",
            found(r"(you do not have read permission for)"),
        ),
        ("read_sh_gunzip", "/usr/bin/zgrep", "How is a pattern from a file handled?", found(r"(-f|--file)")),
        (
            "read_config_ssl",
            "/etc/ssl/openssl.cnf",
            "How long is a certificate valid by default?",
            found(r"(default_days\s*=\s*\d+)"),
        ),
        ("read_config_ssh", "/etc/ssh/ssh_config", "Which ciphers are offered?", found(r"^\s*\d+\t(#?\s*Ciphers .*)$")),
        (
            "read_fonts_conf",
            "/etc/fonts/conf.d/45-latin.conf",
            "What stands in for Palatino Linotype?",
            found(r"(<family>Palatino Linotype</family>)"),
        ),
        (
            "read_keyboards_xml",
            "/usr/share/X11/xkb/rules/base.xml",
            "What is the layout of Iceland called?",
            found(r"(<description>Icelandic</description>)"),
        ),
        ("read_mime", "/etc/mime.types", "What type has a woff2 font?", found(r"(font/woff2)")),
    ]
    for name, path, question, rule in others:
        if Path(path).is_file():
            kind = (
                "xml"
                if "fonts" in name or "xml" in name
                else "config|table|log"
                if "config" in name or "mime" in name
                else "code"
            )
            asks.append(Ask(name, kind, f"cat -n {path}", question, rule, path))
    return asks


def all_asks() -> list[Ask]:
    groups = [
        builds(),
        tests(),
        system(),
        version_control(),
        servers_and_data(),
        searches(),
        documents(),
        html_folders(),
        sources(),
        first_looks.programs(),
    ]
    asks = [ask for group in groups for ask in group]
    assert len({ask.name for ask in asks}) == len(asks)
    assert all(re.fullmatch(r"\w+", ask.name) for ask in asks)
    return asks
