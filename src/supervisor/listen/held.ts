/** Hooks whose reply waits for a person's decision. */

import type { Decision } from '../../ports/decisions.ts';
import type { Cancel, Clock } from '../../ports/system.ts';

/** Null decision: it was decided elsewhere, or nobody will decide it here any more. */
type Outcome = { decision: Decision | null; text: string | null };
const nobody: Outcome = { decision: null, text: null };

/** The longest a hook is held, two hours: after that the dialog on the program's screen is all there is. */
export const holdMs = 7_200_000;

export type Held = {
  /** To be called before the question is stored: a decision that is quicker than our waiting for it is kept for who waits. */
  expect: (approval: string) => void;
  /** Resolves with the decision, or with none when `left` says that the program hung up, the time is over, or we stop. */
  wait: (approval: string, left: AbortSignal) => Promise<Outcome>;
  /** True when somebody was waiting for it: the decision is on its way to the program. */
  settle: (approval: string, outcome: Outcome) => boolean;
  release: (approval: string) => void;
  releaseAll: () => void;
};

export const heldHooks = (clock: Pick<Clock, 'after'>): Held => {
  const waiting = new Map<string, (outcome: Outcome) => void>();
  /** Null: expected, and not decided yet. */
  const early = new Map<string, Outcome | null>();
  return {
    expect: (approval) => void early.set(approval, null),
    wait: (approval, left) =>
      new Promise((resolve) => {
        const decided = early.get(approval);
        early.delete(approval);
        if (decided) return resolve(decided);
        let cancel: Cancel = () => undefined;
        const end = (outcome: Outcome): void => {
          cancel();
          left.removeEventListener('abort', hangUp);
          if (waiting.get(approval) === end) waiting.delete(approval);
          resolve(outcome);
        };
        const hangUp = (): void => end(nobody);
        waiting.set(approval, end);
        if (left.aborted) return hangUp();
        left.addEventListener('abort', hangUp);
        cancel = clock.after(holdMs, hangUp);
      }),
    settle(approval, outcome) {
      const end = waiting.get(approval);
      end?.(outcome);
      if (end !== undefined || !early.has(approval)) return end !== undefined;
      early.set(approval, outcome);
      return true;
    },
    release: (approval) => waiting.get(approval)?.(nobody),
    releaseAll: () => {
      early.clear();
      for (const end of waiting.values()) end(nobody);
    },
  };
};
