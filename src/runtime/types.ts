/** What the runtime takes and gives: read this page to use it. Times are milliseconds since 1970, UTC; lists are newest last unless said. */
import type { EffectMeta, HandlerResult, Lane, Repeat } from '../../machines/effects.ts';
import type { Command, MachineKind, View } from '../../machines/kind.ts';
import type { Problem } from '../errors.ts';
import type { OutboxFilter, OutboxRow, ParkedRow, Store, TimerRow, ViewQuery, ViewRow } from '../ports/store.ts';
import type { Clock, Ids, Log } from '../ports/system.ts';
import type { SetAside } from './live.ts';

/** An event as callers give it: `id` and `at` are filled in when absent. Give an id when the same fact may arrive twice. */
export type Incoming = {
  type: string;
  id?: string | undefined;
  at?: number | undefined;
  by?: string | undefined;
  [field: string]: unknown;
};
export type Addressed = { to: string; event: Incoming };

/** `params: never` lets a handler of any parameters stand in one table; each gets those of its own effect. */
export type AnyHandler = (params: never, meta: EffectMeta) => Promise<HandlerResult>;
export type HandlerTable = Readonly<Record<string, AnyHandler | undefined>>;
export type EffectTable = Readonly<Record<string, { repeat: Repeat; lane: Lane }>>;

/** Places where a test may kill the process. */
export type CrashPoint =
  | 'turn-begin'
  | 'savepoint-before'
  | 'savepoint-inside'
  | 'savepoint-after'
  | 'commit-before'
  | 'commit-after'
  | 'mark-running'
  | 'handler-before'
  | 'handler-after'
  | 'mark-done';

export type RuntimeOptions = {
  kinds: Readonly<Record<string, MachineKind>>;
  /** Opened and closed by the caller; close it after `shutdown`. */
  store: Store;
  clock: Clock;
  ids: Ids;
  /** 0 ≤ x < 1. */
  random: () => number;
  log: Log;
  /** Repeat rule and lane per effect. Default: the catalogue in `machines/effects.ts`. */
  effects?: EffectTable;
  /** The terminal server that effects act in now (pid and start time), or null. */
  generation?: () => string | null;
  /** Admission: runs inside the transaction, before COMMIT, until it returns none. `touched` are the kinds that stepped in this turn; all, once, at the start. */
  afterSteps?: (touched: ReadonlySet<string>, now: number) => Addressed[];
  /** Hears every step of a turn, inside the transaction and before COMMIT: what it writes is as durable as they are. It must not throw. */
  witness?: (steps: readonly FeedRow[]) => void;
  /** The store cannot be trusted any more: stop the daemon. */
  onFatal: (error: Error) => void;
  limits?: Partial<Limits>;
  /** Tests only. */
  crash?: (point: CrashPoint) => void;
};

export type Limits = {
  /** Actors kept in memory. Default 2000. */
  live: number;
  /** Effects running at once. Default 16. */
  pool: number;
  /** Tries of an effect before it has failed. Default 8. */
  attempts: number;
  /** Milliseconds: the first back-off is below `backoffBase`, none is above `backoffCap`. Default 250 and 60000. */
  backoffBase: number;
  backoffCap: number;
  /** How far one event may travel from actor to actor. Default 64. */
  hops: number;
  /** Jobs that share one transaction. Default 256. */
  batch: number;
  /** Milliseconds that `shutdown` waits for running handlers. Default 5000. */
  grace: number;
};

/** The step is on disk. `handled: false`: the chart has nothing to do with it in this state, and nothing changed. */
export type Accepted = { actor: string; gseq: number | null; seq: number; handled: boolean; duplicate: boolean };

export type LegalMove = Command & { type: string };
export type ActorState = {
  id: string;
  short: string;
  kind: string;
  version: number;
  seq: number;
  value: unknown;
  context: Record<string, unknown>;
  tags: string[];
  status: string;
  view: View;
  /** What a person may do now. */
  legal: LegalMove[];
  createdAt: number;
  updatedAt: number;
};

/** What would happen; nothing did. `dueIn` is in milliseconds. */
export type Preview = {
  legal: boolean;
  value: unknown;
  view: View;
  effects: Array<{ type: string; params: unknown }>;
  timers: Array<{ id: string; dueIn: number }>;
  cancels: string[];
  transitions: string[];
};

export type JournalEntry = {
  gseq: number;
  actor: string;
  kind: string;
  version: number;
  seq: number;
  at: number;
  event: { type: string; [field: string]: unknown };
  /** Edge ids `<source id>|<descriptor>|<index>`. */
  transitions: string[];
  snapshot: unknown;
  hash: string;
};

