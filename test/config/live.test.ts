/** What counts as soon as config.toml is saved. */
import { rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { resolveHome } from '../../src/config/home.ts';
import { liveConfig } from '../../src/config/live.ts';
import { loadConfig } from '../../src/config.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { expectOk } from '../support/temp-store.ts';

const setUp = async () => {
  const folder = await tempFolder();
  const surroundings = { env: { CCM_HOME: folder }, platform: 'linux' as const, userHome: '/u', cwd: '/', demoCommand: ['demo'] };
  const file = expectOk(resolveHome(surroundings)).config;
  const clock = fakeClock();
  const notes: string[] = [];
  let changes = 0;
  const load = () => loadConfig(surroundings);
  const live = liveConfig({
    first: expectOk(load()),
    load,
    clock,
    note: (sentence) => notes.push(sentence),
    changed: () => (changes += 1),
  });
  const save = (text: string) => {
    writeFileSync(file, text);
    clock.advance(2_001);
  };
  return { live, save, notes, clock, file, changes: () => changes };
};
const allowAll = '[[policy]]\ndecision = "allow"\n';

test('a rule counts when its file is saved, and no longer when the file is gone', async () => {
  const { live, save, clock, file, changes } = await setUp();
  expect(live.now().policy).toEqual([]);
  save(allowAll);
  expect(live.now().policy).toMatchObject([{ decision: 'allow' }]);
  rmSync(file);
  clock.advance(2_001);
  expect(live.now().policy).toEqual([]);
  clock.advance(60_000);
  expect(changes(), 'read only when it was changed').toBe(2);
});

test('a file that is wrong changes nothing, and says so once', async () => {
  const { live, save, notes, clock } = await setUp();
  save(allowAll);
  save('[[policy]]\ndecision = "alow"\n');
  clock.advance(60_000);
  expect(live.now().policy).toMatchObject([{ decision: 'allow' }]);
  expect(notes.filter((note) => note.includes('not valid'))).toHaveLength(1);
});

test('after its stop nothing is read any more', async () => {
  const { live, save } = await setUp();
  live.stop();
  save(allowAll);
  expect(live.now().policy).toEqual([]);
});
