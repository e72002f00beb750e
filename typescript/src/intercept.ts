// Objects that are like others but for some of their methods.

type Method = (...args: any[]) => unknown;
type Replacements = { [name: string]: ((original: Method) => Method) | Replacements };

/** The target with the methods that are named replaced; nested names are of the objects that it holds. Everything else is
 * the target's own, and is called on the target. */
export function intercepted<T extends object>(target: T, replacements: Replacements): T {
  const held = new Map<string | symbol, unknown>();
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name, object);
      if (typeof value !== "function" && (typeof value !== "object" || value === null)) return value;
      const wanted = typeof name === "string" && Object.hasOwn(replacements, name) ? replacements[name] : undefined;
      if (wanted === undefined && typeof value !== "function") return value;
      if (name === "constructor") return value;
      if (!held.has(name)) held.set(name, made(object, value, wanted));
      return held.get(name);
    },
  });
}

function made(object: object, value: unknown, wanted: Replacements[string] | undefined): unknown {
  if (typeof value !== "function") return intercepted(value as object, wanted as Replacements);
  const bound = (value as Method).bind(object);
  return typeof wanted === "function" ? wanted(bound) : bound;
}
