/**
 * The system's keychain, by keytar. Its native part may be missing (no libsecret), there may be no session bus, no keyring, a locked one, or a
 * dialog that waits for a person: every one of these shows as an error or as silence, none has a code. So it is tried, with a bound.
 */
import type * as keytarModule from 'keytar';
import { ensureError, fail, ok, type Result } from '../../src/errors.ts';
import type { Clock } from '../../src/ports/system.ts';
import type { Place } from './place.ts';
import type { RandomBytes } from './seal.ts';

export type Keytar = Pick<typeof keytarModule, 'getPassword' | 'setPassword' | 'deletePassword' | 'findCredentials'>;

export const loadKeytar = async (): Promise<Keytar> => {
  const loaded: Keytar & { default?: Keytar } = await import('keytar');
  return loaded.default ?? loaded; // A CommonJS module: its functions may stand under `default` only.
};

/** All calls of one check together. */
export const probeMs = 2000;
/** Of one call later: an unlocked keychain answers in some twenty milliseconds. */
const callMs = 5000;
const probeName = 'ccm.probe';

export type Keychain = Place & { service: string };

/** Every failure is one: keytar gives no codes, and its words differ by system. */
const away = (thrown: unknown) => {
  const words = ensureError(thrown).message.split('\n')[0] ?? '';
  return fail('CCM_KEYCHAIN_AWAY', `The keychain could not be used: ${words.replace(/\.$/, '')}.`);
};

/** Opens it by writing, reading and deleting an entry: a locked keyring reads as empty, but cannot be written. */
export const openKeychain = async (
  service: string,
  { clock, random, load }: { clock: Clock; random: RandomBytes; load: () => Promise<Keytar> },
): Promise<Result<Keychain>> => {
  const within = async <T>(ms: number, work: Promise<T>): Promise<T> => {
    const late = Promise.withResolvers<never>();
    const cancel = clock.after(ms, () => late.reject(new Error(`it did not answer within ${ms / 1000} s`)));
    try {
      return await Promise.race([work, late.promise]);
    } finally {
      cancel();
    }
  };
  const attempt = async <T>(call: () => Promise<T>): Promise<Result<T>> => {
    try {
      return ok(await within(callMs, call()));
    } catch (thrown) {
      return away(thrown);
    }
  };
  try {
    const canary = Buffer.from(random(16)).toString('hex');
    const keytar = await within(
      probeMs,
      (async () => {
        const loaded = await load();
        await loaded.setPassword(service, probeName, canary);
        const back = await loaded.getPassword(service, probeName);
        await loaded.deletePassword(service, probeName);
        if (back !== canary) throw new Error('it gave back something else than was put in');
        return loaded;
      })(),
    );
    return ok({
      service,
      get: (name) => attempt(() => keytar.getPassword(service, name)),
      set: (name, value) => attempt(() => keytar.setPassword(service, name, value)),
      remove: (name) => attempt(() => keytar.deletePassword(service, name)),
      names: async () => {
        const found = await attempt(() => keytar.findCredentials(service));
        if (!found.ok) return found;
        return ok(
          found.value
            .map(({ account }) => account)
            .filter((name) => name !== probeName)
            .toSorted(),
        );
      },
    });
  } catch (thrown) {
    return away(thrown);
  }
};
