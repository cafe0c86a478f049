/** A task's state as the contract shows it. */
import type { TaskContext } from '../../machines/task/schema.ts';
import type { AgentSummary } from '../api/contract/agent.ts';
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
  /** Lists cut the prompt. */
  whole: boolean;
};

export const presentTask = (state: ActorState, { projectName, agent, usage, notes, removed, whole }: TaskParts): Task => {
  const context = state.context as TaskContext;
  const { workspace } = context;
  return {
    id: state.id,
    short: state.short,
    kind: 'task',
    status: state.status,
    attention: state.view.attention,
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
    reason: context.reason,
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
    usage,
    seq: state.seq,
  };
};
