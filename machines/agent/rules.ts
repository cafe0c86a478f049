/** The agent chart's guards and context changes, as plain functions: what is believed, when to start again, what to remember. */
import type { EffectParams } from '../effects.ts';
import { type Belief, beliefOf, type Evidence, type Fact, keep, lagMs, type Source, settle, weigh } from '../evidence.ts';
import type { AgentContext, AgentEvent, AgentInput } from './schema.ts';

type Args = { context: AgentContext; event: AgentEvent };

export const firstContext = ({ id, at, by: _by, ...rest }: AgentInput): AgentContext => ({
  id,
  ...rest,
  launch: 0,
  restarts: 0,
  pane: null,
  exit: null,
  output: null,
  ending: 'none',
  evidence: [],
  doubtSince: 0,
  progress: null,
  reported: null,
  summary: null,
  problem: null,
  queue: [],
  current: null,
  asks: [],
  given: rest.message,
  limitedUntil: null,
  limits: 0,
  taskEnded: false,
  now: at,
});

/** The outcome belongs to the program started last, not to one before it. */
export const thisLaunch = ({ context, event }: Args): boolean =>
  !('launch' in event) || event.launch === null || event.launch === context.launch;

/** What an event says about the conversation, if anything. */
export const seen = (event: AgentEvent): Evidence | null => {
  if (event.type === 'OBSERVED')
    return { fact: event.fact, source: event.source, at: event.observedAt, detail: event.detail.slice(0, 500) };
  if (event.type === 'ASKED') {
    const fact: Fact = event.kind === 'approval' ? 'approval' : 'asking';
    return { fact, source: event.source, at: event.observedAt, detail: event.text.slice(0, 500) };
  }
  return null;
};

const presentOf = (event: AgentEvent, fresh: Evidence): number => Math.max(fresh.at, event.at ?? fresh.at);

/**
 * Nothing was seen in time to come: the clock was set back. How old that is nobody can tell; it is held to be just too old for a screen to lag
 * behind it, so that what says otherwise is a doubt, and to be of before the doubt.
 */
const aged = (evidence: readonly Evidence[], now: number): Evidence[] =>
  evidence.map((held) => (held.at > now ? { ...held, at: now - lagMs - 1 } : held));

const verdictOf = ({ context, event }: Args) => {
  const fresh = seen(event);
  if (!fresh || !thisLaunch({ context, event })) return 'ignore';
  return weigh(aged(context.evidence, presentOf(event, fresh)), fresh);
};
export const conflicts = (args: Args): boolean => verdictOf(args) === 'conflict';
export const ignorable = (args: Args): boolean => verdictOf(args) === 'ignore';

/** True when an accepted observation means this belief; `done` and `failed` have transitions of their own. */
export const means = (belief: Belief) => (args: Args) => {
  const fresh = seen(args.event);
  return fresh !== null && beliefOf[fresh.fact] === belief && !ignorable(args);
};
/** Its own word that the work is finished, or that it failed. */
export const says = (fact: 'done' | 'failed') => (args: Args) =>
  args.event.type === 'OBSERVED' && args.event.fact === fact && !ignorable(args);
export const settlesAs =
  (belief: Belief) =>
  ({ context }: Args) =>
    settle(context.evidence, context.doubtSince) === belief;

const note = (context: Pick<AgentContext, 'evidence'>, fresh: Evidence | null): Pick<AgentContext, 'evidence'> => ({
  evidence: fresh ? [...context.evidence, fresh].slice(-keep) : context.evidence,
});

