/** The one sentence that answers "why is it like this?". Pure: state in, words out. */
import type { AgentContext } from '../../machines/agent/schema.ts';
import type { ApprovalContext } from '../../machines/approval.ts';
import type { MessageContext } from '../../machines/message.ts';
import type { TaskContext } from '../../machines/task/schema.ts';
import type { ActorState } from '../runtime/types.ts';

export type Around = { now: number; agent: ActorState | null; titles: (ids: readonly string[]) => string };

export const whySentence = (state: ActorState, around: Around): string => {
  switch (state.kind) {
    case 'task':
      return ofTask(state, around);
    case 'agent':
      return ofAgent(state, around.now);
    case 'approval':
      return ofApproval(state);
    case 'message':
      return ofMessage(state);
    default: {
      const reason = state.context['reason'];
      return `It is ${state.status}${typeof reason === 'string' ? `: ${reason}` : ''}.`;
    }
  }
};

const ago = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s ago`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`;
};
const stop = (text: string): string => (/[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);

/** What the newest evidence says and how old it is. */
const believed = (agent: ActorState, now: number): string => {
  const last = (agent.context as AgentContext).evidence.at(-1);
  return last ? `the ${last.source} said "${last.fact}" ${ago(now - last.at)}` : 'nothing has been heard of it yet';
};

const ofTask = (state: ActorState, { now, agent, titles }: Around): string => {
  const context = state.context as TaskContext;
  const who = agent ? `agent ${agent.short}` : 'its agent';
  const reason = context.reason === null ? '' : `: ${context.reason}`;
  switch (state.status) {
    case 'scheduled':
      return context.startAt === null ? 'It waits for its time.' : `It is not to start before ${new Date(context.startAt).toISOString()}.`;
    case 'blocked':
      return `It waits for ${titles(context.waitsFor)}.`;
    case 'stuck':
      return `It waits for ${titles(context.stuckOn)}, which ended without success: retry that, or start this one by hand.`;
    case 'queued':
      return 'It waits for a place to run.';
    case 'starting':
      return context.workspace === null ? 'Its worktree is being made.' : `Its worktree is ready and ${who} is being started.`;
    case 'working':
      return agent ? `Its ${who} is ${agent.status}: ${believed(agent, now)}.` : 'Its agent works.';
    case 'needsApproval':
      return `Its ${who} asks for a permission.`;
    case 'needsAnswer':
      return agent && (agent.context as AgentContext).asks.length === 0
        ? `Nothing tells what its ${who} does: look at its terminal (\`ccm attach\`).`
        : `Its ${who} asks a question.`;
    case 'limited':
      return `Its ${who} has reached a limit of its provider${agent ? untilText(agent) : ' and waits.'}`;
    case 'overBudget':
      return stop(
        `It is halted and asks you: ${context.reason ?? 'a budget is used up'}. Let it go on (\`ccm resume\`), give it more (\`ccm budget\`), or stop it`,
      );
    case 'paused':
      return agent ? `A person paused it; its ${who} is halted.` : 'A person paused it.';
    case 'stopping':
      return `A person stopped it; its ${who} is being ended.`;
    case 'finishing':
      return 'Its work is over; the changes are being counted.';
    case 'succeeded':
      return context.result?.summary
        ? `The work is done: ${stop(context.result.summary)}`
        : `It ended well${context.said === 'done' ? ': the agent reported it done' : ''}.`;
    case 'failed':
      return stop(`It failed${reason || (context.result?.summary ? `: ${context.result.summary}` : '')}`);
    case 'cancelled':
      return stop(`A person ended it${reason}`);
    case 'interrupted':
      return stop(`It ended and nobody can tell how it went${reason}`);
    default:
      return stop(`It is ${state.status}${reason}`);
  }
};

/** Until when, and what happens then. */
const untilText = (agent: ActorState): string => {
  const { limitedUntil, profile } = agent.context as AgentContext;
  const until = limitedUntil === null ? ', and it does not say until when' : `, until ${new Date(limitedUntil).toISOString()}`;
  if (!profile.autoResume) return `${until}; it goes on when you say so (\`ccm resume\`).`;
  return limitedUntil === null ? `${until}: it is tried again from time to time.` : `${until}; then it goes on by itself.`;
};

const ofAgent = (state: ActorState, now: number): string => {
  const context = state.context as AgentContext;
  const { ending, exit, problem, restarts, reported } = context;
  const left = {
    none: 'by itself',
    stop: 'because a person stopped it',
    kill: 'because a person killed it',
    idle: 'because it was idle',
    timeLimit: 'because its time was over',
  }[ending];
  switch (state.status) {
    case 'absent':
      return 'Its program has not been started.';
    case 'launching':
      return 'Its program is being started.';
    case 'backoff':
      return stop(`Its program ended and is started again after a pause (restart ${restarts + 1})${problem ? `: ${problem.detail}` : ''}`);
    case 'stopping':
      return `Its program is being ended ${left}.`;
    case 'lost':
      return stop(`Its window is gone and nobody can tell how it ended${problem ? `: ${problem.detail}` : ''}`);
    case 'exited': {
      const how =
        exit?.code !== null && exit?.code !== undefined
          ? `with exit code ${exit.code}`
          : exit?.signal
            ? `by signal ${exit.signal}`
            : 'with an unknown status';
      return stop(
        `Its program ended ${how}, ${left}${reported ? `, after it reported its work ${reported}` : ''}${problem ? `: ${problem.detail}` : ''}`,
      );
    }
    case 'limited':
      return `It has reached a limit of its provider${untilText(state)}`;
    case 'detecting':
      return `What is known of it contradicts itself, so nothing is assumed: ${believed(state, now)}.`;
    case 'suspended':
      return 'A person halted it.';
    default:
      return `It is ${state.status}: ${believed(state, now)}.`;
  }
};

const ofApproval = (state: ActorState): string => {
  const { kind, decidedBy, expiresAt, reason, policy } = state.context as ApprovalContext;
  const rule = policy === null ? '' : `the rule “${policy.rule}”${policy.reason === null ? '' : ` (${policy.reason})`}`;
  if (state.status === 'pending') {
    return `The agent waits for a person to ${kind === 'approval' ? 'approve or deny' : 'answer'}${expiresAt === null ? '' : `, until ${new Date(expiresAt).toISOString()}`}${rule === '' ? '' : `: ${rule} says so`}.`;
  }
  const who =
    decidedBy === 'policy'
      ? ` by ${rule}`
      : decidedBy === 'timer'
        ? ', since nobody decided in time'
        : decidedBy === null
          ? ''
          : ` by ${decidedBy}`;
  return stop(`It was ${state.status}${who}${reason === null ? '' : `; ${reason}`}`);
};

const ofMessage = (state: ActorState): string => {
  const { reason } = state.context as MessageContext;
  const words: Readonly<Record<string, string>> = {
    queued: 'It waits until the agent is ready to read.',
    typing: 'It is being typed into the window.',
    waiting: 'It could not be typed and is tried again.',
    submitted: 'It was typed; no sign yet that the agent took it.',
    accepted: 'The agent has taken it.',
    turnStarted: 'The agent works on it.',
    answered: 'The agent has answered it.',
    cancelled: 'A person took it back before it was typed.',
  };
  return words[state.status] ?? stop(`It failed${reason === null ? '' : `: ${reason}`}`);
};
