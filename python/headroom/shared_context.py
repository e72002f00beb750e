"""SharedContext, by the module's name that scripts know."""

from ._shared import ContextEntry, SharedContext, SharedContextStats

__all__ = [
    "ContextEntry",
    "SharedContext",
    "SharedContextStats",
]
