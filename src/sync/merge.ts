/** Two versions of a row become one: each column keeps its later edit; a deletion stays. */
import type { Doc, Stamps } from '../ports/hub.ts';

export type Edited = { doc: Doc; clk: Stamps };
export type Merged = Edited & {
  /** Columns whose value changed here. */
  changed: string[];
  /** Newest stamp seen. */
  latest: string;
};

export const merge = (mine: Edited, theirs: Edited): Merged => {
  const doc: Doc = { ...mine.doc };
  const clk: Stamps = { ...mine.clk };
  const changed: string[] = [];
  let latest = '';
  for (const [column, stamp] of Object.entries(theirs.clk)) {
    if (stamp > latest) latest = stamp;
    if (stamp <= (clk[column] ?? '')) continue;
    if (!same(doc[column], theirs.doc[column])) changed.push(column);
    clk[column] = stamp;
    doc[column] = theirs.doc[column];
  }
  return { doc, clk, changed, latest };
};

/** JSON values. */
export const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));

const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  );
};
