// Messages as JavaScript has them, to the JSON of a request and back.

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

/** `old` with the texts of `changed`, which is the same in JSON but for some texts. What holds no change is the object that
 * it was; what holds one is copied, as far as it must be. */
export function withChanges(old: unknown, changed: unknown): unknown {
  if (typeof changed === "string") return typeof old === "string" && old !== changed ? changed : old;
  if (typeof changed !== "object" || changed === null || typeof old !== "object" || old === null) return old;
  if (Array.isArray(changed)) {
    if (!Array.isArray(old) || old.length !== changed.length) return old;
    const list = old.map((element, i) => withChanges(element, changed[i]));
    return list.some((element, i) => element !== old[i]) ? list : old;
  }
  const known = plain(old);
  let copy: object | undefined;
  for (const [key, value] of Object.entries(changed)) {
    if (!Object.hasOwn(known, key)) continue;
    const before: unknown = known[key];
    const after = withChanges(before, value);
    if (after === before) continue;
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
