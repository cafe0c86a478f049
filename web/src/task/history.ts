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
  const all = new Map([...known, ...fresh].map((row) => [row.gseq, row]));
  return [...all.values()].sort((a, b) => a.gseq - b.gseq);
};

/** Pure: the newest row of an actor at or before a moment (a global sequence number; null = now). */
export const rowAt = (rows: readonly JournalRow[], actor: string, at: number | null): JournalRow | null =>
  rows.findLast((row) => row.actor === actor && (at === null || row.gseq <= at)) ?? null;

/** Pure: the row that brought an actor into the state it is in at a moment; of one that never moved, the newest with a transition. */
export const lastMove = (rows: readonly JournalRow[], actor: string, at: number | null): JournalRow | null => {
  const own = rows.filter((row) => row.actor === actor && (at === null || row.gseq <= at));
  const moved = own.findLast((row, i) => row.transitions.length > 0 && JSON.stringify(own[i - 1]?.value) !== JSON.stringify(row.value));
  return moved ?? own.findLast((row) => row.transitions.length > 0) ?? null;
};

/** Pure: the state value right before a row; undefined for an actor's first. */
export const valueBefore = (rows: readonly JournalRow[], move: JournalRow | null): unknown =>
  rows.findLast((row) => move !== null && row.actor === move.actor && row.seq < move.seq)?.value;

/** Pure: global numbers of rows at which the actor's state differs from the row before. */
export const changesOf = (rows: readonly JournalRow[]): Set<number> => {
  const before = new Map<string, string>();
  const changed = new Set<number>();
  for (const row of rows) {
    const value = JSON.stringify(row.value);
    if (before.get(row.actor) !== value) changed.add(row.gseq);
    before.set(row.actor, value);
  }
  return changed;
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
