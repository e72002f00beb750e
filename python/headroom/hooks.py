"""The hooks, by the module's name that scripts know."""

from ._hooks import CompressContext, CompressEvent, CompressionHooks

__all__ = [
    "CompressContext",
    "CompressEvent",
    "CompressionHooks",
]
