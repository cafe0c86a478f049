/**
 * From a closed file to a running house: unreadable actors are set aside, older ones brought up to date, awake timers moved by what the
 * machine slept, what happened meanwhile is heard, half-run effects are settled, overdue timers ring oldest first. Then effects flow.
 */

import { problemOf } from '../errors.ts';
import { type OutboxRow, type Store, StoreFailure } from '../ports/store.ts';
import type { Log } from '../ports/system.ts';
import type { Alarm } from './alarm.ts';
import type { Delivery } from './deliver.ts';
import type { Kinds, ReadyKind } from './kinds.ts';
import { effectIdOf, type OutboxWorker } from './outbox.ts';
import { renameTimer } from './restore.ts';
import type { Turn } from './turn.ts';
import type { BootReport, EffectTable, HandlerTable, RuntimeOptions } from './types.ts';
import { UPCAST } from './verify.ts';
import type { WriteStep } from './write-step.ts';

/** Actors looked at in one go. */
const PAGE = 200;
const NOTHING: Omit<BootReport, 'unreadable'> = { actors: 0, upcast: 0, again: 0, unsure: 0, overdue: 0, pending: 0, shifted: 0, ms: 0 };

export const booter = (options: {
  store: Store;
  kinds: Kinds;
  log: Log;
  effects: EffectTable;
  generation: RuntimeOptions['generation'];
  delivery: Delivery;
  write: WriteStep;
  outbox: OutboxWorker;
  alarm: Alarm;
  awake(): number;
  shifted(): number;
  errands(turn: Turn): void;
  inTurn: <T>(work: (turn: Turn) => T) => Promise<T>;
}) => {
  const { store, kinds, log, effects, delivery, outbox, alarm, inTurn } = options;

  const renameTimers = (kind: ReadyKind, from: number, id: string) => {
    for (const row of store.timers.ofActor(id)) {
      const name = renameTimer(kind, from, row.id);
      if (name === row.id) continue;
      store.timers.cancel(id, row.id);
      // A timer's event is named like the timer; a raised one of the chart's own keeps its event.
      const event = row.event.replaceAll(JSON.stringify(row.id), JSON.stringify(name));
      store.timers.set({ ...row, id: name, event });
    }
  };

  const upcast = (turn: Turn, kind: ReadyKind, id: string, from: number) => {
    const live = delivery.live.load(id);
    const event = { type: UPCAST, id: `${id}:v${kind.version}`, at: turn.now, by: 'runtime', from, to: kind.version };
    store.attempt(() => {
      renameTimers(kind, from, id);
      options.write(turn, live, { event, hops: 0 }, { saved: live.saved, effects: [], timers: [], transitions: [] });
    });
  };

  const bringUpToDate = (turn: Turn, report: BootReport) => {
    for (const { kind: name, version, count } of store.actors.census()) {
      report.actors += count;
      const kind = kinds.get(name);
      if (kind?.version === version) continue;
      for (const id of store.actors.ofVersion(name, version)) {
        try {
          if (!kind) delivery.live.load(id);
          else upcast(turn, kind, id, version);
          report.upcast += 1;
        } catch (error) {
          if (error instanceof StoreFailure) throw error;
          report.unreadable.push({ actor: id, reason: problemOf(error).detail });
          log.error({ actor: id, err: problemOf(error).detail }, 'a stored actor cannot be read; it is set aside');
        }
      }
    }
  };

  /** Whether a half-run effect may simply run again. */
  const repeatable = (row: OutboxRow): boolean => {
    const repeat = effects[row.name]?.repeat ?? 'ask';
    if (repeat === 'generation') return row.generation !== null && row.generation === (options.generation?.() ?? null);
    return repeat === 'safe';
  };

  const settle = (turn: Turn, report: BootReport) => {
    for (const row of store.outbox.open()) {
      if (row.state === 'running' && repeatable(row)) {
        store.outbox.retry(row.id, turn.now, row.problem);
        report.again += 1;
      } else if (row.state === 'running') {
        store.outbox.finish(row.id, 'unsure', null, turn.now);
        turn.cancelled.push(row.id);
        turn.errands.push({
          to: row.actor,
          event: { type: 'EFFECT_UNSURE', effect: row.name, params: JSON.parse(row.params) as unknown },
          eventId: `${effectIdOf(row)}/unsure`,
          at: turn.now,
          by: 'effect',
          hops: 0,
        });
        report.unsure += 1;
      }
    }
    options.errands(turn);
  };

  /** Who looks for trouble finds all of what matters now; an ended one is told of when somebody asks for it. */
  const findUnreadable = async () => {
    for (let offset = 0; ; offset += PAGE) {
      const rows = store.views.list({ ended: false, limit: PAGE, offset });
      for (const { id } of rows) delivery.live.check(id);
      if (rows.length < PAGE) return;
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
  };

  return async (handlers: HandlerTable, drain?: () => Promise<void>): Promise<BootReport> => {
    const began = options.awake();
    const report: BootReport = { ...NOTHING, unreadable: [] };
    await inTurn((turn) => {
      store.timers.releaseAll();
      bringUpToDate(turn, report);
    });
    for (const row of store.outbox.open()) outbox.add(row);
    await findUnreadable();
    report.shifted = options.shifted();
    await drain?.();
    await inTurn((turn) => settle(turn, report));
    report.overdue = await inTurn((turn) => {
      // What waits for admission may wait for nothing that still happens: whoever would have asked again ended with the last process.
      for (const name of kinds.keys()) turn.kinds.add(name);
      return alarm.fireOverdue(turn);
    });
    // Rows of steps taken since `settle` are known to the worker already.
    report.pending = outbox.waiting();
    outbox.begin(handlers);
    alarm.start();
    report.ms = Math.round(options.awake() - began);
    return report;
  };
};
