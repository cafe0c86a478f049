/**
 * Group commit. What arrives during one turn of the event loop waits in a queue; then one transaction takes it all, each event in a
 * savepoint of its own. The transaction opens and closes within one synchronous run, so nobody can see a step that is not on disk:
 * receipts, viewers, effects and alarms are served only after COMMIT. If COMMIT fails, nobody was told anything, and memory is dropped.
 */
import { CcmError, type ErrorCode, ensureError } from '../errors.ts';
import { type Store, StoreFailure, type ViewRow } from '../ports/store.ts';
import type { Clock, Log } from '../ports/system.ts';
import type { FeedRow, Limits, RuntimeOptions } from './types.ts';

/** An event or a creation that a step asked for, to be done in the same transaction. */
export type Errand = ({ to: string; event: { type: string; [field: string]: unknown } } | { kind: string; id: string; input: unknown }) & {
  eventId: string;
  at: number;
  by: string;
  /** How many actors it has come through. */
  hops: number;
};

export type Turn = {
  readonly now: number;
  /** Of the newest step. */
  gseq: number;
  /** Steps so far, in order. */
  rows: FeedRow[];
  /** Newest view of each actor that stepped. */
  views: Map<string, ViewRow>;
  /** Kinds that stepped since admission was asked last. */
  kinds: Set<string>;
  errands: Errand[];
  /** New outbox rows, and pending ones that were overtaken. */
  effects: Array<{ id: number; actor: string; lane: string }>;
  cancelled: number[];
  timers: boolean;
};

/** `run` happens inside the transaction and returns what to do after COMMIT; it may throw only a StoreFailure. `lost`: it did not happen. */
export type Job = { run(turn: Turn): () => void; lost(error: Error): void };

/** Trouble that passes: what was tried did not happen, and may be tried again. */
const passing: ReadonlySet<ErrorCode> = new Set(['CCM_DISK_FULL', 'CCM_DB_BUSY']);
/** Milliseconds between two tries to begin a transaction while another program holds the database. */
const HELD_MS = 500;

export type Turns = {
  push: (job: Job) => void;
  queued(): number;
  counts(): { turns: number; steps: number; failed: number };
  /** Since when (ms since 1970) another program keeps us from writing, or null. What is queued waits until it lets go. */
  heldSince(): number | null;
  /** What still waits is lost, and what is pushed from now on is ignored: the store is about to be closed. */
  close(): void;
  closed(): boolean;
};

export const turns = (options: {
  store: Store;
  clock: Clock;
  log: Log;
  limits: Limits;
  crash: RuntimeOptions['crash'];
  onFatal: (error: Error) => void;
  /** Inside the transaction, first. */
  opening(turn: Turn): void;
  /** Inside the transaction, last. */
  closing(turn: Turn): void;
  /** After COMMIT, before the jobs' own receipts. */
  committed(turn: Turn): void;
  /** After a failed transaction. */
  undone(): void;
}): Turns => {
  const { store, clock, log, limits, crash } = options;
  const queue: Job[] = [];
  const counts = { turns: 0, steps: 0, failed: 0 };
  let scheduled = false;
  let closed = false;
  let held: number | null = null;
  let head: number | null = null;

  const failTurn = (jobs: Job[], error: Error) => {
    counts.failed += 1;
    options.undone();
    for (const job of jobs) job.lost(error);
    log.error({ err: error.message, jobs: jobs.length }, 'the transaction failed; nothing of it happened');
    // A full disk can be emptied, a lock let go. Everything else means that the file or this program cannot be trusted.
    if (!(error instanceof StoreFailure) || !passing.has(error.code)) options.onFatal(error);
  };

  /** Nothing was begun, so nothing is undone and nobody is told: the jobs stand where they stood. */
  const waitFor = (jobs: Job[], error: Error) => {
    queue.unshift(...jobs);
    if (held === null) log.warn({ err: error.message }, 'another program holds the database: what is to be stored waits until it lets go');
    held ??= clock.now();
    scheduled = true;
    clock.after(HELD_MS, run);
  };
  const letGo = () => {
    if (held !== null) log.info({ ms: clock.now() - held, jobs: queue.length }, 'the database was let go: what waited is stored');
    held = null;
  };

  const run = () => {
    scheduled = false;
    const jobs = queue.splice(0, limits.batch);
    if (jobs.length === 0) return;
    const receipts: Array<() => void> = [];
    let turn: Turn;
    let begun = false;
    try {
      turn = store.commit(() => {
        begun = true;
        letGo();
        head ??= store.journal.head();
        const open: Turn = {
          now: clock.now(),
          gseq: head,
          rows: [],
          views: new Map(),
          kinds: new Set(),
          errands: [],
          effects: [],
          cancelled: [],
          timers: false,
        };
        crash?.('turn-begin');
        options.opening(open);
        for (const job of jobs) receipts.push(job.run(open));
        options.closing(open);
        crash?.('commit-before');
        return open;
      });
    } catch (thrown) {
      const error = ensureError(thrown);
      if (!begun && error instanceof StoreFailure && error.code === 'CCM_DB_BUSY') return waitFor(jobs, error);
      if (queue.length > 0) schedule();
      return failTurn(jobs, error);
    }
    if (queue.length > 0) schedule();
    crash?.('commit-after');
    head = turn.gseq;
    counts.turns += 1;
    counts.steps += turn.rows.length;
    tell(() => options.committed(turn));
    for (const receipt of receipts) tell(receipt);
  };

  /** It is on disk: whatever goes wrong while it is told, the others hear of it too. */
  const tell = (what: () => void) => {
    try {
      what();
    } catch (thrown) {
      const error = ensureError(thrown);
      log.error({ err: error.message, stack: error.stack }, 'a committed step could not be told');
      options.onFatal(error);
    }
  };

  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(run);
  };

  return {
    push: (job) => {
      if (closed) return;
      queue.push(job);
      schedule();
    },
    close: () => {
      closed = true;
      for (const job of queue.splice(0)) job.lost(new CcmError('CCM_STOPPING', 'The daemon stopped before this could be stored'));
    },
    closed: () => closed,
    heldSince: () => held,
    queued: () => queue.length,
    counts: () => ({ ...counts }),
  };
};
