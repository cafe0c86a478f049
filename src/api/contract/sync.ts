/** The link to a hub: how it stands, what waits, who else is there. */
import { z } from 'zod';
import { command, idText } from './common.ts';
import { flag, page } from './envelope.ts';

const shortText = z.string().min(1).max(4096);

export const syncStatus = z
  .object({
    /** localOnly, syncing, online, executing, offline, queuing, paused, signedOut. */
    state: z.string(),
    /** networkLost, portal, authExpired, hubPaused, throttled, hubDown, schemaMismatch; null when there is no trouble. */
    reason: z.string().nullable(),
    /** What was seen of the hub last, and when. */
    evidence: z.object({ reason: z.string(), text: z.string(), at: z.int() }).nullable(),
    /** Operations the hub has not acknowledged. */
    pending: z.int(),
    inFlight: z.int(),
    provenAt: z.int().nullable(),
    /** When it is tried again (away) or looked at again (connected). */
    nextAt: z.int().nullable(),
    url: z.string().nullable(),
    email: z.string().nullable(),
    /** The session proved a second factor. */
    strong: z.boolean(),
    system: z.object({ id: z.string(), name: z.string() }).nullable(),
    conflicts: z.int(),
    rejected: z.int(),
    /** Another number than before: the hub brought something, so that lists with tasks of other machines are to be read again. */
    heard: z.int().optional(),
    commands: z.array(command),
  })
  .meta({ id: 'SyncStatus' });
export type SyncStatus = z.infer<typeof syncStatus>;

export const signIn = z
  .strictObject({ email: z.string().min(1).max(320), password: z.string().min(1).max(1024), code: z.string().max(20).optional() })
  .meta({ id: 'SignIn', examples: [{ email: 'ada@example.org', password: 'correct horse' }] });
export const enableSync = signIn.extend({ url: shortText, key: shortText, name: z.string().min(1).max(60).optional() }).meta({
  id: 'EnableSync',
  examples: [{ url: 'https://abcd.supabase.co', key: 'sb_publishable_…', email: 'ada@example.org', password: '…' }],
});
export type EnableSync = z.infer<typeof enableSync>;
export type SignInBody = z.infer<typeof signIn>;
/** `needs: "code"`: send the same again with the code of the authenticator app. */
export const signedIn = z
  .object({ needs: z.literal('code').nullable(), email: z.string().nullable(), strong: z.boolean() })
  .meta({ id: 'SignedIn' });
export type SignedInView = z.infer<typeof signedIn>;
export const enrolment = z.object({ factor: z.string(), secret: z.string(), uri: z.string() }).meta({ id: 'Enrolment' });
export type EnrolmentView = z.infer<typeof enrolment>;
export const confirmFactor = z
  .strictObject({ factor: shortText, code: z.string().min(1).max(20) })
  .meta({ id: 'ConfirmFactor', examples: [{ factor: '7c0f1a52-0000-4000-8000-000000000000', code: '123456' }] });

export const syncOp = z
  .object({
    id: z.string(),
    short: z.string(),
    /** queued, sent (no answer yet), applied, rejected. */
    status: z.string(),
    /** set, del, offer, report, cancel, reassign, decide. */
    kind: z.string(),
    table: z.string(),
    row: z.string(),
    /** What a person calls it. */
    title: z.string(),
    tries: z.int(),
    problem: z.string().nullable(),
    createdAt: z.int(),
    settledAt: z.int().nullable(),
    /** It can still be taken back. */
    cancellable: z.boolean(),
  })
  .meta({ id: 'SyncOp' });
export type SyncOp = z.infer<typeof syncOp>;
export const listOps = z.strictObject({ all: flag.describe('Answered ones too, newest first'), ...page });
export const opParams = z.object({ op: idText });

export const system = z
  .object({
    id: z.string(),
    short: z.string(),
    name: z.string(),
    here: z.boolean(),
    os: z.string().nullable(),
    version: z.string().nullable(),
    agents: z.array(z.string()),
    load: z.number().nullable(),
    running: z.int().nullable(),
    /** By the hub's clock; null before its first word. */
    lastSeen: z.int().nullable(),
    projects: z.array(z.object({ id: z.string(), name: z.string() })),
  })
  .meta({ id: 'System' });
export type System = z.infer<typeof system>;

/** A task as the hub tells it: another machine's, or one that travels. */
export const remoteTask = z
  .object({
    id: z.string(),
    short: z.string(),
    title: z.string(),
    status: z.string(),
    attention: z.union([z.literal(0), z.literal(1), z.literal(2)]),
    ended: z.boolean(),
    project: z.string(),
    profile: z.string(),
    /** Machine that carries it out. */
    system: z.object({ id: z.string(), name: z.string() }),
    /** offered, claimed, running, ended, cancelled, expired; `unreachable`: running, and its machine has not been seen for a while. */
    hub: z.string(),
    reason: z.string().nullable(),
    summary: z.string().nullable(),
    /** This machine has a part in it. */
    here: z.boolean(),
    createdAt: z.int(),
  })
  .meta({ id: 'RemoteTask' });
export type RemoteTask = z.infer<typeof remoteTask>;

export const remoteAsk = z
  .object({
    id: z.string(),
    short: z.string(),
    kind: z.string(),
    task: z.string(),
    title: z.string(),
    text: z.string(),
    choices: z.array(z.string()),
    system: z.object({ id: z.string(), name: z.string() }),
    since: z.int(),
  })
  .meta({ id: 'RemoteAsk' });
export type RemoteAsk = z.infer<typeof remoteAsk>;
export const decideRemote = z
  .strictObject({ verb: z.enum(['approve', 'deny', 'answer']), text: z.string().max(4000).optional() })
  .meta({ id: 'DecideRemote', examples: [{ verb: 'approve' }] });
export type DecideRemote = z.infer<typeof decideRemote>;

export const conflict = z
  .object({ table: z.string(), row: z.string(), title: z.string(), column: z.string(), lost: z.unknown(), kept: z.unknown(), at: z.int() })
  .meta({ id: 'SyncConflict' });
export type SyncConflict = z.infer<typeof conflict>;

export const toSystem = z.strictObject({ system: z.string().min(1).max(200) }).meta({ id: 'ToSystem', examples: [{ system: 'workshop' }] });
export const moved = z.object({ task: z.string(), system: z.string(), op: z.string().nullable() }).meta({ id: 'Moved' });
export type Moved = z.infer<typeof moved>;
export const linkVerb = z.object({ verb: z.enum(['now', 'pause', 'resume', 'disable', 'logout']) });
