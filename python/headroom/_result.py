"""What compressing gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

# A message as a user has it: a dict of OpenAI's or Anthropic's shape, or an object of an SDK.
Message = Any


class BlockReport(TypedDict):
    """What happened to one tool result."""

    message: int  # index in the messages
    tool: str
    type: str  # "json", "log", ...
    transform: str  # as in transforms_applied; "": left as it was
    reason: str  # why it was left, when it was
    tokens_before: int
    tokens_after: int
    ids: list[str]  # originals that markers in it name
    removed: list[str]  # "120-480: what stood there", for each gap


class Drift(TypedDict):
    """Something that the requests of a conversation begin with that was not as it was before."""

    where: str  # "system", "tools", "tool Read"
    what: str  # "date or time", "order", "instructions", ...
    before: str  # shortened, without what looks like a key
    now: str
    offset: int  # in the JSON of the request
    size: int
    request: int  # of the conversation, from 1
    action: str  # "pinned", "told", "reordered": sent as it was first; "accepted": sent as it came


class Rewrite(TypedDict):
    """What it costs and saves, in dollars, to put markers in the place of old results that later ones have overtaken."""

    done: bool
    why_not: str  # why they were left, when they were
    results: int
    first_message: int  # the first that is other when it is done
    broken_tokens: int  # old ones that a provider's cache has to read anew
    saved_tokens: int
    idle_s: int  # since the conversation's last request
    cold: bool  # the provider's cache has nothing of it any more
    unused: bool  # answers show that nothing of the conversation is ever cached
    pays: bool
    keep_now: float  # "now": this request; "later": the expected ones
    keep_later: float
    rewrite_now: float
    rewrite_later: float
    expected_requests: int
    break_even_requests: float


class CompressResult(list[Message]):
    """The messages, shortened: a list like any other, to be sent in place of the caller's. Besides, what was done."""

    tokens_before: int
    tokens_after: int
    tokens_saved: int
    compression_ratio: float
    """The share of tokens that was saved: 0.9 when a tenth is left. (Over HTTP the same name is the share that is left.)"""
    transforms_applied: list[str]
    """What was done, each once: "json:rows", "log:fold"."""
    ids: list[str]
    """Originals that markers in the messages name; retrieve() gives them."""
    estimate: bool
    """The model's tokenizer is not public, so the counts are estimates."""
    reason: str
    """Why nothing was saved, when nothing was."""
    budget_note: str
    """Why token_budget is not met, when it is not."""
    diagnostics: list[BlockReport] | None
    """What happened to each tool result, when asked for with diagnostics=True."""
    drifts: list[Drift]
    """What the conversation begins with that was not as it was before."""
    rewrite: Rewrite | None
    """Whether rewriting something old pays; None when there is nothing of the kind."""
    revision_note: str
    """Why what an earlier call gave for old messages was changed, when it was."""
    lossless: bool
    """Nothing was left out: every change is an exactly invertible rewriting."""
    reverted_messages: list[int]
    """Messages whose change verify_lossless took back."""

    def __init__(
        self,
        messages: Iterable[Message] = (),
        tokens_before: int = 0,
        tokens_after: int = 0,
        tokens_saved: int | None = None,
        compression_ratio: float | None = None,
        transforms_applied: Iterable[str] = (),
        diagnostics: list[BlockReport] | None = None,
        lossless: bool = True,
        reverted_messages: Iterable[int] = (),
        *,
        ids: Iterable[str] = (),
        estimate: bool = False,
        reason: str = "",
        budget_note: str = "",
        drifts: Iterable[Drift] = (),
        rewrite: Rewrite | None = None,
        revision_note: str = "",
    ) -> None:
        super().__init__(messages)
        saved = max(tokens_before - tokens_after, 0) if tokens_saved is None else tokens_saved
        self.tokens_before = tokens_before
        self.tokens_after = tokens_after
        self.tokens_saved = saved
        self.compression_ratio = _share(saved, tokens_before) if compression_ratio is None else compression_ratio
        self.transforms_applied = list(transforms_applied)
        self.diagnostics = diagnostics
        self.lossless = lossless
        self.reverted_messages = list(reverted_messages)
        self.ids = list(ids)
        self.estimate = estimate
        self.reason = reason
        self.budget_note = budget_note
        self.drifts = list(drifts)
        self.rewrite = rewrite
        self.revision_note = revision_note

    @property
    def messages(self) -> list[Message]:
        """The result itself, which is the list of messages."""
        return self


class CompressedText(str):
    """The text, shortened: a str like any other. Besides, what was done; the names are those of CompressResult."""

    tokens_before: int
    tokens_after: int
    transforms_applied: list[str]
    ids: list[str]
    estimate: bool
    reason: str

    def __new__(
        cls,
        text: str,
        tokens_before: int = 0,
        tokens_after: int = 0,
        transforms_applied: Iterable[str] = (),
        ids: Iterable[str] = (),
        estimate: bool = False,
        reason: str = "",
    ) -> CompressedText:
        self = super().__new__(cls, text)
        self.tokens_before = tokens_before
        self.tokens_after = tokens_after
        self.transforms_applied = list(transforms_applied)
        self.ids = list(ids)
        self.estimate = estimate
        self.reason = reason
        return self

    @property
    def text(self) -> str:
        """The result itself, as a plain str."""
        return str.__str__(self)

    @property
    def tokens_saved(self) -> int:
        return max(self.tokens_before - self.tokens_after, 0)

    @property
    def compression_ratio(self) -> float:
        return _share(self.tokens_saved, self.tokens_before)


class CompressedBody(dict[str, Any]):
    """A request's body, shortened: a dict like any other. Besides, what was done; the names are those of CompressResult."""

    def __init__(self, body: Mapping[str, Any], figures: CompressResult) -> None:
        super().__init__(body)
        self.tokens_before = figures.tokens_before
        self.tokens_after = figures.tokens_after
        self.tokens_saved = figures.tokens_saved
        self.compression_ratio = figures.compression_ratio
        self.transforms_applied = figures.transforms_applied
        self.ids = figures.ids
        self.estimate = figures.estimate
        self.reason = figures.reason
        self.diagnostics = figures.diagnostics

    def __reduce__(self) -> tuple[Any, ...]:
        return (dict, (dict(self),))


class SimulationResult:
    """What compress() would do; nothing was stored."""

    def __init__(self, result: CompressResult) -> None:
        self.tokens_before = result.tokens_before
        self.tokens_after = result.tokens_after
        self.tokens_saved = result.tokens_saved
        self.compression_ratio = result.compression_ratio
        self.transforms = result.transforms_applied
        self.messages_optimized: list[Message] = list(result)
        self.estimate = result.estimate
        self.reason = result.reason
        self.blocks: list[BlockReport] = result.diagnostics or []

    @property
    def transforms_applied(self) -> list[str]:
        return self.transforms

    @property
    def savings_percent(self) -> float:
        return 100 * self.compression_ratio

    @property
    def estimated_savings(self) -> str:
        return f"{self.tokens_saved} tokens ({self.savings_percent:.0f} %)"

    def __repr__(self) -> str:
        return f"SimulationResult({self.tokens_before} -> {self.tokens_after} tokens, {', '.join(self.transforms)})"


def _share(part: int, whole: int) -> float:
    return part / whole if whole > 0 else 0.0
