/** What agents used: tokens, and money where it is known. */
import { z } from 'zod';
import { idText } from './common.ts';

const figures = {
  /** Requests to a model. */
  requests: z.int(),
  /** Turns begun: what an agent does from taking a prompt until it is done with it, or is broken off. */
  turns: z.int(),
  /** Milliseconds in which those were busy: not those in which they waited for a person, or for the end of a limit. */
  busyMs: z.int(),
  /** Tokens sent that came from no cache, tokens made, tokens read from and written to the provider's cache. */
  input: z.int(),
  output: z.int(),
  cacheRead: z.int(),
  cacheWrite: z.int(),
  /** Millionths of a dollar, of the requests whose cost is known; null when that is none. */
  costMicroUsd: z.int().nullable(),
  /** Requests whose cost nobody knows: with some, `costMicroUsd` is the least it can be. */
  unpriced: z.int(),
};
/** Part of a task and of an agent; null until something was heard. */
export const usageFigures = z.object(figures).meta({ id: 'Usage' });
export type UsageFigures = z.infer<typeof usageFigures>;

export const usageRow = z
  .object({
    /** Id of the task, agent or project; the day (`2026-11-23`, this machine's time zone), profile or model. */
    key: z.string(),
    short: z.string().nullable(),
    /** What a person calls it. */
    name: z.string(),
    ...figures,
    /** Null by model: a turn has none of its own. */
    turns: figures.turns.nullable(),
    busyMs: figures.busyMs.nullable(),
    /** When the newest of them was; of a turn, when it began. */
    lastAt: z.int(),
  })
  .meta({ id: 'UsageRow' });
export type UsageRow = z.infer<typeof usageRow>;

export const usageReport = z
  .object({
    by: z.string(),
    /** Since when it counts: what was asked for, or the beginning of that day where only sums of it are kept; null = since ever. */
    from: z.int().nullable(),
    /** Largest cost first, then most tokens; days newest first. */
    rows: z.array(usageRow),
    /** All of it, also of rows left out; null when nothing was used. */
    total: usageFigures.nullable(),
    /** Version of the prices in config.toml; null when there are none. */
    prices: z.string().nullable(),
  })
  .meta({ id: 'UsageReport' });
export type UsageReport = z.infer<typeof usageReport>;

export const usageQuery = z.strictObject({
  by: z.enum(['task', 'agent', 'project', 'day', 'profile', 'model']).default('task'),
  since: z.coerce.number().int().nonnegative().optional().describe('Not before, milliseconds since 1970'),
  task: idText.optional(),
  project: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type UsageQuery = z.input<typeof usageQuery>;
