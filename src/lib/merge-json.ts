/** Lays one JSON object over another. */

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Level by level; lists become the union, in the order of first appearance; everything else is replaced by what `over` says. */
export const mergeJson = (base: JsonObject, over: JsonObject): JsonObject => {
  const merged = new Map<string, Json>(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const before = merged.get(key);
    if (isObject(before) && isObject(value)) merged.set(key, mergeJson(before, value));
    else if (Array.isArray(before) && Array.isArray(value)) merged.set(key, union(before, value));
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
};

const union = (before: readonly Json[], value: readonly Json[]): Json[] => {
  const seen = new Set(before.map((one) => JSON.stringify(one)));
  return [...before, ...value.filter((one) => !seen.has(JSON.stringify(one)))];
};

/** The object a text holds; an empty one where it holds none. */
export const objectIn = (text: string): JsonObject => {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? value : {};
  } catch {
    // Half written or no JSON: nothing in it can be kept.
    return {};
  }
};
