/** Who did what over the interface, and who was refused. */
import { z } from 'zod';

export const auditRow = z
  .object({
    id: z.int(),
    at: z.int(),
    /** `cli`, `web`, `api:NAME`, `agent:ID`; `nobody` without a valid token. */
    by: z.string(),
    channel: z.string(),
    /** Method and path. */
    what: z.string(),
    /** `ok` or a `CCM_…` code. */
    outcome: z.string(),
    /** The agent in whose window the caller ran, where that was told or traced. */
    inside: z.string().nullable(),
    count: z.int(),
  })
  .meta({ id: 'AuditRow' });
export type AuditRow = z.infer<typeof auditRow>;

export const auditQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  before: z.coerce.number().int().nonnegative().optional().describe('Rows older than this id'),
  refused: z.stringbool().default(false).describe('Only what did not go well'),
});
