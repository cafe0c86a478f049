/** What counts as soon as config.toml is saved. */
import { rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { resolveHome } from '../../src/config/home.ts';
import { liveConfig } from '../../src/config/live.ts';
import { loadConfig } from '../../src/config.ts';
import { profileService } from '../../src/services/profiles.ts';
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
  const { config, stop } = liveConfig({
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
  return { config, stop, save, notes, clock, file, changes: () => changes };
};
const allowAll = '[[policy]]\ndecision = "allow"\n';

test('a rule counts when its file is saved, and no longer when the file is gone', async () => {
  const { config, save, clock, file, changes } = await setUp();
  expect(config.policy).toEqual([]);
  save(allowAll);
  expect(config.policy).toMatchObject([{ decision: 'allow' }]);
  rmSync(file);
  clock.advance(2_001);
  expect(config.policy).toEqual([]);
  clock.advance(60_000);
  expect(changes(), 'read only when it was changed').toBe(2);
});

test('a file that is wrong changes nothing, and says so once', async () => {
  const { config, save, notes, clock } = await setUp();
  save(allowAll);
  save('[[policy]]\ndecision = "alow"\n');
  clock.advance(60_000);
  expect(config.policy).toMatchObject([{ decision: 'allow' }]);
  expect(notes.filter((note) => note.includes('not valid'))).toHaveLength(1);
});

test('after its stop nothing is read any more', async () => {
  const { config, save, stop } = await setUp();
  stop();
  save(allowAll);
  expect(config.policy).toEqual([]);
});

test('an agent is there for who asks for it right after the file was saved', async () => {
  const { config, file } = await setUp();
  expect(config.profile('tests')).toBeUndefined();
  writeFileSync(file, 'concurrency = 7\n[agents.tests]\ncommand = ["npm", "test"]\nenv = { A = "1" }\n');
  expect(config.profile('tests')).toMatchObject({ command: ['npm', 'test'] });
  expect(config.profiles[0]).toMatchObject({ name: 'tests' });
  expect(config).toMatchObject({ concurrency: 7, mistake: null });
  expect(config.profileEnv('tests')).toEqual({ A: '1' });
});

test('who asks for an agent of a file that is wrong is told what is wrong with it', async () => {
  const { config, file } = await setUp();
  writeFileSync(file, '[agents.tests]\ncomand = ["npm", "test"]\n');
  const profiles = profileService({ config, findProgram: async () => null });
  expect(profiles.known('tests')).toMatchObject({
    problem: { detail: expect.stringMatching(/There is no agent "tests".*has a mistake.*comand/su) },
  });
  expect(profiles.known('demo').ok).toBe(true);
});

test('where the daemon stands and what it keeps are read at its start alone', async () => {
  const { config, save } = await setUp();
  const before = { port: config.port, journalAgeMs: config.journalAgeMs };
  save('port = 9999\njournal_age = "1d"\nconcurrency = 3\n');
  expect(config).toMatchObject({ ...before, concurrency: 3 });
});
