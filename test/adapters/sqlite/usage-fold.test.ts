/** Old days of usage become sums: nobody who asks for figures can tell, and nothing is counted twice. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SqliteStore } from '../../../adapters/sqlite/index.ts';
import { dayOf, endOfDay, startOfDay } from '../../../src/money/day.ts';
import { type UsageQuery, type UsageRow, usageBy } from '../../../src/ports/usage.ts';
import { memoryFolder, type TempStore, tempStore } from '../../support/temp-store.ts';

let temp: TempStore;
let store: SqliteStore;
beforeAll(() => {
  temp = tempStore(memoryFolder());
  store = temp.open();
});
afterAll(() => temp.remove());

const noon = new Date(2026, 2, 4, 12).getTime();
const times = [0, 1].map((days) => new Date(2026, 2, 4 + days, 12).getTime());
const later = dayOf(noon + 30 * 86_400_000);

/** A project of its own for each run: what others left is not looked at. */
let runs = 0;
const place = () => `project ${(runs += 1)}`;

const rowOf = (project: string, given: Partial<UsageRow> & { request: string }): UsageRow => {
  const at = given.at ?? noon;
  const task = `${project} task`;
  return {
    task,
    agent: `${task} agent`,
    project,
    profile: 'claude',
    model: 'm',
    at,
    day: dayOf(at),
    input: 1,
    output: 1,
    cacheRead: 0,
    cacheWrite: 0,
    costMicroUsd: 5,
    costBy: 'program',
    prices: null,
    source: 'hook',
    key: 'call',
    ...given,
  };
};
const figures = (project: string) => {
  const last = times[1] ?? noon;
  const queries: UsageQuery[] = [{ project }, { project, day: dayOf(noon) }, { project, since: startOfDay(last) }];
  return queries.flatMap((query) => [store.usage.sum(query), ...usageBy.map((by) => store.usage.sums(by, query, 500))]);
};
const foldAll = () => store.commit(() => store.usage.loose(later).reduce((less, day) => less + store.usage.fold(day), 0));

const told = fc.record({
  place: fc.nat(1),
  request: fc.nat(3),
  model: fc.constantFrom('m', null),
  day: fc.nat(times.length - 1),
  ms: fc.nat(3_600_000),
  input: fc.nat(1_000_000_000),
  output: fc.nat(1_000),
  cacheRead: fc.nat(3),
  cost: fc.option(fc.nat(1_000_000_000)),
  prices: fc.constantFrom('2026-03', '2026-04'),
  source: fc.constantFrom('hook' as const, 'transcript' as const),
});
const turn = fc.record({
  place: fc.nat(2),
  day: fc.nat(times.length - 1),
  ms: fc.nat(3_600_000),
  busy: fc.nat(3_600_000),
  over: fc.boolean(),
});
const doing = fc.oneof(
  { weight: 6, arbitrary: told.map((usage) => ({ usage })) },
  { weight: 3, arbitrary: turn.map((worked) => ({ worked })) },
  { weight: 2, arbitrary: fc.constant({ fold: true }) },
);

test('no sum changes when days are made sums, and what is told twice counts once, in any order of telling and folding', () => {
  fc.assert(
    fc.property(fc.array(doing, { minLength: 30, maxLength: 60, size: 'max' }), (steps) => {
      const project = place();
      const counted = new Map<string, { input: number; output: number }>();
      let turns = 0;
      for (const step of steps) {
        if ('fold' in step) {
          const before = figures(project);
          foldAll();
          expect(figures(project)).toEqual(before);
        } else if ('worked' in step) {
          const { day, ms, busy, over } = step.worked;
          const agent = `${project} ${step.worked.place}`;
          const at = (times[day] ?? 0) + ms;
          store.turns.end(agent, at);
          store.turns.begin({ agent, task: agent, project, profile: 'claude', at, day: dayOf(at) });
          if (over) store.turns.end(agent, at + busy);
          turns += 1;
        } else {
          const { day, ms, cost, ...rest } = step.usage;
          const at = (times[day] ?? 0) + ms;
          const task = `${project} ${step.usage.place}`;
          // A request is told again as what it was: only its figures grow.
          const request = `${step.usage.request} ${day} ${rest.model}`;
          const how = store.usage.put(
            rowOf(project, { ...rest, task, agent: task, request, at, costMicroUsd: cost, costBy: cost === null ? null : 'prices' }),
          );
          const name = `${task} ${request}`;
          const known = counted.get(name) ?? { input: 0, output: 0 };
          if (how === 'written')
            counted.set(name, { input: Math.max(known.input, rest.input), output: Math.max(known.output, rest.output) });
        }
      }
      const sum = (pick: 'input' | 'output') => [...counted.values()].reduce((all, one) => all + one[pick], 0);
      const total = store.usage.sum({ project });
      expect([total?.requests ?? 0, total?.input ?? 0, total?.output ?? 0, total?.turns ?? 0]).toEqual([
        counted.size,
        sum('input'),
        sum('output'),
        turns,
      ]);
    }),
    // Figures say enough: a shorter way to them would take minutes to find.
    { numRuns: 15, endOnFailure: true },
  );
});

