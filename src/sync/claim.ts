/** Tasks offered to this machine: taken from the hub under a new fence, and begun here once per fence. */

import type { Profile } from '../../machines/effects.ts';
import type { Result } from '../errors.ts';
import type { Answer, Hub, HubRow } from '../ports/hub.ts';
import type { LinkFacts, SyncRow } from '../ports/sync-store.ts';
import type { ActorState, Transaction } from '../runtime/types.ts';
import { merge } from './merge.ts';
import { emptyRow, mutate, type Writer } from './mutate.ts';
import { seenIn } from './settle.ts';
import { later } from './stamp.ts';

/** A task of the hub as this machine would begin it; `create` makes its actor inside a commit. */
export type Prepare = (row: HubRow, by: string) => Promise<Result<{ create: (step: Transaction) => void; plan: HerePlan }>>;
/** How this machine would begin it. */
export type HerePlan = { project: string; profile: Profile; isolated: boolean };

export type ClaimDeps = Writer & {
  hub: Pick<Hub, 'claim'>;
  state: (id: string) => ActorState | null;
  commit: <T>(work: (step: Transaction) => T) => Promise<T>;
  /** Null: not yet, it takes long. */
  prepare: (...row: Parameters<Prepare>) => Promise<Awaited<ReturnType<Prepare>> | null>;
  nameOf: (system: string) => string;
};

/** Offered to us, or taken by us and never begun (we fell over in between). */
export const wantsClaim = (row: SyncRow, system: string): boolean => {
  const { owner, exec, cancel, fence } = row.state;
  if (owner !== system || cancel === true || row.del) return false;
  return exec === 'offered' || (exec === 'claimed' && row.mine?.fence !== fence);
};

/**
 * Nobody else could end it: taken by us, never begun because the answer was lost, and wanted by nobody any more; or stopped here while it waited
 * to be handed over, and the hand-over was taken back or refused.
 */
const isLeft = ({ store, state: stateOf }: ClaimDeps, { id, del, state, mine }: SyncRow, system: string): boolean => {
  if (del || state['owner'] !== system || state['exec'] === 'offered') return false;
  if (mine === null || mine.fence !== state['fence']) return state['exec'] === 'claimed' && state['cancel'] === true;
  const actor = stateOf(id);
  const stopped = !mine.ended && actor !== null && actor.context['system'] !== null && actor.view.ended;
  return stopped && !store.openOf('task', id).some(({ kind }) => kind === 'reassign');
};

const endLeft = (deps: ClaimDeps, { id, state, mine: told }: SyncRow): void => {
  const link = deps.store.link();
  const facts = { status: 'cancelled', ended: true, attention: 0, reason: 'cancelled before it was begun', result: null };
  const mine = { fence: Number(state['fence']), run: Math.max(1, Number(state['run']), told?.run ?? 1), ended: true };
  const arg = { fence: mine.fence, run: mine.run, exec: 'cancelled', facts };
  if (link) mutate(deps, link, { tbl: 'task', id, kind: 'report', arg, mine });
};

/** What an offer has when it is taken for the first time. Somebody who wants a task to be done again by whoever had it makes a higher one. */
const FIRST_CLAIM = 2;
const ownActor = ({ state }: ClaimDeps, id: string): boolean => {
  const actor = state(id);
  return actor !== null && actor.context['system'] === null;
};
/** Ours by the hub's word, and under way: but under a fence we never had. A hub that was put back counts anew. */
const isStray = (deps: ClaimDeps, { id, del, state, mine }: SyncRow, system: string): boolean =>
  !del && state['owner'] === system && state['exec'] === 'running' && mine?.fence !== state['fence'] && ownActor(deps, id);

/** A hub that was put back gives us what we have begun or done already: it is told how that stands, and nothing is begun again. */
const tellAnew = ({ store, now }: ClaimDeps, row: SyncRow): void => {
  const { tbl, id, seq, del, doc, clk, state } = row;
  const before = row.mine ?? { run: 1, ended: false, begun: false };
  const begun = state['exec'] === 'running' ? {} : { begun: false };
  const mine = { run: Math.max(before.run, Number(state['run'])), ended: before.ended, fence: Number(state['fence']), ...begun };
  store.putRow({ tbl, id, seq, del, doc, clk, state, mine });
  store.touch('task', id, now());
};

/** On disk before it is used: whether the answer is lost or this machine falls, the next claim repeats this one. */
const keyOf = async ({ store, newOp, commit }: ClaimDeps, { claim }: LinkFacts): Promise<string> => {
  if (claim !== null) return claim;
  const key = newOp();
  await commit(() => {
    const present = store.link();
    if (present) store.setLink({ ...present, claim: key });
  });
  return key;
};

