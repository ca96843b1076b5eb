/**
 * The three functions of `reflect-metadata` that tsyringe, a dependency of @peculiar/x509, looks for when it
 * is loaded. Import this before @peculiar/x509. A polyfill of 20 lines stands here because deno.json is the
 * only list of packages and one more package for a test certificate is not worth a place in it.
 */

type Key = string | symbol;

const stored = new WeakMap<object, Map<Key, unknown>>();

function defineMetadata(key: Key, value: unknown, target: object): void {
  const own = stored.get(target) ?? new Map<Key, unknown>();
  stored.set(target, own.set(key, value));
}

function getOwnMetadata(key: Key, target: object): unknown {
  return stored.get(target)?.get(key);
}

/** Looks along the prototype chain, as the original does. */
function getMetadata(key: Key, target: object): unknown {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at)) {
    if (stored.get(at)?.has(key)) return getOwnMetadata(key, at);
  }
  return undefined;
}

if (!("getMetadata" in Reflect)) Object.assign(Reflect, { defineMetadata, getOwnMetadata, getMetadata });
