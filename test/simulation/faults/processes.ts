/** What happens to the processes: killed, frozen, starved of files; and to the clock they live by. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { runProcess } from '../../../src/lib/run-process.ts';
import { until } from '../../support/until.ts';
import type { World } from './world.ts';

export type Blows = { daemonKilled: number; daemonFrozen: number; tmuxKilled: number; tmuxFrozen: number };

export const signal = (pid: number | null, name: NodeJS.Signals): void => {
  try {
    if (pid !== null) process.kill(pid, name);
  } catch {
    // Gone already: another blow was first.
  }
};

/** A few tasks, and a blow at a random moment of their making. */
export const blowRound = async (world: World, random: () => number, blows: Blows): Promise<void> => {
  const { live } = world;
  const begun = Promise.all(Array.from({ length: 3 }, () => world.begin('quick')));
  await pause(Math.floor(random() * 800));
  const which = Math.floor(random() * 4);
  if (which === 0) {
    blows.daemonKilled += 1;
    await live.crash();
    await begun;
    await live.up();
  } else if (which === 1) {
    blows.daemonFrozen += 1;
    signal(live.pid, 'SIGSTOP');
    await pause(300 + Math.floor(random() * 1500));
    signal(live.pid, 'SIGCONT');
  } else if (which === 2) {
    blows.tmuxKilled += 1;
    signal(world.serverPid(), 'SIGKILL');
  } else {
    blows.tmuxFrozen += 1;
    const pid = world.serverPid();
    signal(pid, 'SIGSTOP');
    await pause(300 + Math.floor(random() * 1500));
    signal(pid, 'SIGCONT');
  }
  await begun;
};

/** The wall clock a day on and two days back, while tasks run and end. */
export const clockJumps = async (world: World, move: (ms: number) => void): Promise<string> => {
  const day = 86_400_000;
  for (const jump of [day, -2 * day, day]) {
    await world.begin('quick');
    move(jump);
    await world.begin('quick');
    await world.settled();
  }
  const ended = (await world.tasks()).filter(({ status }) => status === 'succeeded').length;
  assert.equal(ended, world.acknowledged.size, 'a jump of the clock ended a task otherwise than by its work');
  return `${await world.sound()} tasks, all succeeded`;
};

/** Every file number taken by callers who only stand there; then they leave. */
export const noMoreFiles = async (world: World): Promise<string> => {
  const { live } = world;
  const { pid } = live;
  const open = readdirSync(`/proc/${pid}/fd`).length;
  const limited = await runProcess({
    argv: ['prlimit', '--pid', String(pid), `--nofile=${open + 30}:4096`],
    cwd: '/',
    env: process.env,
    timeoutMs: 5000,
  });
  assert.equal(limited.code, 0, limited.stderr);
  const callers: Socket[] = [];
  for (let i = 0; i < 120; i += 1) {
    const socket = connect(live.port, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    callers.push(socket);
  }
  await pause(500);
  const during = await Promise.all(Array.from({ length: 5 }, () => Promise.race([world.begin('quick'), pause(1000, null)])));
  for (const socket of callers) socket.destroy();
  const free = await runProcess({
    argv: ['prlimit', '--pid', String(pid), '--nofile=4096:4096'],
    cwd: '/',
    env: process.env,
    timeoutMs: 5000,
  });
  assert.equal(free.code, 0, free.stderr);
  await until('a task to be taken again', async () => ((await world.begin('quick')) === null ? undefined : true), 20_000);
  assert.equal(live.pid, pid, 'the daemon ended');
  await world.settled();
  return `${callers.length} callers, ${during.filter((id) => id === null).length} of 5 refused meanwhile, ${await world.sound()} tasks whole`;
};

/** The programs of this home's agents that do not end by themselves. */
export const programsOf = ({ live }: World): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        return environment.includes(`CCM_HOME=${live.home}\0`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') === 'sleep\u00001000\u0000';
      } catch {
        return false; // Ended meanwhile, or not ours to read.
      }
    });
