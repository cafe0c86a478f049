/** The task chart's guards and context changes, as plain functions. */
import type { EffectParams } from '../effects.ts';
import type { Exit } from '../events.ts';
import type { Overrun, TaskContext, TaskEvent, TaskInput, TaskResult } from './schema.ts';

type Args = { context: TaskContext; event: TaskEvent };

export const firstContext = ({ at, by, ...rest }: TaskInput): TaskContext => ({
  ...rest,
  createdAt: at,
  createdBy: by ?? null,
  waitsFor: rest.after,
  stuckOn: [],
  overrun: null,
  waived: [],
  dependents: [],
  attempt: 0,
  agent: null,
  agents: [],
  workspace: null,
  followUp: null,
  grant: null,
  said: null,
  verdict: null,
  reason: null,
  result: null,
  startedAt: null,
  endedAt: null,
  now: at,
});

export const timeOf = (event: TaskEvent, context: TaskContext): number => event.at ?? context.now;
export const shortReason = (text: string | null | undefined): string | null => (text ? text.trim().slice(0, 500) || null : null);

/** The event comes from the agent of the current attempt. */
export const thisAgent = ({ context, event }: Args): boolean => 'agent' in event && event.agent === context.agent;
export const thisAttempt = ({ context, event }: Args): boolean => 'attempt' in event && event.attempt === context.attempt;
export const agentIs =
  (...states: string[]) =>
  (args: Args): boolean =>
    args.event.type === 'AGENT_STATE' && thisAgent(args) && states.includes(args.event.state);

const emptyResult: TaskResult = { exitCode: null, signal: null, summary: null, durationMs: null, diff: null, output: null };
export const resultOf = (context: TaskContext): TaskResult => context.result ?? emptyResult;

/** Names a budget: one of another limit is another. */
export const waiver = ({ scope, limit }: Overrun): string => `${scope} ${limit}`;

const dollars = (micro: number): string => `$${(micro / 1_000_000).toFixed(2)}`;
export const overrunText = ({ scope, limit, spent }: Overrun): string => {
  const whose = { task: 'its budget', project: "its project's budget of the day", day: 'the budget of the day' }[scope];
  return `${dollars(spent)} of ${whose} of ${dollars(limit)} is used`;
};

/** A new attempt begins: what the last one left is kept only where it is continued. */
export const attemptFacts = (context: TaskContext, event: TaskEvent): Partial<TaskContext> =>
  event.type === 'GRANTED'
    ? {
        attempt: context.attempt + 1,
        agent: event.agent,
        agents: [...context.agents, event.agent],
        workspace: context.followUp ? context.workspace : null,
        said: null,
        verdict: null,
        overrun: null,
        reason: null,
        result: null,
        startedAt: timeOf(event, context),
        endedAt: null,
        grant: {
          message: context.followUp?.message ?? event.message,
          // More work goes on in the conversation there is; a new attempt begins one of its own.
          conversation: (context.followUp && context.grant?.conversation) || event.conversation,
        },
        now: timeOf(event, context),
      }
    : {};

/** An unknown exit status is never success by itself; a oneshot's status decides, for others only their own word does. */
const verdictOfExit = ({ profile, said }: TaskContext, { code, signal }: Exit): NonNullable<TaskContext['verdict']> => {
  const unknown = code === null && signal === null;
  if (profile.mode === 'oneshot' && !unknown) return code === 0 ? 'succeeded' : 'failed';
  if (said !== null) return said === 'done' ? 'succeeded' : 'failed';
  return unknown || code === 0 ? 'interrupted' : 'failed';
};

const reasonOfExit = ({ profile, said }: TaskContext, { code, signal }: Exit): string | null => {
  if (code === null && signal === null) return 'the program ended and its exit status is unknown';
  if (signal !== null) return `the program was ended by signal ${signal}`;
  if (code !== 0) return `the program ended with exit code ${code}`;
  return profile.mode === 'oneshot' || said ? null : 'the program ended without saying that the work is done';
};

/** What the end of the program says about the task. */
export const exitVerdict = (context: TaskContext, event: TaskEvent): Partial<TaskContext> => {
  if (event.type !== 'AGENT_EXITED') return {};
  const verdict = context.verdict ?? verdictOfExit(context, event.exit);
  return {
    verdict,
    reason: verdict === 'succeeded' ? null : (context.reason ?? shortReason(event.reason ?? reasonOfExit(context, event.exit))),
    result: {
      ...resultOf(context),
      exitCode: event.exit.code,
      signal: event.exit.signal,
      output: event.output ?? resultOf(context).output,
    },
    now: timeOf(event, context),
  };
};

/** Is there an agent behind its name? It is made only once its worktree is ready; an attempt that ends before has nobody to tell. */
export const wasBorn = ({ workspace }: TaskContext, event: TaskEvent): boolean =>
  workspace !== null && event.type !== 'WORKSPACE_FAILED' && !(event.type === 'EFFECT_FAILED' && event.effect === 'workspace.prepare');

/** The attempt is over: how long it took. */
export const endFacts = (context: TaskContext, event: TaskEvent): Partial<TaskContext> => {
  const now = timeOf(event, context);
  return {
    endedAt: now,
    followUp: null,
    result: { ...resultOf(context), durationMs: context.startedAt === null ? null : Math.max(0, now - context.startedAt) },
    now,
  };
};

export const agentInput = (context: TaskContext, at: number): EffectParams['actor.create'] => ({
  kind: 'agent',
  id: context.agent ?? '',
  input: {
    id: context.agent ?? '',
    at,
    task: context.id,
    project: context.project,
    title: context.title,
    attempt: context.attempt,
    profile: context.profile,
    workspace: context.workspace,
    prompt: context.profile.prompt === 'paste' ? null : promptOf(context),
    message: carried(context) ? (context.grant?.message ?? null) : null,
    conversation: context.grant?.conversation ?? '',
    resume: context.followUp !== null && context.profile.resumable,
  },
});

/** The prompt goes in with the start of the program, as a message that can be followed: what a person said, and what goes on talking. */
export const carried = ({ profile, followUp }: TaskContext): boolean =>
  profile.prompt !== 'paste' && (followUp !== null || profile.mode === 'interactive');

/** What this attempt is asked to do. */
export const promptOf = (context: TaskContext): string => context.followUp?.text ?? context.prompt;
