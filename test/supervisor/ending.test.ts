import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listProcesses } from '../../src/lib/process-table.ts';
import { until } from '../support/until.ts';
import { profileOf, type World, world } from './support/world.ts';

const isLiving = async (pid: number): Promise<boolean> =>
  (await listProcesses()).some((row) => row.pid === pid && !/^[ZX]/u.test(row.state));
const gone = (pid: number) => until(`the end of ${pid}`, async () => ((await isLiving(pid)) ? undefined : true));
const pidIn = (w: World, file: string) =>
  until(file, async () => Number(await readFile(join(w.project, file), 'utf8').catch(() => '')) || undefined);

/** A program with a child, and a grandchild that left by setsid and lost its parent; all deaf to polite signals. */
const stubborn = [
  'sh',
  '-c',
  `trap '' TERM HUP INT; sh -c 'echo $$ > child; while :; do sleep 0.1; done' &
   sh -c 'setsid sh -c "trap \\"\\" TERM HUP; echo \\$\\$ > escaped; while :; do sleep 0.1; done" & exit 0'
   echo $$ > program; while :; do sleep 0.1; done`,
];

describe.each([
  ['the fake terminal', false],
  ['real tmux', true],
])('ending on %s', (_, real) => {
  test('a kill leaves nothing alive: neither child nor a grandchild that ran away', async () => {
    const w = await world({ real });
    const { agent } = await w.begin({ command: stubborn });
    const pids = [await pidIn(w, 'program'), await pidIn(w, 'child'), await pidIn(w, 'escaped')];
    const result = await w.run('agent.kill', w.facts(agent), agent);
    expect(result).toMatchObject({ outcomes: [{ event: { type: 'PROCESS_EXITED', launch: 1, exit: { code: null, signal: 9 } } }] });
    expect(await Promise.all(pids.map(isLiving))).toEqual([false, false, false]);
    const panes = await w.terminal.list();
    expect(panes.ok && panes.value.filter((pane) => !pane.dead)).toEqual([]);
    expect(w.actors.state(agent)?.status).toBe('exited');
  });

  test('a stop climbs its ladder: a program that listens to TERM ends by itself', async () => {
    const w = await world({ real });
    const { agent } = await w.begin({
      command: ['sh', '-c', 'trap "echo bye; exit 4" TERM; echo $$ > program; while :; do sleep 0.02; done'],
    });
    await pidIn(w, 'program');
    expect(await w.run('agent.stop', w.facts(agent), agent)).toEqual({ outcomes: [] });
    expect(await w.exited(agent)).toMatchObject({ exit: { code: 4, signal: null }, output: 'bye' });
  });

  test('a stop that is not heard does not hold a kill back', async () => {
    const w = await world({ real });
    const { agent } = await w.begin({ command: stubborn });
    const pid = await pidIn(w, 'program');
    await pidIn(w, 'escaped');
    const began = performance.now();
    await w.run('agent.stop', w.facts(agent), agent);
    expect(performance.now() - began).toBeLessThan(1_500);
    await w.run('agent.kill', w.facts(agent), agent);
    await gone(pid);
  });

  test('what never started is told as ended, and cannot start later under the same number', async () => {
    const w = await world({ real });
    const agent = 'd7b7a9a4-7a6e-4a88-9c1b-5a62f6f2f001';
    const facts = { agent, launch: 1, pane: null, profile: profileOf() };
    const expected = {
      outcomes: [
        { event: { type: 'PROCESS_EXITED', launch: 1, exit: { code: null, signal: null }, output: null, detail: 'never started' } },
      ],
    };
    expect(await w.run('agent.stop', facts, agent)).toEqual(expected);
    expect(await w.run('agent.kill', facts, agent)).toEqual(expected);
  });

  test('a launch whose answer was lost is still found and ended', async () => {
    const w = await world({ real });
    const { agent } = await w.begin({ command: stubborn });
    const pid = await pidIn(w, 'program');
    await pidIn(w, 'escaped');
    await w.run('agent.kill', { ...w.facts(agent), pane: null }, agent);
    await gone(pid);
  });

  test('suspended it stands still, continued it goes on, and a stop wakes it to end', async () => {
    const w = await world({ real });
    const { agent } = await w.begin({
      command: [
        'sh',
        '-c',
        'trap "exit 6" TERM; echo $$ > program; sleep 20 >/dev/null 2>&1 & echo $! > child; while :; do sleep 0.02; done',
      ],
    });
    const pids = [await pidIn(w, 'program'), await pidIn(w, 'child')];
    const states = async () => {
      const rows = await listProcesses();
      return pids.map((pid) => rows.find((row) => row.pid === pid)?.state);
    };
    expect(await w.run('agent.suspend', w.onPane(agent), agent)).toEqual({ outcomes: [{ event: { type: 'SUSPENDED', launch: 1 } }] });
    // D: stopped in the middle of a vfork, which waits for its child and stands as still.
    const still = async () => (await states()).every((state) => state === 'T' || state === 'D');
    await until('both stand still', async () => ((await still()) ? true : undefined));
    expect(w.actors.state(agent)?.status).toBe('suspended');
    // tmux continues whole groups when a window's own process stops: look again after it had the time to.
    await w.terminal.list();
    expect(await still()).toBe(true);
    expect(await w.run('agent.continue', w.onPane(agent), agent)).toEqual({ outcomes: [{ event: { type: 'CONTINUED', launch: 1 } }] });
    await until('both go on', async () => ((await states()).includes('T') ? undefined : true));
    await w.run('agent.suspend', w.onPane(agent), agent);
    await w.run('agent.stop', w.facts(agent), agent);
    expect(await w.exited(agent)).toMatchObject({ exit: { code: 6, signal: null } });
  });

  test('an interruption that the program survives is told as one; one that ends it is told as its end', async () => {
    const w = await world({ real });
    const survivor = await w.begin({ command: ['sh', '-c', 'trap "echo > heard" INT; echo $$ > program; while :; do sleep 0.02; done'] });
    await pidIn(w, 'program');
    expect(await w.run('agent.interrupt', w.onPane(survivor.agent), survivor.agent)).toMatchObject({
      outcomes: [{ event: { type: 'OBSERVED', fact: 'interrupted', source: 'keys', launch: 1 } }],
    });
    const mortal = await w.begin({ command: ['sh', '-c', 'echo $$ > mortal; exec sleep 60'] });
    await pidIn(w, 'mortal');
    expect(await w.run('agent.interrupt', w.onPane(mortal.agent), mortal.agent)).toEqual({ outcomes: [] });
    expect(await w.exited(mortal.agent)).toMatchObject({ exit: { code: null, signal: 2 } });
    await w.run('agent.kill', w.facts(survivor.agent), survivor.agent);
  });
});

test('a suspended program does not outlive its terminal unseen', async () => {
  const w = await world({ real: true });
  const { agent } = await w.begin({ command: ['sh', '-c', 'echo $$ > program; while :; do sleep 0.02; done'] });
  const pid = await pidIn(w, 'program');
  await w.run('agent.suspend', w.onPane(agent), agent);
  await w.terminal.killServer();
  expect(await w.exited(agent)).toMatchObject({ exit: { code: null, signal: 1 } });
  expect(await isLiving(pid)).toBe(false);
});

test('a second start ends what the first one left behind', async () => {
  const w = await world({ real: true });
  const { agent } = await w.begin({
    command: [
      'sh',
      '-c',
      'setsid sh -c "trap \\"\\" HUP TERM; echo \\$\\$ > left; sleep 30" & while ! test -e left; do sleep 0.02; done; exit 1',
    ],
    restart: 'on-failure',
    maxRestarts: 3,
  });
  const left = await pidIn(w, 'left');
  await w.exited(agent);
  expect(await isLiving(left)).toBe(true);
  await w.launch(agent, { launch: 2 });
  await gone(left);
});
