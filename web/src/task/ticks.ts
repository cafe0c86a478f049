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

const byPerson = (by: string | null): boolean => by !== null && /^(web|cli|api:|telegram|slack)/.test(by);

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
  const rank = new Map(tickKinds.map((kind, i) => [kind, i]));
  const best = new Map<number, { kind: TickKind; x: number }>();
  rows.forEach((row, i) => {
    const x = rows.length < 2 ? 0 : (i / (rows.length - 1)) * width;
    const place = rows.length <= places ? i : Math.round((x / width) * places);
    const kind = kindOf(row, changed.has(row.gseq));
    const there = best.get(place);
    if (!there || (rank.get(kind) ?? 0) < (rank.get(there.kind) ?? 0)) best.set(place, { kind, x });
  });
  const paths = new Map<TickKind, string>();
  for (const { kind, x } of best.values()) paths.set(kind, `${paths.get(kind) ?? ''}M${x.toFixed(1)} ${kind === 'heard' ? 12 : 2}V24`);
  return tickKinds.flatMap((kind) => (paths.has(kind) ? [{ kind, d: paths.get(kind) ?? '' }] : [])).toReversed();
};
