/** The outside of every reply: `{ data, meta }` for success, an RFC 9457 document for trouble, a consequence for a dry run. */
import { z } from 'zod';

const meta = z
  .object({
    /** Highest global sequence number that is reflected in `data`: subscribe from here and nothing is missed. */
    head: z.int().optional(),
    /** Cursor of the next page, null on the last one. Opaque. */
    next: z.string().nullable().optional(),
    /** Rows that match, over all pages. */
    total: z.int().optional(),
  })
  .meta({ id: 'Meta' });
export type Meta = z.infer<typeof meta>;

/** `{ data, meta }`: what every success looks like, and what `--json` prints as it is. */
export const reply = <S extends z.ZodType>(data: S) => z.object({ data, meta });
export type Reply<T> = { data: T; meta: Meta };

/** application/problem+json. Extras of the particular case (`legal`, `matches`, `field`, `path` …) stand beside the fixed members. */
export const problemDocument = z
  .looseObject({
    /** `urn:ccm:<code>`: an identifier, not an address. */
    type: z.string(),
    /** What a person reads first. */
    title: z.string(),
    status: z.int(),
    /** This particular case, one sentence. */
    detail: z.string(),
    /** `CCM_…`, stable. */
    code: z.string(),
    /** What to do now. */
    next: z.string(),
    /** Path of the request. */
    instance: z.string(),
  })
  .meta({ id: 'Problem' });
export type ProblemDocument = z.infer<typeof problemDocument>;

/** Page of a list: `limit` rows (1–500, default 100) after `cursor`. */
export const page = {
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('Rows per page'),
  cursor: z.string().max(500).optional().describe('`meta.next` of the page before'),
};

/** `true`/`1` and `false`/`0` in a query string; a bare `?all` counts as true. */
export const flag = z
  .enum(['true', 'false', '1', '0', ''])
  .default('false')
  .transform((text) => text !== 'false' && text !== '0');

/** What a command would do, told by the pure transition. Nothing has happened. */
export const consequence = z
  .object({
    dryRun: z.literal(true),
    /** Accepted by the machine in its present state. */
    legal: z.boolean(),
    /** One sentence a person can decide on. */
    consequence: z.string(),
    /** Status afterwards; the present one when not legal; empty where no state changes. */
    becomes: z.string(),
    /** Names of the effects that would be started, in order. */
    effects: z.array(z.string()),
    /** Timers that would then run: `dueIn` in milliseconds. */
    timers: z.array(z.object({ id: z.string(), dueIn: z.int() })),
    /** Edge ids of the chart that would be taken. */
    transitions: z.array(z.string()),
  })
  .meta({ id: 'Consequence' });
export type Consequence = z.infer<typeof consequence>;

/** Reply of a call that acts, or tells what it would do under `?dry_run=true`. */
export const acted = <S extends z.ZodType>(data: S) => reply(z.union([consequence, data]));

export const dryRun = z.strictObject({ dry_run: flag.describe('Tell the consequence, do nothing') });
