"""What can go wrong, and how it is said."""

from __future__ import annotations

from typing import Any

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


class HeadroomError(Exception):
    """Base of all errors. `code` is one of "invalid_argument", "parse", "not_found", "ambiguous", "too_large", "io",
    "timeout", "unavailable", "internal"."""

    def __init__(self, message: str, details: dict[str, Any] | None = None, *, code: str = "internal") -> None:
        super().__init__(message)
        self.message = message
        self.details = details if details is not None else {}
        self.code = code

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restored, (type(self), self.message, self.details, self.code))


def _restored(kind: type[HeadroomError], message: str, details: dict[str, Any], code: str) -> HeadroomError:
    return kind(message, details, code=code)


class ConfigurationError(HeadroomError):
    """A setting is wrong."""


class ValidationError(HeadroomError, ValueError):
    """An argument is wrong."""


class NotFoundError(HeadroomError, LookupError):
    """No original of this id: it has expired, or it is in another store."""


class StorageError(HeadroomError):
    """The store of originals cannot be opened, read or written."""


class ProviderError(HeadroomError):
    """Part of the public names; nothing here raises it yet."""


class CompressionError(HeadroomError):
    """Part of the public names. compress() never raises it: what cannot be compressed comes back as it was."""


class TokenizationError(HeadroomError):
    """Part of the public names; counting never fails."""


class CacheError(HeadroomError):
    """Part of the public names; nothing here raises it yet."""


class TransformError(HeadroomError):
    """Part of the public names; nothing here raises it yet."""


class HeadroomWarning(UserWarning):
    """Something that was asked for has no effect, or something of ours does not work and was done without."""


_KINDS: dict[str, type[HeadroomError]] = {
    "invalid_argument": ValidationError,
    "parse": ValidationError,
    "ambiguous": ValidationError,
    "too_large": ValidationError,
    "not_found": NotFoundError,
    "io": StorageError,
    "timeout": StorageError,
    "unavailable": StorageError,
}


def error_of(code: str, message: str) -> HeadroomError:
    """The exception for an error of the C++ library (which calls this)."""
    return _KINDS.get(code, HeadroomError)(message, code=code)
