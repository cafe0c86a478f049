/** An agent: one attempt at a task, with one conversation, one window, one worktree. */
import { z } from 'zod';
import { agentRef, attention, command, exit, idText, taskRef } from './common.ts';
import { usageFigures } from './usage.ts';

/** One observation the status was inferred from. */
export const evidenceView = z.object({
  fact: z.string(),
  /** report, hook, process, transcript, keys, pane or silence. */
  source: z.string(),
  /** 1 (silence) to 5 (the agent's own word). */
  trust: z.int(),
  /** Milliseconds since it was observed. */
  ageMs: z.int(),
  detail: z.string(),
});
export type EvidenceView = z.infer<typeof evidenceView>;

/** A limit of its provider, while it waits for the end of it. */
const limit = z.object({
  /** When the provider says that it ends; null = it does not say. */
  until: z.int().nullable(),
  /** When it is told to go on, or tried again; null = a person says when (`resume`). */
  resumesAt: z.int().nullable(),
});

const ask = z.object({ approval: z.string(), kind: z.enum(['approval', 'question']) });

export const agent = z
  .object({
    id: z.string(),
    short: z.string(),
    kind: z.literal('agent'),
    /** One word for both regions. */
    status: z.string(),
    /** absent, launching, alive, stopping, exited, backoff, lost. */
    process: z.string(),
    /** booting, ready, busy, needsApproval, needsAnswer, interrupted, limited, detecting. */
    conversation: z.string(),
    attention,
    title: z.string(),
    task: taskRef,
    project: z.string(),
    profile: z.string(),
    attempt: z.int(),
    /** Counts starts of its program. */
    launch: z.int(),
    restarts: z.int(),
    pid: z.int().nullable(),
    /** tmux pane id. */
    pane: z.string().nullable(),
    worktree: z.string().nullable(),
    branch: z.string().nullable(),
    /** Last progress it told. */
    progress: z.string().nullable(),
    reported: z.enum(['done', 'failed']).nullable(),
    evidence: z.array(evidenceView),
    exit: exit.nullable(),
    /** Open questions and approvals, oldest first. */
    asks: z.array(ask),
    limit: limit.nullable(),
    /** What this attempt used so far. */
    usage: usageFigures.nullable(),
    /** In this status since. */
    since: z.int(),
    seq: z.int(),
    commands: z.array(command),
    /** What to run to look at it in one's own terminal; empty when it has no window. */
    attach: z.array(z.string()),
  })
  .meta({ id: 'Agent' });
export type Agent = z.infer<typeof agent>;

/** The agent as a task shows it. */
export const agentSummary = agentRef.extend({
  status: z.string(),
  progress: z.string().nullable(),
  since: z.int(),
  limit: limit.nullable(),
});
export type AgentSummary = z.infer<typeof agentSummary>;
export const agentParams = z.object({ agent: idText });
