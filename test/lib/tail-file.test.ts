import { appendFile, mkdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readTail, type TailBatch, type TailOptions, tailFile, tailStart } from '../../src/lib/tail-file.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const follow = (path: string, options: Partial<TailOptions> = {}) => {
  const cancel = new AbortController();
  const batches: TailBatch[] = [];
  const done = (async () => {
    for await (const batch of tailFile(path, { pollMs: 20, ...options, signal: cancel.signal })) batches.push(batch);
  })();
  const stop = (): Promise<void> => {
    cancel.abort();
    return done;
  };
  onTestFinished(stop);
  const texts = (): string[] => batches.flatMap((batch) => batch.lines.map((line) => line.text));
  const seen = (...want: string[]) =>
    until(`lines ${want.join()}, got ${texts().join()}`, () => (texts().length >= want.length ? texts() : undefined));
  return { batches, stop, texts, seen };
};

describe('readTail', () => {
  test('gives complete lines, and goes on from the stored position', async () => {
    const path = join(await tempFolder(), 'log');
    await writeFile(path, 'one\r\ntwö\nthr');
    const first = await readTail(path, tailStart);
    if (!first.ok) throw new Error(first.problem.detail);
    expect(first.value.lines).toEqual([
      { text: 'one', end: 5, cut: false },
      { text: 'twö', end: 10, cut: false },
    ]);
    await appendFile(path, 'ee\n');
    const second = await readTail(path, first.value.position);
    expect(second).toMatchObject({ ok: true, value: { lines: [{ text: 'three', end: 16 }], restarted: false, position: { offset: 16 } } });
  });

  test('another file at the path, or a shorter one, is read from its start and says so', async () => {
    const path = join(await tempFolder(), 'log');
    await writeFile(path, 'a long first line\n');
    const first = await readTail(path, tailStart);
    if (!first.ok) throw new Error(first.problem.detail);
    await truncate(path, 0);
    await appendFile(path, 'b\n');
    expect(await readTail(path, first.value.position)).toMatchObject({ value: { restarted: true, lines: [{ text: 'b' }] } });
    await rename(path, `${path}.1`);
    await writeFile(path, 'a new and very much longer first line\n');
    expect(await readTail(path, first.value.position)).toMatchObject({ value: { restarted: true, lines: [{ text: /new/ }] } });
  });

  test('a missing file is empty, a folder is a problem', async () => {
    const folder = await tempFolder();
    expect(await readTail(join(folder, 'none'), tailStart)).toMatchObject({ ok: true, value: { lines: [], position: tailStart } });
    expect(await readTail(folder, tailStart)).toMatchObject({ ok: false, problem: { code: 'CCM_PATH_UNUSABLE' } });
  });

  test('long lines are cut and large files come in batches', async () => {
    const path = join(await tempFolder(), 'log');
    await writeFile(path, `${'é'.repeat(100_000)}\nshort\n${'z\n'.repeat(1000)}`);
    const limits = { maxLineBytes: 5, maxBatchBytes: 100 };
    const first = await readTail(path, tailStart, limits);
    expect(first).toMatchObject({ value: { lines: [{ text: 'éé', end: 200_001, cut: true }], more: true } });
    if (!first.ok) return;
    let position = first.value.position;
    const texts: string[] = [];
    for (let more = true; more; ) {
      const batch = await readTail(path, position, limits);
      if (!batch.ok) throw new Error(batch.problem.detail);
      texts.push(...batch.value.lines.map((line) => line.text));
      ({ position, more } = batch.value);
    }
    expect(texts).toEqual(['short', ...Array.from({ length: 1000 }, () => 'z')]);
  });
});

describe('tailFile', () => {
  test('follows a file that does not exist yet, in a folder that does not exist yet', async () => {
    const folder = join(await tempFolder(), 'later');
    const tail = follow(join(folder, 'log'));
    await mkdir(folder);
    await writeFile(join(folder, 'log'), 'one\ntw');
    await tail.seen('one');
    await appendFile(join(folder, 'log'), 'o\n');
    expect(await tail.seen('one', 'two')).toEqual(['one', 'two']);
  });

  test('reads a rotated file to its end before the new one', async () => {
    const path = join(await tempFolder(), 'log');
    await writeFile(path, 'one\n');
    const tail = follow(path);
    await tail.seen('one');
    await appendFile(path, 'last of the old\n');
    await rename(path, `${path}.1`);
    await writeFile(path, 'first of the new\n');
    expect(await tail.seen('1', '2', '3')).toEqual(['one', 'last of the old', 'first of the new']);
    expect(tail.batches.some((batch) => batch.restarted)).toBe(true);
  });

  test('a file that was deleted and made again is new, even where it gets the old inode number', async () => {
    const path = join(await tempFolder(), 'log');
    await writeFile(path, 'one\n');
    const tail = follow(path, { pollMs: 10 });
    await tail.seen('one');
    await rm(path);
    await writeFile(path, 'two\nthree\n');
    expect(await tail.seen('1', '2', '3')).toEqual(['one', 'two', 'three']);
  });

  test('starts again when the file is cut', async () => {
    const path = join(await tempFolder(), 'log');
    await writeFile(path, 'a line of some length\n');
    const tail = follow(path);
    await tail.seen('1');
    await truncate(path, 0);
    await until('the cut is seen', () => tail.batches.find((batch) => batch.restarted));
    await appendFile(path, 'b\n');
    expect(await tail.seen('1', '2')).toEqual(['a line of some length', 'b']);
  });

  test('hears of a change without polling, and an abort ends it at once', async () => {
    const path = join(await tempFolder(), 'log');
    await writeFile(path, 'one\n');
    const tail = follow(path, { pollMs: 3_600_000 });
    await tail.seen('one');
    await appendFile(path, 'two\n');
    await tail.seen('one', 'two');
    await tail.stop();
    expect(tail.texts()).toEqual(['one', 'two']);
  });
});
