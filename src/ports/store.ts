/**
 * What the runtime and the domain keep: one file, one writer, everything synchronous. A turn of the runtime runs inside one `commit`,
 * so nothing outside it can ever read a half-done turn. JSON columns travel as text: whoever reads them parses them.
 */

import type { Lane } from '../../machines/effects.ts';
import type { View } from '../../machines/kind.ts';
import { CcmError, type ErrorCode } from '../errors.ts';
import type { AuditBook, Idempotency, KeyValue, Projects, Tokens } from './records.ts';
import type { SyncStore } from './sync-store.ts';
import type { TurnBook, UsageBook } from './usage.ts';

export type { Idempotency, IdempotentReply, KeyValue, Project, Projects, Token, TokenKind, Tokens } from './records.ts';

/** The store itself failed (full, damaged, read-only, I/O): the open transaction is gone. Any other error concerns only what was tried. */
export class StoreFailure extends CcmError {
  constructor(code: ErrorCode, detail: string, cause?: unknown) {
    super(code, detail, undefined, cause);
    this.name = 'StoreFailure';
  }
}

/**
 * Times are milliseconds since 1970, UTC. `seq` counts an actor's steps from 1, `gseq` all steps of the home. The snapshot is that of the
 * newest journal row, which is kept as long as the actor: it is stored once.
 */
export type ActorRow = {
  id: string;
  kind: string;
  version: number;
  seq: number;
  gseq: number;
  snapshot: string;
  /** Of its newest journal row. */
  hash: string;
  short: string;
  createdAt: number;
  updatedAt: number;
};

export interface Actors {
  get(id: string): ActorRow | undefined;
  add(row: Omit<ActorRow, 'snapshot'>): void;
  update(row: Pick<ActorRow, 'id' | 'version' | 'seq' | 'gseq' | 'hash' | 'updatedAt'>): void;
  shortTaken(short: string): boolean;
  /** In order of id, `limit` at a time, starting behind `after` ('' = from the start). */
  page(after: string, limit: number): ActorRow[];
  /** How many there are of each kind and version. */
  census(): Array<{ kind: string; version: number; count: number }>;
  ofVersion(kind: string, version: number): string[];
}

export type StoredStep = {
  gseq: number;
  actor: string;
  kind: string;
  version: number;
  /** Id of the stored definition of the machine that made this step. */
  machine: number;
  seq: number;
  /** `gseq` of the same actor's step before, 0 for its first. */
  prev: number;
  at: number;
  event: string;
  transitions: string;
  snapshot: string;
  hash: string;
};

/** Where an actor's journal begins after compaction: `prev` is the hash that the first kept row builds on. */
export type Base = { actor: string; seq: number; prev: string; folded: number };

export interface Journal {
  add(row: StoredStep): void;
  head(): number;
  get(actor: string, seq: number): StoredStep | undefined;
  ofActor(actor: string, after: number, limit: number): StoredStep[];
  since(gseq: number, limit: number): StoredStep[];
  base(actor: string): Base | undefined;
  /** Deletes the rows of one actor older than its newest row before `before`; that row becomes its base. Returns how many, and the highest gseq gone. */
  fold(actor: string, before: number): { folded: number; floor: number };
  /** Id of the definition with this hash, stored on first sight. */
  machine(definition: { hash: string; kind: string; version: number; text: string; at: number }): number;
  machineText(id: number): { kind: string; version: number; hash: string; definition: string } | undefined;
}

export type OutboxState = 'pending' | 'running' | 'done' | 'failed' | 'cancelled' | 'unsure';
export type OutboxRow = {
  id: number;
  actor: string;
  seq: number;
  idx: number;
  name: string;
  params: string;
  lane: Lane;
  state: OutboxState;
  attempts: number;
  /** Not before this time. */
  dueAt: number;
  /** Terminal generation when it was started, for effects that repeat by generation. */
  generation: string | null;
  problem: string | null;
  createdAt: number;
  finishedAt: number | null;
};
export type OutboxFilter = { actor?: string; state?: OutboxState; limit?: number };

export interface Outbox {
  /** Returns the id of the new row. */
  add(row: Pick<OutboxRow, 'actor' | 'seq' | 'idx' | 'name' | 'params' | 'lane' | 'dueAt' | 'createdAt'>): number;
  get(id: number): OutboxRow | undefined;
  /** Unfinished rows, in order. */
  open(): OutboxRow[];
  list(filter: OutboxFilter): OutboxRow[];
  /** How many wait, run, have failed or came halfway. */
  due(): number;
  running(id: number, attempts: number, generation: string | null): void;
  retry(id: number, dueAt: number, problem: string | null): void;
  finish(id: number, state: OutboxState, problem: string | null, at: number): void;
  /** Pending rows of the normal lane from steps before `seq`. */
  overtaken(actor: string, seq: number): OutboxRow[];
  prune(before: number): number;
}

