/** Actors as they are stored: the inspector's view. */
import { z } from 'zod';
import { command, idText } from './common.ts';

/** A step of any actor as lists and streams tell it. */
export const feedRow = z
  .object({
    /** Global sequence number: the order in which steps were committed. */
    gseq: z.int(),
    actor: z.string(),
    kind: z.string(),
    /** The actor's own count. */
    seq: z.int(),
    at: z.int(),
    /** Type of the event. */
    type: z.string(),
    by: z.string().nullable(),
    /** Edge ids of the chart that were taken. */
    transitions: z.array(z.string()),
    /** State value after the step, XState's form. */
    value: z.unknown(),
    status: z.string(),
    attention: z.int(),
    /** Id of what it belongs to (an agent's or message's task). */
    task: z.string().optional(),
    title: z.string(),
    /** What an agent said it is doing, where this step is that word. */
    progress: z.string().optional(),
  })
  .meta({ id: 'FeedRow' });
export type FeedRow = z.infer<typeof feedRow>;

/** A journal row: a feed row with its whole event. */
export const journalRow = z
  .object({
    gseq: z.int(),
    actor: z.string(),
    kind: z.string(),
    seq: z.int(),
    at: z.int(),
    type: z.string(),
    event: z.looseObject({ type: z.string() }),
    by: z.string().nullable(),
    transitions: z.array(z.string()),
    value: z.unknown(),
    status: z.string(),
  })
  .meta({ id: 'JournalRow' });
export type JournalRow = z.infer<typeof journalRow>;

export const actorView = z
  .object({
    id: z.string(),
    short: z.string(),
    kind: z.string(),
    /** Version of its machine. */
    version: z.int(),
    seq: z.int(),
    value: z.unknown(),
    context: z.record(z.string(), z.unknown()),
    tags: z.array(z.string()),
    status: z.string(),
    attention: z.int(),
    title: z.string(),
    legal: z.array(command),
    timers: z.array(z.object({ id: z.string(), due: z.int(), in: z.int() })),
  })
  .meta({ id: 'Actor' });
export type ActorView = z.infer<typeof actorView>;

/** The actor as it was right after step `seq`, with the step that brought it there and the state before. */
export const actorAt = z
  .object({
    id: z.string(),
    kind: z.string(),
    version: z.int(),
    seq: z.int(),
    at: z.int(),
    value: z.unknown(),
    context: z.record(z.string(), z.unknown()),
    status: z.string(),
    event: z.looseObject({ type: z.string() }),
    by: z.string().nullable(),
    transitions: z.array(z.string()),
    previous: z.object({ seq: z.int(), value: z.unknown(), context: z.record(z.string(), z.unknown()), status: z.string() }).nullable(),
  })
  .meta({ id: 'ActorAt' });
export type ActorAt = z.infer<typeof actorAt>;

export const actorParams = z.object({ actor: idText });
export const actorVerbParams = z.object({ actor: idText, verb: z.string().min(1).max(40) });
export const actorAtParams = z.object({ actor: idText, seq: z.coerce.number().int().nonnegative() });

const rows = z.coerce.number().int().min(1).max(1000).default(200);
const bound = z.coerce.number().int().nonnegative();
/** `after`/`before` are exclusive bounds of `seq`; newest last. Without `after` the newest `limit` rows. */
export const historyQuery = z.strictObject({ after: bound.optional(), before: bound.optional(), limit: rows });
/** `after` is an exclusive bound of `gseq`. */
export const journalQuery = z.strictObject({
  after: bound.optional(),
  limit: rows,
  kind: z.string().max(40).optional(),
  actor: idText.optional(),
});
