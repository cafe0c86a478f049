/** Parts that several resources share. Every time is milliseconds since 1970 (UTC), every duration milliseconds. */
import { z } from 'zod';

/** A command that is legal now. `POST /<resource>/:id/<verb>` gives it; `needs` names the body's fields. */
export const command = z
  .object({ verb: z.string(), label: z.string(), danger: z.boolean(), needs: z.array(z.string()) })
  .meta({ id: 'Command' });
export type Command = z.infer<typeof command>;

/** 0 nothing to do, 1 worth a look, 2 a person is waited for. */
export const attention = z.union([z.literal(0), z.literal(1), z.literal(2)]);

export const taskRef = z.object({ id: z.string(), short: z.string(), title: z.string() });
export const projectRef = z.object({ id: z.string(), name: z.string() });
/** Agent as others mention it. */
export const agentRef = z.object({ id: z.string(), short: z.string() });

export const exit = z.object({ code: z.int().nullable(), signal: z.int().nullable() });
export const diffStat = z.object({ files: z.int(), insertions: z.int(), deletions: z.int() });

/** Id, 5-character short id or (tasks) the beginning of a title that only one task has. */
export const idText = z.string().min(1).max(200);

/** An instant: ISO 8601 with an offset or `Z`, or milliseconds since 1970. */
export const instant = z.union([z.int().nonnegative(), z.iso.datetime({ offset: true })]);
