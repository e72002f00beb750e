"""Steps over the messages of a conversation, and a line of them, under the names that scripts know. compress() does all of it."""

from __future__ import annotations

import hashlib
import json
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from . import _native
from ._api import compress, simulate
from ._client import HeadroomConfig
from ._config import CompressConfig
from ._engine import DEFAULT_MODEL, TEXT_MODEL, Engine
from ._errors import HeadroomWarning
from ._messages import plain
from ._result import CompressResult, Message
from ._settings import CacheAlignerConfig


@dataclass
class CachePrefixMetrics:
    """The system prompt as it was sent: what a provider's cache can only use when it does not change."""

    stable_prefix_bytes: int
    stable_prefix_tokens_est: int
    stable_prefix_hash: str
    prefix_changed: bool
    previous_hash: str | None = None


class TransformResult(CompressResult):
    """The messages after one step or several: a list, with what was done."""

    def __init__(self, *args: Any, warnings: Iterable[str] = (), **more: Any) -> None:
        self.cache_metrics: CachePrefixMetrics | None = more.pop("cache_metrics", None)
        super().__init__(*args, **more)
        self.warnings = list(warnings)

    @property
    def markers_inserted(self) -> list[str]:
        """The ids of originals that markers name."""
        return self.ids

    @classmethod
    def of(cls, result: CompressResult, **more: Any) -> TransformResult:
        return cls(
            result,
            result.tokens_before,
            result.tokens_after,
            transforms_applied=result.transforms_applied,
            lossless=result.lossless,
            ids=result.ids,
            estimate=result.estimate,
            reason=result.reason,
            **more,
        )


class Transform(ABC):
    """Base of steps."""

    @abstractmethod
    def apply(self, messages: list[Message], tokenizer: Any, **settings: Any) -> CompressResult: ...

    def should_apply(self, messages: list[Message], tokenizer: Any, **settings: Any) -> bool:
        return True


class CacheAligner(Transform):
    """Keeps what a conversation begins with as it was, so that a provider's cache can use it: a value in the system prompt that
    is clearly volatile (a time, an id, a folder, a branch) is sent as it was first, and the new one is said at the end.

    One object for one conversation. compress() and the proxy do this by themselves. config: with enabled=False messages
    stay, and only warnings say what is volatile; without a config they are aligned.
    """

    def __init__(self, config: CacheAlignerConfig | None = None) -> None:
        self.config = config if config is not None else CacheAlignerConfig(enabled=True)
        self._engine = Engine(in_memory=True, profile="lossless", min_tokens=2**62)
        self._last: str | None = None

    def should_apply(self, messages: list[Message], tokenizer: Any = None, **settings: Any) -> bool:
        """Whether something volatile stands in the system prompt."""
        return self.config.enabled and bool(_volatile(messages))

    def apply(self, messages: list[Message], tokenizer: Any = None, **settings: Any) -> TransformResult:
        """tokenizer: a Tokenizer, or the model's name. Messages without a change are the same objects."""
        model = _model_of(tokenizer)
        if self.config.enabled:
            made = self._engine.compress(messages, model)
        else:
            made = CompressResult(messages)
        text = _system_text(made)
        digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
        changed = self._last is not None and self._last != digest
        size = len(text.encode("utf-8", "replace"))
        tokens = _native.count_tokens(text.encode("utf-8", "replace"), model)
        metrics = CachePrefixMetrics(size, tokens, digest, changed, self._last)
        self._last = digest
        said = [f"{drift['where']}: {drift['what']} was not as before; {drift['action']}" for drift in made.drifts]
        said += [f"system: {kind} may change from request to request: {value}" for kind, value in _volatile(messages)]
        return TransformResult.of(made, warnings=said, cache_metrics=metrics)

    def align(self, messages: list[Message]) -> TransformResult:
        """The same as apply()."""
        return self.apply(messages)

    def get_alignment_score(self, messages: list[Message]) -> float:
        """100 when nothing in the system prompt is volatile, 10 less for each value that is; 0 at least."""
        return max(100.0 - 10.0 * len(_volatile(messages)), 0.0)


