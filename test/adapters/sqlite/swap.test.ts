/** A restore that is cut off between any two of its steps leaves the old database or the new one, never none. */
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../../adapters/sqlite/index.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** A home's database with one word in it, and a copy of another. Both closed but for what the test leaves open. */
const made = async () => {
  const folder = await tempFolder();
  const into = join(folder, 'ccm.db');
  const write = (file: string, word: string): void => {
    const store = openStore({ file, now: 0 });
    if (!store.ok) throw new Error(store.problem.detail);
    store.value.kv.set('word', word);
    store.value.close();
  };
  write(join(folder, 'other.db'), 'new');
  write(into, 'old');
  return { folder, into, whole: join(folder, 'other.db') };
};
const wordIn = (file: string): unknown => {
  const store = openStore({ file, now: 0 });
  if (!store.ok) throw new Error(store.problem.detail);
  const word = store.value.kv.get('word');
  store.value.close();
  return word;
};

test('cut off before the old one stands aside, the old one is there; after it, the new one', async () => {
  const { into, whole, folder } = await made();
  copyFileSync(whole, `${into}.restored`);
  expect(wordIn(into)).toBe('old');
  renameSync(into, join(folder, 'aside.db'));
  expect(wordIn(into)).toBe('new');
  expect(existsSync(`${into}.restored`)).toBe(false);
});

test('a journal of the old one that was left behind is not taken for one of the new', async () => {
  const { into, whole, folder } = await made();
  copyFileSync(whole, `${into}.restored`);
  renameSync(into, join(folder, 'aside.db'));
  copyFileSync(whole, `${into}-wal`);
  expect(wordIn(into)).toBe('new');
  expect(readdirSync(folder)).toContain('ccm.db.left-wal');
});

test('a copy that was not proven yet is no successor', async () => {
  const { into, whole } = await made();
  renameSync(whole, `${into}.restoring`);
  for (const end of ['', '-wal', '-shm']) rmSync(into + end, { force: true });
  expect(wordIn(into)).toBeUndefined();
});
