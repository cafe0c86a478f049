/** A keychain in memory with keytar's own functions, which can be locked or fall silent. */
import type { Keytar } from '../../adapters/secrets/keychain.ts';

export type PlayedKeytar = Keytar & {
  mood: 'well' | 'locked' | 'silent' | 'missing';
  entries: Map<string, string>;
  load: () => Promise<Keytar>;
};

export const playedKeytar = (): PlayedKeytar => {
  const entries = new Map<string, string>();
  const at = (service: string, account: string): string => `${service}\0${account}`;
  const answer = async <T>(value: () => T, reading = false): Promise<T | null> => {
    if (played.mood === 'silent') return new Promise<never>(() => undefined);
    // As gnome-keyring does it: a locked one reads as empty.
    if (played.mood === 'locked' && reading) return null;
    if (played.mood !== 'well') throw new Error('Object does not exist at path “/org/freedesktop/secrets/collection/login”');
    return value();
  };
  const played: PlayedKeytar = {
    mood: 'well',
    entries,
    load: async () => {
      if (played.mood === 'missing') throw new Error('libsecret-1.so.0: cannot open shared object file');
      return played;
    },
    getPassword: (service, account) => answer(() => entries.get(at(service, account)) ?? null, true),
    setPassword: async (service, account, value) => void (await answer(() => entries.set(at(service, account), value))),
    deletePassword: async (service, account) => (await answer(() => entries.delete(at(service, account)))) === true,
    findCredentials: async (service) =>
      (await answer(() =>
        [...entries].flatMap(([key, password]) => {
          const [owner, account = ''] = key.split('\0');
          return owner === service ? [{ account, password }] : [];
        }),
      )) ?? [],
  };
  return played;
};
