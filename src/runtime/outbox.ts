/**
 * Carries out committed effects: at least once, in order per actor and lane. A row is marked `running` on disk before its handler is
 * called, and `done` in the same commit as the events it led to; so after a crash it is known which may have half happened.
 */
import type { EffectMeta, HandlerResult, Outcome } from '../../machines/effects.ts';
import { ensureError, problemOf } from '../errors.ts';
import { type OutboxRow, type OutboxState, type Store, StoreFailure } from '../ports/store.ts';
import type { Clock, Log } from '../ports/system.ts';
import type { Lane } from './lanes.ts';
import { lanes } from './lanes.ts';
import type { Job, Turn } from './turn.ts';
import type { EffectTable, HandlerTable, Limits, RuntimeOptions } from './types.ts';

/** Milliseconds until a failed commit of bookkeeping is tried again. */
const AGAIN = 1_000;

type Ending = { state: OutboxState; problem: { code: string; detail: string } | null; outcomes: Outcome[] };

export const effectIdOf = (row: Pick<OutboxRow, 'actor' | 'seq' | 'idx'>) => `${row.actor}:${row.seq}:${row.idx}`;

export const outboxWorker = (options: {
  store: Store;
  clock: Clock;
  log: Log;
  random: () => number;
  limits: Limits;
  effects: EffectTable;
  generation: RuntimeOptions['generation'];
  crash: RuntimeOptions['crash'];
  push: (job: Job) => void;
  /** Delivers the events an effect led to, inside a commit. */
  tell(turn: Turn, row: OutboxRow, outcomes: Outcome[]): void;
}) => {
  const { store, clock, log, limits, effects, crash } = options;
  const waiting = lanes();
  let handlers: HandlerTable = {};
  let started = false;
  let stopping = false;
  let running = 0;
  const stopped = new Set<() => void>();

  const release = (lane: Lane) => {
    lane.busy = false;
    running -= 1;
    waiting.freed(lane);
    if (running === 0) for (const call of stopped) call();
    pump();
  };

  /** Bookkeeping must reach the disk: it is tried until it does. */
  const insist = (job: Pick<Job, 'run'>) => {
    const push = () => options.push({ run: job.run, lost: () => void clock.after(AGAIN, push) });
    push();
  };

  const end = (lane: Lane, row: OutboxRow, ending: Ending) =>
    insist({
      run: (turn) => {
        store.outbox.finish(row.id, ending.state, ending.problem ? JSON.stringify(ending.problem) : null, turn.now);
        options.tell(turn, row, ending.outcomes);
        crash?.('mark-done');
        return () => {
          waiting.remove(row.id);
          release(lane);
        };
      },
    });

  const failed = (row: OutboxRow, problem: { code: string; detail: string }): Ending => ({
    state: 'failed',
    problem,
    outcomes: [{ event: { type: 'EFFECT_FAILED', effect: row.name, params: JSON.parse(row.params) as unknown, problem } }],
  });

  /** Whether it did anything, nobody knows: its chart decides. */
  const unsure = (row: OutboxRow, problem: Ending['problem']): Ending => ({
    state: 'unsure',
    problem,
    outcomes: [{ event: { type: 'EFFECT_UNSURE', effect: row.name, params: JSON.parse(row.params) as unknown } }],
  });

  const hold = (lane: Lane, id: number, ms: number) => {
    lane.waiting = true;
    clock.after(ms, () => {
      if (lane.ids[0] !== id) return;
      lane.waiting = false;
      waiting.freed(lane);
      pump();
    });
  };
  const waitThen = (lane: Lane, id: number, ms: number) => {
    // Cancelled later in the commit that was to make it wait: nothing would wake the lane.
    if (lane.ids[0] === id) hold(lane, id, ms);
    release(lane);
  };

  const again = (lane: Lane, row: OutboxRow, problem: { code: string; detail: string }) => {
    const ceiling = Math.min(limits.backoffCap, limits.backoffBase * 2 ** (row.attempts - 1));
    const delay = Math.round(options.random() * ceiling);
    insist({
      run: (turn) => {
        store.outbox.retry(row.id, turn.now + delay, JSON.stringify(problem));
        return () => waitThen(lane, row.id, delay);
      },
    });
  };

  /** As it was before this attempt, and due then. */
  const postpone = (lane: Lane, row: OutboxRow, ms: number) =>
    insist({
      run: (turn) => {
        store.outbox.running(row.id, row.attempts - 1, row.attempts > 1 ? row.generation : null);
        store.outbox.retry(row.id, turn.now + ms, null);
        return () => waitThen(lane, row.id, ms);
      },
    });

  const call = async (row: OutboxRow): Promise<HandlerResult> => {
    const handler = handlers[row.name];
    if (!handler) return { problem: { code: 'CCM_INTERNAL', detail: `Nothing carries out ${row.name}` }, retry: false };
    const meta: EffectMeta = { actor: row.actor, effectId: effectIdOf(row), attempt: row.attempts };
    // The chart wrote these parameters for this effect; the catalogue types both sides.
    return handler(JSON.parse(row.params) as never, meta);
  };

  const strand = (lane: Lane, row: OutboxRow, { code, detail }: { code: string; detail: string }) => {
    const repeatable = (effects[row.name]?.repeat ?? 'ask') !== 'ask';
    if (repeatable && row.attempts < limits.attempts) again(lane, row, { code, detail });
    else end(lane, row, repeatable ? failed(row, { code, detail }) : unsure(row, { code, detail }));
  };

  const execute = async (lane: Lane, row: OutboxRow) => {
    crash?.('handler-before');
    try {
      const result = await call(row);
      crash?.('handler-after');
      if ('later' in result) postpone(lane, row, result.later);
      else if ('outcomes' in result) end(lane, row, { state: 'done', problem: null, outcomes: result.outcomes });
      else if (result.retry && row.attempts < limits.attempts) again(lane, row, result.problem);
      else end(lane, row, failed(row, result.problem));
    } catch (thrown) {
      const error = ensureError(thrown);
      // The disk is full or held by somebody, which passes. No bug of the handler, but it may have come halfway.
      if (thrown instanceof StoreFailure) return strand(lane, row, thrown.problem);
      log.error(
        { effect: row.name, actor: row.actor, id: effectIdOf(row), err: error.message, stack: error.stack },
        'a handler threw: a bug',
      );
      end(lane, row, failed(row, { ...problemOf(thrown), code: 'CCM_INTERNAL' }));
    }
  };

  const start = (lane: Lane, id: number) =>
    insist({
      run: (turn) => {
        const row = store.outbox.get(id);
        // Cancelled by an urgent one in the meantime.
        if (row?.state !== 'pending') {
          return () => {
            waiting.remove(id);
            release(lane);
          };
        }
        if (stopping) return () => release(lane);
        const attempts = row.attempts + 1;
        const current = effects[row.name]?.repeat === 'generation' ? (options.generation?.() ?? null) : null;
        // An earlier try may have been carried out by a terminal server that died before it answered: another one would do it twice.
        if (row.generation !== null && current !== null && row.generation !== current) {
          store.outbox.finish(id, 'unsure', null, turn.now);
          options.tell(turn, row, unsure(row, null).outcomes);
          return () => {
            waiting.remove(id);
            release(lane);
          };
        }
        const generation = current ?? row.generation;
        store.outbox.running(id, attempts, generation);
        crash?.('mark-running');
        return () => void execute(lane, { ...row, attempts, generation });
      },
    });

  const pump = () => {
    if (!started || stopping) return;
    while (running < limits.pool) {
      const lane = waiting.next();
      const id = lane?.ids[0];
      if (lane === undefined || id === undefined) return;
      lane.busy = true;
      running += 1;
      start(lane, id);
    }
  };

  return {
    /** After a commit: rows it added, ids it cancelled. */
    committed: (turn: Turn) => {
      for (const row of turn.effects) waiting.add(row);
      for (const id of turn.cancelled) waiting.remove(id);
      pump();
    },
    /** From now on effects flow. */
    begin: (table: HandlerTable) => {
      handlers = table;
      started = true;
      pump();
    },
    /** A row from before this process. One that was put off stays so, by no more than any back-off: the clock may have been set meanwhile. */
    add: (row: OutboxRow) => {
      const lane = waiting.add(row);
      const left = Math.min(row.dueAt - clock.now(), limits.backoffCap);
      if (left > 0 && lane.ids[0] === row.id) hold(lane, row.id, left);
    },
    running: () => running,
    waiting: () => waiting.pending(),
    busy: () => running > 0 || (started && !stopping && waiting.startable()),
    /** No more starts; resolves when nothing runs, or after the grace. */
    stop: (): Promise<void> => {
      stopping = true;
      if (running === 0) return Promise.resolve();
      return new Promise((resolve) => {
        stopped.add(resolve);
        clock.after(limits.grace, resolve);
      });
    },
  };
};
export type OutboxWorker = ReturnType<typeof outboxWorker>;
