/**
 * What a person waits for at their own machine while the link is online, away, paused or signed out, against a machine that has no hub. One machine
 * for each state, all at once and by turns, each turn begun by another: so all meet the same load, the same warmth and the same number of tasks.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Machine } from '../support/two-machines.ts';
import { type Figure, median } from './measure.ts';

const TURNS = 180;
/** Until the programs are warm. */
const WARM = 30;

type Cost = { ms: number; cpuMs: number };
const costOf = async ({ live, dir }: Machine, n: number): Promise<Cost> => {
  // Of the daemon's main thread, in nanoseconds: nothing of who else works at the time.
  const spent = (): number => {
    const file = `/proc/${live.pid}/schedstat`;
    return existsSync(file) ? Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e6 : Number.NaN;
  };
  const [began, before] = [performance.now(), spent()];
  await live.api('POST', '/tasks', { path: dir, prompt: `Later ${n}`, at: Date.now() + 86_400_000, agent: 'demo' });
  return { ms: performance.now() - began, cpuMs: spent() - before };
};

export const localWrites = async (alone: Machine, linked: ReadonlyArray<readonly [state: string, Machine]>): Promise<Figure[]> => {
  const all = [['no hub', alone], ...linked] as const;
  const costs = new Map<string, Cost[]>(all.map(([state]) => [state, []]));
  for (let n = 0; n < TURNS; n += 1) {
    const first = n % all.length;
    for (const [state, machine] of [...all.slice(first), ...all.slice(0, first)]) {
      const cost = await costOf(machine, n);
      if (n >= WARM) costs.get(state)?.push(cost);
    }
  }
  const of = (state: string, what: keyof Cost) => median((costs.get(state) ?? []).map((cost) => cost[what]));
  return linked.flatMap(([state]): Figure[] => {
    const here = (what: keyof Cost) => `${of(state, what).toFixed(2)} ms, ${of('no hub', what).toFixed(2)} with no hub`;
    return [
      {
        name: `a local write, ${state}, against one with no hub`,
        value: of(state, 'ms') / of('no hub', 'ms'),
        unit: '×',
        goal: { atMost: 1.1 },
        note: `POST /tasks by turns, medians of ${TURNS - WARM}: ${here('ms')}`,
      },
      { name: 'the same, processor time of the daemon', value: of(state, 'cpuMs') / of('no hub', 'cpuMs'), unit: '×', note: here('cpuMs') },
    ];
  });
};
