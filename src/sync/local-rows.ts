/** What this machine says of its tasks, agents and questions: the columns of their rows. Pure; only what another machine has use for. */

import type { AgentContext } from '../../machines/agent/schema.ts';
import type { ApprovalContext } from '../../machines/approval.ts';
import type { TaskContext } from '../../machines/task/schema.ts';
import { firstOf, lastOf } from '../lib/cut-text.ts';
import type { Doc } from '../ports/hub.ts';
import type { ActorState } from '../runtime/types.ts';

/** Characters of a text that travel: an operation has to stay below 64 KiB. */
const mostPrompt = 40_000;
const mostText = 4_000;
const mostProgress = 500;
const cut = (text: string, most: number) => (text.length > most ? `${firstOf(text, most)}…` : text);

export const taskDoc = (state: ActorState, projectName: string): Doc => {
  const { title, prompt, project, profile, priority, createdAt, createdBy } = state.context as TaskContext;
  return { title, prompt: cut(prompt, mostPrompt), project, projectName, profile: profile.name, priority, createdAt, createdBy };
};

/** How it goes, told by the machine that carries it out. */
export const taskFacts = (state: ActorState): Doc => {
  const { reason, result, attempt, startedAt, endedAt, workspace, agent } = state.context as TaskContext;
  return {
    status: state.status,
    attention: state.view.attention,
    ended: state.view.ended,
    reason,
    attempt,
    agent,
    startedAt,
    endedAt,
    branch: workspace?.branch ?? null,
    at: state.updatedAt,
    commands: state.legal.map(({ verb, label, danger, needs }) => ({ verb, label, danger: danger ?? false, needs: [...(needs ?? [])] })),
    result: result && {
      ...result,
      summary: result.summary === null ? null : cut(result.summary, mostText),
      output: result.output === null ? null : cut(lastOf(result.output, mostText), mostText),
    },
  };
};
/** Taken, but without a program yet: it can still be given to another machine without losing work. */
export const notBegun: ReadonlySet<string> = new Set(['routing', 'scheduled', 'blocked', 'stuck', 'queued']);
export const execOf = (state: ActorState): 'claimed' | 'running' | 'ended' | 'cancelled' => {
  if (!state.view.ended) return notBegun.has(state.status) ? 'claimed' : 'running';
  return state.status === 'cancelled' ? 'cancelled' : 'ended';
};

export const agentDoc = (state: ActorState): Doc => {
  const { task, title, profile, progress } = state.context as AgentContext;
  return { task, title, profile: profile.name, status: state.status, progress: progress === null ? null : cut(progress, mostProgress) };
};

export const askDoc = (state: ActorState): Doc => {
  const { task, agent, kind, text, tool, choices, expiresAt, askedAt, answer, decidedBy } = state.context as ApprovalContext;
  const said = answer === null ? null : cut(answer, mostText);
  return {
    task,
    agent,
    kind,
    text: cut(text, mostText * 4),
    tool,
    choices,
    expiresAt,
    askedAt,
    status: state.status,
    answer: said,
    decidedBy,
  };
};
