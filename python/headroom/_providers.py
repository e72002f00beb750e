"""What is known of the models of a provider, under the names that scripts know."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Protocol

from . import _native
from ._api import count_tokens, count_tokens_messages
from ._result import Message

_FEWEST = 4096
"""The window of a model that nobody knows is taken to be this large at least."""


class TokenCounter(Protocol):
    """Counts for one model."""

    def count_text(self, text: str) -> int: ...
    def count_message(self, message: Message) -> int: ...
    def count_messages(self, messages: list[Message]) -> int: ...


class Counter:
    """Of this library, for one model."""

    def __init__(self, model: str) -> None:
        self.model = model

    def count_text(self, text: str) -> int:
        return count_tokens(text, self.model)

    def count_message(self, message: Message) -> int:
        return count_tokens_messages([message], self.model)

    def count_messages(self, messages: list[Message]) -> int:
        return count_tokens_messages(messages, self.model)


class Provider(ABC):
    """Whose models are asked. context_limits: windows, in tokens, of models that are not known or have another here."""

    def __init__(self, context_limits: Mapping[str, int] | None = None) -> None:
        self._limits = dict(context_limits or {})

    @property
    @abstractmethod
    def name(self) -> str: ...

    @abstractmethod
    def supports_model(self, model: str) -> bool:
        """Whether the name is of the kind that this provider's models have."""

    def get_token_counter(self, model: str) -> TokenCounter:
        """Exact for OpenAI's models, an estimate for others."""
        return Counter(model)

    def get_context_limit(self, model: str) -> int:
        """Tokens of input that the model holds; of an unknown one 128,000."""
        return self._limits.get(model) or _native.model_facts(model)["window"] or 128_000

    def get_output_buffer(self, model: str, default: int = 4000) -> int:
        """Tokens to leave for the answer."""
        return min(default, max(self.get_context_limit(model) - _FEWEST, 0))

    def estimate_cost(
        self, input_tokens: int, output_tokens: int, model: str, cached_tokens: int = 0, **_: Any
    ) -> float | None:
        """In USD; `cached_tokens` are part of the input. None where the model's prices are not known."""
        facts = _native.model_facts(model)
        if facts["assumed"]:
            return None
        fresh = max(input_tokens - cached_tokens, 0)
        return (fresh * facts["input"] + cached_tokens * facts["cached"] + output_tokens * facts["output"]) / 1e6


class OpenAIProvider(Provider):
    """OpenAI, and what speaks its language."""

    @property
    def name(self) -> str:
        return "openai"

    def supports_model(self, model: str) -> bool:
        return model.startswith(("gpt-", "chatgpt-", "o1", "o3", "o4", "ft:gpt-", "text-embedding-"))


class AnthropicProvider(Provider):
    """Anthropic. client and warn are accepted and have no effect: tokens are counted here."""

    def __init__(self, client: Any = None, context_limits: Mapping[str, int] | None = None, warn: bool = True) -> None:
        super().__init__(context_limits)

    @property
    def name(self) -> str:
        return "anthropic"

    def supports_model(self, model: str) -> bool:
        return model.startswith(("claude-", "anthropic."))


class GoogleProvider(Provider):
    """Google. client is accepted and has no effect: tokens are counted here."""

    def __init__(self, client: Any = None, context_limits: Mapping[str, int] | None = None) -> None:
        super().__init__(context_limits)

    @property
    def name(self) -> str:
        return "google"

    def supports_model(self, model: str) -> bool:
        return model.startswith(("gemini-", "models/gemini-"))
