"""Labelled pages: documentation built from sources whose text is known."""

import hashlib
import json
import re
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

THEMES = ["alabaster", "classic", "sphinx_rtd_theme", "furo", "pydata_sphinx_theme"]
LEAST_WORDS = 80


@dataclass
class Segments:
    """Pieces of text that belong to the content of a page, and pieces that do not."""

    wanted: list[str]
    unwanted: list[str]


@dataclass
class Page:
    name: str
    html: str
    text: str  # the label: all text of the page's main part
    segments: Segments | None = None  # the label of pages of which only some pieces are labelled


def unpack(place: Path) -> Path:
    sources = place / "unpacked"
    if not sources.is_dir():
        for archive in sorted((place / "sources").glob("*.tar.gz")):
            with tarfile.open(archive) as tar:
                # Debian 12's Python has no filter argument; where there are filters, the attribute is the same.
                tar.extraction_filter = getattr(tarfile, "data_filter", None)
                tar.extractall(sources)
    return sources


def sphinx_pages(place: Path) -> Iterator[Page]:
    """The same sources once as text, which is the label, and once with each theme."""
    for docs in sorted(unpack(place).glob("*/docs")):
        if not list(docs.glob("*.rst")):
            continue
        for theme in ["text", *THEMES]:
            out = place / "built" / docs.parent.name / theme
            if not out.is_dir():
                builder = ["-b", "text"] if theme == "text" else ["-b", "html", "-D", f"html_theme={theme}"]
                command = [str(place / "venv/bin/sphinx-build"), "-Q", "-C", *builder, str(docs), str(out)]
                subprocess.run(command, check=False, capture_output=True)
        texts = place / "built" / docs.parent.name / "text"
        for number, text in enumerate(sorted(texts.rglob("*.txt"))):
            page = text.relative_to(texts).with_suffix(".html")
            theme = THEMES[number % len(THEMES)]
            html = place / "built" / docs.parent.name / theme / page
            label = text.read_text()
            if html.is_file() and len(label.split()) >= LEAST_WORDS:
                yield Page(f"{theme}: {docs.parent.name}/{page}", html.read_text(), label)


def mkdocs_pages(place: Path) -> Iterator[Page]:
    for docs in sorted(unpack(place).glob("*/docs")):
        sources = [path for path in docs.glob("*.md") if len(path.read_text().split()) >= LEAST_WORDS]
        if not sources:
            continue
        project = place / "built" / docs.parent.name / "mkdocs"
        if not project.is_dir():
            (project / "docs").mkdir(parents=True)
            (project / "mkdocs.yml").write_text(
                "site_name: Manual\ntheme: {name: material}\nuse_directory_urls: false\n"
            )
            (project / "docs/index.md").write_text("# Manual\n")
            for source in sources:
                (project / "docs" / source.name).write_text(source.read_text())
            command = [str(place.resolve() / "venv/bin/mkdocs"), "--quiet", "build"]
            subprocess.run(command, cwd=project, check=False, capture_output=True)
        for source in sorted(sources):
            page = project / "site" / f"{source.stem}.html"
            if page.is_file():
                yield Page(
                    f"mkdocs-material: {docs.parent.name}/{source.name}", page.read_text(), plain(source.read_text())
                )


def plain(markdown: str) -> str:
    """The text of markdown: without targets of links, marks of directives and comments."""
    text = re.sub(r"<!--.*?-->", " ", markdown, flags=re.S)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    text = re.sub(r"^\[[^\]]*\]:.*$", " ", text, flags=re.M)
    return re.sub(r"^```.*$", " ", text, flags=re.M)


def labelled_pages(folder: Path) -> Iterator[Page]:
    """DIR/NAME/source.html with expected.html, expected.txt or segments.json beside it; DIR may hold several such sets.

    The pages of a set are told apart by a digest of their names: rules may be tuned on "dev", "held" only says how they
    do on others.
    """
    sets = [folder] if next(folder.glob("*/source.html"), None) else sorted(p for p in folder.iterdir() if p.is_dir())
    for one in sets:
        for page in sorted(one.iterdir()):
            half = "dev" if hashlib.sha256(page.name.encode()).digest()[0] < 128 else "held"
            name = f"{one.name}/{half}: {page.name}"
            if not (page / "source.html").is_file():
                continue
            source = decoded((page / "source.html").read_bytes())
            if (page / "segments.json").is_file():
                segments = json.loads((page / "segments.json").read_text())
                yield Page(name, source, "", Segments(segments["with"], segments["without"]))
            elif (page / "expected.txt").is_file():
                yield Page(name, source, (page / "expected.txt").read_text())
            elif (page / "expected.html").is_file():
                yield Page(name, source, text_of((page / "expected.html").read_bytes().decode()))


def decoded(source: bytes) -> str:
    try:
        return source.decode()
    except UnicodeDecodeError:
        return source.decode("latin-1")


def text_of(source: str) -> str:
    from lxml import html

    return " ".join(html.fromstring(source).itertext())
