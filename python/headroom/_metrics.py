"""What a HeadroomClient has done, request by request."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

_KEPT = 10_000


@dataclass(frozen=True)
class RequestMetrics:
    """One request. Tokens of all that the model reads; `tokens_output` and `cached_tokens` as the answer bills them, None
    where it does not say."""

    request_id: str
    timestamp: datetime
    model: str
    stream: bool
    mode: str
    tokens_input_before: int
    tokens_input_after: int
    tokens_output: int | None = None
    cached_tokens: int | None = None
    estimated_savings_percent: float = 0.0
    transforms_applied: list[str] = field(default_factory=list)
    error: str | None = None

    @property
    def tokens_saved(self) -> int:
        return max(self.tokens_input_before - self.tokens_input_after, 0)


class MetricsLog:
    """The latest 10,000 requests, in memory, and sums over all; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: deque[RequestMetrics] = deque(maxlen=_KEPT)
        self._requests: dict[str, int] = {}
        self._saved = 0

    def add(self, metrics: RequestMetrics) -> None:
        with self._lock:
            self._kept.append(metrics)
            self._requests[metrics.mode] = self._requests.get(metrics.mode, 0) + 1
            self._saved += metrics.tokens_saved

    def find(
        self, start: datetime | None, end: datetime | None, model: str | None, mode: str | None, limit: int | None
    ) -> list[RequestMetrics]:
        """The newest first."""
        start, end = _aware(start), _aware(end)
        with self._lock:
            found = [
                one
                for one in reversed(self._kept)
                if (start is None or one.timestamp >= start)
                and (end is None or one.timestamp <= end)
                and (model is None or one.model == model)
                and (mode is None or one.mode == mode)
            ]
        return found if limit is None else found[:limit]

    def summary(self, start: datetime | None, end: datetime | None) -> dict[str, Any]:
        found = self.find(start, end, None, None, None)
        before = sum(one.tokens_input_before for one in found)
        after = sum(one.tokens_input_after for one in found)
        saved = sum(one.tokens_saved for one in found)
        return {
            "total_requests": len(found),
            "total_tokens_before": before,
            "total_tokens_after": after,
            "total_tokens_saved": saved,
            "avg_tokens_saved": saved / len(found) if found else 0.0,
            "audit_count": sum(one.mode == "audit" for one in found),
            "optimize_count": sum(one.mode == "optimize" for one in found),
        }

    def session(self) -> dict[str, int]:
        with self._lock:
            return {
                "requests_total": sum(self._requests.values()),
                "requests_optimized": self._requests.get("optimize", 0),
                "requests_audit": self._requests.get("audit", 0),
                "tokens_saved_total": self._saved,
                "cache_hits": 0,
            }


def _aware(time: datetime | None) -> datetime | None:
    """A time without a zone is one of UTC."""
    return time.replace(tzinfo=timezone.utc) if time is not None and time.tzinfo is None else time
