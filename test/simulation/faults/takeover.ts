/** A daemon frozen in the middle of its hand-over: it or its heir stays, never nobody and never both. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../support/until.ts';
import { signal } from './processes.ts';
import type { World } from './world.ts';

const parentOf = (pid: string): number => {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return 0; // Ended meanwhile.
  }
};
/** The heir: the child of the daemon that was given a channel and its doors. */
const heirOf = (daemon: number): number | undefined =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === daemon)
    .map(Number)
    .find((pid) => environmentOf(pid).includes('CCM_DOORS='));
const environmentOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return ''; // Ended meanwhile.
  }
};

/** The heir's own patience, and a little. */
const HEIR_MS = 45_000;

export const frozenHandover = async (world: World): Promise<string> => {
  const { live } = world;
  await world.begin('long');
  const before = live.pid;
  const said = live.ccm('up', '--takeover', '--no-open');
  const heir = await until('the heir', () => heirOf(before), 60_000);
  signal(before, 'SIGSTOP');
  await until(
    'the heir to give up',
    () => (existsSync(`/proc/${heir}/cmdline`) && environmentOf(heir) !== '' ? undefined : true),
    HEIR_MS + 60_000,
  );
  signal(before, 'SIGCONT');
  const { code, stderr } = await said;
  assert.equal(code, 1, stderr);
  // It is awake and in its place: not on its way out.
  await pause(3_000);
  const { pid } = JSON.parse(readFileSync(join(live.home, 'run.json'), 'utf8')) as { pid: number };
  assert.equal(pid, before, 'another daemon stands in run.json');
  assert.equal((await live.api('GET', '/status')).status, 200);
  await world.begin('quick');
  await world.settled();
  return `said: ${stderr.trim().split('\n')[0]}; the daemon before goes on, ${await world.sound()} tasks whole`;
};
