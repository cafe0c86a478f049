/** What waits for a person: approvals, questions and tasks worth a look. */
import { z } from 'zod';
import { agentRef, command, idText, projectRef, taskRef } from './common.ts';

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
    since: z.int(),
    expiresAt: z.int().nullable(),
    commands: z.array(command),
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
    decidedBy: z.string().nullable(),
    expiresAt: z.int().nullable(),
    commands: z.array(command),
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
