/** Wants something of what another machine has: an operation that can wait, and for a moment what becomes of it. */
import { catalogue, type ErrorCode, fail, ok, type Result } from '../../errors.ts';
import type { SyncRow } from '../../ports/sync-store.ts';
import { mutate } from '../../sync/mutate.ts';
import { type OrderOutcome, outcomeOf } from '../../sync/orders.ts';
import type { Caller } from '../caller.ts';
import type { AccountDeps } from './account.ts';
import { textOf } from './fields.ts';

/** So long a person waits at the prompt for the other machine's word. */
export const PATIENCE_MS = 4_000;

export type Given = {
  /** The order's row. */
  id: string;
  /** What the other machine said; null: nothing yet. */
  outcome: OrderOutcome | null;
};

/** A code of another machine's that this version knows too. */
const codeOf = (told: unknown): ErrorCode => {
  const text = textOf(told) ?? '';
  return Object.hasOwn(catalogue, text) ? (text as ErrorCode) : 'CCM_ILLEGAL_MOVE';
};
export const refusal = (outcome: OrderOutcome): { ok: false; problem: { code: ErrorCode; detail: string } } =>
  fail(codeOf(outcome['code']), textOf(outcome['text']) ?? 'The other machine refused.');

export const givers = ({ runtime, store, engine, now }: Pick<AccountDeps, 'runtime' | 'store' | 'engine' | 'now'>) => {
  const { sync } = store;
  const writer = { store: sync, newOp: () => runtime.newId(), now };
  const order = async (intent: Parameters<typeof mutate>[2]): Promise<string | null> => {
    const op = await runtime.transaction(() => {
      const link = sync.link();
      return link?.enabled ? mutate(writer, link, intent) : null;
    });
    engine.kick();
    return op;
  };
  return {
    /** One operation on one row. */
    order,
    /** Why it is not done yet, as a sentence. */
    waits: (what: string, system: string): string =>
      ['online', 'executing', 'syncing'].includes(runtime.state('sync-link')?.status ?? '')
        ? `${what} is on its way to ${system}.`
        : `${what} waits until this machine reaches the hub; \`ccm outbox\` shows it.`,
    /** The refusal of an operation by the hub itself, once it is known. */
    refused: (op: string | null): Result<never> | null => {
      const found = op === null ? null : sync.op(op);
      return found?.state === 'rejected' ? fail('CCM_ILLEGAL_MOVE', `The hub refused it: ${found.error ?? 'no reason given'}.`) : null;
    },
    /** Given to whoever carries the task out. The same request twice is one order. */
    give: async (task: string, verb: string, fields: Record<string, unknown>, caller: Caller): Promise<Result<Given>> => {
      const id = runtime.newId();
      const set = { task, verb, fields, by: caller.by, at: now() };
      const op = await order({ tbl: 'order', id, kind: 'set', set });
      if (op === null) return fail('CCM_HUB_NONE', 'This machine is not connected to a hub.');
      const outcome = await engine.until(() => outcomeOf(sync.row('order', id)), PATIENCE_MS);
      return ok({ id, outcome });
    },
    /** Until the row says so, or the patience is over. */
    seen: async (tbl: SyncRow['tbl'], id: string, is: (row: SyncRow) => boolean, op: string | null): Promise<SyncRow | null> => {
      await engine.until(() => {
        const row = sync.row(tbl, id);
        return (row && is(row)) || (op !== null && sync.op(op)?.state === 'rejected') ? true : null;
      }, PATIENCE_MS);
      return sync.row(tbl, id);
    },
  };
};
export type Givers = ReturnType<typeof givers>;