/** A committed step as viewers get it. `view` is null when the row is of a version that cannot be read any more. */
export type FeedRow = Omit<JournalEntry, 'snapshot' | 'hash'> & { value: unknown; view: ViewRow | null };
export type Subscription = {
  /** Newest committed step at the moment of subscribing. */
  head: number;
  /** `since` was older than what is kept: rows were skipped, ask for the states anew. */
  compacted: boolean;
  close(): void;
};

export type Finding = { actor: string; seq: number; gseq: number; reason: string };
export type BootReport = {
  actors: number;
  /** Brought to a newer version of their machine. */
  upcast: number;
  unreadable: Array<{ actor: string; reason: string }>;
  /** Half-run effects that run again, and those whose chart was asked. */
  again: number;
  unsure: number;
  /** Timers that were due while nothing ran. */
  overdue: number;
  /** Effects waiting to run. */
  pending: number;
  /** By how much awake timers were moved. */
  shifted: number;
  ms: number;
};
export type CompactReport = { folded: number; seen: number; outbox: number; replies: number };
export type { SetAside } from './live.ts';
export type Stats = {
  live: number;
  queued: number;
  running: number;
  waiting: number;
  parked: number;
  timers: number;
  head: number;
  turns: number;
  steps: number;
  failedTurns: number;
  /** Since when another program holds the database, or null: nothing is stored meanwhile, and nothing lost. */
  heldSince: number | null;
};

/** Inside `transaction`: creates and sends at once, in the same commit as the writes around it. */
export type Transaction = {
  create(kind: string, input: Record<string, unknown>, by?: string): Accepted;
  send(to: string, event: Incoming): Accepted;
};

export type Runtime = {
  /** `drain` hears what happened while nothing ran; it is awaited before anything is decided. */
  boot(handlers: HandlerTable, options?: { drain?: () => Promise<void> }): Promise<BootReport>;
  /** `input.id` names the actor; a second call with the same id is a duplicate. */
  create: (kind: string, input: Record<string, unknown>, by?: string) => Promise<Accepted>;
  /** @throws CcmError CCM_NOT_FOUND, CCM_BAD_INPUT, CCM_SNAPSHOT_UNREADABLE, CCM_STOPPING, CCM_INTERNAL (the event is parked), or the store's */
  send: (to: string, event: Incoming) => Promise<Accepted>;
  /** A person's command. @throws also CCM_ILLEGAL_MOVE with `extra: { state, legal }`; nothing was written then. */
  command: (to: string, event: Incoming) => Promise<Accepted>;
  /** Plain writes to the store and steps in one commit. What `work` throws undoes all of it. */
  transaction: <T>(work: (transaction: Transaction) => T) => Promise<T>;
  /** Null: there is none, or it is set aside because it cannot be read (`unreadable`): the others go on without it. */
  state(id: string): ActorState | null;
  /** Why an actor that is there cannot be read (CCM_SNAPSHOT_UNREADABLE); null for one that can be, and for none. */
  unreadable(id: string): Problem | null;
  /** All that were found unreadable so far: at boot those of other versions and whatever is not ended, the others when they are asked for. */
  setAside(): SetAside[];
  preview(id: string, event: Incoming): Preview;
  history(id: string, options?: { after?: number; limit?: number }): JournalEntry[];
  /** The snapshot after step `seq`, or null when it is not kept. */
  at(id: string, seq: number): JournalEntry | null;
  list(query?: ViewQuery): ViewRow[];
  /** By id, short id or beginning of the title. */
  find(text: string, limit?: number): ViewRow[];
  /** `onGap`: rows between were folded while a slow viewer was catching up; it goes on at the head and must ask for the states anew. */
  feed: { subscribe: (since: number | null, onRows: (rows: FeedRow[]) => void, onGap?: () => void) => Subscription };
  /** The stored definition of the machine of a kind today, or of a version in the journal. */
  definition(kind: string): { version: number; hash: string; definition: unknown } | null;
  verify(id?: string): Promise<Finding[]>;
  /** Folds journal rows from before this time into one row per actor, and forgets what served only duplicates and retries from then. */
  compact(before: number): Promise<CompactReport>;
  rebuildViews(): Promise<number>;
  parked(): ParkedRow[];
  retryParked: (id: number) => Promise<Accepted>;
  outbox(filter?: OutboxFilter): OutboxRow[];
  timers(id: string): TimerRow[];
  stats(): Stats;
  /** A new id whose short form is free. */
  newId(): string;
  /** When nothing is queued or running any more; retries and timers may still wait. */
  idle(): Promise<void>;
  shutdown(): Promise<void>;
};
