import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { jobFile } from '../../adapters/service/launchd-file.ts';
import { unitFiles } from '../../adapters/service/systemd-units.ts';
import { capturedIn } from '../../src/cli/doctor/service.ts';
import { LiveHome } from '../support/live-daemon.ts';
import { tempFolder } from '../support/temp-folder.ts';

const path = ['/home/a b/bin', '/opt/100%/bin', '/usr/bin'];
const spec = { home: '/h', ownHome: true, node: '/n', cli: '/c', port: 8765, path: path.join(':'), env: {} };

it('reads the PATH that was captured at the install out of what an install writes', async () => {
  const folder = await tempFolder();
  const units = unitFiles(spec, folder, true);
  if (!units.ok) throw new Error(units.problem.detail);
  for (const { path: file, text } of units.value) writeFileSync(file, text);
  expect(units.value.flatMap(({ path: file }) => capturedIn(file))).toEqual(path);
  const job = jobFile({ ...spec, path: '/usr/local/bin:/usr/bin' });
  if (!job.ok) throw new Error(job.problem.detail);
  writeFileSync(join(folder, 'job'), job.value);
  expect(capturedIn(join(folder, 'job'))).toEqual(['/usr/local/bin', '/usr/bin']);
  expect(capturedIn(join(folder, 'none'))).toEqual([]);
});

it('--fix takes away what a killed daemon left, and every trouble names its next step', async () => {
  const live = await LiveHome.make('');
  try {
    writeFileSync(
      join(live.home, 'run.json'),
      JSON.stringify({ pid: 4_194_305, port: live.port, url: live.url, startedAt: '', version: '' }),
    );
    const seen = await live.ccm('doctor', '--json');
    const { checks } = (seen.json() as { data: { checks: { name: string; state: string; next?: string }[] } }).data;
    for (const { name, state, next } of checks) expect(state === 'fine' || (next ?? '').length > 8, name).toBe(true);
    expect((await live.ccm('doctor')).stdout).toContain('ended without signing off');
    writeFileSync(join(live.home, 'config.toml'), 'concurency = 3\n');
    const mistaken = await live.ccm('doctor');
    expect([mistaken.code, mistaken.stdout]).toEqual([1, expect.stringMatching(/✗ config .*config\.toml:1:/u)]);
    writeFileSync(join(live.home, 'config.toml'), '');
    await live.ccm('doctor', '--fix');
    expect((await live.ccm('doctor')).stdout).toContain('It is not running.');
    // It said that everything needed is there, and to start what could not start.
    writeFileSync(join(live.home, 'ccm.db'), 'no database at all', { mode: 0o600 });
    const damaged = await live.ccm('doctor');
    expect([damaged.code, damaged.stdout]).toEqual([1, expect.stringMatching(/✗ database .*ccm\.db is not a\s+database any more/u)]);
    expect(damaged.stdout).toContain('ccm restore');
  } finally {
    await live.end();
  }
}, 60_000);
