/** The one store of secrets: the keychain where there is one, else an encrypted file; and never another than it was without being told. */
import { randomBytes } from 'node:crypto';
import { ok, type Problem, type Result } from '../../src/errors.ts';
import type { SecretPlace, Secrets } from '../../src/ports/secrets.ts';
import type { Clock } from '../../src/ports/system.ts';
import { type Choice, choiceFile } from './choice.ts';
import { type Keychain, type Keytar, loadKeytar, openKeychain } from './keychain.ts';
import type { Place } from './place.ts';
import type { RandomBytes } from './seal.ts';
import { vault } from './vault.ts';

type Options = {
  /** Absolute; made when it is needed. */
  folder: string;
  clock: Clock;
  /** `auto`: the keychain if it answers. It counts only until a place was chosen. */
  prefer?: SecretPlace | 'auto' | undefined;
  random?: RandomBytes | undefined;
  keytar?: (() => Promise<Keytar>) | undefined;
};

type Chosen = { kind: SecretPlace; place: Place; where: string; passedOver: string | null; choice: Choice; settled: boolean };

export const secretStore = ({ folder, clock, prefer = 'auto', random = randomBytes, keytar = loadKeytar }: Options): Secrets => {
  const file = vault(folder, random);
  const memory = choiceFile(folder);
  let keychain: Keychain | undefined;
  let last: Promise<unknown> = Promise.resolve();

  /** One after another: each change of the file is read, change, write. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined); // Whoever asked hears of it.
    return mine;
  };

  const serviceOf = (home: string): string => `ccm-orchestrator.${home}`;
  const reach = async (home: string): Promise<Result<Keychain>> => {
    if (keychain) return ok(keychain);
    const opened = await openKeychain(serviceOf(home), { clock, random, load: keytar });
    if (opened.ok) keychain = opened.value;
    return opened;
  };
  const fileChosen = (choice: Choice, settled: boolean, passedOver: string | null): Chosen => ({
    kind: 'file',
    place: file,
    where: file.path,
    passedOver,
    choice: { ...choice, place: 'file' },
    settled,
  });
  const keychainChosen = (choice: Choice, settled: boolean, opened: Keychain): Chosen => ({
    kind: 'keychain',
    place: opened,
    where: opened.service,
    passedOver: null,
    choice: { ...choice, place: 'keychain' },
    settled,
  });

  const choose = async (): Promise<Result<Chosen>> => {
    const remembered = await memory.read();
    if (!remembered.ok) return remembered;
    if (remembered.value) {
      if (remembered.value.place === 'file') return ok(fileChosen(remembered.value, true, null));
      // It was used: whatever is the matter now, the file is not tried instead.
      const opened = await reach(remembered.value.home);
      return opened.ok ? ok(keychainChosen(remembered.value, true, opened.value)) : opened;
    }
    const fresh: Choice = { version: 1, home: Buffer.from(random(8)).toString('hex'), place: 'file' };
    if (prefer === 'file' || (await file.exists())) return ok(fileChosen(fresh, false, null));
    const opened = await reach(fresh.home);
    if (opened.ok) return ok(keychainChosen({ ...fresh, home: homeOf(opened.value) }, false, opened.value));
    return prefer === 'keychain' ? opened : ok(fileChosen(fresh, false, opened.problem.detail));
  };
  const homeOf = ({ service }: Keychain): string => service.slice(service.lastIndexOf('.') + 1);

  const using = async <T>(work: (chosen: Chosen) => Promise<Result<T>>): Promise<Result<T>> =>
    inTurn(async () => {
      const chosen = await choose();
      return chosen.ok ? work(chosen.value) : chosen;
    });

  const move = async (from: Place, to: Place): Promise<Result<{ moved: number }>> => {
    const names = await from.names();
    if (!names.ok) return names;
    for (const name of names.value) {
      const value = await from.get(name);
      if (!value.ok) return value;
      const put = value.value === null ? ok(undefined) : await to.set(name, value.value);
      if (!put.ok) return put;
    }
    return ok({ moved: names.value.length });
  };

  const clear = async (from: Place): Promise<void> => {
    const names = await from.names();
    // What cannot be removed stays behind, encrypted or in the keychain; it is not looked at again.
    if (names.ok) for (const name of names.value) await from.remove(name);
  };

  const failedFacts = async (problem: Problem) => {
    const remembered = await memory.read();
    const choice = remembered.ok ? remembered.value : null;
    const place: SecretPlace = choice?.place ?? (prefer === 'auto' ? 'file' : prefer);
    const where = place === 'file' ? file.path : choice ? serviceOf(choice.home) : 'ccm-orchestrator';
    return { place, settled: choice !== null, where, problem, passedOver: null };
  };

  return {
    get: (name) => using(({ place }) => place.get(name)),
    names: () => using(({ place }) => place.names()),
    remove: (name) => using(({ place }) => place.remove(name)),
    set: (name, value) =>
      using(async ({ place, choice, settled }) => {
        // Remembered first: a secret in a place that is forgotten would be lost.
        const kept = settled ? ok(undefined) : await memory.write(choice);
        return kept.ok ? place.set(name, value) : kept;
      }),
    facts: () =>
      inTurn(async () => {
        const chosen = await choose();
        if (!chosen.ok) return failedFacts(chosen.problem);
        const { kind, where, settled, passedOver, place } = chosen.value;
        const names = await place.names();
        return { place: kind, settled, where, problem: names.ok ? null : names.problem, passedOver };
      }),
    rotate: () =>
      using(async ({ kind, place }): Promise<Result<{ rekeyed: boolean; entries: number }>> => {
        if (kind === 'file') return file.rotate();
        const names = await place.names();
        return names.ok ? ok({ rekeyed: false, entries: names.value.length }) : names;
      }),
    moveTo: (wanted, { abandon = false } = {}) =>
      inTurn(async () => {
        const chosen = await choose();
        const remembered = await memory.read();
        if (!chosen.ok && !abandon) return chosen;
        if (chosen.ok && chosen.value.kind === wanted) {
          const names = await chosen.value.place.names();
          if (!names.ok && !abandon) return names;
          if (!names.ok && wanted === 'file') await file.setAside();
          const kept = await memory.write(chosen.value.choice);
          return kept.ok ? ok({ moved: 0 }) : kept;
        }
        const home = chosen.ok ? chosen.value.choice.home : remembered.ok && remembered.value ? remembered.value.home : undefined;
        const choice: Choice = { version: 1, home: home ?? Buffer.from(random(8)).toString('hex'), place: wanted };
        const target: Result<Place> = wanted === 'file' ? ok(file) : await reach(choice.home);
        if (!target.ok) return target;
        const moved = chosen.ok ? await move(chosen.value.place, target.value) : ok({ moved: 0 });
        if (!moved.ok && !abandon) return moved;
        const kept = await memory.write(choice);
        if (!kept.ok) return kept;
        if (chosen.ok) await clear(chosen.value.place);
        return moved.ok ? moved : ok({ moved: 0 });
      }),
  };
};
