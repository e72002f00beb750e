"""What several agents of one program hand to each other."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from ._errors import ValidationError


@dataclass(frozen=True)
class ContextEntry:
    """Something that was put, whole and shortened. timestamp: seconds since 1970."""

    key: str
    original: str
    compressed: str
    original_tokens: int
    compressed_tokens: int
    agent: str | None
    timestamp: float
    transforms: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    """What markers in `compressed` name; headroom.retrieve() gives parts of it."""

    @property
    def savings_percent(self) -> float:
        return _percent(self.original_tokens, self.compressed_tokens)


@dataclass(frozen=True)
class SharedContextStats:
    entries: int
    total_original_tokens: int
    total_compressed_tokens: int
    total_tokens_saved: int
    savings_percent: float


class SharedContext:
    """One agent puts its findings, another gets them shortened, or whole. In the memory of this process; thread-safe.

    model: whose tokens are counted. ttl: seconds that an entry lives. max_entries: when there are more, the one that was
    put first goes.
    """

    def __init__(self, model: str = "claude-sonnet-4-5-20250929", ttl: float = 3600, max_entries: int = 100) -> None:
        if ttl <= 0 or max_entries < 1:
            raise ValidationError("ttl and max_entries must be over 0", code="invalid_argument")
        self._model = model
        self._ttl = ttl
        self._max_entries = max_entries
        self._entries: dict[str, tuple[float, ContextEntry]] = {}  # when it ends, by time.monotonic()
        self._lock = threading.Lock()

    def put(self, key: str, content: str, *, agent: str | None = None, question: str = "") -> ContextEntry:
        """Keeps the content under the key, in place of what was there. question: what its readers want to know."""
        from ._api import compress_text

        if not isinstance(content, str):
            raise ValidationError("content must be a str", code="invalid_argument")
        short = compress_text(content, question, model=self._model)
        entry = ContextEntry(
            key=key,
            original=content,
            compressed=short.text,
            original_tokens=short.tokens_before,
            compressed_tokens=short.tokens_after,
            agent=agent,
            timestamp=time.time(),
            transforms=short.transforms_applied,
            ids=short.ids,
        )
        with self._lock:
            self._forget_old()
            self._entries.pop(key, None)
            while len(self._entries) >= self._max_entries:
                del self._entries[next(iter(self._entries))]
            self._entries[key] = (time.monotonic() + self._ttl, entry)
        return entry

    def get(self, key: str, *, full: bool = False) -> str | None:
        """What was put, shortened, or as it was when `full`; None when there is nothing, or not any more."""
        entry = self.get_entry(key)
        if entry is None:
            return None
        return entry.original if full else entry.compressed

    def get_entry(self, key: str) -> ContextEntry | None:
        with self._lock:
            self._forget_old()
            found = self._entries.get(key)
            return None if found is None else found[1]

    def keys(self) -> list[str]:
        with self._lock:
            self._forget_old()
            return list(self._entries)

    def stats(self) -> SharedContextStats:
        with self._lock:
            self._forget_old()
            entries = [entry for _, entry in self._entries.values()]
        before = sum(entry.original_tokens for entry in entries)
        after = sum(entry.compressed_tokens for entry in entries)
        return SharedContextStats(len(entries), before, after, before - after, _percent(before, after))

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

    def _forget_old(self) -> None:
        now = time.monotonic()
        for key in [key for key, (end, _) in self._entries.items() if end <= now]:
            del self._entries[key]


def _percent(before: int, after: int) -> float:
    return round((before - after) / before * 100, 1) if before > 0 else 0.0
