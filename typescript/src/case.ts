// Names as the proxy has them (snake_case) and as TypeScript has them.

export function snakeToCamel(name: string): string {
  return name.replace(/([a-z0-9])_([a-z0-9])/g, (_, before: string, after: string) => before + after.toUpperCase());
}

export function camelToSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function deep(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((element) => deep(element, rename));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [rename(key), deep(held, rename)]));
}

/** The value with the keys of all objects in it renamed. */
export function deepCamelCase<T = any>(value: unknown): T {
  return deep(value, snakeToCamel) as T;
}

export function deepSnakeCase<T = any>(value: unknown): T {
  return deep(value, camelToSnake) as T;
}
