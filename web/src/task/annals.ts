/**
 * The journal as it is looked at: by actor, by moment, and where something moved. Worked out once for a list of steps; what follows a list
 * is added to what is known of it. Pure to whoever asks.
 */
import type { JournalRow } from '../api/types.ts';

/** Of one actor: all its steps, those at which its state differs from the step before, and those that took a line of its chart. */
type Line = { rows: JournalRow[]; changes: JournalRow[]; taken: JournalRow[] };
type Annals = { lines: Map<string, Line>; changed: Set<number> };

/** States as XState tells them: a word, or words by region. */
const sameState = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => sameState(Reflect.get(a, key), Reflect.get(b, key)));
};

const add = ({ lines, changed }: Annals, rows: readonly JournalRow[]): void => {
  for (const row of rows) {
    const line = lines.get(row.actor) ?? { rows: [], changes: [], taken: [] };
    lines.set(row.actor, line);
    const last = line.rows.at(-1);
    if (!last || !sameState(last.value, row.value)) {
      line.changes.push(row);
      changed.add(row.gseq);
    }
    if (row.transitions.length > 0) line.taken.push(row);
    line.rows.push(row);
  }
};

const memory = new WeakMap<readonly JournalRow[], Annals>();
const annalsOf = (rows: readonly JournalRow[]): Annals => {
  const known = memory.get(rows);
  if (known) return known;
  const made: Annals = { lines: new Map(), changed: new Set() };
  add(made, rows);
  memory.set(rows, made);
  return made;
};

/** Rows of two reads together, each once, oldest first. */
export const mergeRows = (known: readonly JournalRow[], fresh: readonly JournalRow[]): JournalRow[] => {
  const newest = known.at(-1)?.gseq ?? 0;
  if (!fresh.every((row, i) => row.gseq > (fresh[i - 1]?.gseq ?? newest))) {
    const all = new Map([...known, ...fresh].map((row) => [row.gseq, row]));
    return [...all.values()].sort((a, b) => a.gseq - b.gseq);
  }
  // What follows a long history is put at its end: nothing is sorted or compared anew for one step.
  const all = [...known, ...fresh];
  const annals = memory.get(known);
  if (annals) {
    memory.delete(known);
    add(annals, fresh);
    memory.set(all, annals);
  }
  return all;
};

/** How many of them have a number (`gseq`, or the actor's own `seq`) of at most `most`; both only grow. */
const countUpTo = (rows: readonly JournalRow[], most: number, by: 'gseq' | 'seq' = 'gseq'): number => {
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((rows[middle]?.[by] ?? 0) <= most) from = middle + 1;
    else to = middle;
  }
  return from;
};
const lastUpTo = (rows: readonly JournalRow[], at: number | null): JournalRow | null =>
  rows[(at === null ? rows.length : countUpTo(rows, at)) - 1] ?? null;

/** Place of the newest row at or before a moment (a global sequence number); −1 when there is none. */
export const indexAt = (rows: readonly JournalRow[], at: number): number => countUpTo(rows, at) - 1;

/** The newest row of an actor at or before a moment; null = now. */
export const rowAt = (rows: readonly JournalRow[], actor: string, at: number | null): JournalRow | null =>
  lastUpTo(annalsOf(rows).lines.get(actor)?.rows ?? [], at);

/** The row that brought an actor into the state it is in at a moment; of one that never moved, the newest with a transition. */
export const lastMove = (rows: readonly JournalRow[], actor: string, at: number | null): JournalRow | null => {
  const line = annalsOf(rows).lines.get(actor);
  if (!line) return null;
  for (let i = at === null ? line.changes.length : countUpTo(line.changes, at); i > 0; i -= 1) {
    const row = line.changes[i - 1];
    if (row && row.transitions.length > 0) return row;
  }
  return lastUpTo(line.taken, at);
};

/** The state value right before a row; undefined for an actor's first. */
export const valueBefore = (rows: readonly JournalRow[], move: JournalRow | null): unknown => {
  const own = (move && annalsOf(rows).lines.get(move.actor)?.rows) ?? [];
  return move ? own[countUpTo(own, move.seq - 1, 'seq') - 1]?.value : undefined;
};

/** Global numbers of rows at which the actor's state differs from the row before. */
export const changesOf = (rows: readonly JournalRow[]): ReadonlySet<number> => annalsOf(rows).changed;

/** What each actor is. */
export const kindsOf = (rows: readonly JournalRow[]): ReadonlyMap<string, string> =>
  new Map([...annalsOf(rows).lines].map(([actor, line]) => [actor, line.rows[0]?.kind ?? '']));

/** The oldest and the newest known step of an actor, and the global number of the oldest. */
export const ends = (rows: readonly JournalRow[], actor: string): { oldest: number; newest: number; from: number } | null => {
  const own = annalsOf(rows).lines.get(actor)?.rows ?? [];
  const [first] = own;
  return first ? { oldest: first.seq, newest: own.at(-1)?.seq ?? first.seq, from: first.gseq } : null;
};