export type TimerRow = { actor: string; id: string; event: string; due: number; clock: 'wall' | 'awake' };

export interface Timers {
  set(row: TimerRow): void;
  get(actor: string, id: string): TimerRow | undefined;
  cancel(actor: string, id: string): void;
  ofActor(actor: string): TimerRow[];
  /** Earliest due time of all timers not held, or null. */
  earliest(): number | null;
  /** Due ones, oldest first. */
  due(now: number, limit: number): TimerRow[];
  /** Moves every `awake` timer by `ms`. */
  shiftAwake(ms: number): number;
  /** Timers of an unreadable actor wait, instead of ringing for ever. */
  hold(actor: string): void;
  releaseAll(): void;
  count(): number;
}

export interface Seen {
  /** undefined: never seen. null: seen, nobody handled it. Otherwise the step it made. */
  get(id: string): number | null | undefined;
  add(id: string, at: number, gseq: number | null): void;
  /** One bounded slice of pruning; returns where to go on, or null at the end. */
  prune(before: number, after: string, limit: number): { pruned: number; next: string | null };
}

export type ViewRow = View & { id: string; short: string; kind: string; createdAt: number; updatedAt: number };
export type ViewQuery = {
  kind?: string;
  ended?: boolean;
  /** At least this much. */
  attention?: 0 | 1 | 2;
  project?: string;
  parent?: string;
  /** One, or any of several. */
  status?: string | readonly string[];
  /** Somewhere in the title, whatever the case of ASCII letters. */
  text?: string;
  /**
   * `created` (default) and `updated`: newest first. `priority`: highest first, then oldest.
   * `urgency`: what waits for a person first, then what goes on, then what has ended; newest change first in each.
   */
  order?: 'created' | 'updated' | 'priority' | 'urgency';
  /** With `urgency`: only rows behind this one. Unlike an offset it neither skips nor repeats rows that stay where they are. */
  after?: ViewPlace;
  /** Default 200, at most 1000. */
  limit?: number;
  offset?: number;
};

/** Where a row stands in the order `urgency`. */
export type ViewPlace = Pick<ViewRow, 'attention' | 'ended' | 'updatedAt' | 'id'>;

export interface Views {
  put(row: ViewRow): void;
  /** `put` for a row that stands already, of which only status, title, priority and time may have changed: spares the indexes. */
  touch(row: ViewRow): void;
  get(id: string): ViewRow | undefined;
  list(query: ViewQuery): ViewRow[];
  /** Rows of the whole query, whatever its `limit`, `offset` and `after`. */
  count(query: ViewQuery): number;
  /** How many actors of a kind are in each status. */
  statuses(kind: string): Array<{ status: string; count: number }>;
  /** By id, short id or beginning of the title. */
  find(text: string, limit: number): ViewRow[];
  clear(): void;
}

export type ParkedRow = { id: number; actor: string; eventId: string; event: string; error: string; at: number; attempts: number };

/** Events that made a chart throw: kept and shown until they are tried again or dropped. */
export interface Parked {
  put(row: Pick<ParkedRow, 'actor' | 'eventId' | 'event' | 'error' | 'at'>): void;
  list(): ParkedRow[];
  get(id: number): ParkedRow | undefined;
  remove(eventId: string): void;
  count(): number;
}

export interface Store {
  /**
   * Runs `work` in one transaction on disk. Whatever it throws rolls everything back and is thrown on.
   * @throws StoreFailure when the file could not be written.
   */
  commit<T>(work: () => T): T;
  /** Inside `commit`: undoes `work` alone when it throws. */
  attempt<T>(work: () => T): T;
  /** What is wrong with the file itself, at most five sentences; empty: nothing. Reads every page. */
  damage(): string[];
  readonly actors: Actors;
  readonly journal: Journal;
  readonly outbox: Outbox;
  readonly timers: Timers;
  readonly seen: Seen;
  readonly views: Views;
  readonly parked: Parked;
  readonly projects: Projects;
  readonly tokens: Tokens;
  readonly idempotency: Idempotency;
  readonly kv: KeyValue;
  readonly usage: UsageBook;
  readonly turns: TurnBook;
  readonly audit: AuditBook;
  readonly sync: SyncStore;
}
