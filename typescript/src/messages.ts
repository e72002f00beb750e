// Messages as JavaScript has them, to the JSON of a request and back.

import { isItem } from "./formats.js";

/** The JSON that a client would send. What JSON does not have (a BigInt, bytes, a function) has something in its place, as
 * it is never changed. Throws when something contains itself, is nested too deep or cannot be read. */
export function requestBody(body: Record<string, unknown>): string {
  return JSON.stringify(body, function (this: Record<string, unknown>, key: string, value: unknown): unknown {
    if (typeof value === "bigint") return String(value);
    const held = this[key];
    if (ArrayBuffer.isView(held) || held instanceof ArrayBuffer) return null;
    return value;
  });
}

/** `old` with what differs between `before`, which is `old` in JSON, and `changed`. What holds no change is the object that it
 * was; what holds one is copied, as far as it must be. Lists keep their length. */
export function withChanges(old: unknown, before: unknown, changed: unknown): unknown {
  if (before === changed) return old;
  if (Array.isArray(before) && Array.isArray(changed)) {
    if (!Array.isArray(old) || old.length !== changed.length || before.length !== changed.length) return old;
    const list = old.map((element, i) => withChanges(element, before[i], changed[i]));
    return list.some((element, i) => !Object.is(element, old[i])) ? list : old;
  }
  if (!isItem(before) || !isItem(changed) || typeof old !== "object" || old === null) return changed;
  // Another object: what a tool gave as a value is said as a text.
  if (Object.keys(before).join("\0") !== Object.keys(changed).join("\0")) return changed;
  const known = plain(old);
  let copy: object | undefined;
  for (const [key, value] of Object.entries(changed)) {
    if (!Object.hasOwn(known, key)) continue;
    const held = known[key];
    const after = withChanges(held, before[key], value);
    if (Object.is(after, held)) continue;
    copy ??= Object.assign(Object.create(Object.getPrototypeOf(known) as object | null) as object, known);
    // Not an assignment: the key may be "__proto__".
    Object.defineProperty(copy, key, { value: after, writable: true, enumerable: true, configurable: true });
  }
  return copy ?? old;
}

function plain(object: object): Record<string, unknown> {
  const dump = (object as { toJSON?: unknown }).toJSON;
  if (typeof dump !== "function") return object as Record<string, unknown>;
  const dumped: unknown = dump.call(object, "");
  return (typeof dumped === "object" && dumped !== null ? dumped : {}) as Record<string, unknown>;
}
