"""SmartCrusher, by the module's name that scripts know."""

from ._crusher import CrushResult, SmartCrusher

__all__ = [
    "CrushResult",
    "SmartCrusher",
]
