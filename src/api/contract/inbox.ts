/** What waits for a person: approvals, questions and tasks worth a look. */
import { z } from 'zod';
import { agentRef, command, idText, projectRef, taskRef } from './common.ts';

/** What a rule of `[[policy]]` says about a permission; `ask`: that a person decides. */
const policy = z.object({
  decision: z.enum(['allow', 'deny', 'ask']),
  /** The rule in words. */ rule: z.string(),
  reason: z.string().nullable(),
});

export const inboxItem = z
  .object({
    id: z.string(),
    short: z.string(),
    kind: z.enum(['approval', 'question', 'task']),
    status: z.string(),
    task: taskRef.nullable(),
    agent: agentRef.nullable(),
    project: projectRef.nullable(),
    /** What is asked, or why the task is here. */
    text: z.string(),
    tool: z.string().nullable(),
    /** Answers it offers; free text is allowed as well. */
    choices: z.array(z.string()),
    /** The rule that sent it to a person; null when none fits. */
    policy: policy.nullable(),
    since: z.int(),
    expiresAt: z.int().nullable(),
    commands: z.array(command),
    /** The machine whose agent asks, where it is another one. */
    system: z.string().nullable().optional(),
  })
  .meta({ id: 'InboxItem' });
export type InboxItem = z.infer<typeof inboxItem>;

export const approval = z
  .object({
    id: z.string(),
    short: z.string(),
    kind: z.enum(['approval', 'question']),
    /** pending, allowed, denied, answered, expired, withdrawn. */
    status: z.string(),
    task: z.string().nullable(),
    agent: z.string(),
    text: z.string(),
    tool: z.string().nullable(),
    choices: z.array(z.string()),
    answer: z.string().nullable(),
    /** The channel: `cli`, `web`, `api:NAME`, `terminal` (in its own window), `timer` (nobody did in time), `policy`. */
    decidedBy: z.string().nullable(),
    decidedAt: z.int().nullable(),
    askedAt: z.int(),
    /** The rule that decided it, or that sent it to a person. */
    policy: policy.nullable(),
    expiresAt: z.int().nullable(),
    commands: z.array(command),
    /** The machine whose agent asks, where it is another one. */
    system: z.string().nullable().optional(),
    /** Of another machine: your decision has not been heard there yet; one sentence. Null: it has. */
    waits: z.string().nullable().optional(),
  })
  .meta({ id: 'Approval' });
export type Approval = z.infer<typeof approval>;

export const approvalParams = z.object({ approval: idText });
export const decide = z
  .strictObject({ note: z.string().max(2000).optional() })
  .meta({ id: 'Decide', examples: [{ note: 'fine' }] })
  .nullish();
export const answer = z
  .strictObject({ text: z.string().min(1).max(20_000) })
  .meta({ id: 'Answer', examples: [{ text: 'Use the second option' }] });
export type Answer = z.infer<typeof answer>;
