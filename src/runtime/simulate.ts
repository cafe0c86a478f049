/** One step of a chart with nothing behind it: for `--dry-run`, and for executing a journal row again. */
import { type AnyMachineSnapshot, createActor } from 'xstate';
import type { SavedSnapshot } from '../../machines/kind.ts';
import { durable, type Step } from './durable.ts';
import type { ReadyKind } from './kinds.ts';

/** Both throw what the chart throws. */
export const simulate = (kind: ReadyKind, id: string) => {
  let step: Step | null = null;
  let failure: unknown;
  const logic = durable(kind.machine, (taken) => void (step = taken));
  return {
    /** The first step of an actor. */
    begin: (input: unknown): Step | null => {
      const snapshot = createActor(logic, { id, input }).getSnapshot();
      if (snapshot.status === 'error') throw snapshot.error;
      return step;
    },
    /** The step from `saved` by `event`; null when nobody handles it. */
    step: (saved: SavedSnapshot, event: { type: string }): Step | null => {
      // A copy: XState keeps the context it is given.
      const snapshot = structuredClone(saved) as SavedSnapshot & AnyMachineSnapshot;
      const actor = createActor(logic, { id, snapshot, input: null });
      actor.subscribe({ error: (error) => void (failure = error) });
      actor.start();
      actor.send(event);
      if (failure !== undefined) throw failure;
      return step;
    },
  };
};
