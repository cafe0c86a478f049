/** What is done in one round with the hub, and what its news mean here: events for actors, orders, offers to take, rows to put back. */
import type { Account, Answer, Hub } from '../ports/hub.ts';
import type { Store } from '../ports/store.ts';
import type { SyncRow } from '../ports/sync-store.ts';
import type { Log } from '../ports/system.ts';
import type { Addressed, Runtime } from '../runtime/types.ts';
import { type CaptureDeps, capture } from './capture.ts';
import { type ClaimDeps, claimOffers } from './claim.ts';
import { cycle } from './cycle.ts';
import { LINK_ID, type LinkEvent } from './link-events.ts';
import { react } from './react.ts';
import { reseed } from './upkeep.ts';

type Deps = {
  runtime: Pick<Runtime, 'state' | 'send' | 'transaction'>;
  store: Pick<Store, 'sync' | 'projects'>;
  writer: CaptureDeps;
  log: Log;
  now: () => number;
  prepare: ClaimDeps['prepare'];
  nameOf: (system: string) => string;
  commit: <T>(work: () => T) => Promise<T>;
  tell: (event: LinkEvent) => Promise<unknown>;
  /** Carries out what other machines want; how many orders that were. */
  orders: () => Promise<number>;
  /** Something may have changed for those who wait for it. */
  looked: () => void;
  /** A task that travels between machines has moved: look often for a while. */
  foreign: () => void;
  /** This hub is still the one. */
  current: (hub: Hub & Account) => boolean;
};

export const roundsWith = (deps: Deps) => {
  const { runtime, store, writer, log, now, nameOf, commit, tell } = deps;
  const { sync } = store;
  /** Events that pages led to. Their ids make a second delivery the first one, so a fall in between is caught up at the next start. */
  const later: Addressed[] = [];
  const deliver = async (): Promise<void> => {
    for (const { to, event } of later.splice(0)) {
      await runtime
        .send(to, event)
        .catch((error: unknown) => log.warn({ actor: to, err: String(error) }, 'news of the hub could not be delivered'));
    }
  };
  const leaving = (id: string) => sync.openOf('task', id).some(({ kind }) => kind === 'cancel');
  const viewOf = (system: string) => ({ system, state: runtime.state, nameOf, leaving });

  const inFlight = () => sync.tasksAt(['claimed', 'running']).filter(({ state }) => state['origin'] !== state['owner']).length;
  const count = async (): Promise<void> => {
    const context = runtime.state(LINK_ID)?.context ?? {};
    const flowing = inFlight();
    if (flowing !== context['inFlight']) await tell({ type: flowing > 0 ? 'TASK_FLOWS' : 'TASK_LANDED', inFlight: flowing });
    const pending = sync.pending();
    if (Number(context['pending']) !== pending && Number(context['pending']) > 0) await tell({ type: 'OPERATION_SETTLED', pending });
  };
  /** What the hub has lost is put back from here; a task that another machine has begun comes back from there. */
  const ours = ({ tbl, id, state }: SyncRow): boolean => {
    if (tbl === 'project') return store.projects.get(id) !== undefined;
    const actor = runtime.state(id);
    if (!actor || tbl !== 'task') return actor !== null;
    const here = sync.link()?.system;
    return actor.context['system'] === null ? (state['owner'] ?? here) === here : ['held', 'offered'].includes(actor.status);
  };

  return {
    once: async (hub: Hub & Account): Promise<Answer<{ moved: number; more: boolean }>> => {
      await commit(() => void capture(writer));
      const link = sync.link();
      if (!link) return { ok: true, value: { moved: 0, more: false } };
      const done = await cycle({
        hub,
        store: sync,
        now,
        commit,
        stopped: () => !deps.current(hub),
        settled: () => undefined,
        changed: (changes) => {
          later.push(...changes.flatMap((change) => react(change, viewOf(link.system))));
          if (changes.some(({ after }) => after.tbl === 'task' && after.state['origin'] !== after.state['owner'])) deps.foreign();
        },
      });
      await deliver();
      deps.looked();
      if (!done.ok) return done;
      const back = await commit(() => reseed(writer, ours));
      const obeyed = await deps.orders();
      const claimed = await claimOffers({ ...writer, hub, prepare: deps.prepare, nameOf, commit: runtime.transaction });
      if (!claimed.ok) return claimed;
      await count();
      return { ok: true, value: { moved: done.value.pushed + done.value.pulled, more: back + obeyed + claimed.value > 0 } };
    },
    /** Pages whose news were not delivered before the end: each has its own id, so what was heard is not heard again. */
    again: async (): Promise<void> => {
      const link = sync.link();
      if (!link) return;
      for (const tbl of ['task', 'ask'] as const)
        later.push(...sync.rows(tbl).flatMap((after) => react({ before: after, after }, viewOf(link.system))));
      await deliver();
    },
  };
};
