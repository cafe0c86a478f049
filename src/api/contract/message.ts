/** Messages to an agent. */
import { z } from 'zod';
import { command, idText } from './common.ts';

export const message = z
  .object({
    id: z.string(),
    short: z.string(),
    kind: z.literal('message'),
    /** queued, typing, submitted, accepted, turnStarted, answered, failed, cancelled. */
    status: z.string(),
    task: z.string(),
    agent: z.string().nullable(),
    text: z.string(),
    at: z.int(),
    updatedAt: z.int(),
    /** What the agent said at the end of the turn that this began, as far as its program tells; else null. */
    answer: z.string().nullable(),
    /** When each receipt came: queued, DELIVER, GIVEN, SUBMITTED, ACCEPTED, TURN_STARTED, ANSWERED … */
    receipts: z.record(z.string(), z.int()),
    /** Why it failed, one sentence. */
    reason: z.string().nullable(),
    commands: z.array(command),
    /** The machine that has the task, where it is another one: there the message waits, is typed and answered. */
    system: z.string().nullable().optional(),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof message>;

export const createMessage = z
  .strictObject({ /** 1 byte to 1 MiB of UTF-8, cleaned like a prompt. */ text: z.string() })
  .meta({ id: 'CreateMessage', examples: [{ text: 'Please add a test for the empty cart as well.' }] });
export type CreateMessage = z.infer<typeof createMessage>;
export const messageParams = z.object({ message: idText });