test('a thousand requests of a day become one row for each thing they differ in, and another round finds nothing to do', () => {
  const project = place();
  for (let i = 0; i < 1_000; i += 1)
    store.usage.put(rowOf(project, { request: `r${i}`, model: i % 2 === 0 ? 'm' : 'n', costMicroUsd: i % 10 === 0 ? null : 7 }));
  const before = figures(project);
  expect(store.usage.fold(dayOf(noon))).toBeGreaterThanOrEqual(1_000 - 4);
  expect(figures(project)).toEqual(before);
  expect(store.usage.sum({ project })).toMatchObject({ requests: 1_000, unpriced: 100, costMicroUsd: 6_300 });
  expect(store.usage.fold(dayOf(noon))).toBe(0);
});

test('a request that is in a sum, or may be, is not counted again; one that stands alone still grows', () => {
  const project = place();
  const put = (request: string, more: Partial<UsageRow> = {}) => store.usage.put(rowOf(project, { request, ...more }));
  expect([put('a'), put('b'), put('alone', { model: 'other' })]).toEqual(['written', 'written', 'written']);
  foldAll();
  expect([put('a', { input: 9 }), put('b', { input: 9 }), put('new')]).toEqual(['late', 'late', 'late']);
  expect([put('alone', { model: 'other', input: 3 }), put('alone', { model: 'other', input: 3 })]).toEqual(['written', 'same']);
  // Another day of the same task, and another task of the same day, have no sum.
  expect([put('next', { at: noon + 86_400_000, day: dayOf(noon + 86_400_000) }), put('c', { task: 'other' })]).toEqual([
    'written',
    'written',
  ]);
  expect(store.usage.sum({ project })).toMatchObject({ requests: 5, input: 1 + 1 + 3 + 1 + 1 });
});

test('a power cut in the middle of it leaves every row as it was', () => {
  const project = place();
  for (const request of ['a', 'b', 'c']) store.usage.put(rowOf(project, { request }));
  const before = figures(project);
  expect(() =>
    store.commit(() => {
      expect(store.usage.fold(dayOf(noon))).toBeGreaterThan(0);
      throw new Error('the power is gone');
    }),
  ).toThrow('the power is gone');
  expect(figures(project)).toEqual(before);
  expect(store.usage.put(rowOf(project, { request: 'a', input: 5 }))).toBe('written');
});

test('today is never made a sum, nor a turn that goes on', () => {
  const project = place();
  const agent = `${project} agent`;
  const at = new Date(2025, 5, 1, 12).getTime();
  for (const request of ['a', 'b']) store.usage.put(rowOf(project, { request, at }));
  store.turns.begin({ agent, task: agent, project, profile: 'claude', at, day: dayOf(at) });
  store.turns.end(agent, at + 1_000);
  store.turns.begin({ agent, task: agent, project, profile: 'claude', at: at + 2_000, day: dayOf(at) });
  expect(store.usage.loose(dayOf(at))).not.toContain(dayOf(at));
  expect(store.usage.loose(dayOf(endOfDay(at)))).toContain(dayOf(at));
  store.usage.fold(dayOf(at));
  expect(store.turns.going(agent)).toBe(true);
  store.turns.rest(agent, at + 5_000);
  expect(store.usage.sum({ project })).toMatchObject({ turns: 2, busyMs: 1_000 + 3_000 });
});
