/**
 * The optional hub: what every machine of one user has, and who shall do which task. Nothing here throws; what cannot be done comes back
 * with its reason and the evidence for it. Times are milliseconds since 1970 by the hub's clock. Real: `adapters/supabase`.
 */

/** Why the link is not online; `signedOut`, `tooLarge` and `refused` concern the session or one request, not the link. */
export type HubReason =
  | 'networkLost'
  | 'portal'
  | 'authExpired'
  | 'hubPaused'
  | 'throttled'
  | 'hubDown'
  | 'schemaMismatch'
  | 'signedOut'
  | 'tooLarge'
  | 'refused';
export type HubTrouble = {
  reason: HubReason /** What was seen: a status, a code, a header. One line, no secrets. */;
  evidence: string;
  retryAfterMs?: number;
};
export type Answer<T> = { ok: true; value: T } | { ok: false; trouble: HubTrouble };

export const syncTables = ['system', 'project', 'task', 'agent', 'ask', 'order'] as const;
export type SyncTable = (typeof syncTables)[number];
export type Doc = Record<string, unknown>;
/** Column → stamp of its last edit (`src/sync/stamp.ts`). */
export type Stamps = Record<string, string>;

/**
 * A row of the hub. `doc` are columns people edit, merged by their stamps; `state` belongs to the hub and is taken as it comes.
 * Rows of another table than ours come through untouched by the reader, who leaves them out.
 */
export type HubRow = { tbl: SyncTable; id: string; seq: number; del: boolean; doc: Doc; clk: Stamps; state: Doc };

export type OpKind = 'set' | 'del' | 'offer' | 'report' | 'cancel' | 'reassign' | 'decide' | 'done';
/** `op` is a UUIDv7, the same over all repeats; `hlc` the stamp of its edits. */
export type Op = { op: string; tbl: SyncTable; id: string; kind: OpKind; set?: Doc; arg?: Doc; hlc: string };

/** `clock`: the stamp is more than a minute ahead of the hub; nothing was kept, stamp it anew. */
export type Verdict = { op: string; is: 'ok' | 'rejected' | 'clock'; err?: string | undefined };
/** A commit of the hub: a reply names the newest, and the next call gives it back. A hub that does not know it is an older copy of itself. */
export type Seen = { seq: number; seal: string };
export type Proof = { uid: string; now: number; head: number; epoch: string | null; schema: number; oldest: number };
export type Pushed = {
  epoch: string;
  head: number;
  /** Of `head`; null: nothing was written yet. */
  seal?: string | null;
  now: number /** Another history: nothing was applied. */;
  resync: boolean;
  verdicts: Verdict[];
};
/**
 * `reset`: the rows begin at the beginning, because the epoch asked for is not the hub's. `lost`: the hub is an older copy, which does not know
 * what was seen of it. `seal` is that of `head`.
 */
export type Page = {
  epoch: string | null;
  head: number | null;
  seal?: string | null;
  now: number;
  reset: boolean;
  lost?: boolean;
  rows: HubRow[];
};
/** `seal`: null when the hub is an older copy, which gives nothing out. */
export type Claimed = { epoch: string; head: number; seal: string | null; rows: HubRow[] };

/** How far the hub is, in which history. */
export type News = { head: number; epoch: string };
export type Ringing = {
  /** Without news it is not known how far. */
  ring(news?: News): void /** The line to the hub is cut or silent: look sooner. */;
  lost(evidence: string): void;
  joined(): void;
};

export interface Hub {
  ping(): Promise<Answer<Proof>>;
  /** At most 60 operations and 256 KiB; each has a verdict of its own. A hub that does not know what was `seen` begins another history. */
  push(system: string, epoch: string | null, ops: readonly Op[], seen?: Seen | null): Promise<Answer<Pushed>>;
  pull(epoch: string | null, after: number, limit: number, seen?: Seen | null): Promise<Answer<Page>>;
  /** Takes tasks offered to this system, under a lease of 90 s and a new fence. Repeated under the same key (a UUID), it gives the same again at once. */
  claim(system: string, limit: number, seen?: Seen | null, key?: string | null): Promise<Answer<Claimed>>;
  /** Keeps the lease of a task that was taken and has not begun; false: it is not this system's under this fence any more. */
  renew(system: string, task: string, fence: number): Promise<Answer<boolean>>;
  /** `facts.cursor`: how far this system has read. */
  heartbeat(system: string, facts: Doc): Promise<Answer<{ now: number; head: number; epoch: string }>>;
  /** Tells the hub that it knew more once: it begins another history when that is so. */
  rewound(epoch: string, seen: Seen): Promise<Answer<{ epoch: string; head: number }>>;
  /** Somebody answers at its address: a hint to prove it sooner, never a proof. */
  reach(): Promise<boolean>;
  /** Hears the doorbell until the returned function is called. It may fail silently: poll as well. */
  listen(bell: Ringing): () => void;
}

export type Credentials = {
  email: string;
  password: string /** Six digits, where the account has a second factor. */;
  code?: string | undefined;
};
export type SignedIn = { uid: string; email: string /** Proved a second factor. */; strong: boolean };
/** `needs`: right so far, but a code is wanted. */
export type SignIn = { needs: 'code' } | SignedIn;
/** What an authenticator app needs, once. */
export type Enrolment = { factor: string; secret: string; uri: string };

/** The account behind a hub. The session never leaves it. */
export interface Account {
  signIn(credentials: Credentials): Promise<Answer<SignIn>>;
  /** The session kept from before, or null. Nothing is asked of the hub. */
  who(): SignedIn | null;
  enrol(): Promise<Answer<Enrolment>>;
  confirm(factor: string, code: string): Promise<Answer<SignedIn>>;
  /** Forgets the session here, and there if it can be reached. */
  signOut(): Promise<void>;
  close(): void;
}

export type HubAddress = { /** https, or http on loopback. */ url: string /** The publishable (or anon) key. */; key: string };
/** Where the session lies, encrypted or in a 0600 file. One writer: the daemon. */
export interface SessionBox {
  /** @throws when it cannot be opened now: nobody is signed out by that. */
  read(): Promise<string | null>;
  write(text: string): Promise<void>;
  remove(): Promise<void>;
}
export type ConnectHub = (address: HubAddress, sessions: SessionBox) => Promise<Hub & Account>;
