/** A task's state as the contract shows it. */
import type { TaskContext } from '../../machines/task/schema.ts';
import type { AgentSummary } from '../api/contract/agent.ts';
import type { RemoteTask } from '../api/contract/sync.ts';
import type { Task } from '../api/contract/task.ts';
import type { UsageFigures } from '../api/contract/usage.ts';
import type { ActorState } from '../runtime/types.ts';
import { commandsOf } from './commands.ts';

/** What lists show of a prompt. */
const promptInLists = 500;

export type TaskParts = {
  projectName: string;
  agent: AgentSummary | null;
  usage: UsageFigures | null;
  /** Said when it was made or since. */
  notes: readonly string[];
  /** Its worktrees were removed. */
  removed: boolean;
  /** How it fares on another machine; null when it is done here. */
  faring: RemoteTask | null;
  /** The one it was forked from. */
  from: Task['from'];
  /** Lists cut the prompt. */
  whole: boolean;
};

export const presentTask = (state: ActorState, { faring, projectName, agent, usage, notes, removed, from, whole }: TaskParts): Task => {
  const context = state.context as TaskContext;
  const { workspace } = context;
  return {
    id: state.id,
    short: state.short,
    kind: 'task',
    // Where another machine works on it, its word is shown; that it is elsewhere says `system`.
    status: state.status === 'remote' && faring ? faring.status : state.status,
    attention: state.status === 'remote' && faring ? faring.attention : state.view.attention,
    ended: state.view.ended,
    title: context.title,
    prompt: whole ? context.prompt : context.prompt.slice(0, promptInLists),
    project: { id: context.project, name: projectName },
    profile: context.profile.name,
    priority: context.priority,
    attempt: context.attempt,
    agent: context.agent,
    agents: [...context.agents],
    branch: workspace?.branch ?? null,
    worktree: removed ? null : (workspace?.worktree ?? null),
    base: workspace?.base ?? null,
    reason: context.reason ?? faring?.reason ?? null,
    system: faring?.system.name ?? null,
    result: state.view.ended ? context.result : null,
    after: [...context.after],
    waitsFor: [...context.waitsFor],
    startAt: context.startAt,
    createdAt: context.createdAt,
    startedAt: context.startedAt,
    endedAt: context.endedAt,
    updatedAt: state.updatedAt,
    createdBy: context.createdBy,
    notes: [...notes, ...(workspace?.notes ?? [])],
    commands: commandsOf(state.legal),
    agentState: agent,
    budget: context.budget,
    overrun: context.overrun,
    from,
    usage,
    seq: state.seq,
  };
};
