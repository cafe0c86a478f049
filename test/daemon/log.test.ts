import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { daemonLog } from '../../src/daemon/log.ts';
import { tempFolder } from '../support/temp-folder.ts';

it('turns the file over before it grows large, keeps three, and loses no line on the way', async () => {
  const folder = await tempFolder();
  const file = join(folder, 'daemon.log');
  const log = daemonLog({ file, level: 'info', mostBytes: 2000 });
  for (let i = 0; i < 60; i += 1) log.info({ i }, 'a line of some length');
  log.flush();
  expect(readdirSync(folder).sort()).toEqual(['daemon.log', 'daemon.log.1', 'daemon.log.2']);
  const kept = ['daemon.log.2', 'daemon.log.1', 'daemon.log'].flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').trim().split('\n').filter(Boolean),
  );
  const numbers = kept.map((line) => (JSON.parse(line) as { i: number }).i);
  expect(numbers).toEqual(Array.from(numbers, (_, at) => 60 - numbers.length + at));
  for (const name of readdirSync(folder)) {
    expect(statSync(join(folder, name)).size).toBeLessThan(2200);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  }
});

it('goes on from the size it finds', async () => {
  const file = join(await tempFolder(), 'daemon.log');
  for (let start = 0; start < 5; start += 1)
    daemonLog({ file, level: 'info', mostBytes: 400 }).info({ start }, 'a hundred bytes or so, that is more than a quarter of it');
  expect(statSync(file).size).toBeLessThan(400);
});

it('says warnings in the journal too, weighed as systemd weighs them, and removes what could be a secret', async () => {
  const file = join(await tempFolder(), 'daemon.log');
  const said: string[] = [];
  const log = daemonLog({ file, level: 'info', journal: (line) => void said.push(line) });
  log.info({}, 'all is well');
  log.warn({ token: 'ccm_canary', nested: { authorization: 'ccm_canary' } }, 'odd');
  log.error({}, 'bad');
  expect(said.map((line) => line.slice(0, 3))).toEqual(['<4>', '<3>']);
  expect(said.join('') + readFileSync(file, 'utf8')).not.toContain('canary');
});