/** What an observation leaves behind: itself, the progress or the result it tells, the end of a limit. */
export const remember = (context: AgentContext, event: AgentEvent): Partial<AgentContext> => {
  const fresh = seen(event);
  const evidence = fresh ? aged(context.evidence, presentOf(event, fresh)) : context.evidence;
  const kept = { ...note({ evidence }, fresh), now: event.at ?? context.now };
  if (event.type !== 'OBSERVED') return kept;
  const text = event.detail.trim() || null;
  switch (event.fact) {
    case 'progress':
      return { ...kept, progress: text ?? context.progress };
    case 'done':
    case 'failed':
      return { ...kept, reported: event.fact, summary: text ?? context.summary, limits: 0 };
    case 'limited':
      return { ...kept, limitedUntil: event.until ?? null, limits: context.limits + 1 };
    default:
      return kept;
  }
};

/** What the end of the program leaves behind. */
export const exitFacts = (context: AgentContext, event: AgentEvent): Partial<AgentContext> => {
  const now = event.at ?? context.now;
  const unknown = { code: null, signal: null };
  switch (event.type) {
    case 'PROCESS_EXITED':
      return { exit: event.exit, output: event.output ?? context.output, now };
    case 'PROCESS_GONE':
      return { exit: unknown, problem: { code: 'CCM_PANE_GONE', detail: event.detail }, now };
    case 'LAUNCH_FAILED':
    case 'EFFECT_FAILED':
      return { exit: unknown, problem: event.problem, now };
    default:
      return { exit: context.exit ?? unknown, now };
  }
};

/** Evidence made by the chart itself, from what it did. */
export const own = (context: AgentContext, fact: Fact, source: Source, at: number, detail: string) =>
  note(context, { fact, source, at, detail });

/** Start again by itself: the profile says so, nobody asked for the end, it had not reported its work, and the brake has not tripped. */
export const mayStartAgain = ({ context }: Args): boolean =>
  context.profile.restart === 'on-failure' &&
  context.ending === 'none' &&
  context.reported === null &&
  context.restarts < context.profile.maxRestarts;

/** A clean exit is an end; anything else may be followed by another start. */
export const startsAgain = (args: Args): boolean =>
  thisLaunch(args) && mayStartAgain(args) && !(args.event.type === 'PROCESS_EXITED' && args.event.exit.code === 0);

/** Something was seen of a turn, not only of our own hands. */
export const turnSeen = ({ evidence }: AgentContext): boolean =>
  evidence.some(({ fact, source }) => source !== 'keys' && (beliefOf[fact] === 'busy' || fact === 'done' || fact === 'failed'));

/** A oneshot ends by its exit status: that one is its answer. */
export const answeredByExit = ({ profile, exit }: AgentContext): boolean => profile.mode === 'oneshot' && exit?.code === 0;

/**
 * Until the limit is over, or, where nobody knows when that is, until it is worth a try: 5 min, doubling to an hour. One that was met again
 * although it should have been over is not run into every second.
 */
export const limitMs = ({ limitedUntil, limits, now }: AgentContext): number => {
  const again = limits > 1 ? Math.min(3_600_000, 30_000 * 2 ** (limits - 2)) : 1_000;
  if (limitedUntil === null) return Math.min(3_600_000, 300_000 * 2 ** Math.max(0, limits - 1));
  return Math.max(again, limitedUntil - now);
};

/** Back-off before a restart: 1 s doubling to 5 min, shifted by up to half by a value that differs from agent to agent. */
export const backoffMs = (context: AgentContext): number => {
  const base = Math.min(300_000, 1000 * 2 ** context.restarts);
  let spread = 0;
  for (const c of `${context.id}${context.restarts}`) spread = (spread * 31 + c.charCodeAt(0)) % 1000;
  return Math.round(base * (1 + spread / 2000));
};

export const launchParams = (context: AgentContext): EffectParams['agent.launch'] => ({
  agent: context.id,
  task: context.task,
  project: context.project,
  title: context.title,
  launch: context.launch,
  profile: context.profile,
  workspace: context.workspace,
  prompt: context.prompt,
  // A second start of this agent continues what the first one began.
  resume: context.profile.resumable && (context.resume || context.launch > 1) ? context.conversation : null,
  conversation: context.conversation,
});
