/** A task: what is asked for, and what has become of it. */
import { z } from 'zod';
import { agentSummary } from './agent.ts';
import { attention, command, diffStat, idText, instant, projectRef, taskRef } from './common.ts';
import { flag, page } from './envelope.ts';
import { usageFigures } from './usage.ts';

/** Longest prompt or message: 1 MiB of UTF-8. */
export const maxTextBytes = 1024 * 1024;

const taskResult = z.object({
  /** Exit code of the program; null when it did not end by itself or nobody knows. */
  exitCode: z.int().nullable(),
  signal: z.int().nullable(),
  summary: z.string().nullable(),
  durationMs: z.int().nullable(),
  /** Null for a folder without git. */
  diff: diffStat.nullable(),
  /** Last lines it printed. */
  output: z.string().nullable(),
});
export type TaskResult = z.infer<typeof taskResult>;

export const task = z
  .object({
    id: z.string(),
    short: z.string(),
    kind: z.literal('task'),
    /** One word of the task chart: scheduled, blocked, queued, starting, working, needsApproval … succeeded, failed, cancelled, interrupted. */
    status: z.string(),
    attention,
    ended: z.boolean(),
    title: z.string(),
    /** Whole when one task is asked for; in lists its first 500 characters. */
    prompt: z.string(),
    project: projectRef,
    profile: z.string(),
    /** −10 to 10, higher first. */
    priority: z.int(),
    /** 0 before the first attempt. */
    attempt: z.int(),
    /** Agent of the present attempt. */
    agent: z.string().nullable(),
    /** Agents of all attempts, oldest first. */
    agents: z.array(z.string()),
    branch: z.string().nullable(),
    worktree: z.string().nullable(),
    base: z.string().nullable(),
    /** Why it is where it is, one sentence. */
    reason: z.string().nullable(),
    /** The machine that does it, where it is another one. */
    system: z.string().nullable().optional(),
    /** That machine is away and has not begun, and this one has a project of that name: `run-here` does it there. */
    hereInstead: projectRef.nullable().optional(),
    result: taskResult.nullable(),
    /** Tasks that must succeed first, and those of them that have not yet. */
    after: z.array(z.string()),
    waitsFor: z.array(z.string()),
    startAt: z.int().nullable(),
    createdAt: z.int(),
    startedAt: z.int().nullable(),
    endedAt: z.int().nullable(),
    updatedAt: z.int(),
    createdBy: z.string().nullable(),
    notes: z.array(z.string()),
    commands: z.array(command),
    agentState: agentSummary.nullable(),
    /** Its own budget in millionths of a dollar; null = what config.toml says. */
    budget: z.int().nullable(),
    /** In status `overBudget`: the budget that was reached. Commands `resume` (go on), `budget` (more), `stop`. */
    overrun: z.object({ scope: z.enum(['task', 'project', 'day']), limit: z.int(), spent: z.int() }).nullable(),
    /** The task it was forked from, as it was at this instant (null: when the fork was made). */
    from: taskRef.extend({ before: z.int().nullable() }).nullable(),
    /** What all its attempts used so far. */
    usage: usageFigures.nullable(),
    /** Steps of this actor so far. */
    seq: z.int(),
  })
  .meta({ id: 'Task' });
export type Task = z.infer<typeof task>;

export const createTask = z
  .strictObject({
    /** Project id, short id or name. */
    project: z.string().min(1).max(200).optional(),
    /** Instead of `project`: a folder inside a known project, or one that is then added. Absolute. */
    path: z.string().min(1).max(4096).optional(),
    /** What to do. 1 byte to 1 MiB of UTF-8; control characters other than tab and newline are taken out (a note says so). */
    prompt: z.string(),
    /** Default: the first line of the prompt, shortened. */
    title: z.string().min(1).max(200).optional(),
    agent: z.string().min(1).max(60).optional(),
    priority: z.int().min(-10).max(10).optional(),
    after: z.array(idText).max(100).optional(),
    /** Not before this instant; must be in the future. */
    at: instant.optional(),
    /** System that shall do it; default this one. */
    system: z.string().min(1).max(200).optional(),
    /** Millionths of a dollar it may use before it is halted and a person is asked; default [budget] of config.toml. */
    budget: z.int().positive().max(1_000_000_000_000).optional(),
  })
  .meta({
    id: 'CreateTask',
    examples: [{ project: 'shop', prompt: 'Fix the failing test in cart.test.ts', agent: 'claude', priority: 1 }],
  });
