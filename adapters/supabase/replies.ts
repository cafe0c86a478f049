/** The shape of every answer. What the hub says is as strange as anything else from a network: unknown fields go, wrong ones are refused. */
import { z } from 'zod';
import { syncTables } from '../../src/ports/hub.ts';

const key = /^[a-z][A-Za-z0-9]{0,39}$/;
/** Keys that are no column of anybody's, `__proto__` among them, are left out. */
const columns = z
  .record(z.string(), z.unknown())
  .transform((given) => Object.fromEntries(Object.entries(given).filter(([name]) => key.test(name))));
const stamps = z
  .record(z.string(), z.string().max(40))
  .transform((given) => Object.fromEntries(Object.entries(given).filter(([name]) => key.test(name))));
const seq = z.int().nonnegative();
const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

const row = z.object({ tbl: z.enum(syncTables), id: uuid, seq, del: z.boolean(), doc: columns, clk: stamps, state: columns });
/** A newer hub may have tables we do not know: their rows are passed over, as if they were not there. */
const rows = z
  .array(z.looseObject({ tbl: z.string() }))
  .max(1000)
  .transform((all) => all.filter(({ tbl }) => syncTables.some((name) => name === tbl)))
  .pipe(z.array(row));

export const proof = z.object({ uid: uuid, now: z.int(), head: seq, epoch: uuid.nullable(), schema: z.int(), oldest: z.int() });
export const pushed = z.object({
  epoch: uuid,
  head: seq,
  seal: uuid.nullish().transform((text) => text ?? null),
  now: z.int(),
  resync: z.boolean(),
  verdicts: z.array(
    z.object({
      op: uuid,
      is: z.enum(['ok', 'rejected', 'clock']),
      err: z
        .string()
        .max(1000)
        .nullish()
        .transform((text) => text ?? undefined),
    }),
  ),
});
export const page = z.object({
  epoch: uuid.nullable(),
  head: seq.nullable(),
  seal: uuid.nullable(),
  now: z.int(),
  reset: z.boolean(),
  lost: z.boolean(),
  rows,
});
export const claimed = z.object({ epoch: uuid, head: seq, seal: uuid.nullable(), rows });
export const kept = z.boolean();
/** What the doorbell says. */
export const news = z.object({ head: seq, epoch: uuid });
export const beat = z.object({ now: z.int(), head: seq, epoch: uuid });
