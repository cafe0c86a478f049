/** Committed steps to viewers: first what is stored behind their mark, then live, without gap or double. */
import type { SavedSnapshot } from '../../machines/kind.ts';
import { ensureError } from '../errors.ts';
import type { Store, StoredStep } from '../ports/store.ts';
import type { Log } from '../ports/system.ts';
import type { Kinds } from './kinds.ts';
import type { FeedRow, JournalEntry, Subscription } from './types.ts';

/** Rows read and handed over at a time. */
const SLICE = 500;
/** Newest step that compaction has taken away. */
export const FLOOR = 'runtime.feed.floor';

export const entryOf = (row: StoredStep): JournalEntry => ({
  gseq: row.gseq,
  actor: row.actor,
  kind: row.kind,
  version: row.version,
  seq: row.seq,
  at: row.at,
  event: JSON.parse(row.event) as JournalEntry['event'],
  transitions: JSON.parse(row.transitions) as string[],
  snapshot: JSON.parse(row.snapshot) as unknown,
  hash: row.hash,
});

export const feed = (store: Store, kinds: Kinds, log: Log) => {
  type Viewer = { cursor: number; onRows: (rows: FeedRow[]) => void; onGap: (() => void) | undefined; open: boolean };
  const viewers = new Set<Viewer>();
  let head = store.journal.head();

  const view = (row: StoredStep, saved: SavedSnapshot): FeedRow['view'] => {
    const kind = kinds.get(row.kind);
    const actor = store.actors.get(row.actor);
    if (!kind || !actor || row.version !== kind.version) return null;
    const { short, createdAt } = actor;
    return { ...kind.view(saved), id: row.actor, short, kind: row.kind, createdAt, updatedAt: row.at };
  };
  const feedRow = (row: StoredStep): FeedRow => {
    const { snapshot, hash: _, ...entry } = entryOf(row);
    const saved = snapshot as SavedSnapshot;
    return { ...entry, value: saved.value, view: view(row, saved) };
  };

  const hand = (viewer: Viewer, rows: FeedRow[]) => {
    const last = rows.at(-1);
    if (!viewer.open || !last) return;
    viewer.cursor = last.gseq;
    tell(viewer, () => viewer.onRows(rows));
  };

  const tell = (viewer: Viewer, what: () => void) => {
    try {
      what();
    } catch (error) {
      log.error({ err: ensureError(error).message }, 'a viewer threw and is closed');
      viewer.open = false;
      viewers.delete(viewer);
    }
  };

  const floor = () => Number(store.kv.get(FLOOR) ?? 0);

  const catchUp = (viewer: Viewer) => {
    if (!viewer.open) return;
    if (viewer.cursor < floor()) {
      viewer.cursor = head;
      tell(viewer, () => viewer.onGap?.());
      return;
    }
    hand(viewer, store.journal.since(viewer.cursor, SLICE).map(feedRow));
    if (viewer.cursor < head) setImmediate(catchUp, viewer);
  };

  return {
    /** Right after COMMIT. */
    publish: (rows: FeedRow[]) => {
      const last = rows.at(-1);
      if (!last) return;
      const before = head;
      head = last.gseq;
      // Those behind read these rows from the disk when they get there.
      for (const viewer of viewers) if (viewer.cursor === before) hand(viewer, rows);
    },
    subscribe: (since: number | null, onRows: (rows: FeedRow[]) => void, onGap?: () => void): Subscription => {
      const compacted = since !== null && (since < floor() || since > head);
      const viewer: Viewer = { cursor: since === null || compacted ? head : since, onRows, onGap, open: true };
      viewers.add(viewer);
      if (viewer.cursor < head) setImmediate(catchUp, viewer);
      return {
        head,
        compacted,
        close: () => {
          viewer.open = false;
          viewers.delete(viewer);
        },
      };
    },
    head: () => head,
  };
};
export type Feed = ReturnType<typeof feed>;
