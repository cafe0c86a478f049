/** The journal grows on the page without being read anew: what is then said of it is what a plain look at all of it says. */
import { expect, test } from 'vitest';
import { changesOf, ends, indexAt, kindsOf, lastMove, mergeRows, rowAt, valueBefore } from '../../web/src/task/annals.ts';
import { seededRandom } from '../support/seeded.ts';

type Row = Parameters<typeof mergeRows>[0][number];

const journal = (seed: number, length: number): Row[] => {
  const random = seededRandom(seed);
  const seqs = new Map<string, number>();
  let gseq = 0;
  return Array.from({ length }, () => {
    const actor = random() < 0.5 ? 'task' : 'agent';
    const seq = (seqs.get(actor) ?? 0) + 1;
    seqs.set(actor, seq);
    gseq += 1 + Math.floor(random() * 3);
    const value = random() < 0.5 ? 'queued' : { running: ['working', 'limited'][Math.floor(random() * 2)] };
    const transitions = random() < 0.6 ? ['line'] : [];
    return { gseq, actor, kind: actor, seq, at: gseq, type: 'X', event: { type: 'X' }, by: null, transitions, value, status: 'x' };
  });
};
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

test.each([1, 2, 3])('by actor and by moment, however it came together (seed %i)', (seed) => {
  const all = journal(seed, 120);
  const random = seededRandom(seed + 100);
  // Newest first, as a page reads it; then older ones, overlapping; then what follows.
  let rows = mergeRows([], all.slice(60, 80));
  rows = mergeRows(rows, all.slice(20, 65));
  changesOf(rows);
  rows = mergeRows(rows, all.slice(0, 20));
  changesOf(rows);
  for (let from = 80; from < all.length; ) {
    const to = from + 1 + Math.floor(random() * 4);
    rows = mergeRows(rows, all.slice(from, to));
    from = to;
    changesOf(rows);
  }
  expect(rows).toEqual(all);
  expect(kindsOf(rows)).toEqual(
    new Map([[all[0]?.actor, all[0]?.kind], ...(all[0]?.actor === 'task' ? [['agent', 'agent'] as const] : [['task', 'task'] as const])]),
  );
  for (const actor of ['task', 'agent', 'nobody']) {
    const own = all.filter((row) => row.actor === actor);
    const moved = own.filter((row, i) => !same(own[i - 1]?.value, row.value));
    expect(own.filter((row) => changesOf(rows).has(row.gseq))).toEqual(moved);
    expect(ends(rows, actor)).toEqual(own[0] ? { oldest: own[0].seq, newest: own.at(-1)?.seq, from: own[0].gseq } : null);
    for (const at of [null, 0, ...all.map((row) => row.gseq), 1e6]) {
      const upTo = (row: Row): boolean => at === null || row.gseq <= at;
      expect(rowAt(rows, actor, at)).toBe(own.findLast(upTo) ?? null);
      const move =
        moved.findLast((row) => upTo(row) && row.transitions.length > 0) ?? own.findLast((row) => upTo(row) && row.transitions.length > 0);
      expect(lastMove(rows, actor, at)).toBe(move ?? null);
      expect(valueBefore(rows, move ?? null)).toEqual(move && own.findLast((row) => row.seq < move.seq)?.value);
      if (at !== null) expect(indexAt(rows, at)).toBe(all.findLastIndex((row) => row.gseq <= at));
    }
  }
});
