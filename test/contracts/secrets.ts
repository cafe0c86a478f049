/** What every `Secrets` must do, wherever it keeps them. Run on each implementation. */
import { describe, expect, test } from 'vitest';
import type { Secrets } from '../../src/ports/secrets.ts';
import { valueOf } from '../support/git-repo.ts';

export type SecretsSetup = {
  secrets: Secrets;
  /** The same place, opened anew as after a restart; null where nothing outlives the process. */
  again: (() => Secrets) | null;
};

export const secretsContract = (name: string, setUp: () => Promise<SecretsSetup>): void => {
  describe(`${name} keeps the contract of Secrets`, () => {
    test('what was put in comes out, byte for byte, also after a restart', async () => {
      const { secrets, again } = await setUp();
      const values = { key: 'sk-1', 'hub.session': JSON.stringify({ a: 'ü€😀', b: '\n\t"' }), long: 'x'.repeat(32_768) };
      for (const [account, value] of Object.entries(values)) valueOf(await secrets.set(account, value));
      for (const store of [secrets, ...(again ? [again()] : [])])
        for (const [account, value] of Object.entries(values)) expect(valueOf(await store.get(account)), account).toBe(value);
    });

    test('what is not there is null, and its removal says so', async () => {
      const { secrets } = await setUp();
      expect(valueOf(await secrets.get('nothing'))).toBeNull();
      expect(valueOf(await secrets.remove('nothing'))).toBe(false);
      expect(valueOf(await secrets.get('constructor'))).toBeNull();
    });

    test('a second value replaces the first; a removed one is gone', async () => {
      const { secrets, again } = await setUp();
      valueOf(await secrets.set('key', 'one'));
      valueOf(await secrets.set('key', 'two'));
      expect(valueOf(await secrets.get('key'))).toBe('two');
      expect(valueOf(await secrets.remove('key'))).toBe(true);
      expect(valueOf(await (again?.() ?? secrets).get('key'))).toBeNull();
    });

    test('names are listed in order, and only ours', async () => {
      const { secrets } = await setUp();
      expect(valueOf(await secrets.names())).toEqual([]);
      for (const account of ['b', 'a', 'c']) valueOf(await secrets.set(account, 'x'));
      expect(valueOf(await secrets.names())).toEqual(['a', 'b', 'c']);
    });

    test('changes at the same time are all kept', async () => {
      const { secrets } = await setUp();
      await Promise.all(Array.from({ length: 8 }, (_, at) => secrets.set(`n${at}`, String(at))));
      expect(valueOf(await secrets.names())).toHaveLength(8);
    });

    test('a rotation changes no value', async () => {
      const { secrets, again } = await setUp();
      valueOf(await secrets.set('key', 'kept'));
      expect(valueOf(await secrets.rotate())).toMatchObject({ entries: 1 });
      expect(valueOf(await (again?.() ?? secrets).get('key'))).toBe('kept');
    });

    test('it tells where it keeps them', async () => {
      const { secrets } = await setUp();
      valueOf(await secrets.set('key', 'x'));
      expect(await secrets.facts()).toMatchObject({ settled: true, problem: null });
      expect((await secrets.facts()).where).not.toBe('');
    });
  });
};
