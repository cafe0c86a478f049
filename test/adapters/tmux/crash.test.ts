import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { value } from '../../contracts/terminal.ts';
import { until } from '../../support/until.ts';
import { launched, tmuxRig } from './rig.ts';

const child = new URL('crash-child.ts', import.meta.url).pathname;

test('a daemon killed around a launch leaves one program or none, and the next launch under the key makes it exactly one', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const outcomes: string[] = [];
  for (const [round, delay] of [0, 1, 2, 4, 7].entries()) {
    const key = `round-${round}`;
    const daemon = spawn(process.execPath, [child, rig.home, key, String(delay)], { stdio: 'inherit' });
    await once(daemon, 'exit');
    expect(daemon.signalCode).toBe('SIGKILL');
    const before = value(await rig.list()).filter((fact) => fact.key === key);
    outcomes.push(String(before.length));
    const pane = await launched(rig, key, ['/bin/sh', '-c', `echo $$ >> born-${key}; exec sleep 100`]);
    const after = value(await rig.list()).filter((fact) => fact.key === key);
    expect(after.map((fact) => fact.pane)).toEqual([pane.pane]);
    if (before[0] !== undefined) expect(before[0].pid).toBe(pane.pid);
    const born = await until(
      'the program wrote',
      async () => (await readFile(join(rig.home, `born-${key}`), 'utf8').catch(() => '')) || undefined,
    );
    expect(born).toBe(`${pane.pid}\n`);
  }
  // The rounds are only worth something if the crash came before and after the launch.
  expect(outcomes.join('')).toMatch(/1/);
});
