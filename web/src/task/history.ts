/** The journal of several actors as one line of time: read once, then followed. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { get } from '../api/http.ts';
import type { JournalRow } from '../api/types.ts';
import { coalescer } from '../store/coalesce.ts';
import { link, onStep } from '../store/home.ts';

const pageSize = 400;

export type Past = { rows: readonly JournalRow[]; loading: boolean; more: boolean; earlier: () => void };

/** Pure: rows of two reads together, each once, oldest first. */
export const mergeRows = (known: readonly JournalRow[], fresh: readonly JournalRow[]): JournalRow[] => {
  const newest = known.at(-1)?.gseq ?? 0;
  // What follows a long history is put at its end: nothing is sorted anew for one step.
  if (fresh.every((row, i) => row.gseq > (fresh[i - 1]?.gseq ?? newest))) return [...known, ...fresh];
  const all = new Map([...known, ...fresh].map((row) => [row.gseq, row]));
  return [...all.values()].sort((a, b) => a.gseq - b.gseq);
};

/** Pure: the newest row of an actor at or before a moment (a global sequence number; null = now). */
export const rowAt = (rows: readonly JournalRow[], actor: string, at: number | null): JournalRow | null =>
  rows.findLast((row) => row.actor === actor && (at === null || row.gseq <= at)) ?? null;

/** Pure: the row that brought an actor into the state it is in at a moment; of one that never moved, the newest with a transition. */
export const lastMove = (rows: readonly JournalRow[], actor: string, at: number | null): JournalRow | null => {
  let newest: JournalRow | null = null;
  let later: JournalRow | null = null;
  // From the end: long histories are looked at often.
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i];
    if (!row || row.actor !== actor || (at !== null && row.gseq > at)) continue;
    if (later && later.transitions.length > 0 && !sameValue(row.value, later.value)) return later;
    if (row.transitions.length > 0) newest ??= row;
    later = row;
  }
  return later && later.transitions.length > 0 ? later : newest;
};

const sameValue = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** Pure: the state value right before a row; undefined for an actor's first. */
export const valueBefore = (rows: readonly JournalRow[], move: JournalRow | null): unknown =>
  rows.findLast((row) => move !== null && row.actor === move.actor && row.seq < move.seq)?.value;

/** Pure: global numbers of rows at which the actor's state differs from the row before. */
export const changesOf = (rows: readonly JournalRow[]): Set<number> => {
  const before = new Map<string, JournalRow>();
  const changed = new Set<number>();
  for (const row of rows) {
    const last = before.get(row.actor);
    if (!last || !sameValue(last.value, row.value)) changed.add(row.gseq);
    before.set(row.actor, row);
  }
  return changed;
};

/** The same for the rows on the screen, worked out once for each list of them. */
const memory = new WeakMap<readonly JournalRow[], ReadonlySet<number>>();
export const knownChanges = (rows: readonly JournalRow[]): ReadonlySet<number> => {
  const known = memory.get(rows) ?? changesOf(rows);
  memory.set(rows, known);
  return known;
};

export const usePast = (actors: readonly string[]): Past => {
  const [rows, setRows] = useState<readonly JournalRow[]>([]);
  const [loading, setLoading] = useState(true);
  const [full, setFull] = useState<ReadonlySet<string>>(new Set());
  const once = useMemo(coalescer, []);
  const key = actors.join(' ');
  const live = link.value.phase === 'live';

  const read = async (actor: string, bound: string): Promise<number> => {
    const answer = await get<JournalRow[]>(`/actors/${encodeURIComponent(actor)}/history?limit=${pageSize}${bound}`);
    if (answer.ok) setRows((known) => mergeRows(known, answer.data));
    return answer.ok ? answer.data.length : 0;
  };
  const newest = new Map(rows.map((row) => [row.actor, row.seq]));
  const follow = (actor: string): Promise<void> =>
    once(actor, async () => {
      const after = newest.get(actor);
      const got = await read(actor, after === undefined ? '' : `&after=${after}`);
      if (after === undefined && got === pageSize) setFull((was) => new Set(was).add(actor));
    });

  useEffect(() => {
    if (live) void Promise.all(actors.map(follow)).then(() => setLoading(false));
  }, [key, live]);
  useEffect(
    () =>
      onStep((row) => {
        if (actors.includes(row.actor)) void follow(row.actor);
      }),
    [key, rows],
  );

  const earlier = (): void => {
    for (const actor of full) {
      const oldest = rows.find((row) => row.actor === actor);
      void read(actor, oldest ? `&before=${oldest.seq}` : '').then((n) => {
        if (n < pageSize) setFull((was) => new Set([...was].filter((a) => a !== actor)));
      });
    }
  };
  return { rows, loading, more: full.size > 0, earlier };
};
