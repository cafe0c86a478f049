/** The durable runtime: see `types.ts` for what it offers, `turn.ts` for how a turn of it becomes one transaction. */
import { effects as catalogue } from '../../machines/effects.ts';
import { CcmError } from '../errors.ts';
import { StoreFailure } from '../ports/store.ts';
import { alarm } from './alarm.ts';
import { booter } from './boot.ts';
import { compactor } from './compact.ts';
import { delivery } from './deliver.ts';
import { door } from './door.ts';
import { errandRunner } from './errands.ts';
import { feed } from './feed.ts';
import { flushViews } from './flush-views.ts';
import { readyKinds } from './kinds.ts';
import { outboxWorker } from './outbox.ts';
import { reader } from './read.ts';
import { freeId } from './short.ts';
import { sleepWatch } from './sleep.ts';
import { type Turn, turns } from './turn.ts';
import type { Limits, Runtime, RuntimeOptions } from './types.ts';
import { verifier } from './verify.ts';
import { stepWriter } from './write-step.ts';

export type * from './types.ts';

const defaults: Limits = {
  live: 2_000,
  pool: 16,
  attempts: 8,
  backoffBase: 250,
  backoffCap: 60_000,
  hops: 64,
  batch: 256,
  grace: 5_000,
};
/** Rounds of admission in one turn: it must come to rest. */
const ROUNDS = 100;

export const createRuntime = (options: RuntimeOptions): Runtime => {
  const { store, clock, ids, log, crash } = options;
  const limits: Limits = { ...defaults, ...options.limits };
  const effects = options.effects ?? catalogue;
  const kinds = store.commit(() => readyKinds(options.kinds, store.journal, clock.now()));
  const write = stepWriter(store, effects);
  const deliveries = delivery({ store, kinds, log, limit: limits.live, write, crash });
  const { live } = deliveries;
  const errands = errandRunner(deliveries, limits.hops);
  const viewers = feed(store, kinds, log);
  const sleep = sleepWatch(store, clock);
  let shifted = 0;

  const admit = (turn: Turn) => {
    for (let round = 0; options.afterSteps && turn.kinds.size > 0; round += 1) {
      const touched = turn.kinds;
      turn.kinds = new Set();
      flushViews(store.views, live, turn, log);
      if (round === ROUNDS) {
        log.error({ kinds: [...touched] }, 'admission does not come to rest; it is asked again in the next turn');
        return;
      }
      for (const { to, event } of options.afterSteps(touched, turn.now)) {
        turn.errands.push({ to, event, eventId: event.id ?? ids.next(), at: event.at ?? turn.now, by: event.by ?? 'admission', hops: 0 });
      }
      errands(turn);
    }
  };
  const group = turns({
    store,
    clock,
    log,
    limits,
    crash,
    onFatal: options.onFatal,
    opening: (turn) => {
      const gap = sleep.settle();
      if (gap === 0) return;
      shifted += gap;
      turn.timers = true;
      log.info({ ms: gap }, 'the machine slept or its clock was set: patience is moved by the gap');
    },
    closing: (turn) => {
      admit(turn);
      flushViews(store.views, live, turn, log);
      options.witness?.(turn.rows);
    },
    committed: (turn) => {
      sleep.committed();
      viewers.publish(turn.rows);
      outbox.committed(turn);
      if (turn.timers) bell.changed();
      live.trim();
    },
    undone: () => {
      live.clear();
      sleep.undone();
    },
  });

  /** One piece of work inside a transaction; its own errors reject it alone, after COMMIT. */
  const inTurn = <T>(work: (turn: Turn) => T): Promise<T> =>
    new Promise((resolve, reject) => {
      if (group.closed()) reject(new CcmError('CCM_STOPPING', 'The daemon has stopped'));
      group.push({
        run: (turn) => {
          try {
            const value = work(turn);
            return () => resolve(value);
          } catch (error) {
            if (error instanceof StoreFailure || !(error instanceof CcmError)) throw error;
            return () => reject(error);
          }
        },
        lost: reject,
      });
    });

  const outbox = outboxWorker({
    store,
    clock,
    log,
    random: options.random,
    limits,
    effects,
    generation: options.generation,
    crash,
    push: group.push,
    tell: (turn, row, outcomes) => {
      const effectId = `${row.actor}:${row.seq}:${row.idx}`;
      outcomes.forEach(({ to, event }, index) => {
        turn.errands.push({ to: to ?? row.actor, event, eventId: `${effectId}/${index}`, at: turn.now, by: 'effect', hops: 0 });
      });
      errands(turn);
    },
  });
  const bell = alarm({ store, clock, log, delivery: deliveries, errands, drifted: sleep.drifted, push: group.push });
  const read = reader({ store, kinds, live, clock, ids });
  const boot = booter({
    store,
    kinds,
    log,
    effects,
    generation: options.generation,
    delivery: deliveries,
    write,
    outbox,
    alarm: bell,
    awake: () => clock.awake(),
    shifted: () => shifted,
    errands,
    inTurn,
  });
  const front = door({ store, clock, ids, delivery: deliveries, errands, inTurn });
  const verify = verifier(store, kinds);

  const rebuildViews = async (): Promise<number> =>
    inTurn(() => {
      store.views.clear();
      let count = 0;
      for (let page = store.actors.page('', 500); page.length > 0; page = store.actors.page(page.at(-1)?.id ?? '', 500)) {
        for (const row of page) count += read.rebuildView(row) ? 1 : 0;
      }
      return count;
    });

  const idle = async () => {
    for (let quiet = 0; quiet < 2; ) {
      quiet = group.queued() > 0 || outbox.busy() ? 0 : quiet + 1;
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
  };

  const shutdown = async () => {
    front.close();
    bell.stop();
    await outbox.stop();
    // What is queued still reaches the disk, unless another program holds it; actors are left as they are: stopping says nothing about them.
    const flushed = inTurn(() => undefined).catch((error: unknown) => log.warn({ err: String(error) }, 'what was queued is not stored'));
    await Promise.race([flushed, new Promise<void>((resolve) => void clock.after(limits.grace, resolve))]);
    group.close();
    live.clear();
  };
  let ended: Promise<void> | undefined;

  return {
    boot: async (handlers, { drain } = {}) => {
      front.open();
      return boot(handlers, drain);
    },
    create: front.create,
    send: front.send,
    command: front.command,
    transaction: front.transaction,
    state: read.state,
    unreadable: read.unreadable,
    setAside: () => live.unreadable(),
    preview: read.preview,
    history: read.history,
    at: read.at,
    list: (query = {}) => store.views.list(query),
    find: (text, limit = 20) => store.views.find(text, limit),
    feed: { subscribe: viewers.subscribe },
    definition: read.definition,
    verify,
    compact: compactor(store, inTurn),
    rebuildViews,
    parked: () => store.parked.list(),
    retryParked: front.retryParked,
    outbox: (filter = {}) => store.outbox.list(filter),
    timers: (id) => store.timers.ofActor(id),
    stats: () => {
      const { turns: count, steps, failed } = group.counts();
      return {
        live: live.size(),
        queued: group.queued(),
        running: outbox.running(),
        waiting: outbox.waiting(),
        parked: store.parked.count(),
        timers: store.timers.count(),
        head: viewers.head(),
        turns: count,
        steps,
        failedTurns: failed,
        heldSince: group.heldSince(),
      };
    },
    newId: () =>
      freeId(
        () => ids.next(),
        (short) => store.actors.shortTaken(short),
      ),
    idle,
    shutdown: () => (ended ??= shutdown()),
  };
};