export const claimOffers = async (deps: ClaimDeps): Promise<Answer<number>> => {
  const { store, hub } = deps;
  const link = store.link();
  const taken = link ? store.tasksAt(['offered', 'claimed', 'running']) : [];
  const left = link ? taken.filter((row) => isLeft(deps, row, link.system)) : [];
  if (left.length > 0) await deps.commit(() => left.forEach((row) => endLeft(deps, row)));
  const strays = link ? taken.filter((row) => isStray(deps, row, link.system)) : [];
  if (strays.length > 0) await deps.commit(() => strays.forEach((row) => tellAnew(deps, row)));
  if (!link || !taken.some((row) => wantsClaim(row, link.system))) return { ok: true, value: 0 };
  const answer = await hub.claim(link.system, 20, link.seen, await keyOf(deps, link));
  if (!answer.ok) return answer;
  const { epoch, rows } = answer.value;
  const seen = seenIn(answer.value);
  let begun = 0;
  for (const row of rows) if (await begin(deps, row)) begun += 1;
  await deps.commit(() => {
    const present = store.link();
    if (present) store.setLink({ ...present, claim: null, ...(present.epoch === epoch && seen ? { seen } : {}) });
  });
  return { ok: true, value: begun };
};

/** False: it could not be planned yet. The hub keeps it for us, and the next round claims it again. */
const begin = async (deps: ClaimDeps, row: HubRow): Promise<boolean> => {
  const { store, state, commit, prepare, nameOf } = deps;
  const fence = Number(row.state['fence']);
  const by = `system:${nameOf(String(row.state['origin']))}`;
  // What has an actor here and was never meant for another machine is planned already.
  const actor = state(row.id);
  // A hub that was put back may have less of it than we.
  const merged = () => merge(store.row('task', row.id) ?? emptyRow('task', row.id), row);
  const planned = actor !== null && actor.context['system'] === null;
  const prepared = planned ? null : await prepare({ ...row, doc: merged().doc }, by);
  if (!planned && prepared === null) return false;
  await commit((step) => {
    const link = store.link();
    const known = store.row('task', row.id);
    // The same claim heard twice begins nothing twice.
    if (!link || (known?.mine?.fence === fence && known.state['fence'] === fence)) return;
    const own = ownActor(deps, row.id);
    if (own && fence <= Math.max(known?.mine?.fence ?? 0, FIRST_CLAIM)) {
      const now = merged();
      link.stamp = later(link.stamp, now.latest);
      store.setLink(link);
      return tellAnew(deps, { ...row, doc: now.doc, clk: now.clk, mine: known?.mine ?? null });
    }
    const mine = { fence, run: 1, ended: false, begun: false };
    const { doc, clk, latest } = merged();
    link.stamp = later(link.stamp, latest);
    store.putRow({ tbl: 'task', id: row.id, seq: row.seq, del: row.del, doc, clk, state: row.state, mine });
    if (prepared && !prepared.ok) {
      const facts = { status: 'failed', ended: true, attention: 1, reason: prepared.problem.detail, result: null };
      mutate(deps, link, {
        tbl: 'task',
        id: row.id,
        kind: 'report',
        arg: { fence, run: 1, exec: 'ended', facts },
        mine: { ...mine, ended: true },
      });
      const id = `hub:${row.id}:fence:${fence}`;
      if (state(row.id)) step.send(row.id, { type: 'HUB_ENDED', id, by, verdict: 'failed', summary: prepared.problem.detail });
      return;
    }
    const present = state(row.id);
    if (present) takeBack(step, present, fence, by, prepared?.value.plan);
    else prepared?.value.create(step);
    const facts = { status: 'queued', ended: false, attention: 0, reason: null, result: null };
    mutate(deps, link, { tbl: 'task', id: row.id, kind: 'report', arg: { fence, run: 1, exec: 'claimed', facts } });
  });
  return true;
};

/** It has an actor here already: it was ours, or we asked for it and now do it ourselves. */
const takeBack = (step: Transaction, actor: ActorState, fence: number, by: string, plan: HerePlan | undefined): void => {
  const id = `hub:${actor.id}:fence:${fence}`;
  const meant = actor.context['system'] !== null;
  if (meant && !actor.view.ended) step.send(actor.id, { type: 'RUN_HERE', id, by, ...(plan ? { plan } : {}) });
  else if (actor.view.ended) step.send(actor.id, { type: 'RETRY', id, by });
};
