/** A task's state as the contract shows it. */

import type { TaskContext } from '../../machines/task/schema.ts';
import type { AgentSummary } from '../api/contract/agent.ts';
import type { Task } from '../api/contract/task.ts';
import type { UsageFigures } from '../api/contract/usage.ts';
import { firstOf, unbroken } from '../lib/cut-text.ts';
import type { ActorState } from '../runtime/types.ts';
import { commandsOf } from './commands.ts';

/** What lists show of a prompt. */
const promptInLists = 500;

export type TaskParts = {
  projectName: string;
  /** The machine that does it, or shall do it; null: this one. */
  system: string | null;
  hereInstead: Task['hereInstead'];
  /** Why it waits for another machine; null when it does not. */
  standing: string | null;
  agent: AgentSummary | null;
  usage: UsageFigures | null;
  /** Said when it was made or since. */
  notes: readonly string[];
  /** Its worktrees were removed. */
  removed: boolean;
  /** How it fares on another machine; null when it is done here. */
  faring: Task | null;
  /** The one it was forked from. */
  from: Task['from'];
  /** Lists cut the prompt. */
  whole: boolean;
};

/** A verb of this machine's chart goes before one of the machine that has the task. */
const withTheirs = (own: Task['commands'], theirs: Task['commands']): Task['commands'] => [
  ...own,
  ...theirs.filter(({ verb }) => !own.some((one) => one.verb === verb)),
];

/** Another machine has it. */
const elsewhere = new Set(['claimed', 'remote']);

export const presentTask = (
  state: ActorState,
  { faring, hereInstead, standing, system, projectName, agent, usage, notes, removed, from, whole }: TaskParts,
): Task => {
  const context = state.context as TaskContext;
  const { workspace } = context;
  const there = faring !== null && elsewhere.has(state.status);
  const reason = (there ? faring.reason : standing) ?? context.reason ?? faring?.reason ?? null;
  return {
    id: state.id,
    short: state.short,
    kind: 'task',
    // Where another machine works on it, its word is shown; that it is elsewhere says `system`.
    status: there ? faring.status : state.status,
    attention: there ? faring.attention : state.view.attention,
    ended: state.view.ended,
    title: context.title,
    prompt: whole ? context.prompt : firstOf(context.prompt, promptInLists),
    project: { id: context.project, name: projectName },
    profile: context.profile.name,
    priority: context.priority,
    attempt: context.attempt,
    agent: context.agent ?? faring?.agent ?? null,
    agents: [...context.agents],
    branch: workspace?.branch ?? faring?.branch ?? null,
    worktree: removed ? null : (workspace?.worktree ?? null),
    base: workspace?.base ?? null,
    reason: reason === null ? null : unbroken(reason),
    system,
    hereInstead,
    result: state.view.ended ? (faring?.result ?? context.result) : null,
    after: [...context.after],
    waitsFor: [...context.waitsFor],
    startAt: context.startAt,
    createdAt: context.createdAt,
    startedAt: context.startedAt ?? faring?.startedAt ?? null,
    endedAt: context.endedAt,
    updatedAt: state.updatedAt,
    createdBy: context.createdBy,
    notes: [...notes, ...(workspace?.notes ?? [])],
    // What another machine has is taken away from there by `reassign` only, in so many words.
    commands: there
      ? withTheirs(
          commandsOf(state.legal).filter(({ verb }) => verb !== 'run-here'),
          faring.commands,
        )
      : commandsOf(state.legal),
    agentState: agent ?? faring?.agentState ?? null,
    budget: context.budget,
    overrun: context.overrun,
    from,
    usage,
    seq: state.seq,
  };
};
