/** What waits for the hub or was refused, page by page: a machine that was away for long has thousands. */
import type { z } from 'zod';
import type { Meta } from '../../api/contract/envelope.ts';
import type { listOps, SyncOp } from '../../api/contract/sync.ts';
import { fail, ok, type Result } from '../../errors.ts';
import type { QueuedOp, SyncStore } from '../../ports/sync-store.ts';
import { shortOf } from '../../ports/system.ts';
import { textOf } from './fields.ts';

export type OutboxQuery = z.output<typeof listOps>;

export const outboxPages = (sync: Pick<SyncStore, 'row' | 'ops' | 'pending' | 'refused'>) => {
  const titleOf = (tbl: QueuedOp['tbl'], id: string): string => {
    const doc = sync.row(tbl, id)?.doc ?? {};
    if (tbl === 'order') return titleOf('task', textOf(doc['task']) ?? id);
    return textOf(doc['title']) ?? textOf(doc['name']) ?? textOf(doc['text']) ?? shortOf(id);
  };
  const presentOp = (op: QueuedOp): SyncOp => ({
    id: op.op,
    short: shortOf(op.op),
    status: op.state,
    // An order is called what it orders.
    kind: op.tbl === 'order' && op.kind === 'set' ? (textOf(op.set['verb']) ?? 'order') : op.kind,
    table: op.tbl,
    row: op.id,
    title: titleOf(op.tbl, op.id),
    tries: op.tries,
    // What the hub's SQL says first is a code that tells a person nothing.
    problem: op.error === null ? null : op.error.replace(/^[0-9A-Z]{5} (?=.)/, ''),
    createdAt: op.createdAt,
    settledAt: op.settledAt,
    cancellable: op.state === 'rejected' || (op.state === 'queued' && op.tries === 0),
  });

  return {
    titleOf,
    /** A page of those that wait or were refused, oldest first; with `all` of every one, newest first. CCM_BAD_INPUT: no cursor of ours. */
    page: ({ all, limit, cursor }: OutboxQuery): Result<{ ops: SyncOp[]; meta: Meta }> => {
      const after = cursor === undefined ? undefined : Number(cursor);
      if (after !== undefined && !(/^\d{1,15}$/.test(cursor ?? '') && Number.isSafeInteger(after)))
        return fail('CCM_BAD_INPUT', 'The cursor is not one of ours: give "meta.next" of the page before, as it is.', { field: 'cursor' });
      const found = sync.ops({ open: !all, limit: limit + 1, ...(after === undefined ? {} : { after }) });
      const ops = found.slice(0, limit);
      const next = found.length > limit ? String(ops.at(-1)?.lseq) : null;
      return ok({ ops: ops.map(presentOp), meta: { next, ...(all ? {} : { total: sync.pending() + sync.refused() }) } });
    },
  };
};
