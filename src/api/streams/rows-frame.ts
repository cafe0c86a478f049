/** A commit goes to every viewer: its frame is written once, however many look. */
import type { FeedRow as CommittedRow } from '../../runtime/types.ts';
import type { FeedRow } from '../contract/actor.ts';
import type { ServerFrame } from '../contract/socket.ts';

const written = new WeakMap<readonly CommittedRow[], string>();

export const rowsFrame = (rows: readonly CommittedRow[], shown: (row: CommittedRow) => FeedRow): string => {
  const known = written.get(rows) ?? JSON.stringify({ type: 'rows', rows: rows.map(shown) } satisfies ServerFrame);
  written.set(rows, known);
  return known;
};
