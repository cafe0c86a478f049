/** A task's input, context and events. */
import { z } from 'zod';
import { profile, workspace } from '../effects.ts';
import { effectTrouble, envelope, event, exit, problem } from '../events.ts';

export const diff = z.object({ files: z.int(), insertions: z.int(), deletions: z.int() });

/** How an attempt ended, as `--json` shows it. */
export const result = z.object({
  /** Exit code of the program; null when it did not end by itself or nobody knows. */
  exitCode: z.int().nullable(),
  signal: z.int().nullable(),
  /** What the agent said of its work, or the reason it ended; one paragraph. */
  summary: z.string().nullable(),
  durationMs: z.int().nullable(),
  /** Null for a folder without git. */
  diff: diff.nullable(),
  /** The last lines it printed. */
  output: z.string().nullable(),
});
export type TaskResult = z.infer<typeof result>;

/** Which budget was reached: its own, its project's of the day, or everybody's of the day. Millionths of a dollar. */
export const overrun = z.strictObject({ scope: z.enum(['task', 'project', 'day']), limit: z.int(), spent: z.int() });
export type Overrun = z.infer<typeof overrun>;

/** A fork: the task it was taken from, the commit that holds its files, and the moment of its past that is meant (null: as it stood). */
export const origin = z.strictObject({ task: z.string(), commit: z.string().regex(/^[0-9a-f]{40,64}$/), before: z.int().nullable() });
export type Origin = z.infer<typeof origin>;

/** What is asked for. Checked at the door; `project` and `after` exist when the actor is made. */
export const input = z.strictObject({
  ...envelope,
  project: z.string(),
  title: z.string().min(1).max(200),
  prompt: z.string().min(1),
  profile,
  priority: z.int().min(-10).max(10).default(0),
  /** Tasks that must succeed first. */
  after: z.array(z.string()).default([]),
  /** Not before this time, or null. */
  startAt: z.int().nullable().default(null),
  /** System that shall do it; null = this one. */
  system: z.string().nullable().default(null),
  /** Millionths of a dollar that its agents may use before a person is asked; null = what config.toml says. */
  budget: z.int().positive().nullable().default(null),
  /** Work of another task that every attempt starts from (a fork); null = what the project's folder is at. */
  from: origin.nullable().default(null),
  /** Project folder has git (each attempt gets a worktree) or not (one task at a time). */
  isolated: z.boolean(),
});

export const verdict = z.enum(['succeeded', 'failed', 'cancelled', 'interrupted', 'expired', 'superseded']);

export const context = input.omit({ at: true, by: true }).extend({
  createdAt: z.int(),
  createdBy: z.string().nullable(),
  /** Dependencies that have not succeeded yet. */
  waitsFor: z.array(z.string()),
  /** Of these, those that ended without success. */
  stuckOn: z.array(z.string()),
  /** Tasks that wait for this one. */
  dependents: z.array(z.string()),
  /** The budget that was reached; null while none is. */
  overrun: overrun.nullable(),
  /** Budgets that a person let it go beyond: scope and limit. */
  waived: z.array(z.string()),
  attempt: z.int(),
  /** Agent of the current attempt. */
  agent: z.string().nullable(),
  /** Agents of all attempts, oldest first. */
  agents: z.array(z.string()),
  workspace: workspace.nullable(),
  /** Next attempt continues the conversation and the worktree of the last one, with this text. */
  followUp: z
    .strictObject({ /** Null: the message gets the id that the attempt is granted. */ message: z.string().nullable(), text: z.string() })
    .nullable(),
  /** Ids the current attempt was given. */
  grant: z.strictObject({ message: z.string(), conversation: z.string() }).nullable(),
  /** What the agent said of its own work. */
  said: z.enum(['done', 'failed']).nullable(),
  verdict: verdict.nullable(),
  /** Why the task is where it is, one sentence. */
  reason: z.string().nullable(),
  result: result.nullable(),
  startedAt: z.int().nullable(),
  endedAt: z.int().nullable(),
  /** Time of the event handled last. */
  now: z.int(),
});
export type TaskContext = z.infer<typeof context>;
export type TaskInput = z.infer<typeof input>;

const agentState = z.enum(['booting', 'ready', 'busy', 'needsApproval', 'needsAnswer', 'limited', 'interrupted', 'detecting']);

export const events = z.discriminatedUnion('type', [
  // A person's commands
  event('STOP', { reason: z.string().max(500).optional() }),
  event('KILL', { reason: z.string().max(500).optional() }),
  event('PAUSE', {}),
  event('RESUME', {}),
  event('RETRY', {}),
  event('START_NOW', {}),
  event('SET_BUDGET', { budget: z.int().positive() }),
  /** What was used has reached a budget. */
  event('BUDGET_REACHED', { overrun }),
  event('SET_PRIORITY', { priority: z.int().min(-10).max(10) }),
  /** More work after the end: same conversation, same worktree. `message` is the id the new message gets. */
  event('FOLLOW_UP', { message: z.string(), text: z.string().min(1) }),
  /** The same, while the agent of the last attempt still lives: it goes on there. */
  event('REOPEN', { message: z.string(), text: z.string().min(1) }),
  // Admission
  event('GRANTED', { agent: z.string(), message: z.string(), conversation: z.string() }),
  // Other tasks
  event('WATCH_END', { task: z.string() }),
  event('DEPENDENCY_ENDED', { task: z.string(), status: z.string() }),
  // Workspace
  event('WORKSPACE_READY', { attempt: z.int(), workspace }),
  event('WORKSPACE_FAILED', { attempt: z.int(), problem }),
  event('WORKSPACE_MEASURED', { attempt: z.int(), diff: diff.nullable() }),
  // The agent of the attempt
  event('AGENT_STATE', { agent: z.string(), state: agentState, detail: z.string().nullable() }),
  event('AGENT_DONE', { agent: z.string(), summary: z.string().nullable() }),
  event('AGENT_FAILED', { agent: z.string(), summary: z.string().nullable() }),
  event('AGENT_EXITED', { agent: z.string(), exit, output: z.string().nullable(), reason: z.string().nullable(), lost: z.boolean() }),
  // The hub, once there is one
  event('HUB_OFFERED', {}),
  event('HUB_CLAIMED', { system: z.string() }),
  event('HUB_RUNNING', {}),
  event('HUB_ENDED', { verdict, summary: z.string().nullable() }),
  event('HUB_TAKEN_OVER', { system: z.string() }),
  /** `plan`: how this machine would begin it, where it was meant for a project of another one. */
  event('RUN_HERE', { plan: z.strictObject({ project: z.string(), profile, isolated: z.boolean() }).optional() }),
  /** Another machine shall do it: nothing of it runs here. */
  event('HAND_OVER', { system: z.string().min(1).max(200) }),
  ...effectTrouble,
]);
export type TaskEvent = z.infer<typeof events>;
