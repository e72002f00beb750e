"""Text of the sorts that agents read: (class, text) pairs from generators with fixed seeds and from whatever source files,
documents and message catalogues are installed."""

import base64
import functools
import gettext
import glob
import json
import os
import random
import sysconfig

WORDS = (
    "request server timeout connection user order payment cache worker queue retry index shard build deploy token session "
    "handler upstream payload schema record value error warning started finished failed accepted closed opened"
).split()
LEVELS = ["INFO", "INFO", "INFO", "DEBUG", "WARN", "ERROR"]


def log_text(rng, size):
    lines, length = [], 0
    while length < size:
        line = (
            f"2024-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:"
            f"{rng.randint(0, 59):02}.{rng.randint(0, 999):03}Z {rng.choice(LEVELS)} [{rng.choice(WORDS)}-{rng.randint(1, 64)}] "
            f"com.example.{rng.choice(WORDS)}.{rng.choice(WORDS).title()}{rng.choice(WORDS).title()} - "
            f"{' '.join(rng.choice(WORDS) for _ in range(rng.randint(3, 9)))} id={rng.getrandbits(48):x} "
            f"ip=10.{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(0, 255)} took={rng.randint(1, 9000)}ms\n"
        )
        lines.append(line)
        length += len(line)
    return "".join(lines)


def json_text(rng, size, indent=None):
    rows, length = [], 0
    while length < size:
        row = {
            "id": rng.randint(1, 10**7),
            "uuid": f"{rng.getrandbits(128):032x}",
            "name": " ".join(rng.choices(WORDS, k=2)),
            "email": f"{rng.choice(WORDS)}.{rng.choice(WORDS)}@example.com",
            "active": rng.random() < 0.7,
            "score": round(rng.random() * 100, 4),
            "created_at": f"2024-05-{rng.randint(1, 28):02}T10:00:00Z",
            "tags": rng.sample(WORDS, 3),
            "address": {"city": rng.choice(WORDS).title(), "zip": str(rng.randint(10000, 99999))},
            "parent": None,
        }
        rows.append(row)
        length += len(json.dumps(row, indent=indent))
    return json.dumps(rows, indent=indent)


def table_text(rng, size):
    rows: list[str] = []
    while sum(map(len, rows)) < size:
        rows.append(
            "  ".join(f"{rng.choice(WORDS):<12}" if i % 2 else f"{rng.randint(0, 99999):>8}" for i in range(6)) + "\n"
        )
    return "".join(rows)


@functools.cache
def code_files():
    roots = [
        sysconfig.get_paths()["stdlib"],
        "/usr/include",
        "/usr/share/perl",
        "/usr/local/go/src",
        "/usr/lib/go/src",
        "/usr/lib/node_modules",
        "/usr/local/lib/node_modules",
        os.path.dirname(sysconfig.get_paths()["purelib"]),
    ]
    found = {}
    for extension in ("py", "h", "hpp", "pm", "go", "js", "ts", "rs", "java", "sh"):
        files = sorted(
            f
            for root in roots
            for f in glob.glob(f"{root}/**/*.{extension}", recursive=True)
            if os.path.isfile(f) and 4000 < os.path.getsize(f) < 300_000
        )
        random.Random(7).shuffle(files)
        found[extension] = files[:120]
    return found


def read(path):
    with open(path, encoding="utf-8", errors="ignore") as file:
        return file.read()


def code_samples(rng):
    for extension, files in code_files().items():
        for path in files:
            text = read(path)
            start = rng.randrange(max(1, len(text) - 4000))
            yield f"code {extension}", text[start : start + 4000]


@functools.cache
def catalogues():
    """Messages of installed programs by language: prose in many scripts."""
    messages = {}
    for path in sorted(glob.glob("/usr/share/locale/*/LC_MESSAGES/*.mo")):
        language = path.split("/")[4]
        try:
            with open(path, "rb") as file:
                catalogue = vars(gettext.GNUTranslations(file))["_catalog"]
        except (OSError, ValueError, LookupError):
            continue
        messages.setdefault(language, []).extend(
            v for k, v in catalogue.items() if isinstance(k, str) and k and len(v) > 20
        )
    return messages


def prose_samples(rng):
    for language, messages in catalogues().items():
        if len(messages) >= 60:
            for _ in range(12):
                yield f"prose {language.split('_')[0].split('@')[0]}", "\n".join(rng.sample(messages, 24))
    for path in sorted(glob.glob("/usr/share/common-licenses/*") + glob.glob("/usr/share/doc/*/README*"))[:60]:
        if os.path.isfile(path) and not path.endswith(".gz"):
            yield "prose en", read(path)[:6000]


def samples():
    rng = random.Random(11)
    done = [*code_samples(rng), *prose_samples(rng)]
    for _ in range(120):
        done.append(("log", log_text(rng, 3000)))
        done.append(("json", json_text(rng, 3000)))
        done.append(("json indented", json_text(rng, 3000, 2)))
        done.append(("table", table_text(rng, 2000)))
        done.append(("base64", base64.b64encode(rng.randbytes(1500)).decode()))
        done.append(("hex", rng.randbytes(900).hex()))
    return [(name, text) for name, text in done if len(text) > 200]
