/** Steps as ticks: coloured by kind, and never more of them than a screen has places. */
import { expect, test } from 'vitest';
import type { JournalRow } from '../../src/api/contract/actor.ts';
import { changesOf, lastMove, mergeRows } from '../../web/src/task/annals.ts';
import { jsonChanges } from '../../web/src/task/json-changes.ts';
import { kindOf, tickPaths } from '../../web/src/task/ticks.ts';

const row = (gseq: number, more: Partial<JournalRow> = {}): JournalRow => ({
  gseq,
  actor: 'a',
  kind: 'agent',
  seq: gseq,
  at: gseq,
  type: 'OBSERVED',
  event: { type: 'OBSERVED' },
  by: 'hook',
  transitions: [],
  value: 'busy',
  status: 'busy',
  ...more,
});

test('a tick tells what kind of step it was', () => {
  expect(kindOf(row(1, { status: 'needsApproval' }), true)).toBe('asks');
  expect(kindOf(row(1, { status: 'failed' }), true)).toBe('bad');
  expect(kindOf(row(1, { status: 'succeeded' }), true)).toBe('good');
  expect(kindOf(row(1, { by: 'cli' }), false)).toBe('person');
  expect(kindOf(row(1), true)).toBe('change');
  expect(kindOf(row(1, { status: 'needsApproval' }), false)).toBe('heard');
});

test('of a hundred thousand steps a few hundred ticks are drawn, and the one that asks a person is among them', () => {
  const rows = Array.from({ length: 100_000 }, (_, i) => row(i + 1));
  rows[54_321] = row(54_322, { status: 'needsApproval', value: 'asks' });
  const started = performance.now();
  const paths = tickPaths(rows, changesOf(rows));
  expect(performance.now() - started).toBeLessThan(2000);
  expect(paths.reduce((sum, { d }) => sum + d.split('M').length - 1, 0)).toBeLessThanOrEqual(501);
  expect(paths.find(({ kind }) => kind === 'asks')?.d).toMatch(/^M543\.2 2V24$/);
  expect(tickPaths([row(1)], new Set([1]))).toEqual([{ kind: 'change', d: 'M0.0 2V24' }]);
});

test('new steps are put at the end; what comes between is sorted in, each once', () => {
  const known = [row(1), row(5)];
  expect(mergeRows(known, [row(6), row(7)]).map((r) => r.gseq)).toEqual([1, 5, 6, 7]);
  expect(mergeRows(known, [row(3), row(5)]).map((r) => r.gseq)).toEqual([1, 3, 5]);
  expect(mergeRows(known, [row(7), row(6)]).map((r) => r.gseq)).toEqual([1, 5, 6, 7]);
  expect(mergeRows([], [row(2), row(1)]).map((r) => r.gseq)).toEqual([1, 2]);
});

test('the step that brought it where it is: the newest that changed the state, else the newest with a transition', () => {
  const rows = [row(1, { value: 'x', transitions: ['t1'] }), row(2, { transitions: ['t2'] }), row(3, { transitions: ['t3'] }), row(4)];
  expect(lastMove(rows, 'a', null)?.gseq).toBe(2);
  expect(lastMove(rows, 'a', 1)?.gseq).toBe(1);
  expect(lastMove([row(1), row(2, { transitions: ['t'] }), row(3)], 'a', null)?.gseq).toBe(2);
  expect(lastMove([row(1)], 'a', null)).toBeNull();
});

test('what a step changed in a snapshot is told by its paths', () => {
  const before = { a: 1, deep: { list: [1, 2], gone: true }, same: { x: [1] } };
  expect(jsonChanges(before, { a: 2, deep: { list: [1, 3, 4] }, same: { x: [1] } })).toEqual([
    { path: 'a', before: 1, after: 2 },
    { path: 'deep.list.1', before: 2, after: 3 },
    { path: 'deep.list.2', before: undefined, after: 4 },
    { path: 'deep.gone', before: true, after: undefined },
  ]);
  expect(jsonChanges([1], { 0: 1 })).toEqual([{ path: '', before: [1], after: { 0: 1 } }]);
});
