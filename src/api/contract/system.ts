/** The daemon itself: its state, its checks, its end. */
import { z } from 'zod';

const counts = z.record(z.string(), z.int());

export const status = z
  .object({
    version: z.string(),
    pid: z.int(),
    home: z.string(),
    url: z.string(),
    startedAt: z.int(),
    /** Version of Node. */
    node: z.string(),
    tmux: z.object({
      connected: z.boolean(),
      version: z.string().nullable(),
      generation: z.string().nullable(),
      socket: z.string().nullable(),
      problem: z.string().optional(),
      /** The systemd scope that no restart of the daemon touches, or why there is none. */
      scope: z.string().nullable().optional(),
      scopeReason: z.string().nullable().optional(),
    }),
    /** Numbers by status; `attention` = items in the inbox. */
    counts: z.object({ tasks: counts, agents: counts, attention: z.int() }),
    /** The link to a hub; `heard` is another number when the hub brought something of other machines. */
    sync: z.object({ state: z.string(), reason: z.string().nullable(), pending: z.int(), heard: z.int().optional() }),
    /** Events and effects put aside because they could not be handled. */
    parked: z.int(),
    /** State machines whose stored state this version cannot read: set aside, while all others go on. `first`: at most twenty of `count`. */
    unreadable: z.object({
      count: z.int(),
      first: z.array(z.object({ id: z.string(), short: z.string(), kind: z.string(), title: z.string(), reason: z.string() })),
    }),
    /** Since when (ms since 1970) another program holds the database and nothing can be stored, or null. What was told meanwhile waits. */
    heldSince: z.int().nullable(),
    limits: z.object({ concurrency: z.int() }),
  })
  .meta({ id: 'Status' });
export type Status = z.infer<typeof status>;

export const health = z.object({ ok: z.boolean(), version: z.string(), reason: z.string().optional() });
export type Health = z.infer<typeof health>;

export const parkedRow = z
  .object({
    id: z.string(),
    kind: z.enum(['event', 'effect']),
    actor: z.string().nullable(),
    type: z.string(),
    reason: z.string(),
    at: z.int(),
    attempts: z.int(),
  })
  .meta({ id: 'ParkedRow' });
export type ParkedRow = z.infer<typeof parkedRow>;
export const parkedParams = z.object({ id: z.string().min(1).max(300) });
export const retried = z.object({ id: z.string(), retried: z.literal(true) });

export const verifyBody = z
  .strictObject({ id: z.string().min(1).max(200).optional() })
  .meta({ id: 'Verify', examples: [{}] })
  .nullish();
export const verified = z
  .object({
    /** Journal rows looked at. */
    checked: z.int(),
    findings: z.array(z.object({ actor: z.string(), seq: z.int().nullable(), problem: z.string() })),
  })
  .meta({ id: 'Verified' });
export type Verified = z.infer<typeof verified>;

export const backupBody = z
  .strictObject({ path: z.string().min(1).max(4096).optional() })
  .meta({ id: 'Backup', examples: [{ path: '/home/me/ccm-backup.db' }] })
  .nullish();
export const backedUp = z.object({ path: z.string(), bytes: z.int(), verified: z.boolean() });
export type BackedUp = z.infer<typeof backedUp>;

/** `keep`: agents go on in tmux and are found again at the next start. */
export const shutdownBody = z
  .strictObject({ agents: z.enum(['keep', 'stop']).default('keep') })
  .meta({ id: 'Shutdown', examples: [{ agents: 'keep' }] })
  .nullish();
export const stopping = z.object({ stopping: z.literal(true), agents: z.enum(['keep', 'stop']) });
export type Stopping = z.infer<typeof stopping>;
/** The process that takes over; it answers once this one is gone. */
export const handedOver = z.object({ pid: z.int() });
export type HandedOver = z.infer<typeof handedOver>;
/** Everything that runs was ended at once. `stopped` counts tasks, `killed` processes; `left`: what lives on; `sure`: it could be looked for. */
export const panicked = z.object({
  stopped: z.int(),
  tasks: z.array(z.string()),
  killed: z.int(),
  left: z.array(z.object({ pid: z.int(), agent: z.string(), command: z.string() })),
  sure: z.boolean(),
});
export type Panicked = z.infer<typeof panicked>;
