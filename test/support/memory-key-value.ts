/** The key-value table of a store, without a disk. */
import type { KeyValue } from '../../src/ports/records.ts';

export const memoryKeyValue = (): KeyValue => {
  const kept = new Map<string, string>();
  return {
    get: (key) => (kept.has(key) ? (JSON.parse(kept.get(key) ?? 'null') as unknown) : undefined),
    set: (key, value) => void kept.set(key, JSON.stringify(value)),
    remove: (key) => void kept.delete(key),
    list: (prefix) =>
      [...kept].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => ({ key, value: JSON.parse(value) as unknown })),
  };
};
