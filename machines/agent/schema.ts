/** An agent's input, context and events. One agent is one attempt at a task: one conversation, one window, one worktree. */
import { z } from 'zod';
import { ruling } from '../approval.ts';
import { pane, profile, workspace } from '../effects.ts';
import { effectTrouble, envelope, event, exit, problem } from '../events.ts';
import { evidence, facts, sources } from '../evidence.ts';

export const input = z.strictObject({
  ...envelope,
  task: z.string(),
  project: z.string(),
  title: z.string(),
  attempt: z.int(),
  profile,
  workspace,
  /** First prompt for profiles that take it at launch; null when it comes as a message. */
  prompt: z.string().nullable(),
  /** Message that goes in with the prompt at launch, or null. */
  message: z.string().nullable().default(null),
  /** Session id of the conversation, ours, stored before anything is started. */
  conversation: z.string(),
  /** True when that conversation exists already and must be continued, never begun anew. */
  resume: z.boolean(),
});

const question = z.object({ approval: z.string(), kind: z.enum(['approval', 'question']) });
const queued = z.object({ message: z.string(), text: z.string() });

export const context = input.omit({ at: true, by: true }).extend({
  /** Counts starts of the program; outcomes of an older start are ignored. */
  launch: z.int(),
  restarts: z.int(),
  pane: pane.nullable(),
  exit: exit.nullable(),
  /** Last lines of the screen when it ended. */
  output: z.string().nullable(),
  /** Who asked for the end: nobody, a person, the idle rule, the time limit. */
  ending: z.enum(['none', 'stop', 'kill', 'idle', 'timeLimit']),
  evidence: z.array(evidence),
  /** When the present doubt began. */
  doubtSince: z.int(),
  /** Last progress it reported. */
  progress: z.string().nullable(),
  /** It reported its work as done or failed. */
  reported: z.enum(['done', 'failed']).nullable(),
  summary: z.string().nullable(),
  problem: problem.nullable(),
  queue: z.array(queued),
  /** Message being worked on. */
  current: z.string().nullable(),
  /** What it waits for a person to decide, oldest first. */
  asks: z.array(question),
  /** The message that its start carries, until it is answered. */
  given: z.string().nullable(),
  limitedUntil: z.int().nullable(),
  /** Limits in a row without a turn that came to its end. */
  limits: z.int(),
  /** The task has ended: a finished interactive agent may be let go. */
  taskEnded: z.boolean(),
  now: z.int(),
});
export type AgentContext = z.infer<typeof context>;
export type AgentInput = z.infer<typeof input>;

export const events = z.discriminatedUnion('type', [
  // A person's commands
  event('STOP', {}),
  event('KILL', {}),
  event('INTERRUPT', {}),
  event('SUSPEND', {}),
  event('CONTINUE', {}),
  event('START', {}),
  /** A limit is waited out, or not. */
  event('RESUME_NOW', {}),
  // Messages
  event('ENQUEUE', { message: z.string(), text: z.string() }),
  event('DEQUEUE', { message: z.string() }),
  event('MESSAGE_FAILED', { message: z.string() }),
  // The window
  event('LAUNCHED', { launch: z.int(), pane }),
  event('LAUNCH_FAILED', { launch: z.int(), problem }),
  event('PROCESS_EXITED', { launch: z.int(), exit, output: z.string().nullable(), detail: z.string() }),
  event('PROCESS_GONE', { launch: z.int(), detail: z.string() }),
  event('SUSPENDED', { launch: z.int() }),
  event('CONTINUED', { launch: z.int() }),
  // Evidence
  event('OBSERVED', {
    launch: z.int().nullable(),
    fact: z.enum(facts),
    source: z.enum(sources),
    observedAt: z.int(),
    detail: z.string().max(4000),
    /** For `limited`: when it ends. */
    until: z.int().optional(),
  }),
  /** It asks a person. `approval` is the id the new approval gets. */
  event('ASKED', {
    approval: z.string(),
    kind: z.enum(['approval', 'question']),
    text: z.string().min(1).max(20_000),
    tool: z.string().max(200).nullable(),
    choices: z.array(z.string().max(500)).max(20),
    expiresAt: z.int().nullable(),
    /** What the person's policy says about it; it decides in the same commit. */
    policy: ruling.nullable().optional(),
    source: z.enum(sources),
    observedAt: z.int(),
  }),
  event('DECIDED', { approval: z.string(), decision: z.enum(['allow', 'deny', 'answer', 'expire', 'withdraw']) }),
  /** Nothing more is expected of it (the idle rule). */
  event('LET_GO', {}),
  event('TASK_ENDED', {}),
  event('TASK_REOPENED', {}),
  ...effectTrouble,
]);
export type AgentEvent = z.infer<typeof events>;
