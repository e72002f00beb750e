"""Text rules of the project, over every file of the project.

- no include that climbs out of its folder ("../"), so that the layering rule cannot be sidestepped
- no path of the machine that something was written on, and no host name of a package registry: a clone must work
  anywhere, and setup reaches registries by package name only
- text files end with one newline, have no trailing blanks and no carriage return (test data is exempt)

Prints FILE:LINE: what, and exits 1 when there is any.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# Spelt so that this file does not match itself.
FORBIDDEN = [
    (re.compile(r"[\"'`\s(=]/wor[k]\b|/roo[t]/|\bshare[d]/|/opt/wheel[s]"), "a path of one machine"),
    (
        re.compile(r"pypi\.or[g]|pythonhosted\.or[g]|npmjs\.(or[g]|co[m])|deb\.debian\.or[g]|\bcrates\.i[o]\b"),
        "the host name of a package registry",
    ),
]
CLIMBING_INCLUDE = re.compile(r"^\s*#\s*include\s*[\"<](.*/)?\.\./")
CODE = {".cc", ".h", ".py", ".sh", ".cmake", ".md", ".txt", ".yaml", ".json", ".toml", ""}
DATA_FOLDERS = {"cases", "corpus", "golden", "testdata", "fixtures"}


def project_files() -> list[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    git = subprocess.run(command, capture_output=True, check=False, text=True)
    if git.returncode == 0:
        return sorted({Path(name) for name in git.stdout.split("\0") if name and Path(name).is_file()})
    # No git, or a checkout that belongs to someone else: everything but what is generated.
    generated = {".git", ".deps", ".venv", "build", "__pycache__", "node_modules", "dist", "prebuilds"}
    return sorted(path for path in Path().rglob("*") if path.is_file() and not generated.intersection(path.parts))


def is_data(path: Path) -> bool:
    return path.suffix not in CODE or any(part in DATA_FOLDERS for part in path.parts)


def findings(path: Path) -> Iterator[str]:
    data = path.read_bytes()
    if b"\0" in data:
        return
    lines = data.decode("utf-8", "replace").split("\n")
    for number, line in enumerate(lines, 1):
        for pattern, what in FORBIDDEN:
            if pattern.search(line):
                yield f"{path}:{number}: {what}"
        if path.suffix in {".cc", ".h"} and CLIMBING_INCLUDE.search(line):
            yield f'{path}:{number}: includes must be "folder/file.h"'
        if not is_data(path) and path.name != "LICENSE" and line != line.rstrip():
            yield f"{path}:{number}: trailing blanks"
    if data and not is_data(path) and (not data.endswith(b"\n") or data.endswith(b"\n\n")):
        yield f"{path}:{len(lines)}: must end with exactly one newline"


def main() -> int:
    found = [text for path in project_files() for text in findings(path)]
    print(*found, sep="\n" if found else "", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
