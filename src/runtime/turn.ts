/**
 * Group commit. What arrives during one turn of the event loop waits in a queue; then one transaction takes it all, each event in a
 * savepoint of its own. The transaction opens and closes within one synchronous run, so nobody can see a step that is not on disk:
 * receipts, viewers, effects and alarms are served only after COMMIT. If COMMIT fails, nobody was told anything, and memory is dropped.
 */
import { ensureError } from '../errors.ts';
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

export type Turns = {
  push: (job: Job) => void;
  queued(): number;
  counts(): { turns: number; steps: number; failed: number };
  /** What is pushed from now on is ignored: the store is about to be closed. */
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
  let head: number | null = null;

  const failTurn = (jobs: Job[], error: Error) => {
    counts.failed += 1;
    options.undone();
    for (const job of jobs) job.lost(error);
    log.error({ err: error.message, jobs: jobs.length }, 'the transaction failed; nothing of it happened');
    // A full disk can be emptied. Everything else means that the file or this program cannot be trusted.
    if (!(error instanceof StoreFailure) || error.code !== 'CCM_DISK_FULL') options.onFatal(error);
  };

  const run = () => {
    scheduled = false;
    const jobs = queue.splice(0, limits.batch);
    if (queue.length > 0) schedule();
    if (jobs.length === 0) return;
    const receipts: Array<() => void> = [];
    let turn: Turn;
    try {
      turn = store.commit(() => {
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
      failTurn(jobs, ensureError(thrown));
      return;
    }
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
    },
    closed: () => closed,
    queued: () => queue.length,
    counts: () => ({ ...counts }),
  };
};
