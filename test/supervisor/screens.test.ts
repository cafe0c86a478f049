import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ok } from '../../src/errors.ts';
import { places } from '../../src/supervisor/places.ts';
import { LONGEST_SCREEN, lastLines, screenStore } from '../../src/supervisor/screens.ts';
import { tempFolder } from '../support/temp-folder.ts';

const of = { agent: 'agent', launch: 1 };
const pane = { generation: '1:1', window: '@1', pane: '%1', pid: 1, pidStart: '1' };
const setUp = async () => {
  const where = places(await tempFolder());
  const screen = { text: '' };
  return { where, screen, store: screenStore(where, { capture: () => Promise.resolve(ok(screen.text)) }) };
};

test('a screen is kept without escapes, without tmux’s own last line, private, and at most 2 MB of its end', async () => {
  const w = await setUp();
  w.screen.text = 'one\u001b[31m two\u001b[0m\n\nPane is dead (status 3, Sun Nov 22 22:10:59 2026)';
  expect(await w.store.save(of, pane)).toBe('one two\n');
  expect(await w.store.read(of)).toBe('one two\n');
  expect((await stat(w.where.screen(of))).mode & 0o777).toBe(0o600);
  w.screen.text = 'a line with an ä in it\n'.repeat(200_000);
  const text = await w.store.save(of, pane);
  expect(Buffer.byteLength(text ?? '')).toBeLessThanOrEqual(LONGEST_SCREEN);
  expect(Buffer.byteLength(text ?? '')).toBeGreaterThan(LONGEST_SCREEN - 100);
  expect(text?.startsWith('a line with an ä')).toBe(true);
  expect(await w.store.read(of, 60)).toBe('a line with an ä in it\n'.repeat(2));
});

test('a window that is gone gives what was kept before', async () => {
  const w = await setUp();
  w.screen.text = 'kept';
  await w.store.save(of, pane);
  const gone = screenStore(w.where, { capture: () => Promise.resolve({ ok: false, problem: { code: 'CCM_PANE_GONE', detail: 'gone' } }) });
  expect(await gone.save(of, pane)).toBe('kept\n');
  expect(await gone.save({ agent: 'other', launch: 1 }, pane)).toBeNull();
});

test('the last lines are at most forty, and null for nothing', () => {
  expect(lastLines('\n \n')).toBeNull();
  expect(lastLines(Array.from({ length: 100 }, (_, n) => `line ${n}  `).join('\n'))?.split('\n')).toEqual(
    Array.from({ length: 40 }, (_, n) => `line ${n + 60}`),
  );
  expect(lastLines('x'.repeat(100_000))?.length).toBe(8_000);
});

test('all screens together stay within their bound; the oldest go first', async () => {
  const w = await setUp();
  w.screen.text = 'x'.repeat(999);
  for (const launch of [1, 2, 3]) {
    await w.store.save({ agent: 'agent', launch }, pane);
    await utimes(w.where.screen({ agent: 'agent', launch }), launch, launch);
  }
  await writeFile(join(w.where.screens, 'stranger'), '');
  expect(await w.store.prune(2_000)).toBe(1);
  expect((await readdir(w.where.screens)).sort()).toEqual(['agent-2.txt', 'agent-3.txt', 'stranger']);
});
