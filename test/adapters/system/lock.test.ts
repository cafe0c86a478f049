/** One daemon per home, with two real processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockHome } from '../../../adapters/system/index.ts';
import { expectOk } from '../../support/temp-store.ts';

let home = '';
let child: ChildProcess | undefined;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ccm-lock-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

const module = new URL('../../../adapters/system/lock.ts', import.meta.url).href;
/** Another process that takes the lock and keeps it; resolves with what it said. */
const holder = () =>
  new Promise<string>((resolve, reject) => {
    const script = `import { lockHome } from ${JSON.stringify(module)};
      const lock = lockHome(${JSON.stringify(home)});
      console.log(lock.ok ? 'held' : lock.problem.code);
      setInterval(() => undefined, 1000);`;
    child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout?.once('data', (data) => resolve(String(data).trim()));
    child.once('error', reject);
  });
const ended = (process: ChildProcess | undefined) => new Promise((resolve) => void process?.once('exit', resolve));

test('a second process is refused while the first lives, however often it asks', async () => {
  expect(await holder()).toBe('held');
  for (let tries = 0; tries < 3; tries += 1) expect(lockHome(home)).toMatchObject({ ok: false, problem: { code: 'CCM_HOME_LOCKED' } });
});

test('a killed holder leaves no lock behind', async () => {
  await holder();
  const gone = ended(child);
  child?.kill('SIGKILL');
  await gone;
  const lock = expectOk(lockHome(home));
  lock.release();
});

test('the same process cannot take it twice, and can again after release', () => {
  const lock = expectOk(lockHome(home));
  expect(lockHome(home)).toMatchObject({ ok: false, problem: { code: 'CCM_HOME_LOCKED' } });
  lock.release();
  expectOk(lockHome(home)).release();
  expect((statSync(join(home, 'lock.db')).mode & 0o777).toString(8)).toBe('600');
});

test('a home that is no folder is unusable, in words', () => {
  writeFileSync(join(home, 'file'), '');
  expect(lockHome(join(home, 'file'))).toMatchObject({ ok: false, problem: { code: 'CCM_HOME_UNUSABLE' } });
});
