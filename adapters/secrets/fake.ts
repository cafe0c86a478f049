/** Secrets in memory, for tests and for a house without a disk. Passes the contract of the real ones. */
import { ok } from '../../src/errors.ts';
import type { SecretPlace, Secrets } from '../../src/ports/secrets.ts';

export const fakeSecrets = (initial: Readonly<Record<string, string>> = {}): Secrets => {
  const kept = new Map(Object.entries(initial));
  let place: SecretPlace = 'file';
  return {
    get: async (name) => ok(kept.get(name) ?? null),
    set: async (name, value) => (kept.set(name, value), ok(undefined)),
    remove: async (name) => ok(kept.delete(name)),
    names: async () => ok([...kept.keys()].toSorted()),
    facts: async () => ({ place, settled: kept.size > 0, where: 'memory', problem: null, passedOver: null }),
    rotate: async () => ok({ rekeyed: place === 'file', entries: kept.size }),
    moveTo: async (wanted) => {
      const moved = wanted === place ? 0 : kept.size;
      place = wanted;
      return ok({ moved });
    },
  };
};
