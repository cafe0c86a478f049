/** One alarm for the earliest timer row. The row goes in the commit of the step it causes, so it rings once; also when a guard says no. */
import { z } from 'zod';
import { CcmError } from '../errors.ts';
import { type Store, StoreFailure, type TimerRow } from '../ports/store.ts';
import type { Cancel, Clock, Log } from '../ports/system.ts';
import type { Delivery } from './deliver.ts';
import type { RunErrands } from './errands.ts';
import type { Job, Turn } from './turn.ts';

/** Longest sleep of the alarm in milliseconds: how late a wall timer can be after the machine woke up. */
const LOOK = 10_000;
/** Pause after a failed commit. */
const AGAIN = 1_000;
const SLICE = 256;
/** Overdue timers fired in one transaction at start; the alarm takes the rest. */
const LIMIT = 5_000;
const raised = z.looseObject({ type: z.string() });

export const alarm = (options: {
  store: Store;
  clock: Clock;
  log: Log;
  delivery: Delivery;
  errands: RunErrands;
  /** The machine slept or its clock was set since the last turn. */
  drifted: () => boolean;
  push: (job: Job) => void;
}) => {
  const { store, clock, log, delivery } = options;
  let cancel: Cancel | undefined;
  let armed = false;

  const fire = (turn: Turn, due: TimerRow): boolean => {
    const row = store.timers.get(due.actor, due.id);
    // Cancelled or set anew by a step before this one.
    if (!row || row.due !== due.due) return false;
    turn.timers = true;
    store.timers.cancel(row.actor, row.id);
    const event = { ...raised.parse(JSON.parse(row.event)), id: `${row.actor}/${row.id}@${row.due}`, at: turn.now, by: 'timer' };
    try {
      delivery.deliver(turn, { to: row.actor, event, door: 'inside', hops: 0 });
      options.errands(turn);
    } catch (error) {
      if (!(error instanceof CcmError) || error instanceof StoreFailure) throw error;
      if (error.code === 'CCM_SNAPSHOT_UNREADABLE') {
        // Kept for a version that can read the actor.
        store.timers.set(row);
        store.timers.hold(row.actor);
      }
      log.warn({ actor: row.actor, timer: row.id, err: error.message }, 'a timer rang in vain');
    }
    return true;
  };

  const ring = () => {
    cancel = undefined;
    // A look in between: the machine did not sleep and nothing is due, so there is nothing to write.
    if (!options.drifted() && (store.timers.earliest() ?? Infinity) > clock.now()) {
      arm();
      return;
    }
    options.push({
      run: (turn) => {
        // Awake timers were moved when this turn opened, so `due` is right again.
        for (const row of store.timers.due(turn.now, SLICE)) fire(turn, row);
        return arm;
      },
      lost: () => void (cancel = clock.after(AGAIN, ring)),
    });
  };

  const arm = () => {
    if (!armed) return;
    cancel?.();
    const due = store.timers.earliest();
    cancel = due === null ? undefined : clock.after(Math.min(Math.max(0, due - clock.now()), LOOK), ring);
  };

  return {
    /** From now on the alarm rings. */
    start: () => {
      armed = true;
      arm();
    },
    /** After a commit that touched timers. */
    changed: arm,
    stop: () => {
      armed = false;
      cancel?.();
      cancel = undefined;
    },
    /** Inside a commit: everything due, oldest first; returns how many rang. */
    fireOverdue: (turn: Turn): number => {
      let fired = 0;
      for (let due = store.timers.due(turn.now, SLICE); due.length > 0; due = store.timers.due(turn.now, SLICE)) {
        for (const row of due) fired += fire(turn, row) ? 1 : 0;
        if (fired > LIMIT) break;
      }
      return fired;
    },
  };
};
export type Alarm = ReturnType<typeof alarm>;
