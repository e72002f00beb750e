// What can go wrong, and how it is said.

/** Base of all errors. `code`: "invalid_argument", "parse", "not_found", "ambiguous", "too_large", "io", "timeout",
 * "unavailable", "connection", "auth", "http" or "internal". */
export class HeadroomError extends Error {
  readonly code: string;
  readonly details: Record<string, unknown>;

  constructor(message: string, details: Record<string, unknown> = {}, code = "internal") {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.details = details;
  }
}

/** An argument is wrong. */
export class ValidationError extends HeadroomError {
  constructor(message: string, details?: Record<string, unknown>, code = "invalid_argument") {
    super(message, details, code);
  }
}
/** No original of this id: it has expired, or it is in another store. */
export class NotFoundError extends HeadroomError {
  constructor(message: string, details?: Record<string, unknown>, code = "not_found") {
    super(message, details, code);
  }
}
/** The store of originals cannot be opened, read or written. */
export class StorageError extends HeadroomError {}
/** A setting is wrong. */
export class ConfigurationError extends HeadroomError {}
/** The proxy cannot be reached, or it did not answer in time. */
export class HeadroomConnectionError extends HeadroomError {
  constructor(message: string, details?: Record<string, unknown>, code = "connection") {
    super(message, details, code);
  }
}
/** The proxy does not know this key. */
export class HeadroomAuthError extends HeadroomError {
  constructor(message: string, details?: Record<string, unknown>, code = "auth") {
    super(message, details, code);
  }
}
/** The proxy refused the request, or answered something else than what was asked for. */
export class HeadroomCompressError extends HeadroomError {
  constructor(
    readonly statusCode: number,
    readonly errorType: string,
    message: string,
    details?: Record<string, unknown>,
    code = "http",
  ) {
    super(message, details, code);
  }
}
/** A provider, asked through the proxy, answered with an error. */
export class ProviderError extends HeadroomError {}
/** Part of the public names; counting never fails. */
export class TokenizationError extends HeadroomError {}
/** Part of the public names; nothing here throws it. */
export class CacheError extends HeadroomError {}
/** Part of the public names; nothing here throws it. */
export class TransformError extends HeadroomError {}

/** The error for an answer of the proxy that is none of 2xx. */
export function mapProxyError(status: number, type: string, message: string): HeadroomError {
  const details = { status, type };
  if (status === 401 || status === 403) return new HeadroomAuthError(message, details);
  switch (type) {
    case "configuration_error":
      return new ConfigurationError(message, details, "invalid_argument");
    case "provider_error":
      return new ProviderError(message, details, "http");
    case "storage_error":
      return new StorageError(message, details, "io");
    case "tokenization_error":
      return new TokenizationError(message, details);
    case "cache_error":
      return new CacheError(message, details);
    case "validation_error":
      return new ValidationError(message, details);
    case "transform_error":
      return new TransformError(message, details);
  }
  return new HeadroomCompressError(status, type, message, details);
}

/** The error of this package for one of the addon. */
export function nativeError(thrown: unknown): HeadroomError {
  if (thrown instanceof HeadroomError) return thrown;
  const { code = "internal", message = String(thrown) } = (thrown ?? {}) as { code?: string; message?: string };
  switch (code) {
    case "invalid_argument":
    case "parse":
    case "ambiguous":
    case "too_large":
      return new ValidationError(message, {}, code);
    case "not_found":
      return new NotFoundError(message);
    case "io":
    case "timeout":
    case "unavailable":
      return new StorageError(message, {}, code);
    default:
      return new HeadroomError(message, {}, code);
  }
}
