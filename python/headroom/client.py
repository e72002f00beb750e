"""HeadroomClient, by the module's name that scripts know."""

from ._client import HeadroomClient

__all__ = [
    "HeadroomClient",
]
