/** A clock that a test moves by hand. */
import type { Clock } from '../../src/ports/system.ts';

export type FakeClock = Clock & {
  /** Time passes while the machine is awake; what is due runs, in order. */
  advance(ms: number): void;
  /** The machine sleeps: only the wall clock moves. */
  sleep(ms: number): void;
  /** A new process on the same machine, or (with another name) on a restarted one. Alarms of the old one are gone. */
  restart(boot?: string): void;
  pending(): number;
  /** Milliseconds until the next alarm; null when none is set. */
  next(): number | null;
};

export const fakeClock = (start = Date.UTC(2026, 0, 1), boot = 'boot-1'): FakeClock => {
  let wall = start;
  let awake = 5_000;
  let run = boot;
  let alarms: Array<{ at: number; call: () => void }> = [];
  const fire = (until: number) => {
    for (;;) {
      const next = alarms.filter((alarm) => alarm.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) return;
      alarms = alarms.filter((alarm) => alarm !== next);
      wall += Math.max(0, next.at - awake);
      awake = Math.max(awake, next.at);
      next.call();
    }
  };
  return {
    now: () => wall,
    awake: () => awake,
    boot: () => run,
    after: (ms, call) => {
      const alarm = { at: awake + Math.max(0, ms), call };
      alarms.push(alarm);
      return () => {
        alarms = alarms.filter((other) => other !== alarm);
      };
    },
    advance: (ms) => {
      const until = awake + ms;
      const target = wall + ms;
      fire(until);
      wall += until - awake;
      awake = until;
      // An alarm may have set the wall clock itself; otherwise both have moved by the same.
      wall = Math.max(wall, target);
    },
    sleep: (ms) => {
      wall += ms;
    },
    restart: (name = run) => {
      run = name;
      alarms = [];
    },
    pending: () => alarms.length,
    next: () => (alarms.length === 0 ? null : Math.max(0, Math.min(...alarms.map(({ at }) => at)) - awake)),
  };
};
