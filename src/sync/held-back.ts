/**
 * What is meant for a machine that this history of the hub has not met (a hub that was made anew, and we came first). Sent now it would be
 * refused for good; and what else is said of its row would make the task this machine's own, so that the other would stop its work.
 */
import type { QueuedOp, SyncStore } from '../ports/sync-store.ts';

type Known = Pick<SyncStore, 'rows' | 'link'>;

/** Whether the hub is not to be told of this yet. */
export const heldBack = (store: Known): ((op: Pick<QueuedOp, 'kind' | 'arg'>) => boolean) => {
  const met = new Set(store.rows('system').flatMap(({ id, seq }) => (seq > 0 ? [id] : [])));
  const here = store.link()?.system;
  return ({ kind, arg }) => {
    const { target } = arg;
    return (kind === 'offer' || kind === 'reassign') && typeof target === 'string' && target !== here && !met.has(target);
  };
};

/** The first `most` that can be sent, in order; `held`: others wait for a machine. */
export const sendable = (store: Known & Pick<SyncStore, 'due'>, most: number): { due: QueuedOp[]; held: boolean } => {
  const waits = heldBack(store);
  for (let window = most; ; window *= 4) {
    const all = store.due(window);
    const rows = new Set(all.flatMap((op) => (waits(op) ? [op.id] : [])));
    const due = rows.size === 0 ? all : all.filter(({ tbl, id }) => tbl !== 'task' || !rows.has(id));
    if (due.length >= most || all.length < window) return { due: due.slice(0, most), held: rows.size > 0 };
  }
};
