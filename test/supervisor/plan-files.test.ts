/** Files of a launch that stand for somebody else's: links, never copies, and nothing of theirs is touched. */
import { lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writePlanFiles } from '../../src/supervisor/plan-files.ts';
import { tempFolder } from '../support/temp-folder.ts';

const world = async () => {
  const folder = await tempFolder();
  const [theirs, ours] = [join(folder, 'theirs'), join(folder, 'ours', 'deep')];
  mkdirSync(join(theirs, 'skills'), { recursive: true });
  writeFileSync(join(theirs, 'MEMORY.md'), 'mine');
  writeFileSync(join(theirs, 'state.json'), '{}');
  const mirror = () => writePlanFiles([{ path: ours, mirrors: theirs, names: /^(?!state\.json$)/u }], []);
  return { theirs, ours, mirror };
};

test('a mirror links what is there under its names, and what is there later', async () => {
  const { theirs, ours, mirror } = await world();
  expect(await mirror()).toEqual({ ok: true, value: undefined });
  expect(readlinkSync(join(ours, 'MEMORY.md'))).toBe(join(theirs, 'MEMORY.md'));
  expect(readlinkSync(join(ours, 'skills'))).toBe(join(theirs, 'skills'));
  expect(lstatSync(join(ours, 'state.json'), { throwIfNoEntry: false })).toBeUndefined();
  expect(lstatSync(ours).mode & 0o777).toBe(0o700);
  writeFileSync(join(theirs, 'LATER.md'), 'later');
  await mirror();
  expect(readFileSync(join(ours, 'LATER.md'), 'utf8')).toBe('later');
});

test('what the program has put in the place of a link goes, what it made itself stays, and theirs is as it was', async () => {
  const { theirs, ours, mirror } = await world();
  mkdirSync(ours, { recursive: true });
  writeFileSync(join(ours, 'MEMORY.md'), 'the program’s');
  writeFileSync(join(ours, 'state.json'), '{"counted":1}');
  symlinkSync(join(theirs, 'gone.md'), join(ours, 'gone.md'));
  symlinkSync('/elsewhere', join(ours, 'kept'));
  await mirror();
  expect(readFileSync(join(ours, 'MEMORY.md'), 'utf8')).toBe('mine');
  expect(readFileSync(join(theirs, 'MEMORY.md'), 'utf8')).toBe('mine');
  expect(readFileSync(join(ours, 'state.json'), 'utf8')).toBe('{"counted":1}');
  expect(lstatSync(join(ours, 'gone.md'), { throwIfNoEntry: false })).toBeUndefined();
  expect(readlinkSync(join(ours, 'kept'))).toBe('/elsewhere');
});

test('a folder that is not there is an empty one', async () => {
  const { ours } = await world();
  expect(await writePlanFiles([{ path: ours, mirrors: '/nowhere/at/all', names: /^/u }], [])).toMatchObject({ ok: true });
});