class TransformPipeline:
    """compress() of messages, or the given steps one after the other. provider is accepted and has no effect."""

    def __init__(
        self,
        config: HeadroomConfig | Sequence[Any] | None = None,
        transforms: Sequence[Any] | None = None,
        provider: Any = None,
    ) -> None:
        if isinstance(config, HeadroomConfig) or config is None:
            self.config = config if config is not None else HeadroomConfig()
            self.transforms = list(transforms) if transforms is not None else None
        else:
            self.config, self.transforms = HeadroomConfig(), list(config)

    def apply(self, messages: list[Message], model: str = TEXT_MODEL, **settings: Any) -> TransformResult:
        """settings: as for compress(); steps get them, too."""
        if self.transforms is None:
            return TransformResult.of(compress(messages, model, **self._known(settings)))
        first = before = None
        current: list[Message] = list(messages)
        names: list[str] = []
        ids: list[str] = []
        said: list[str] = []
        for step in self.transforms:
            if not getattr(step, "should_apply", _always)(current, Tokenizer(model=model), **settings):
                continue
            made = step.apply(current, Tokenizer(model=model), **settings)
            first = made if first is None else first
            before = first.tokens_before
            current = list(made.messages)
            names += [name for name in made.transforms_applied if name not in names]
            ids += [id for id in getattr(made, "markers_inserted", getattr(made, "ids", [])) if id not in ids]
            said += getattr(made, "warnings", [])
        counter = Tokenizer(model=model)
        before = counter.count_messages(messages) if before is None else before
        after = counter.count_messages(current)
        return TransformResult(current, before, after, transforms_applied=names, ids=ids, warnings=said)

    def simulate(self, messages: list[Message], model: str = TEXT_MODEL, **settings: Any) -> TransformResult:
        """What apply() without steps of one's own would do; nothing is stored."""
        if self.transforms is not None:
            return self.apply(messages, model, **settings)
        made = simulate(messages, model, **self._known(settings))
        return TransformResult(
            made.messages_optimized, made.tokens_before, made.tokens_after, transforms_applied=made.transforms
        )

    transform = apply

    def _known(self, settings: dict[str, Any]) -> dict[str, Any]:
        names = {known.name for known in fields(CompressConfig)}
        unknown = sorted(set(settings) - names - {"model_limit", "output_buffer", "request_id"})
        if unknown:
            warnings.warn(f"{', '.join(unknown)} have no effect", HeadroomWarning, stacklevel=3)
        known: dict[str, Any] = {name: value for name, value in settings.items() if name in names}
        if settings.get("model_limit"):
            known["token_budget"] = max(settings["model_limit"] - settings.get("output_buffer", 0), 1)
        return {"config": self.config.settings(), **known}


class Tokenizer:
    """Counts for one model; token_counter: another counter, as a Provider gives it."""

    def __init__(self, token_counter: Any = None, model: str = TEXT_MODEL) -> None:
        if isinstance(token_counter, str):
            token_counter, model = None, token_counter
        from ._providers import Counter

        self.model = model
        self._counter = token_counter if token_counter is not None else Counter(model or TEXT_MODEL)

    def count_text(self, text: str) -> int:
        return int(self._counter.count_text(text))

    def count_message(self, message: Message) -> int:
        return int(self._counter.count_message(message))

    def count_messages(self, messages: list[Message]) -> int:
        return int(self._counter.count_messages(messages))

    @property
    def available(self) -> bool:
        return True


def _always(*_: Any, **__: Any) -> bool:
    return True


def _model_of(tokenizer: Any) -> str:
    name = tokenizer if isinstance(tokenizer, str) else getattr(tokenizer, "model", None)
    return name if isinstance(name, str) and name else TEXT_MODEL


def _volatile(messages: Iterable[Message]) -> list[tuple[str, str]]:
    found = _native.volatile_values(_system_text(messages).encode("utf-8", "replace"))
    return [(value["kind"], value["text"]) for value in found]


def _system_text(messages: Iterable[Message]) -> str:
    """What messages of the system say."""
    texts = []
    for message in messages:
        known = message if isinstance(message, dict) else plain(message)
        if isinstance(known, dict) and known.get("role") in ("system", "developer"):
            content = known.get("content")
            texts.append(content if isinstance(content, str) else json.dumps(content, default=str))
    return "\n".join(texts)


def is_compacted(text: str) -> bool:
    """Whether the text is JSON that was written as a table, with nothing left out."""
    return expand_compacted(text) is not None


def expand_compacted(text: str) -> Any:
    """The JSON that a table stands for, when compress() wrote JSON as one; None for another text, and where a marker stands
    for rows: only the original has those."""
    if not isinstance(text, str):
        return None
    made = _native.expand_table(text.encode("utf-8", "replace"))
    if made is None:
        return None
    try:
        if json.loads(text) is not None:
            return None  # it was JSON all along
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(made)
    except ValueError:
        return [json.loads(line) for line in made.splitlines()]


def densify(messages: Iterable[Message], model: str = DEFAULT_MODEL, **settings: Any) -> CompressResult:
    """compress() with nothing left out: profile="lossless"."""
    return compress(messages, model, **{**settings, "profile": "lossless"})
