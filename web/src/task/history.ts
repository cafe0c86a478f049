/** The journal of several actors as one line of time: the newest read once, then followed; all that is older when it is asked for. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { get } from '../api/http.ts';
import type { JournalRow } from '../api/types.ts';
import { coalescer } from '../store/coalesce.ts';
import { link, onStep } from '../store/home.ts';
import { ends, mergeRows } from './annals.ts';

const pageSize = 400;
/** The most the daemon gives at once. */
const largest = 1000;
/** Answers put in place together: the line is not drawn anew for each. */
const together = 10;

/**
 * `older`: steps that are kept and not read yet; `whole`: the number from which on nothing is missing, 0 when nothing is. `reading`: they are on
 * their way.
 */
export type Past = { rows: readonly JournalRow[]; loading: boolean; older: number; whole: number; reading: boolean; earlier: () => void };

const read = async (actor: string, limit: number, bound: string): Promise<JournalRow[] | null> => {
  const answer = await get<JournalRow[]>(`/actors/${encodeURIComponent(actor)}/history?limit=${limit}${bound}`);
  return answer.ok ? answer.data : null;
};

export const usePast = (actors: readonly string[]): Past => {
  const [rows, setRows] = useState<readonly JournalRow[]>([]);
  const [loading, setLoading] = useState(true);
  const [reading, setReading] = useState(false);
  /** Actors whose oldest known step is the oldest that is kept. */
  const [whole, setWhole] = useState<ReadonlySet<string>>(new Set());
  const once = useMemo(coalescer, []);
  const newest = useRef(new Map<string, number>()).current;
  const key = actors.join(' ');
  const live = link.value.phase === 'live';

  const put = (fresh: readonly JournalRow[]): void => {
    for (const { actor, seq } of fresh) newest.set(actor, Math.max(seq, newest.get(actor) ?? 0));
    if (fresh.length > 0) setRows((known) => mergeRows(known, fresh));
  };
  const follow = (actor: string): Promise<void> =>
    once(actor, async () => {
      for (let more = true; more; ) {
        const after = newest.get(actor);
        const fresh = (await read(actor, pageSize, after === undefined ? '' : `&after=${after}`)) ?? [];
        put(fresh);
        more = after !== undefined && fresh.length === pageSize;
      }
    });

  useEffect(() => {
    if (live) void Promise.all(actors.map(follow)).then(() => setLoading(false));
  }, [key, live]);
  useEffect(
    () =>
      onStep((row) => {
        if (actors.includes(row.actor)) void follow(row.actor);
      }),
    [key],
  );

  const readAll = async (actor: string): Promise<void> => {
    let before = ends(rows, actor)?.oldest ?? 1;
    let waiting: JournalRow[] = [];
    for (let n = 1; before > 1; n += 1) {
      const older = await read(actor, largest, `&before=${before}`);
      if (older === null) break;
      // Before that everything was folded into one row.
      if (older.length === 0) setWhole((was) => new Set(was).add(actor));
      before = older[0]?.seq ?? 1;
      waiting = [...older, ...waiting];
      if (n % together > 0 && before > 1) continue;
      put(waiting);
      waiting = [];
    }
    put(waiting);
  };
  const missing = actors.filter((actor) => !whole.has(actor) && (ends(rows, actor)?.oldest ?? 1) > 1);
  const earlier = (): void => {
    setReading(true);
    void Promise.all(missing.map(readAll)).then(() => setReading(false));
  };
  const wholeFrom = Math.max(0, ...missing.map((actor) => ends(rows, actor)?.from ?? 0));
  const older = missing.reduce((sum, actor) => sum + (ends(rows, actor)?.oldest ?? 1) - 1, 0);
  return { rows, loading, older, whole: wholeFrom, reading, earlier };
};
