/** The file that stands in for a keychain: what somebody gets who has a part of it, and what somebody reaches who changes it. */
import { chmodSync, lstatSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { secretStore } from '../../../adapters/secrets/index.ts';
import { asNobody } from '../../support/as-nobody.ts';
import { valueOf } from '../../support/git-repo.ts';
import { realClock } from '../../support/real-clock.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const canary = 'canary-7f3a';
const opened = async () => {
  const folder = join(await tempFolder(), 'secrets');
  const again = () => secretStore({ folder, clock: realClock, prefer: 'file' });
  valueOf(await again().set('one', canary));
  valueOf(await again().set('two', 'other'));
  const file = join(folder, 'vault.json');
  const key = join(folder, readdirSync(folder).find((name) => name.startsWith('key.')) ?? '');
  const edit = (change: (entries: Record<string, { iv: string; tag: string; text: string }>) => void): void => {
    const content = JSON.parse(readFileSync(file, 'utf8'));
    change(content.entries);
    writeFileSync(file, JSON.stringify(content));
  };
  return { folder, file, key, again, edit };
};
const unsafe = { ok: false, problem: { code: 'CCM_SECRETS_UNSAFE' } };

describe('the vault file', () => {
  test('folder 0700, files 0600, nothing in the clear', async () => {
    const { folder } = await opened();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder)).toHaveLength(3);
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
      expect(readFileSync(join(folder, name)).includes(canary), name).toBe(false);
    }
  });

  test('an entry put under another name does not open, and the others do', async () => {
    const { again, edit } = await opened();
    edit((entries) => {
      if (entries['one']) entries['two'] = entries['one'];
    });
    expect(await again().get('two')).toMatchObject(unsafe);
    expect(valueOf(await again().get('one'))).toBe(canary);
    valueOf(await again().set('two', 'set again'));
    expect(valueOf(await again().get('two'))).toBe('set again');
  });

  test.each(['iv', 'tag', 'text'] as const)('one changed byte of its %s and an entry does not open', async (part) => {
    const { again, edit } = await opened();
    edit(({ one }) => {
      if (!one) return;
      const bytes = Buffer.from(one[part], 'base64');
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      one[part] = bytes.toString('base64');
    });
    expect(await again().get('one')).toMatchObject(unsafe);
  });

  test('a shortened tag is refused: sixteen bytes or nothing', async () => {
    const { again, edit } = await opened();
    edit(({ one }) => {
      if (one) one.tag = Buffer.from(one.tag, 'base64').subarray(0, 4).toString('base64');
    });
    expect(await again().get('one')).toMatchObject(unsafe);
  });

  test.each([0o640, 0o604, 0o620, 0o602])('a key file of mode %o is refused, in words that name it', async (mode) => {
    const { again, key } = await opened();
    chmodSync(key, mode);
    const got = await again().get('one');
    expect(got).toMatchObject(unsafe);
    expect(got.ok ? '' : got.problem.detail).toContain(key);
    expect(await again().set('three', 'x')).toMatchObject(unsafe);
  });

  test('a vault or a folder that others can write is refused', async () => {
    const { again, file, folder } = await opened();
    chmodSync(file, 0o666);
    expect(await again().get('one')).toMatchObject(unsafe);
    chmodSync(file, 0o600);
    chmodSync(folder, 0o755);
    expect(await again().get('one')).toMatchObject(unsafe);
  });

  test('links instead of key, vault and folder are refused, also those that lead to a good one', async () => {
    const { again, file, key, folder } = await opened();
    for (const path of [key, file]) {
      renameSync(path, `${path}.elsewhere`);
      symlinkSync(`${path}.elsewhere`, path);
      expect(await again().get('one'), path).toMatchObject(unsafe);
      renameSync(`${path}.elsewhere`, path);
    }
    expect(valueOf(await again().get('one'))).toBe(canary);
    renameSync(folder, `${folder}.elsewhere`);
    symlinkSync(`${folder}.elsewhere`, folder);
    expect(await again().get('one')).toMatchObject(unsafe);
  });

  test('a lost key is told, and leads to no empty vault', async () => {
    const { again, key } = await opened();
    renameSync(key, `${key}.lost`);
    expect(await again().get('one')).toMatchObject(unsafe);
    expect(await again().set('one', 'new')).toMatchObject(unsafe);
    expect(await again().moveTo('file')).toMatchObject(unsafe);
    valueOf(await again().moveTo('file', { abandon: true }));
    expect(valueOf(await again().get('one'))).toBeNull();
    valueOf(await again().set('one', 'new'));
  });

  test('a rotation leaves one key, another one, and every value', async () => {
    const { again, folder, key, file } = await opened();
    const before = readFileSync(key);
    const vaultBefore = readFileSync(file, 'utf8');
    valueOf(await again().rotate());
    const keys = readdirSync(folder).filter((name) => name.startsWith('key.'));
    expect(keys).toHaveLength(1);
    expect(readFileSync(join(folder, keys[0] ?? '')).equals(before)).toBe(false);
    expect(valueOf(await again().get('one'))).toBe(canary);
    // The old key opens nothing that is written now.
    const ivs = (text: string): string[] => [...text.matchAll(/"iv": "([^"]+)"/g)].map(([, iv = '']) => iv);
    expect(ivs(readFileSync(file, 'utf8')).some((iv) => ivs(vaultBefore).includes(iv))).toBe(false);
  });

  test('cut off between new key and new vault, the old pair still opens', async () => {
    const { again, folder } = await opened();
    writeFileSync(join(folder, 'key.00000000000000aa'), Buffer.alloc(32, 1), { mode: 0o600 });
    expect(valueOf(await again().get('one'))).toBe(canary);
    valueOf(await again().rotate());
    expect(readdirSync(folder).filter((name) => name.startsWith('key.'))).toHaveLength(1);
  });

  test('a planted link where the vault is written is replaced, not followed', async () => {
    const { folder, again, file } = await opened();
    const target = join(folder, '..', 'victim');
    writeFileSync(target, 'precious');
    // Reading refuses the link first; what is looked at here is that nothing was written through it.
    renameSync(file, `${file}.away`);
    symlinkSync(target, file);
    expect(await again().set('one', 'x')).toMatchObject(unsafe);
    expect(readFileSync(target, 'utf8')).toBe('precious');
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
  });

  test('another user, and one without rights, gets an answer in words', async () => {
    expect(await asNobody(new URL('unprivileged-scenarios.ts', import.meta.url), 'closedVault')).toEqual({
      'own vault': 'canary',
      'foreign folder': '/usr/share belongs to another user (uid 0).',
      'folder without rights': 'CCM_SECRETS_UNSAFE',
      'folder that cannot be made': 'CCM_HOME_UNUSABLE',
    });
  });
});
