/** A fleet that lost its programs together does not ask for them together. */
import { expect, test } from 'vitest';
import { restartGate } from '../../src/supervisor/restart-gate.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { seededRandom } from '../support/seeded.ts';
import { profileOf, world } from './support/world.ts';

/** Moments, in milliseconds from the first wish, at which `count` agents went through. */
const moments = (count: number, spacingMs: number, dies = false): number[] => {
  const clock = fakeClock();
  const gate = restartGate({ clock, random: seededRandom(7), spacingMs: () => spacingMs });
  const began = clock.awake();
  const due = Array.from({ length: count }, (_, i) => ({ agent: `agent-${i}`, at: began }));
  const found: number[] = [];
  while (due.length > 0) {
    due.sort((a, b) => a.at - b.at);
    const next = due.shift();
    if (!next) break;
    clock.advance(Math.max(0, next.at - clock.awake()));
    const wait = gate.wait(next.agent, 'claude');
    if (wait > 0) due.push({ agent: next.agent, at: clock.awake() + wait });
    else {
      found.push(clock.awake() - began);
      if (dies) gate.ended(next.agent);
    }
  }
  return found;
};
const gaps = (times: readonly number[]): number[] => times.slice(1).map((time, at) => time - (times[at] ?? 0));

test('fifty that lost their programs at once start one after the other, at uneven moments', () => {
  const times = moments(50, 500);
  expect(times).toHaveLength(50);
  expect(times[0]).toBe(0);
  expect(Math.min(...gaps(times))).toBeGreaterThanOrEqual(100);
  expect(new Set(gaps(times)).size).toBeGreaterThan(20);
  expect(times.at(-1)).toBeGreaterThan(15_000);
});

test('however many there are, none waits so long that its start would count as failed', () => {
  const times = moments(200, 500);
  expect(times).toHaveLength(200);
  expect(Math.max(...times)).toBeLessThanOrEqual(30_001);
  // Close together towards the end, and still never all at once.
  for (let from = 0; from < 31_000; from += 1_000)
    expect(times.filter((time) => time >= from && time < from + 1_000).length).toBeLessThan(50);
  expect(Math.max(...moments(2_000, 500))).toBeLessThanOrEqual(30_001);
});

test('the brake: where they end as soon as they begin, those that come later wait longer', () => {
  const clock = fakeClock();
  const gate = restartGate({ clock, random: () => 0.5, spacingMs: () => 500 });
  /** Two that ask at once: how long the second is told to wait. */
  const second = (name: string, dies: boolean): number => {
    clock.advance(11_000);
    gate.wait(`${name}-1`, 'claude');
    const wait = gate.wait(`${name}-2`, 'claude');
    if (dies) gate.ended(`${name}-1`);
    return wait;
  };
  expect(['a', 'b', 'c', 'd'].map((name) => second(name, true))).toEqual([500, 1_000, 2_000, 4_000]);
  // Other profiles go on as they did, and two good minutes are enough.
  clock.advance(41_000);
  gate.wait('x', 'demo');
  expect(gate.wait('y', 'demo')).toBe(500);
  clock.advance(121_000);
  expect(second('e', false)).toBe(500);
});

test('the gate stands before every later start of a program, and before no first one', async () => {
  const w = await world({ deps: { spacingMs: () => 30_000 } });
  const workspace = { dir: w.project, worktree: null, branch: null, base: null, notes: [] };
  const agents = Array.from({ length: 4 }, () => w.actors.agent(profileOf({ command: ['sleep', '60'] }), workspace, null));
  const kinds = async (launch: number) =>
    (await Promise.all(agents.map((agent) => w.launch(agent, { launch })))).map((result) =>
      'later' in result ? 'later' : 'outcomes' in result,
    );
  expect(await kinds(1)).toEqual([true, true, true, true]);
  await w.terminal.killServer();
  await w.terminal.open();
  expect((await kinds(2)).filter((kind) => kind === 'later')).toHaveLength(3);
  for (const agent of agents) await w.run('agent.kill', w.facts(agent), agent);
});
