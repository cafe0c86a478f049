/** Tasks and questions of other machines, and what a person here may want of them. Everything asked for is an operation that can wait. */
import type { DecideRemote, Moved, RemoteAsk, RemoteTask } from '../../api/contract/sync.ts';
import type { Task } from '../../api/contract/task.ts';
import { fail, ok, type Result } from '../../errors.ts';
import type { QueuedOp, SyncRow } from '../../ports/sync-store.ts';
import { shortOf } from '../../ports/system.ts';
import type { ActorState } from '../../runtime/types.ts';
import type { HerePlan } from '../../sync/claim.ts';
import { LINK_ID } from '../../sync/link-events.ts';
import { systemNames } from '../../sync/systems.ts';
import { takeBack } from '../../sync/take-back.ts';
import type { Caller } from '../caller.ts';
import type { AccountDeps } from './account.ts';
import { farDesk } from './far-desk.ts';
import { fieldOf, numberOf, textOf } from './fields.ts';
import { givers, PATIENCE_MS } from './give.ts';
import { type FarView, farAttention, farEnded, farReason, farResult, farStatus, ownerOf, unreachable } from './present-far.ts';
import { AWAY_MS, type Standing, standing } from './standing.ts';

export const remoteWork = (deps: AccountDeps) => {
  const { runtime, store, engine } = deps;
  const { sync } = store;
  const names = systemNames(sync);
  const giving = givers(deps);
  const linkNow = (): Standing['link'] => {
    const state = runtime.state(LINK_ID);
    return { status: state?.status ?? 'localOnly', reason: textOf(state?.context['reason']) };
  };
  const { order } = giving;
  const view = (): FarView => ({
    nameOf: names.of,
    here: sync.link()?.system ?? '',
    heardAt: engine.heardAt(),
    link: linkNow(),
    row: (tbl, id) => sync.row(tbl, id),
  });
  const far = farDesk({ ...deps, giving, view });
  const named = (id: string) => ({ id, name: names.of(id) });

  const present = (row: SyncRow): RemoteTask => {
    const { doc, state } = row;
    const seen = view();
    const exec = textOf(state['exec']) ?? 'queued';
    return {
      id: row.id,
      short: shortOf(row.id),
      title: textOf(doc['title']) ?? shortOf(row.id),
      status: farStatus(row, seen),
      attention: farAttention(row, seen),
      ended: farEnded(row),
      project: textOf(doc['projectName']) ?? '',
      profile: textOf(doc['profile']) ?? '',
      system: named(ownerOf(row, seen.here)),
      hub: unreachable(row, seen) === null ? exec : 'unreachable',
      reason: farReason(row, seen),
      summary: farResult(row)?.summary ?? null,
      here: runtime.state(row.id) !== null,
      createdAt: typeof doc['createdAt'] === 'number' ? doc['createdAt'] : 0,
    };
  };
  const find = (text: string): Result<SyncRow> => {
    const found = sync.rows('task').filter((row) => row.id === text || shortOf(row.id) === text.toLowerCase());
    const [only] = found;
    if (only && found.length === 1) return ok(only);
    return fail(found.length > 1 ? 'CCM_AMBIGUOUS' : 'CCM_NOT_FOUND', `There is no task "${text.slice(0, 80)}" on any system.`);
  };
  /** However long the queue is. */
  const openNamed = (text: string): QueuedOp[] => {
    const direct = sync.op(text);
    if (direct) return direct.state === 'applied' ? [] : [direct];
    const found: QueuedOp[] = [];
    let page: QueuedOp[] = [];
    do {
      page = sync.ops({ open: true, limit: 1000, after: page.at(-1)?.lseq ?? 0 });
      found.push(...page.filter(({ op }) => shortOf(op) === text.toLowerCase()));
    } while (page.length === 1000);
    return found;
  };
  const connected = (): Result<string> => {
    const link = sync.link();
    return link?.enabled ? ok(link.system) : fail('CCM_HUB_NONE', 'This machine is not connected to a hub.');
  };
  const move = async (text: string, to: string, force: boolean, caller: Caller): Promise<Result<Moved>> => {
    const link = connected();
    if (!link.ok) return link;
    const target = names.find(to);
    if (!target.ok) return target;
    const local = runtime.find(text, 2).filter(({ kind }) => kind === 'task');
    const [mine, another] = local;
    if (another)
      return fail('CCM_AMBIGUOUS', `Several tasks match "${text.slice(0, 80)}".`, {
        matches: local.map(({ id: one, short, title }) => ({ id: one, short, title })),
      });
    const row = mine ? sync.row('task', mine.id) : null;
    const id = mine?.id ?? textOf(find(text).ok ? (find(text) as { value: SyncRow }).value.id : null);
    if (id === null) return fail('CCM_NOT_FOUND', `There is no task "${text.slice(0, 80)}" on any system.`);
    const state = runtime.state(id);
    // What the hub was not told of yet is with whom it is meant for.
    const meant = textOf(state?.context['system']);
    const owner = textOf((row ?? sync.row('task', id))?.state['owner']) ?? meant ?? link.value;
    if (owner === target.value) return fail('CCM_ILLEGAL_MOVE', `It is with ${names.of(owner)} already.`, { state: state?.status ?? '' });
    if (state && state.context['system'] === null && owner === link.value) {
      if (state.context['from'] !== null)
        return fail('CCM_ILLEGAL_MOVE', 'It is a fork: the files it starts from are on this machine alone.', { state: state.status });
      // Ours: the chart says whether it can go now.
      try {
        await runtime.command(id, { type: 'HAND_OVER', system: target.value, by: caller.by });
      } catch {
        return fail('CCM_ILLEGAL_MOVE', `The task is ${state.status}; stop it first, its work stays on its branch.`, {
          state: state.status,
        });
      }
      engine.kick();
      return ok({ task: id, system: names.of(target.value), op: null });
    }
    const offer = sync.openOf('task', id).find(({ kind }) => kind === 'offer');
    if (state && !state.view.ended && offer?.tries === 0) {
      if (target.value === link.value)
        return fail('CCM_ILLEGAL_MOVE', 'Nobody was asked yet: `ccm run-here` does it here.', { state: state.status });
      await runtime.transaction((step) => {
        takeBack(sync, offer);
        step.send(id, { type: 'RUN_HERE', by: caller.by });
        step.send(id, { type: 'HAND_OVER', system: target.value, by: caller.by });
        // It waits to be sent as before, so nothing of it looks changed.
        sync.touch('task', id, deps.now());
      });
      engine.kick();
      return ok({ task: id, system: names.of(target.value), op: null });
    }
    const exec = textOf(sync.row('task', id)?.state['exec']);
    if (!force && exec !== 'offered' && exec !== 'expired') {
      const ended = exec === 'ended' || exec === 'cancelled';
      const why = exec === null ? 'The hub may have the offer already' : ended ? 'It has ended' : `${names.of(owner)} has begun it`;
      return fail('CCM_ILLEGAL_MOVE', `${why}; \`ccm reassign\` gives it to another machine all the same.`, { state: exec });
    }
    if (state?.view.ended && !sync.told('task', id)) {
      // The hub never heard of it: it is offered anew, to the other one.
      await runtime.send(id, { type: 'HAND_OVER', system: target.value, by: caller.by });
      return ok({ task: id, system: names.of(target.value), op: null });
    }
    const op = await order({ tbl: 'task', id, kind: 'reassign', arg: { target: target.value } });
    // It had ended here and goes on there.
    if (state?.view.ended) await runtime.send(id, { type: 'HAND_OVER', system: target.value, by: caller.by });
    return ok({ task: id, system: names.of(target.value), op });
  };

  /** Does a delegated task here. What the hub was never told is simply ours (null); else the hub gives it back first, by this operation. */
  const wantHere = async (id: string, plan: HerePlan, caller: Caller): Promise<Result<string | null>> => {
    const link = connected();
    if (!link.ok) return link;
    const offer = sync.openOf('task', id).find(({ kind }) => kind === 'offer' || kind === 'reassign');
    if (offer && offer.tries === 0) {
      await runtime.transaction((step) => {
        takeBack(sync, offer);
        step.send(id, { type: 'RUN_HERE', by: caller.by, plan });
      });
      return ok(null);
    }
    return ok(await order({ tbl: 'task', id, kind: 'reassign', arg: { target: link.value } }));
  };

  return {
    far,
    tasks: (): RemoteTask[] => sync.tasksElsewhere({ ended: true }).map(present),
    /** How a task of ours fares elsewhere; null when it is done here, or the hub has not told yet. */
    faring: (id: string): Task | null => {
      const row = sync.row('task', id);
      return row && textOf(row.state['owner']) !== null && row.state['owner'] !== sync.link()?.system ? far.get(row) : null;
    },
    /** Where a task of ours is meant to be done, in names; null: here. */
    meant: (state: ActorState): { system: string; project: string } | null => {
      const { system, project } = state.context;
      if (typeof system !== 'string') return null;
      return { system: names.of(system), project: textOf(sync.row('project', String(project))?.doc['name']) ?? String(project) };
    },
    /** Why a task of ours that another machine shall do, or does, is where it is: one sentence; null where its status says it all. */
    standing: (state: ActorState): string | null => {
      const { system } = state.context;
      if (typeof system !== 'string' || state.view.ended) return null;
      const carrier = sync.openOf('task', state.id).find(({ kind }) => kind === 'offer' || kind === 'reassign') ?? null;
      const lastSeen = numberOf(sync.row('system', system)?.state['lastSeen']);
      return standing({ status: state.status, system: names.of(system), link: linkNow(), carrier, lastSeen, heardAt: engine.heardAt() });
    },
    away: (system: string): boolean => {
      const lastSeen = numberOf(sync.row('system', system)?.state['lastSeen']);
      const heard = engine.heardAt();
      const offline = ['offline', 'queuing'].includes(runtime.state('sync-link')?.status ?? '');
      return offline || (heard !== null && (lastSeen === null || heard - lastSeen > AWAY_MS));
    },
    has: (found: Result<ActorState>, text: string): Result<SyncRow> | null => {
      if (!found.ok) return found.problem.code === 'CCM_NOT_FOUND' ? far.find(text) : null;
      const row = sync.row('task', found.value.id);
      const owner = textOf(row?.state['owner']);
      if (!row || owner === null || owner === sync.link()?.system || found.value.context['system'] === null) return null;
      return row.state['exec'] === 'offered' ? null : ok(row);
    },
    find: (text: string): Result<RemoteTask> => {
      const found = find(text);
      return found.ok ? ok(present(found.value)) : found;
    },
    asks: (): RemoteAsk[] => {
      const here = sync.link()?.system;
      return sync
        .rows('ask')
        .filter(
          ({ doc, state }) =>
            doc['status'] === 'pending' && !state['decision'] && state['system'] !== here && state['system'] !== undefined,
        )
        .map(({ id, doc, state }) => ({
          id,
          short: shortOf(id),
          kind: textOf(doc['kind']) ?? 'question',
          task: textOf(doc['task']) ?? '',
          title: textOf(sync.row('task', textOf(doc['task']) ?? '')?.doc['title']) ?? '',
          text: textOf(doc['text']) ?? '',
          choices: Array.isArray(doc['choices']) ? doc['choices'].filter((one) => typeof one === 'string') : [],
          system: named(textOf(state['system']) ?? ''),
          since: typeof doc['askedAt'] === 'number' ? doc['askedAt'] : 0,
        }));
    },
    decide: async (
      text: string,
      { verb, text: said }: DecideRemote,
      caller: Caller,
    ): Promise<Result<{ id: string; op: string | null }>> => {
      const row = sync.rows('ask').find((one) => one.id === text || shortOf(one.id) === text.toLowerCase());
      if (!row) return fail('CCM_NOT_FOUND', `Nobody asks "${text.slice(0, 80)}".`);
      const decided = row.state['decision'];
      if (decided || row.doc['status'] !== 'pending') {
        const who = textOf(fieldOf(decided, 'by')) ?? textOf(row.doc['decidedBy']) ?? 'somebody';
        return fail('CCM_ILLEGAL_MOVE', `It is decided already, by ${who}.`, { decidedBy: who });
      }
      return ok({
        id: row.id,
        op: await order({ tbl: 'ask', id: row.id, kind: 'decide', arg: { verb, text: said ?? null, by: caller.by } }),
      });
    },
    /** Ends a task that another machine has. */
    cancel: async (text: string): Promise<Result<Moved>> => {
      const found = find(text);
      if (!found.ok) return found;
      const owner = textOf(found.value.state['owner']) ?? '';
      if (present(found.value).ended) return fail('CCM_ILLEGAL_MOVE', 'It has ended.', { state: 'ended' });
      return ok({ task: found.value.id, system: names.of(owner), op: await order({ tbl: 'task', id: found.value.id, kind: 'cancel' }) });
    },
    handoff: (text: string, to: string, caller: Caller) => move(text, to, false, caller),
    reassign: (text: string, to: string, caller: Caller) => move(text, to, true, caller),
    wantHere,
    /** As `wantHere`, and for a moment what becomes of it: whether it is here by now. */
    runHere: async (id: string, plan: HerePlan, caller: Caller): Promise<Result<boolean>> => {
      const wanted = await wantHere(id, plan, caller);
      if (!wanted.ok || wanted.value === null) return wanted.ok ? ok(true) : wanted;
      const op = wanted.value;
      const isHere = () => runtime.state(id)?.context['system'] === null;
      await engine.until(() => (isHere() || giving.refused(op) ? true : null), PATIENCE_MS);
      return giving.refused(op) ?? ok(isHere());
    },
    cancelOp: async (text: string): Promise<Result<{ id: string; cancelled: true }>> => {
      const found = openNamed(text);
      const [only] = found;
      if (!only || found.length > 1)
        return fail('CCM_NOT_FOUND', `Nothing waits under "${text.slice(0, 80)}"; \`ccm outbox\` lists what does.`);
      const free = only.state === 'rejected' || (only.state === 'queued' && only.tries === 0);
      if (!free)
        return fail('CCM_ILLEGAL_MOVE', 'It was sent; whether the hub took it will be known with the next answer.', { state: only.state });
      await runtime.transaction((step) => {
        takeBack(sync, only);
        const state = runtime.state(only.id);
        if (!state || state.view.ended) return;
        if (only.kind === 'offer') step.send(only.id, { type: 'STOP', reason: 'taken back before it was sent' });
        // It was to be handed over and is not: it is done here, as before.
        const owner = sync.row('task', only.id)?.state['owner'] ?? sync.link()?.system;
        if (only.kind === 'reassign' && state.context['system'] !== null && owner === sync.link()?.system)
          step.send(only.id, { type: 'RUN_HERE', by: 'cli' });
      });
      return ok({ id: only.op, cancelled: true });
    },
    systemNamed: names.find,
    nameOf: names.of,
  };
};
export type RemoteWork = ReturnType<typeof remoteWork>;
