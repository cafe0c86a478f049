/** Who waits for a decision by long poll right now: what is waited for need not be typed into the agent's window. */
import type { Clock } from '../../ports/system.ts';

export type DecisionWaiters = {
  /** Somebody begins to wait; call what comes back when they stop. */
  enter(approval: string): () => void;
  /** Somebody was told the decision. */
  answered(approval: string): void;
  /** True when somebody waits for it or was told it already, or begins to wait within `ms`. */
  awaited(approval: string, ms: number): Promise<boolean>;
};

const REMEMBERED = 1000;

export const decisionWaiters = (clock: Pick<Clock, 'after'>): DecisionWaiters => {
  const waiting = new Map<string, number>();
  const hoping = new Map<string, Set<() => void>>();
  /** The poll that waited ends with the commit of the decision, before anybody asks us whether it was there. */
  const told = new Set<string>();
  const hope = (approval: string): void => {
    for (const tell of hoping.get(approval) ?? []) tell();
  };
  return {
    enter: (approval) => {
      waiting.set(approval, (waiting.get(approval) ?? 0) + 1);
      hope(approval);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        const rest = (waiting.get(approval) ?? 1) - 1;
        if (rest > 0) waiting.set(approval, rest);
        else waiting.delete(approval);
      };
    },
    answered: (approval) => {
      told.add(approval);
      // Asked for within seconds of the decision: a few are enough.
      if (told.size > REMEMBERED) told.delete(told.values().next().value ?? '');
      hope(approval);
    },
    awaited: (approval, ms) =>
      new Promise((resolve) => {
        if (waiting.has(approval) || told.has(approval)) return resolve(true);
        const listeners = hoping.get(approval) ?? new Set();
        hoping.set(approval, listeners);
        const end = (came: boolean): void => {
          cancel();
          listeners.delete(tell);
          if (listeners.size === 0) hoping.delete(approval);
          resolve(came);
        };
        const tell = (): void => end(true);
        const cancel = clock.after(ms, () => end(false));
        listeners.add(tell);
      }),
  };
};
