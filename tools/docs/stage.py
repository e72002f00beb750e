#!/usr/bin/env python3
"""Puts the pages of this project into one folder, as the site has them, with the pages of the reference.

    stage.py OUT      the folder is made anew; fails when a link leads nowhere

The README is the first page. Links between pages lead to them on the site, too; of what is no page, the path is named. The reference
of Python and C++ is made from the docstrings of the package and from the public header.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"(!?)\[([^\]\n]*(?:\n[^\]\n]*)?)\]\(([^)\s]+)\)")
TYPESCRIPT_REFERENCE = """# TypeScript reference

What [TypeScript](../TYPESCRIPT.md) shows in examples, name by name: [headroom-ai](typescript/index.html).
"""
OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|#")


def pages() -> dict[Path, str]:
    """Where each page stands on the site, by its file."""
    found = {ROOT / "README.md": "index.md", ROOT / "typescript/README.md": "TYPESCRIPT.md"}
    found |= {ROOT / name: name for name in ("CHANGELOG.md", "CONTRIBUTING.md")}
    return found | {file: file.name for file in sorted((ROOT / "docs").glob("*.md"))}


def staged(file: Path, known: dict[Path, str], lost: list[str]) -> str:
    """The page with its links as they are on the site."""

    def link(match: re.Match[str]) -> str:
        mark, text, target = match.groups()
        if OUTSIDE.match(target):
            return match[0]
        path, _, anchor = target.partition("#")
        meant = Path(os.path.normpath(file.parent / path))
        if meant in known:
            return f"{mark}[{text}]({known[meant]}{'#' + anchor if anchor else ''})"
        if not meant.exists():
            lost.append(f"{file.relative_to(ROOT)}: {target}")
        name = meant.relative_to(ROOT).as_posix()
        return f"`{name}`" if text.strip("`").endswith(Path(name).name) else f"{text} (`{name}`)"

    # The tests of the pages leave out blocks of code that say "skip".
    return LINK.sub(link, re.sub(r"^(```\w+) skip$", r"\1", file.read_text(), flags=re.MULTILINE))


def python_names() -> dict[str, list[str]]:
    """Public names by the module that has them, as the package itself says."""
    module = ast.parse((ROOT / "python/headroom/__init__.py").read_text())
    for node in module.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "_HOMES":
            homes: dict[str, list[str]] = {home: list(names) for home, names in ast.literal_eval(node.value).items()}
            return homes
    raise SystemExit("python/headroom/__init__.py has no _HOMES")


def python_reference() -> str:
    lines = ["# Python reference", "", "What [Python](../PYTHON.md) shows in examples, name by name.", ""]
    for home, names in python_names().items():
        lines += [line for name in names if name != "__version__" for line in (f"::: headroom.{home}.{name}", "")]
    lines += ["# Integrations", ""]
    for file in sorted((ROOT / "python/headroom/integrations").glob("[a-z]*.py")):
        lines += [f"::: headroom.integrations.{file.stem}", ""]
    return "\n".join(lines)


def cpp_reference() -> str:
    header = (ROOT / "include/headroom/headroom.h").read_text()
    return f"# C++ reference\n\nThe public header, `headroom/headroom.h`, is its own manual.\n\n```cpp\n{header}```\n"


def main() -> int:
    out = Path(sys.argv[1])
    shutil.rmtree(out, ignore_errors=True)
    (out / "reference").mkdir(parents=True)
    known = pages()
    lost: list[str] = []
    for file, name in known.items():
        (out / name).write_text(staged(file, known, lost))
    (out / "reference/python.md").write_text(python_reference())
    (out / "reference/cpp.md").write_text(cpp_reference())
    (out / "reference/typescript.md").write_text(TYPESCRIPT_REFERENCE)
    for each in lost:
        print(f"a link leads nowhere: {each}", file=sys.stderr)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
