"""The providers, by the module's name that scripts know."""

from ._providers import AnthropicProvider, GoogleProvider, OpenAIProvider, Provider, TokenCounter

__all__ = [
    "AnthropicProvider",
    "GoogleProvider",
    "OpenAIProvider",
    "Provider",
    "TokenCounter",
]
