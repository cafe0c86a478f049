/** Steps as ticks of a few colours, however many they are: what falls on the same place shows the most telling kind. Pure. */
import type { JournalRow } from '../api/types.ts';
import { lookOf } from '../parts/words.ts';

/** From the most telling to the least. */
export const tickKinds = ['asks', 'bad', 'good', 'person', 'change', 'heard'] as const;
export type TickKind = (typeof tickKinds)[number];
export const tickWords: Readonly<Record<TickKind, string>> = {
  asks: 'needs a person',
  bad: 'trouble',
  good: 'done',
  person: 'a person acted',
  change: 'moved',
  heard: 'heard',
};

const persons = new Map<string, boolean>();
/** Long histories have few senders. */
const byPerson = (by: string | null): boolean => {
  if (by === null) return false;
  const known = persons.get(by) ?? /^(web|cli|api:|telegram|slack)/.test(by);
  persons.set(by, known);
  return known;
};

export const kindOf = (row: Pick<JournalRow, 'status' | 'by'>, changed: boolean): TickKind => {
  const { tone } = lookOf(row.status);
  if (changed && tone === 'ask') return 'asks';
  if (changed && tone === 'bad') return 'bad';
  if (byPerson(row.by)) return 'person';
  if (changed && tone === 'good') return 'good';
  return changed ? 'change' : 'heard';
};

/** Places beside each other that can be told apart. */
const places = 500;
const width = 1000;

/** One path per kind, in a box of 1000 × 24. */
export const tickPaths = (rows: readonly JournalRow[], changed: ReadonlySet<number>): { kind: TickKind; d: string }[] => {
  const best: { rank: number; x: number }[] = [];
  const step = rows.length < 2 ? 0 : width / (rows.length - 1);
  rows.forEach((row, i) => {
    const place = rows.length <= places ? i : Math.round((i * step * places) / width);
    const rank = tickKinds.indexOf(kindOf(row, changed.has(row.gseq)));
    const there = best[place];
    if (!there || rank < there.rank) best[place] = { rank, x: i * step };
  });
  const paths = new Map<TickKind, string>();
  for (const { rank, x } of best) {
    const kind = tickKinds[rank] ?? 'heard';
    paths.set(kind, `${paths.get(kind) ?? ''}M${x.toFixed(1)} ${kind === 'heard' ? 12 : 2}V24`);
  }
  return tickKinds.flatMap((kind) => (paths.has(kind) ? [{ kind, d: paths.get(kind) ?? '' }] : [])).toReversed();
};
