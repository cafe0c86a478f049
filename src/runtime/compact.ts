/** Nothing grows without bound: old steps fold into one row per actor, from which the chain goes on; what served duplicates and retries goes. */
import type { Store } from '../ports/store.ts';
import { FLOOR } from './feed.ts';
import type { Turn } from './turn.ts';
import type { CompactReport } from './types.ts';

/** Actors or seen ids per transaction. */
const SLICE = 100;
const SEEN_SLICE = 2_000;

export const compactor =
  (store: Store, inTurn: <T>(work: (turn: Turn) => T) => Promise<T>) =>
  async (before: number): Promise<CompactReport> => {
    const report: CompactReport = { folded: 0, seen: 0, outbox: 0, replies: 0 };
    let after: string | null = '';
    while (after !== null) {
      const from: string = after;
      after = await inTurn(() => {
        const page = store.actors.page(from, SLICE);
        let floor = 0;
        for (const { id } of page) {
          const fold = store.journal.fold(id, before);
          report.folded += fold.folded;
          floor = Math.max(floor, fold.floor);
        }
        if (floor > Number(store.kv.get(FLOOR) ?? 0)) store.kv.set(FLOOR, floor);
        return page.length < SLICE ? null : (page.at(-1)?.id ?? null);
      });
    }
    let next: string | null = '';
    while (next !== null) {
      const from: string = next;
      next = await inTurn(() => {
        const slice = store.seen.prune(before, from, SEEN_SLICE);
        report.seen += slice.pruned;
        return slice.next;
      });
    }
    await inTurn(() => {
      report.outbox = store.outbox.prune(before);
      report.replies = store.idempotency.prune(before);
    });
    return report;
  };
