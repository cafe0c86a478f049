/** `ccm why`: the sentence, what it was inferred from, what is waited for, what happens next. */
import type { AgentContext } from '../../machines/agent/schema.ts';
import type { TaskContext } from '../../machines/task/schema.ts';
import type { OutboxRow, Why } from '../api/contract/why.ts';
import { ok, type Result } from '../errors.ts';
import type { OutboxRow as StoredEffect } from '../ports/store.ts';
import type { ActorState } from '../runtime/types.ts';
import type { ServiceDeps } from './deps.ts';
import { evidenceOf } from './present-agent.ts';
import type { Resolver } from './resolve.ts';
import type { SinceBook } from './since.ts';
import { whySentence } from './why-sentence.ts';

export type WhyService = { why(text: string, kind: 'task' | 'agent' | null): Result<Why> };
type Deps = Pick<ServiceDeps, 'runtime' | 'clock' | 'waiting' | 'elsewhere'> & { resolve: Resolver; since: SinceBook };

export const presentEffect = (row: StoredEffect): OutboxRow => ({
  id: String(row.id),
  actor: row.actor,
  effect: row.name,
  lane: row.lane,
  status: row.state,
  attempts: row.attempts,
  due: row.state === 'pending' ? row.dueAt : null,
  problem: row.problem,
  createdAt: row.createdAt,
});

/** The outer event of the newest step; null for an actor whose journal was folded to nothing. */
const lastStep = (runtime: Pick<ServiceDeps['runtime'], 'history'>, state: ActorState): Why['lastTransition'] => {
  const row = runtime.history(state.id, { after: state.seq - 1, limit: 1 })[0];
  if (!row) return null;
  const by = row.event['by'];
  return {
    gseq: row.gseq,
    seq: row.seq,
    at: row.at,
    event: row.event.type,
    by: typeof by === 'string' ? by : null,
    transitions: row.transitions,
  };
};

export const whyService = ({ runtime, clock, waiting, elsewhere, resolve, since }: Deps): WhyService => {
  const titles = (ids: readonly string[]): string =>
    ids
      .map((id) => {
        const other = runtime.state(id);
        return other ? `"${other.view.title}" (${other.status})` : id;
      })
      .join(', ');

  const agentOf = (state: ActorState): ActorState | null => {
    if (state.kind === 'agent') return state;
    const id = state.kind === 'task' ? (state.context as TaskContext).agent : null;
    return id === null ? null : runtime.state(id);
  };

  /** Of a task that another machine shall do or does: the sentence that lists and sheets show too; null: a matter of this machine. */
  const travels = (state: ActorState): string | null => {
    if (state.kind !== 'task' || state.view.ended) return null;
    const there = ['claimed', 'remote'].includes(state.status) ? (elsewhere?.faring(state.id) ?? null) : null;
    if (!there) return elsewhere?.standing(state) ?? null;
    const what = there.agentState?.progress ? `: ${there.agentState.progress}` : '';
    return [`${there.system ?? 'Another machine'} has it; it is ${there.status} there${what}.`, there.reason].filter(Boolean).join(' ');
  };

  /** Sentences; absent when nothing is waited for. */
  const waitsOf = (state: ActorState, agent: ActorState | null): string[] => {
    const found: string[] = [];
    if (state.kind === 'task') {
      const { waitsFor } = state.context as TaskContext;
      if (!state.view.ended) for (const id of waitsFor) found.push(`The task ${titles([id])}.`);
      if (state.status === 'queued') found.push(...(waiting?.(state.id) ?? []));
    }
    for (const ask of elsewhere?.here() && state.kind === 'task' ? elsewhere.far.asks() : [])
      if (ask.task?.id === state.id)
        found.push(`A person, to ${ask.kind === 'approval' ? 'approve or deny' : 'answer'} (${ask.short}): ${ask.text}`.trimEnd());
    const asks = agent ? (agent.context as AgentContext).asks : [];
    for (const ask of asks) {
      const approval = runtime.state(ask.approval);
      found.push(
        `A person, to ${ask.kind === 'approval' ? 'approve or deny' : 'answer'} (${approval?.short ?? ask.approval}): ${approval?.view.title ?? ''}`.trimEnd(),
      );
    }
    return found;
  };

  /** What a limited task waits for is a timer of its agent. */
  const limitTimers = (agent: ActorState | null, of: ActorState) =>
    agent && agent.id !== of.id && agent.status === 'limited' ? runtime.timers(agent.id).filter(({ id }) => id.includes('limitReset')) : [];

  return {
    why: (text, kind) => {
      const found = kind === null ? resolve.any(text) : resolve[kind](text);
      if (!found.ok) return found;
      const state = found.value;
      const now = clock.now();
      const agent = agentOf(state);
      const waits = waitsOf(state, agent);
      return ok({
        id: state.id,
        short: state.short,
        status: state.status,
        since: since(state),
        sentence: travels(state) ?? whySentence(state, { now, agent, titles }),
        evidence: agent ? evidenceOf((agent.context as AgentContext).evidence, now) : [],
        ...(waits.length > 0 ? { waitingFor: waits } : {}),
        lastTransition: lastStep(runtime, state),
        timers: [...runtime.timers(state.id), ...limitTimers(agent, state)].map(({ id, due }) => ({ id, due, in: due - now })),
        effects: openEffects(runtime, state.id).map(presentEffect),
      });
    },
  };
};

export const openEffects = (runtime: Pick<ServiceDeps['runtime'], 'outbox'>, actor: string | null): StoredEffect[] =>
  (['pending', 'running', 'unsure'] as const).flatMap((state) =>
    runtime.outbox({ state, limit: 500, ...(actor === null ? {} : { actor }) }),
  );
