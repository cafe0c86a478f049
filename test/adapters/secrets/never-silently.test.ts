/** Once a keychain was used nothing else is, until a person says so. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { secretStore } from '../../../adapters/secrets/index.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { valueOf } from '../../support/git-repo.ts';
import { type PlayedKeytar, playedKeytar } from '../../support/played-keytar.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

const house = async () => {
  const folder = join(await tempFolder(), 'secrets');
  const keytar = playedKeytar();
  const clock = fakeClock();
  return { folder, keytar, clock, again: () => secretStore({ folder, clock, keytar: keytar.load }), vault: join(folder, 'vault.json') };
};
const away = { ok: false, problem: { code: 'CCM_KEYCHAIN_AWAY' } };
const troubles = ['locked', 'missing'] as const satisfies readonly PlayedKeytar['mood'][];

describe('the choice of the place', () => {
  test.each(troubles)('a keychain that is %s from the start is passed over, and why is told', async (mood) => {
    const { keytar, again, vault } = await house();
    keytar.mood = mood;
    const secrets = again();
    valueOf(await secrets.set('key', 'x'));
    expect(existsSync(vault)).toBe(true);
    keytar.mood = 'well';
    // The other way round as well: what is in the file stays there.
    expect(await again().facts()).toMatchObject({ place: 'file', settled: true });
    expect(valueOf(await again().get('key'))).toBe('x');
    expect(keytar.entries.size).toBe(0);
  });

  test.each(troubles)('a keychain that was used and is %s now is missed, not replaced', async (mood) => {
    const { keytar, again, vault } = await house();
    valueOf(await again().set('key', 'x'));
    keytar.mood = mood;
    for (const answer of [await again().get('key'), await again().set('key', 'y'), await again().names(), await again().remove('key')])
      expect(answer).toMatchObject(away);
    expect(existsSync(vault)).toBe(false);
    expect(await again().facts()).toMatchObject({ place: 'keychain', settled: true, problem: { code: 'CCM_KEYCHAIN_AWAY' } });
    expect(await again().moveTo('file')).toMatchObject(away);
    keytar.mood = 'well';
    expect(valueOf(await again().get('key'))).toBe('x');
  });

  test('a keychain that waits for a person is given two seconds', async () => {
    const { keytar, clock, again } = await house();
    keytar.mood = 'silent';
    const facts = again().facts();
    await until('the look to begin', () => (clock.pending() > 0 ? true : undefined));
    clock.advance(2000);
    expect(await facts).toMatchObject({ place: 'file', passedOver: expect.stringContaining('did not answer within 2 s') });
  });

  test('it begins anew in a file only when a person abandons the keychain', async () => {
    const { keytar, again } = await house();
    valueOf(await again().set('key', 'x'));
    keytar.mood = 'locked';
    valueOf(await again().moveTo('file', { abandon: true }));
    expect(await again().facts()).toMatchObject({ place: 'file', settled: true });
    expect(valueOf(await again().get('key'))).toBeNull();
  });

  test('moving takes everything along and leaves nothing behind', async () => {
    const { keytar, again } = await house();
    valueOf(await again().set('a', '1'));
    valueOf(await again().set('b', '2'));
    expect(valueOf(await again().moveTo('file'))).toEqual({ moved: 2 });
    expect(keytar.entries.size).toBe(0);
    expect(valueOf(await again().get('b'))).toBe('2');
    expect(valueOf(await again().moveTo('keychain'))).toEqual({ moved: 2 });
    expect(valueOf(await again().get('a'))).toBe('1');
  });

  test('a memory of the choice that cannot be read is trouble, not a fresh start', async () => {
    const { again, folder } = await house();
    valueOf(await again().set('key', 'x'));
    const memory = join(folder, 'place.json');
    expect(readFileSync(memory, 'utf8')).not.toContain('"x"');
    writeFileSync(memory, '{"place":"file"}');
    expect(await again().get('key')).toMatchObject({ ok: false, problem: { code: 'CCM_SECRETS_UNSAFE' } });
  });

  test('two homes do not see each other in one keychain', async () => {
    const [one, two] = [await house(), await house()];
    const keytar = playedKeytar();
    const open = ({ folder, clock }: typeof one) => secretStore({ folder, clock, keytar: keytar.load });
    valueOf(await open(one).set('key', 'of one'));
    valueOf(await open(two).set('key', 'of two'));
    expect(valueOf(await open(one).get('key'))).toBe('of one');
    expect(valueOf(await open(two).names())).toEqual(['key']);
  });
});
