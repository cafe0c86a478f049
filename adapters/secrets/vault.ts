/**
 * Secrets in an encrypted file. Its key lies in a file beside it: a copy of the vault alone (a backup, a synchronised folder) tells nothing; a
 * program of the same user can read both.
 */
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ensureError, fail, ok, type Result } from '../../src/errors.ts';
import { atomicWrite } from '../../src/lib/atomic-write.ts';
import type { HeldFolder } from '../../src/lib/held-folder.ts';
import type { Place } from './place.ts';
import { inPrivateFolder, readPrivate } from './private-file.ts';
import { open, type RandomBytes, type Sealed, seal, sealed } from './seal.ts';

const FILE = 'vault.json';
const keyBytes = 32;
const content = z.strictObject({ version: z.literal(1), key: z.string().regex(/^[0-9a-f]{16}$/), entries: z.record(z.string(), sealed) });
type Content = z.infer<typeof content>;
type Opened = { key: Uint8Array; content: Content };

export type Vault = Place & {
  path: string;
  /** There is a vault file already. */
  exists(): Promise<boolean>;
  rotate(): Promise<Result<{ rekeyed: true; entries: number }>>;
  /** Puts a vault that does not open under another name, so that a new one can begin. */
  setAside(): Promise<void>;
};

/** `folder`: absolute, 0700, the vault's own. Calls must come one after another. */
export const vault = (folder: string, random: RandomBytes): Vault => {
  const path = join(folder, FILE);
  const keyName = (id: string): string => `key.${id}`;
  const inside = <T>(work: (held: HeldFolder) => Promise<Result<T>>): Promise<Result<T>> => inPrivateFolder(folder, work);
  const unsafe = (sentence: string, where = path) => fail('CCM_SECRETS_UNSAFE', sentence, { path: where });

  const makeKey = async (held: HeldFolder): Promise<Result<{ id: string; key: Uint8Array }>> => {
    const id = Buffer.from(random(8)).toString('hex');
    const key = random(keyBytes);
    const written = await atomicWrite(held.at(keyName(id)), key, { shown: join(folder, keyName(id)) });
    return written.ok ? ok({ id, key }) : written;
  };

  /** Null when there is no vault yet. */
  const load = async (held: HeldFolder): Promise<Result<Opened | null>> => {
    const bytes = await readPrivate(path, held.at(FILE));
    if (!bytes.ok) return bytes;
    if (bytes.value === null) return ok(null);
    const parsed = content.safeParse(jsonOf(bytes.value));
    if (!parsed.success) return unsafe(`${path} is damaged: it does not read as a vault.`);
    const from = join(folder, keyName(parsed.data.key));
    const key = await readPrivate(from, held.at(keyName(parsed.data.key)));
    if (!key.ok) return key;
    if (key.value?.length !== keyBytes)
      return unsafe(`${from} is ${key.value === null ? 'gone' : 'damaged'}: the vault cannot be opened.`, from);
    return ok({ key: key.value, content: parsed.data });
  };

  const loadOrMake = async (held: HeldFolder): Promise<Result<Opened>> => {
    const loaded = await load(held);
    if (!loaded.ok) return loaded;
    if (loaded.value) return ok(loaded.value);
    const made = await makeKey(held);
    return made.ok ? ok({ key: made.value.key, content: { version: 1, key: made.value.id, entries: {} } }) : made;
  };

  const save = (held: HeldFolder, next: Content): Promise<Result<void>> =>
    atomicWrite(held.at(FILE), `${JSON.stringify(next, null, 1)}\n`, { shown: path });

  const openEntry = (key: Uint8Array, name: string, entry: Sealed): Result<string> => {
    const value = open(key, name, entry);
    return value === null ? unsafe(`The entry "${name}" of ${path} does not open: it was changed, or moved from another name.`) : ok(value);
  };

  const own = (entries: Content['entries'], name: string): Sealed | undefined => (Object.hasOwn(entries, name) ? entries[name] : undefined);

  return {
    path,
    exists: async () => {
      const bytes = await readPrivate(path);
      return !bytes.ok || bytes.value !== null;
    },
    get: (name) =>
      inside(async (held) => {
        const loaded = await load(held);
        if (!loaded.ok) return loaded;
        const entry = loaded.value && own(loaded.value.content.entries, name);
        return loaded.value && entry ? openEntry(loaded.value.key, name, entry) : ok(null);
      }),
    set: (name, value) =>
      inside(async (held) => {
        const loaded = await loadOrMake(held);
        if (!loaded.ok) return loaded;
        const { key, content: before } = loaded.value;
        return save(held, { ...before, entries: { ...before.entries, [name]: seal(key, name, value, random) } });
      }),
    remove: (name) =>
      inside(async (held) => {
        const loaded = await load(held);
        if (!loaded.ok) return loaded;
        if (!loaded.value || !own(loaded.value.content.entries, name)) return ok(false);
        const { [name]: _gone, ...entries } = loaded.value.content.entries;
        const saved = await save(held, { ...loaded.value.content, entries });
        return saved.ok ? ok(true) : saved;
      }),
    names: () =>
      inside(async (held) => {
        const loaded = await load(held);
        return loaded.ok ? ok(Object.keys(loaded.value?.content.entries ?? {}).toSorted()) : loaded;
      }),
    rotate: () => inside(rotate),
    setAside: () => rename(path, `${path}.unreadable`),
  };

  /** The new vault names its key: whichever of the two files a power cut leaves, its key is there. Old keys go last. */
  async function rotate(held: HeldFolder): Promise<Result<{ rekeyed: true; entries: number }>> {
    const loaded = await load(held);
    if (!loaded.ok) return loaded;
    if (!loaded.value) return ok({ rekeyed: true, entries: 0 });
    const { key, content: before } = loaded.value;
    const plain: Array<[string, string]> = [];
    for (const [name, entry] of Object.entries(before.entries)) {
      const value = openEntry(key, name, entry);
      if (!value.ok) return value;
      plain.push([name, value.value]);
    }
    const made = await makeKey(held);
    if (!made.ok) return made;
    const entries = Object.fromEntries(plain.map(([name, value]) => [name, seal(made.value.key, name, value, random)]));
    const saved = await save(held, { version: 1, key: made.value.id, entries });
    if (!saved.ok) return saved;
    return forgetKeys(held, made.value.id, plain.length);
  }

  async function forgetKeys(held: HeldFolder, but: string, entries: number): Promise<Result<{ rekeyed: true; entries: number }>> {
    try {
      const old = (await held.entries()).filter((name) => name.startsWith('key.') && name !== keyName(but));
      for (const name of old) await rm(held.at(name), { force: true });
      return ok({ rekeyed: true, entries });
    } catch (thrown) {
      return fail('CCM_HOME_UNUSABLE', `An old key in ${folder} could not be removed: ${ensureError(thrown).message}.`, { path: folder });
    }
  }
};

const jsonOf = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null; // The schema says no to it.
  }
};
