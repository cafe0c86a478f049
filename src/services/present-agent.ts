/** An agent's state as the contract shows it. */

import type { AgentContext } from '../../machines/agent/schema.ts';
import { type Evidence, worth } from '../../machines/evidence.ts';
import type { Agent, AgentSummary, EvidenceView } from '../api/contract/agent.ts';
import type { UsageFigures } from '../api/contract/usage.ts';
import { unbroken } from '../lib/cut-text.ts';
import { shortOf } from '../ports/system.ts';
import type { Terminal } from '../ports/terminal.ts';
import type { ActorState } from '../runtime/types.ts';
import { commandsOf } from './commands.ts';
import type { SinceBook } from './since.ts';

export const evidenceOf = (held: readonly Evidence[], now: number): EvidenceView[] =>
  held
    .map(({ fact, source, at, detail }) => ({
      fact,
      source,
      trust: worth[source].trust,
      ageMs: Math.max(0, now - at),
      detail: unbroken(detail),
    }))
    .toReversed();

/** `alive.running` → `alive`: the outer state of a region. */
const regionOf = (value: unknown, region: string): string => {
  const inner = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[region] : undefined;
  if (typeof inner === 'string') return inner;
  return typeof inner === 'object' && inner !== null ? (Object.keys(inner)[0] ?? 'unknown') : 'unknown';
};

/** While it is limited: until when, and when it goes on. `timers` are its own. */
export const limitOf = (state: ActorState, timers: ReadonlyArray<{ id: string; due: number }>): Agent['limit'] => {
  if (state.status !== 'limited') return null;
  const { limitedUntil, profile } = state.context as AgentContext;
  const due = timers.find(({ id }) => id.includes('limitReset'))?.due ?? null;
  return { until: limitedUntil, resumesAt: profile.autoResume ? due : null };
};

type Parts = {
  terminal: Pick<Terminal, 'attachCommand' | 'generation'>;
  since: SinceBook;
  now: number;
  taskTitle: string;
  usage: UsageFigures | null;
  limit: Agent['limit'];
};

export const presentAgent = (state: ActorState, { terminal, since, now, taskTitle, usage, limit }: Parts): Agent => {
  const context = state.context as AgentContext;
  const { pane } = context;
  const here = pane !== null && pane.generation === terminal.generation();
  return {
    id: state.id,
    short: state.short,
    kind: 'agent',
    status: state.status,
    process: regionOf(state.value, 'process'),
    conversation: regionOf(state.value, 'conversation'),
    attention: state.view.attention,
    title: context.title,
    task: { id: context.task, short: shortOf(context.task), title: taskTitle },
    project: context.project,
    profile: context.profile.name,
    attempt: context.attempt,
    launch: context.launch,
    restarts: context.restarts,
    pid: pane?.pid ?? null,
    pane: pane?.pane ?? null,
    worktree: context.workspace.worktree,
    branch: context.workspace.branch,
    progress: context.progress,
    reported: context.reported,
    evidence: evidenceOf(context.evidence, now),
    exit: context.exit,
    asks: context.asks.map(({ approval, kind }) => ({ approval, kind })),
    limit,
    usage,
    since: since(state),
    seq: state.seq,
    commands: commandsOf(state.legal),
    attach: here && pane ? terminal.attachCommand(pane) : [],
  };
};

export const summariseAgent = (state: ActorState, since: SinceBook, limit: Agent['limit']): AgentSummary => ({
  id: state.id,
  short: state.short,
  status: state.status,
  progress: (state.context as AgentContext).progress,
  since: since(state),
  limit,
});
