/** What this machine does from time to time for the hub's sake: says that it is here, keeps its leases, puts back what the hub has lost. */
import type { Doc, Hub } from '../ports/hub.ts';
import type { Store } from '../ports/store.ts';
import type { LinkFacts, SyncRow, SyncStore } from '../ports/sync-store.ts';
import { mutate, type Writer } from './mutate.ts';
import { beginHistory } from './settle.ts';

const BEAT_MS = 30_000;
/** What the hub took is kept this long, to send it again should the hub be restored from an older copy. */
const KEEP_MS = 30 * 86_400_000;
/** The hub keeps its tombstones for 90 days: a machine that was away for nearly as long may have missed one. */
const FORGETFUL_MS = 80 * 86_400_000;

/** Leases of tasks that were taken here and wait for their turn. One that is lost is told with the next page. */
const renew = async (hub: Hub, store: SyncStore, system: string): Promise<void> => {
  for (const { id, state, mine } of store.tasksAt(['claimed'])) {
    if (state['owner'] === system && mine && mine.fence === state['fence']) await hub.renew(system, id, mine.fence);
  }
};

export const heart = (store: Pick<Store, 'sync'>, now: () => number, facts: () => Doc) => {
  let beatAt = Number.NEGATIVE_INFINITY;
  return {
    /** The hub's time when it answered; null: not now, or no answer. */
    beat: async (hub: Hub, commit: (work: () => void) => Promise<void>, tidy: () => void): Promise<number | null> => {
      const { sync } = store;
      const link = sync.link();
      if (!link || now() - beatAt < BEAT_MS) return null;
      beatAt = now();
      const answer = await hub.heartbeat(link.system, { ...facts(), cursor: link.cursor });
      if (!answer.ok) return null;
      await renew(hub, sync, link.system);
      await commit(() => {
        sync.prune(now() - KEEP_MS);
        tidy();
      });
      return answer.value.now;
    },
  };
};

/** Away for so long that deletions may have been missed: everything is read anew, once. Call it inside a commit. */
export const readAnewAfterLong = (store: SyncStore, link: LinkFacts, hubNow: number): boolean => {
  const lastSeen = store.row('system', link.system)?.state['lastSeen'];
  if (link.epoch === null || typeof lastSeen !== 'number' || hubNow - lastSeen < FORGETFUL_MS) return false;
  beginHistory(store, link, link.epoch);
  return true;
};

/**
 * Everything of the hub was read, and these rows were not there: what is ours goes there whole (older than what the outbox keeps), what is
 * another machine's is forgotten, and comes again from there. Call it inside a commit; returns how many went.
 */
export const reseed = (writer: Writer, ours: (row: SyncRow) => boolean): number => {
  const { store } = writer;
  let count = 0;
  for (const row of store.missing(500)) {
    const link = store.link();
    if (!link) return count;
    const { tbl, id } = row;
    if (tbl === 'system' ? id === link.system : ours(row)) {
      count += 1;
      if (tbl === 'task') store.putRow({ ...row, state: {}, mine: null });
      if (tbl === 'system') mutate(writer, link, { tbl, id, kind: 'set' });
      else if (tbl !== 'order') store.touch(tbl, id, writer.now());
    } else store.dropRow(tbl, id);
  }
  return count;
};
