/** An interruption is heard: not pressed before there is a turn, pressed again when it was swallowed, never twice where twice means something else. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { agentDrivers } from '../../adapters/agents/index.ts';
import { interruptHandler } from '../../src/supervisor/interrupt.ts';
import { profileOf } from './support/world.ts';

const screenOf = (name: string): string => readFileSync(new URL(`../fixtures/screens/claude/${name}/screen.txt`, import.meta.url), 'utf8');
const pane = { generation: '1:1', window: '@1', pane: '%1', pid: 1, pidStart: '1' };
const profile = profileOf({ kind: 'claude', mode: 'interactive', prompt: 'paste' });

type World = { status: string; message: string; screen: string; pressed: string[] };

/** A program on a clock that the test owns: `plays` is told of every tenth of a second and of every key. */
const interrupt = async (world: Partial<World>, plays: (world: World, second: number, key: string | null) => void) => {
  const w: World = { status: 'busy', message: 'accepted', screen: screenOf('busy'), pressed: [], ...world };
  let now = 0;
  const due: Array<{ at: number; call: () => void }> = [];
  const context = { project: 'p', launch: 1, pane, exit: null, profile, current: 'm', queue: [] };
  const { 'agent.interrupt': run } = interruptHandler({
    drivers: agentDrivers(),
    actors: { state: (id) => ({ id, ended: false, ...(id === 'm' ? { status: w.message, context: {} } : { status: w.status, context }) }) },
    clock: {
      now: () => now,
      awake: () => now,
      after: (ms, call) => {
        due.push({ at: now + ms, call });
        return () => undefined;
      },
    },
    terminal: {
      capture: () => Promise.resolve({ ok: true, value: w.screen }),
      list: () => Promise.resolve({ ok: true, value: [] }),
      keys: (_, keys) => {
        for (const key of keys) {
          w.pressed.push(`${key} at ${(now / 1_000).toFixed(1)}`);
          plays(w, now / 1_000, key);
        }
        return Promise.resolve({ ok: true, value: undefined });
      },
    },
  });
  const said: Array<Awaited<ReturnType<typeof run>>> = [];
  const running = run({ agent: 'a', pane, profile }).then((told) => said.push(told));
  for (; said.length === 0 && now < 200_000; now += 100) {
    plays(w, now / 1_000, null);
    for (const one of due.splice(0))
      if (one.at <= now) one.call();
      else due.push(one);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }
  await running;
  return { result: said[0], pressed: w.pressed, seconds: now / 1_000 };
};

/** It draws a spinner and counts seconds. */
const works = (w: World, second: number): void => void (w.screen = `${second}\n${screenOf('busy')}`);

test('a prompt that is on its way is taken first: what is not there yet cannot be interrupted', async () => {
  const { pressed } = await interrupt({ message: 'typing' }, (w, second, key) => {
    if (second >= 1) w.message = 'submitted';
    if (second >= 4) w.message = 'accepted';
    if (key) w.status = 'interrupted';
  });
  expect(pressed).toEqual([expect.stringMatching(/^Escape at 4\.[01]$/u)]);
});

test('a program that starts gets its prompt first, too', async () => {
  const { pressed } = await interrupt({ status: 'booting', message: 'queued' }, (w, second, key) => {
    if (second >= 2) w.status = 'busy';
    if (second >= 3) w.message = 'accepted';
    if (key) w.status = 'interrupted';
  });
  expect(pressed).toEqual([expect.stringMatching(/^Escape at 3\.[01]$/u)]);
});

test('a key that was swallowed is pressed again: it goes on drawing, and still works', async () => {
  const { pressed, result } = await interrupt({}, (w, second, key) => {
    works(w, second);
    if (key && second > 2) w.status = 'interrupted';
  });
  expect(pressed).toHaveLength(2);
  expect(result).toEqual({ outcomes: [] });
});

test('a program that stands still gets no second key: it may yet read the first, and two of them open a menu', async () => {
  const { pressed } = await interrupt({}, () => undefined);
  expect(pressed).toHaveLength(1);
});

test('what cannot be interrupted is said, after a bounded number of keys', async () => {
  const { pressed, result, seconds } = await interrupt({}, works);
  expect(pressed).toHaveLength(4);
  expect(result).toMatchObject({ problem: { code: 'CCM_NOT_TAKEN', detail: expect.stringMatching(/4 times/u) }, retry: false });
  expect(seconds).toBeLessThan(25);
});

test('asked twice, the second one presses nothing', async () => {
  const { pressed } = await interrupt({ status: 'interrupted', screen: screenOf('interrupted') }, () => undefined);
  expect(pressed).toEqual([]);
});

test('it keeps no stop waiting', async () => {
  const { seconds } = await interrupt({}, (w, second) => {
    works(w, second);
    if (second >= 1) w.status = 'stopping';
  });
  expect(seconds).toBeLessThan(1.5);
  const untaken = await interrupt({ message: 'submitted' }, (w, second) => {
    if (second >= 1) w.status = 'stopping';
  });
  expect(untaken).toMatchObject({ pressed: [] });
  expect(untaken.seconds).toBeLessThan(1.5);
});
