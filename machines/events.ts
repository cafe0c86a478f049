/** What every event shares, and the events the runtime itself sends. Each kind's own events stand beside its chart. */
import { z } from 'zod';

export const envelope = {
  /** Unique per home: a second arrival is dropped. */
  id: z.string().min(1).max(200),
  /** Milliseconds since 1970, UTC. */
  at: z.int().nonnegative(),
  /** Channel and person, agent or part that sent it. */
  by: z.string().max(200).optional(),
};

/** An event type with its fields: `event('STOP', { reason: z.string() })`. Unknown fields are refused. */
export const event = <T extends string, S extends z.ZodRawShape>(type: T, fields: S) =>
  z.strictObject({ type: z.literal(type), ...envelope, ...fields });

export const problem = z.object({ code: z.string(), detail: z.string(), extra: z.record(z.string(), z.unknown()).optional() });
export type ProblemFacts = z.infer<typeof problem>;

/** How a process ended; both null = nobody knows. */
export const exit = z.object({ code: z.int().nullable(), signal: z.int().nullable() });
export type Exit = z.infer<typeof exit>;

/** What an outbox row tells its actor when it did not end with an outcome of its own. */
export const effectTrouble = [
  event('EFFECT_FAILED', { effect: z.string(), params: z.looseObject({}), problem }),
  event('EFFECT_UNSURE', { effect: z.string(), params: z.looseObject({}) }),
  event('EFFECT_CANCELLED', { effect: z.string(), params: z.looseObject({}) }),
] as const;
