/**
 * The one trick: actor logic that commits before it acts. `createActor(durable(machine, commit))` is an ordinary XState actor, but what
 * XState wants to run is first collected and handed to `commit` with the new snapshot; only when that returns does the actor move.
 * It runs nothing itself: named actions become effects, `after` becomes timers. What cannot outlive a restart is refused.
 */
import type { ActorLogic, AnyActorScope, AnyMachineSnapshot, AnyStateMachine, EventObject, ExecutableActionObject } from 'xstate';
import type { SavedSnapshot } from '../../machines/kind.ts';
import { noteEdges } from './edges.ts';

export type Effect = { type: string; params: unknown };
/** In the order the chart asked: entering and leaving a state in one step must leave no timer behind. */
export type TimerChange = { set: { id: string; event: EventObject; delay: number } } | { cancel: string };
export type Step = { saved: SavedSnapshot; effects: Effect[]; timers: TimerChange[]; transitions: string[] };
/** Synchronous; when it throws, nothing happened and the actor is in `error`, to be dropped and loaded again. */
export type Commit = (step: Step) => void;
type System = AnyActorScope['system'];
export type DurableLogic = ActorLogic<AnyMachineSnapshot, EventObject, unknown, System, EventObject>;

const FORBIDDEN = new Set(['xstate.spawnChild', 'xstate.stopChild', 'xstate.sendTo']);
type Raised = { event: EventObject; id?: string; delay?: number };
type Collected = Pick<ExecutableActionObject, 'type' | 'params'>;

const sort = (machine: AnyStateMachine, action: Collected, step: Step) => {
  if (FORBIDDEN.has(action.type)) throw new Error(`${machine.id}: ${action.type} does not outlive a restart; use a named effect`);
  if (action.type === 'xstate.raise') {
    const { event, id, delay } = action.params as Raised;
    // Without a delay it has run already, inside this step.
    if (delay === undefined) return;
    if (id === undefined) throw new Error(`${machine.id}: a delayed raise of ${event.type} needs an id`);
    // Never: no row, and none left from before.
    step.timers.push(delay === Number.POSITIVE_INFINITY ? { cancel: id } : { set: { id, event, delay } });
  } else if (action.type === 'xstate.cancel') {
    step.timers.push({ cancel: (action.params as { sendId: string }).sendId });
  } else if (!action.type.startsWith('xstate.')) {
    step.effects.push({ type: action.type, params: action.params ?? null });
  }
  // What is left (emit, log) speaks to listeners inside the process; there are none.
};

export const durable = (machine: AnyStateMachine, commit: Commit): DurableLogic => {
  let taken: string[] = [];
  let collected: Collected[] = [];
  // An actor has one scope all its life, so its collecting twin is made once.
  let twin: { of: AnyActorScope; scope: AnyActorScope } | undefined;
  const collecting = (scope: AnyActorScope): AnyActorScope => {
    if (twin?.of !== scope) {
      const system = noteEdges(scope.system, (edge) => void taken.push(edge));
      twin = { of: scope, scope: { ...scope, system, actionExecutor: (action) => void collected.push(action) } };
    }
    return twin.scope;
  };
  const run = (scope: AnyActorScope, before: AnyMachineSnapshot | null, body: (inner: AnyActorScope) => AnyMachineSnapshot) => {
    collected = [];
    taken = [];
    const next = body(collecting(scope));
    // The first snapshot carries its error instead of throwing it.
    if (next.status === 'error') throw next.error;
    // Nobody handled it: nothing to write.
    if (next === before && collected.length === 0 && taken.length === 0) return next;
    const saved = machine.getPersistedSnapshot(next) as SavedSnapshot & AnyMachineSnapshot;
    const step: Step = { saved, effects: [], timers: [], transitions: taken };
    for (const action of collected) sort(machine, action, step);
    commit(step);
    return next;
  };
  return {
    getInitialSnapshot: (scope, input) => run(scope, null, (inner) => machine.getInitialSnapshot(inner, input)),
    transition: (snapshot, event, scope) =>
      // Stopping the process says nothing about the actor: it is not a step.
      event.type === 'xstate.stop'
        ? machine.transition(snapshot, event, scope)
        : run(scope, snapshot, (inner) => machine.transition(snapshot, event, inner)),
    restoreSnapshot: (snapshot, scope) => machine.restoreSnapshot(snapshot, scope),
    getPersistedSnapshot: (snapshot) => machine.getPersistedSnapshot(snapshot),
  };
};
