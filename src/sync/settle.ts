/** What an answer to a push means for the outbox. Only answers of the history we are in count. Call it inside a commit. */
import type { Pushed, Seen } from '../ports/hub.ts';
import type { LinkFacts, QueuedOp, SyncStore } from '../ports/sync-store.ts';
import { later, machineOf, nextStamp } from './stamp.ts';

/** A hub takes stamps this far ahead of its own clock. */
const AHEAD_MS = 60_000;

/** Another history has begun: everything is read anew, and what the old one had taken is sent again. The outbox never shrinks by it. */
export const beginHistory = (store: SyncStore, link: LinkFacts, epoch: string | null): void => {
  if (link.epoch !== null && link.epoch !== epoch) store.requeue(epoch);
  link.epoch = epoch;
  link.cursor = 0;
  link.seen = null;
  store.setLink(link);
  store.unseen();
};

/** What the next call says was seen: the hub's newest commit at this reply. */
export const seenIn = ({ head, seal }: { head: number | null; seal?: string | null }): Seen | null =>
  head === null || !seal ? null : { seq: head, seal };

export type Settled = { applied: QueuedOp[]; rejected: QueuedOp[] };

/** `sentIn`: the history the batch was made in. */
export const settle = (
  store: SyncStore,
  link: LinkFacts,
  batch: readonly QueuedOp[],
  sentIn: string | null,
  answer: Pushed,
  now: number,
): Settled => {
  const settled: Settled = { applied: [], rejected: [] };
  // Began anew while it was on its way: whatever it says is of a history that is over.
  if (link.epoch !== sentIn) return settled;
  if (answer.resync || (link.epoch !== null && answer.epoch !== link.epoch)) {
    beginHistory(store, link, answer.epoch);
    return settled;
  }
  link.epoch = answer.epoch;
  link.seen = seenIn(answer);
  store.setLink(link);
  const verdicts = new Map(answer.verdicts.map((verdict) => [verdict.op, verdict]));
  for (const one of batch) {
    const verdict = verdicts.get(one.op);
    // Edited or taken back meanwhile, or the hub said nothing of it: it stays what it is.
    const present = store.op(one.op);
    if (!verdict || !present || present.state !== 'sent') continue;
    if (verdict.is === 'ok') {
      // What somebody wanted at that time is not wanted again by a hub that was restored.
      if (one.tbl === 'order') store.removeOp(one.op);
      else store.mark(one.op, 'applied', { error: null, epoch: answer.epoch, at: now });
      settled.applied.push(one);
    } else if (verdict.is === 'rejected' && one.kind === 'report' && /stale fence|no such task/.test(verdict.err ?? '')) {
      // Another machine has the task by now, and what this one still says of it is nobody's loss; or the hub was put back, and is told anew.
      store.removeOp(one.op);
    } else if (verdict.is === 'rejected') {
      store.mark(one.op, 'rejected', { error: verdict.err ?? 'refused', epoch: answer.epoch, at: now });
      settled.rejected.push(one);
    } else restamp(store, link, one, answer.now);
  }
  return settled;
};

/** Our clock is ahead of the hub's: the edit is stamped again by the hub's time, and sent again under the same id. */
const restamp = (store: SyncStore, link: LinkFacts, one: QueuedOp, hubNow: number): void => {
  const hubs = `${String(hubNow).padStart(15, '0')}-000000-00000000`;
  // Several at once follow each other as before: under one stamp the second edit of a column would be lost.
  const ahead = Number(link.stamp.slice(0, 15)) > hubNow + AHEAD_MS;
  const hlc = nextStamp(ahead ? hubs : later(hubs, link.stamp), hubNow, machineOf(link.system));
  const row = store.row(one.tbl, one.id);
  if (row) {
    const clk = { ...row.clk };
    for (const column of Object.keys(one.set)) if (clk[column] === one.hlc) clk[column] = hlc;
    store.putRow({ ...row, clk });
  }
  // Stamps given from now on begin at the hub's time too, else the next one is refused as well.
  link.stamp = hlc;
  store.setLink(link);
  store.mark(one.op, 'queued', { hlc, error: 'this clock is ahead of the hub' });
};
