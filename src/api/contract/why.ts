/** Why something is in the state it is in: the sentence, its evidence, and what comes next. */
import { z } from 'zod';
import { evidenceView } from './agent.ts';

export const outboxRow = z
  .object({
    id: z.string(),
    actor: z.string(),
    effect: z.string(),
    lane: z.string(),
    /** pending, running, failed, unsure … as the runtime calls it. */
    status: z.string(),
    attempts: z.int(),
    /** Not before, or null. */
    due: z.int().nullable(),
    problem: z.string().nullable(),
    createdAt: z.int(),
  })
  .meta({ id: 'OutboxRow' });
export type OutboxRow = z.infer<typeof outboxRow>;

export const why = z
  .object({
    id: z.string(),
    short: z.string(),
    status: z.string(),
    since: z.int(),
    /** The answer, one sentence. */
    sentence: z.string(),
    evidence: z.array(evidenceView),
    /** What it waits for: other tasks, a free place, a person. Sentences. */
    waitingFor: z.array(z.string()).optional(),
    lastTransition: z
      .object({
        gseq: z.int(),
        seq: z.int(),
        at: z.int(),
        event: z.string(),
        by: z.string().nullable(),
        transitions: z.array(z.string()),
      })
      .nullable(),
    /** `due` is an instant, `in` the milliseconds left (negative when overdue). */
    timers: z.array(z.object({ id: z.string(), due: z.int(), in: z.int() })),
    effects: z.array(outboxRow),
  })
  .meta({ id: 'Why' });
export type Why = z.infer<typeof why>;
