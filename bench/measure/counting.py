"""Tokens, texts, needles and markers: what a measurement counts."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

Json = Any
MARKER = re.compile(r"<<ccr:([0-9a-f]{8,64})|hash=([0-9a-f]{8,64})")


@cache
def encoding(ranks: Path) -> Any:
    """tiktoken's o200k_base, its ranks read from a folder of this machine."""
    import tiktoken
    from tiktoken_ext import openai_public

    def load(url: str, expected_hash: str | None = None) -> dict[bytes, int]:
        lines = (ranks / url.rpartition("/")[2]).read_bytes().splitlines()
        return {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in lines)}

    openai_public.load_tiktoken_bpe = load
    return tiktoken.Encoding(**openai_public.ENCODING_CONSTRUCTORS["o200k_base"]())


def tokens(text: str, ranks: Path) -> int:
    """Exact o200k_base tokens; also for other models, so that figures can be compared."""
    return len(encoding(ranks).encode_ordinary(text))


def texts_of(messages: Json) -> list[str]:
    """All text that the model reads in a list of messages."""
    found: list[str] = []
    for message in messages:
        content = message.get("content")
        parts = [content] if isinstance(content, str) else content or []
        for part in parts:
            found += [part] if isinstance(part, str) else part_texts(part)
        found += [call["function"]["arguments"] for call in message.get("tool_calls") or []]
    return found


def part_texts(part: dict[str, Json]) -> list[str]:
    """Texts of one content block."""
    if part.get("type") == "text":
        return [part["text"]]
    if part.get("type") == "tool_use":
        return [json.dumps(part.get("input"))]
    if part.get("type") == "tool_result":
        content = part.get("content")
        if isinstance(content, str):
            return [content]
        return [inner["text"] for inner in content or [] if inner.get("type") == "text"]
    return []


def tool_text(messages: Json) -> str:
    """What tools returned, as the model reads it."""
    found: list[str] = []
    for message in messages:
        content = message.get("content")
        if message.get("role") == "tool":
            found += [content] if isinstance(content, str) else [c["text"] for c in content if c.get("type") == "text"]
        elif isinstance(content, list):
            for part in content:
                if part.get("type") == "tool_result":
                    found += part_texts(part)
    return "\n".join(found)


def plain(text: str) -> str:
    """Escapes and runs of white space do not decide whether a needle is there."""
    for escaped, character in (('\\"', '"'), ("\\n", " "), ("\\t", " "), ("\\/", "/")):
        text = text.replace(escaped, character)
    return " ".join(text.split())


def holds(haystack: str, needle: str) -> bool:
    """True when the needle stands there on its own: 93 is not in 1934. `haystack` went through plain()."""
    return re.search(r"(?<![0-9A-Za-z])" + re.escape(plain(needle)) + r"(?![0-9A-Za-z])", haystack) is not None


def markers(text: str) -> list[str]:
    """Hashes that markers name, each once."""
    return list(dict.fromkeys(match[1] or match[2] for match in MARKER.finditer(text)))