export type CreateTask = z.input<typeof createTask>;

/** A new task that starts from the files and words of another one. What is not said is taken from that one. */
export const forkTask = z
  .strictObject({
    /** What to do now. Default: the same, another way. */
    prompt: z.string().optional(),
    title: z.string().min(1).max(200).optional(),
    agent: z.string().min(1).max(60).optional(),
    priority: z.int().min(-10).max(10).optional(),
    budget: z.int().positive().max(1_000_000_000_000).optional(),
    /** Not as it is now, but as it was at this instant of its past: what was committed and said by then. */
    before: instant.optional(),
  })
  .meta({ id: 'ForkTask', examples: [{ prompt: 'Do it without the new dependency' }] });
export type ForkTask = z.input<typeof forkTask>;

/** A pull request for the branch of an ended task. */
export const openPull = z
  .strictObject({
    /** Default: the task's. */
    title: z.string().min(1).max(200).optional(),
    /** Default: what the agent said of its work. */
    body: z.string().max(60_000).optional(),
    draft: z.boolean().optional(),
  })
  .meta({ id: 'OpenPull', examples: [{ draft: true }] })
  .nullish();
export type OpenPull = z.infer<typeof openPull>;

export const pullRequest = z
  .object({
    /** It is open, at `url`. */
    opened: z.boolean(),
    url: z.string().nullable(),
    /** The branch is on the remote. False: nothing was sent; `command` sends it, `compare` is the page that opens it. */
    pushed: z.boolean(),
    branch: z.string(),
    base: z.string(),
    remote: z.string(),
    compare: z.string().nullable(),
    command: z.array(z.string()),
    /** What a person should know, one sentence. */
    note: z.string().nullable(),
  })
  .meta({ id: 'PullRequest' });
export type PullRequest = z.infer<typeof pullRequest>;

export const listTasks = z.strictObject({
  status: z.string().max(200).optional().describe('One status, or several separated by commas'),
  project: z.string().max(200).optional(),
  attention: flag.describe('Only those that wait for a person'),
  q: z.string().max(200).optional().describe('Text in the title'),
  all: flag.describe('Ended ones too'),
  here: flag.describe("Only this machine's own"),
  ...page,
});
export type ListTasks = z.input<typeof listTasks>;

/** Body of a verb. Which fields a command takes is in its `needs`. */
export const taskVerbBody = z
  .strictObject({
    priority: z.int().min(-10).max(10).optional(),
    budget: z.int().positive().max(1_000_000_000_000).optional(),
    reason: z.string().max(500).optional(),
  })
  .meta({ id: 'TaskVerb', examples: [{}] })
  .nullish();
export const taskParams = z.object({ task: idText });
export const taskVerbParams = z.object({ task: idText, verb: z.string().min(1).max(40) });

export const taskDiff = z.object({
  text: z.string(),
  truncated: z.boolean(),
  stat: diffStat.nullable(),
  /** What it was made from where that is not the worktree, or why there is none. A sentence. */
  note: z.string().optional(),
});
export type TaskDiff = z.infer<typeof taskDiff>;
export const merged = z.object({ commit: z.string(), branch: z.string() });
export type Merged = z.infer<typeof merged>;
/** `removed: false`: kept because it holds work that is nowhere else; `kept` says which. */
export const removal = z.object({
  removed: z.boolean(),
  rescueRef: z.string().nullable(),
  kept: z.string().optional(),
  /** What else a person should know: a branch that was kept, and why. Sentences. */
  notes: z.array(z.string()),
});
export type RemovalView = z.infer<typeof removal>;
/** Screen and history of the pane, or (`live: false`) what was saved of it. */
export const taskLog = z.object({ text: z.string(), live: z.boolean() });
export type TaskLog = z.infer<typeof taskLog>;
