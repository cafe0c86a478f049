/**
 * What this machine keeps for the link to a hub, in the same file and the same commits as everything else: the rows as merged so far, the
 * operations that wait, and which local things have changed. Empty, and never written, until a person enables the link.
 */
import type { Doc, HubRow, OpKind, Seen, SyncTable } from './hub.ts';

export type LinkFacts = {
  /** Changes are kept for the hub. */
  enabled: boolean;
  /** This machine, for all hubs and times. */
  system: string;
  /** Whose hub it is; another user is another hub. */
  uid: string | null;
  /** History of the hub that `cursor` counts in. */
  epoch: string | null;
  /** Everything up to this number has been applied here. */
  cursor: number;
  /** The newest commit of that history we heard of. */
  seen: Seen | null;
  /** Newest stamp given or seen. */
  stamp: string;
  /** Key of a claim whose answer has not been heard: the next one repeats it. */
  claim: string | null;
};

/** What a machine knows of a task it carries out for the hub. `run` counts its runs under this fence; `begun: false`: taken, without a program yet. */
export type Mine = { fence: number; run: number; ended: boolean; begun?: boolean };
export type SyncRow = Pick<HubRow, 'tbl' | 'id' | 'seq' | 'del' | 'doc' | 'clk' | 'state'> & { mine: Mine | null };

/** queued → sent → applied | rejected; `sent` means that the answer is not here yet, and it may be sent again. */
export type OpState = 'queued' | 'sent' | 'applied' | 'rejected';
export type QueuedOp = {
  op: string;
  /** Order on this machine. */
  lseq: number;
  tbl: SyncTable;
  id: string;
  kind: OpKind;
  set: Doc;
  arg: Doc;
  hlc: string;
  state: OpState;
  tries: number;
  error: string | null;
  /** History in which it was applied. */
  epoch: string | null;
  createdAt: number;
  settledAt: number | null;
};
/** An edit of this machine that a newer one elsewhere replaced. */
export type Conflict = { tbl: SyncTable; id: string; column: string; lost: unknown; kept: unknown; at: number };

export interface SyncStore {
  link(): LinkFacts | null;
  /** Creates it when there is none. */
  setLink(facts: LinkFacts): void;
  /** Local things changed since the last call of `clean`, oldest first. */
  dirty(limit: number): Array<{ tbl: 'task' | 'agent' | 'ask' | 'project'; id: string }>;
  clean(tbl: SyncTable, id: string): void;
  /** Counts as changed, whatever it is. */
  touch(tbl: 'task' | 'agent' | 'ask' | 'project', id: string, at: number): void;
  /** Everything that is here counts as changed: a user who begins to sync. */
  allDirty(): void;
  row(tbl: SyncTable, id: string): SyncRow | null;
  /** Those that were deleted are left out. */
  rows(tbl: SyncTable): SyncRow[];
  /** Tasks that stand there with the hub (offered, claimed, running …). */
  tasksAt(exec: readonly string[]): SyncRow[];
  /** Tasks that have no actor here; ended ones only when asked for. */
  tasksElsewhere(options: { ended: boolean }): SyncRow[];
  /** Rows that the hub does not have, and that no operation carries there. Meaningful once everything was read. */
  missing(limit: number): SyncRow[];
  /** Forgets a row here, not on the hub. */
  dropRow(tbl: SyncTable, id: string): void;
  putRow(row: SyncRow): void;
  /** Another account: rows, operations and conflicts of the old one go. */
  forget(): void;
  /** Rows are known of no history any more. */
  unseen(): void;
  addOp(op: Omit<QueuedOp, 'lseq'>): void;
  /** The newest operation of a row that has never been sent, to fold another edit into; null when there is none or another came after it. */
  foldable(tbl: SyncTable, id: string, kind: OpKind): QueuedOp | null;
  /** `op`: the id it had; from now on it has another, for an id stands for one content, in older copies of this file too. */
  refold(op: string, now: Pick<QueuedOp, 'op' | 'set' | 'arg' | 'hlc'>): void;
  op(id: string): QueuedOp | null;
  /** In order; those waiting for an answer first come again. */
  due(limit: number): QueuedOp[];
  /** Open ones (waiting or refused), oldest first, or all of them, newest first; `after`: the `lseq` of the last one known. */
  ops(options: { open: boolean; limit: number; after?: number }): QueuedOp[];
  /** How many the hub refused. */
  refused(): number;
  pending(): number;
  openOf(tbl: SyncTable, id: string): QueuedOp[];
  /** The hub was told of this row, or will be: an operation of it waits or was applied. */
  told(tbl: SyncTable, id: string): boolean;
  mark(op: string, state: OpState, change: { error?: string | null; epoch?: string | null; hlc?: string; at?: number }): void;
  removeOp(op: string): void;
  /** Operations applied in another history than this one (null: in any) wait again; returns how many. */
  requeue(epoch: string | null): number;
  /** Forgets what was applied before this time. */
  prune(before: number): number;
  addConflict(conflict: Conflict): void;
  conflicts(limit: number): Conflict[];
}
