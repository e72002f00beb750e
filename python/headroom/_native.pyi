"""The extension module (python/native/module.cc). Texts are bytes; `profile` "" is the engine's own."""

from typing import Any, TypedDict

from ._result import BlockReport, Drift, Rewrite

class ModelFacts(TypedDict):
    window: int
    input: float
    output: float
    cached: float
    assumed: bool

class VolatileValue(TypedDict):
    kind: str
    text: str
    label: str

class Detected(TypedDict):
    type: str
    confidence: float
    reason: str

__version__: str

class Outcome:
    @property
    def text(self) -> bytes: ...
    @property
    def changed(self) -> bool: ...
    @property
    def tokens_before(self) -> int: ...
    @property
    def tokens_after(self) -> int: ...
    @property
    def estimate(self) -> bool: ...
    @property
    def transforms(self) -> list[str]: ...
    @property
    def ids(self) -> list[str]: ...
    @property
    def reason(self) -> str: ...
    @property
    def budget_note(self) -> str: ...
    @property
    def blocks(self) -> list[BlockReport]: ...
    @property
    def drifts(self) -> list[Drift]: ...
    @property
    def rewrite(self) -> Rewrite | None: ...
    @property
    def revision_note(self) -> str: ...
    @property
    def steps(self) -> list[dict[str, Any]]: ...

class Engine:
    def __init__(
        self,
        workspace_dir: str,
        in_memory: bool,
        store_key_file: str,
        profile: str,
        tool_profiles: list[str],
        min_tokens: int,
        target_tokens: int,
        learned: bool,
    ) -> None: ...
    def compress_text(
        self,
        text: bytes,
        question: str,
        tool: str,
        arguments: str,
        model: str,
        type: str,
        profile: str,
        steps: bool = False,
    ) -> Outcome: ...
    def compress_request(
        self, body: bytes, token_budget: int, profile: str, report: bool, steps: bool = False
    ) -> Outcome: ...
    def retrieve(self, id: str, lines: str, items: str, path: str, query: str) -> bytes: ...

def count_tokens(text: bytes, model: str) -> int: ...
def model_facts(model: str) -> ModelFacts: ...
def volatile_values(text: bytes) -> list[VolatileValue]: ...
def detect(text: bytes) -> Detected: ...
def expand_table(text: bytes) -> bytes | None: ...
