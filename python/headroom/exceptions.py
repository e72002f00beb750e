"""The errors, by the module's name that scripts know."""

from ._errors import (
    CacheError,
    CompressionError,
    ConfigurationError,
    HeadroomError,
    NotFoundError,
    ProviderError,
    StorageError,
    TokenizationError,
    TransformError,
    ValidationError,
)

__all__ = [
    "CacheError",
    "CompressionError",
    "ConfigurationError",
    "HeadroomError",
    "NotFoundError",
    "ProviderError",
    "StorageError",
    "TokenizationError",
    "TransformError",
    "ValidationError",
]
