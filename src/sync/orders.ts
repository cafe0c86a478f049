/**
 * What people on other machines want of tasks that this one carries out: send, pause, resume, look at the log. Each is done once, under an id
 * that makes a second hearing the first one, and what became of it is told. This machine decides what is legal, as for its own people.
 */
import type { Doc } from '../ports/hub.ts';
import type { SyncRow, SyncStore } from '../ports/sync-store.ts';
import type { Log } from '../ports/system.ts';
import { same } from './merge.ts';
import { mutate, type Writer } from './mutate.ts';
import type { Patience } from './patience.ts';

export type Order = { id: string; task: string; verb: string; fields: Doc; by: string; system: string };
/** `final: false`: there is more to come (a message that was not answered yet). */
export type OrderOutcome = Doc & { ok: boolean; final: boolean };
export type Obey = (order: Order) => Promise<OrderOutcome>;

/** An order that was heard later than this after it was given is not carried out any more. */
const LATE_MS = 86_400_000;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const docOf = (value: unknown): Doc => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Doc) : {});

export const orderOf = ({ id, doc, state }: SyncRow): Order => ({
  id,
  task: text(doc['task']),
  verb: text(doc['verb']),
  fields: docOf(doc['fields']),
  by: text(doc['by']) || 'somebody',
  system: text(state['system']),
});
export const outcomeOf = (row: SyncRow | null): OrderOutcome | null => {
  const told = docOf(row?.state['outcome']);
  return typeof told['ok'] === 'boolean' && typeof told['final'] === 'boolean' ? { ...told, ok: told['ok'], final: told['final'] } : null;
};

type Deps = Writer & {
  obey: Obey;
  commit: <T>(work: () => T) => Promise<T>;
  /** The hub's time, as far as it is known. */
  hubNow: () => number;
  within: Patience['within'];
  log: Log;
};

/** For this machine: the hub knows it as the owner of the task, and nobody has had the last word yet. */
const ours = (store: SyncStore, system: string): SyncRow[] =>
  store.rows('order').filter((row) => {
    if (row.seq === 0 || outcomeOf(row)?.final === true) return false;
    return store.row('task', text(row.doc['task']))?.state['owner'] === system;
  });

export const orderDesk = (deps: Deps) => {
  const { store, obey, commit, hubNow, within, log } = deps;

  /** Whether there is something new to tell of it. */
  const carryOut = async (row: SyncRow): Promise<boolean> => {
    try {
      return await tryToCarryOut(row);
    } catch (error) {
      log.warn({ order: row.id, err: String(error) }, 'an order of another machine broke off; it is tried again');
      return false;
    }
  };
  const tryToCarryOut = async (row: SyncRow): Promise<boolean> => {
    const late = hubNow() - Number(row.state['at'] ?? 0) > LATE_MS && outcomeOf(row) === null;
    const outcome = late
      ? { ok: false, final: true, code: 'CCM_CONFLICT', text: 'It was heard a day too late.' }
      : await obey(orderOf(row));
    return commit(() => {
      const link = store.link();
      const present = store.row('order', row.id);
      if (!link || !present || same(present.state['outcome'], outcome)) return false;
      store.putRow({ ...present, state: { ...present.state, outcome } });
      mutate(deps, link, { tbl: 'order', id: row.id, kind: 'done', arg: outcome });
      return true;
    });
  };

  return {
    /** Carries out what is open; how many of them there is something new to tell of. */
    work: async (): Promise<number> => {
      const link = store.link();
      if (!link?.enabled) return 0;
      let told = 0;
      // One that takes long tells its outcome when it has one: an operation like any other.
      for (const row of ours(store, link.system)) if (await within(row.id, () => carryOut(row))) told += 1;
      return told;
    },
    /** Orders that the hub has forgotten by now. */
    tidy: (): void => {
      for (const { id, doc, state } of store.rows('order')) {
        const age = hubNow() - Number(state['at'] ?? hubNow());
        if (age > (doc['verb'] === 'log' ? 900_000 : 2 * LATE_MS)) store.dropRow('order', id);
      }
    },
  };
};
