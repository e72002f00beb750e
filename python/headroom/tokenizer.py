"""Counting, by the module's name that scripts know."""

from ._api import count_tokens_messages, count_tokens_text
from ._transforms import Tokenizer

__all__ = [
    "Tokenizer",
    "count_tokens_messages",
    "count_tokens_text",
]
