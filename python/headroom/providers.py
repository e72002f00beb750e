"""The providers, by the module's name that scripts know."""

from ._providers import AnthropicProvider, OpenAIProvider, Provider, TokenCounter

__all__ = [
    "AnthropicProvider",
    "OpenAIProvider",
    "Provider",
    "TokenCounter",
]
