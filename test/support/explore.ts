/**
 * Walks a machine breadth first over every event it is given and every timer it has, on the machine the daemon runs.
 * Two snapshots are the same node when their state value and `key(context)` agree.
 */
import { type AnyStateMachine, type AnyStateNode, createActor, type EventObject, type InspectionEvent } from 'xstate';
import type { SavedSnapshot } from '../../machines/kind.ts';

export type Visit = { from: SavedSnapshot; event: EventObject; to: SavedSnapshot; effects: { type: string; params: unknown }[] };
export type Exploration = {
  values: Set<string>;
  /** Ids of state nodes that were active at least once. */
  states: Set<string>;
  /** Transitions taken, `source|event|index`. */
  edges: Set<string>;
  steps: number;
  errors: string[];
};

const nodesOf = (node: AnyStateNode): AnyStateNode[] => [node, ...Object.values(node.states).flatMap((child) => nodesOf(child))];
export const allNodes = (machine: AnyStateMachine): AnyStateNode[] => nodesOf(machine.root);

/** Every transition of the machine, `always` and `after` included. */
export const allEdges = (machine: AnyStateMachine): string[] =>
  allNodes(machine).flatMap((node) => [
    ...[...node.transitions].flatMap(([type, list]) => list.map((_, i) => `${node.id}|${type}|${i}`)),
    ...(node.always ?? []).map((_, i) => `${node.id}||${i}`),
  ]);

export const timersOf = (machine: AnyStateMachine): string[] =>
  allNodes(machine).flatMap((node) => [...node.transitions.keys()].filter((type) => type.startsWith('xstate.after.')));

const idle = { setTimeout: () => 0, clearTimeout: () => undefined };

export const explore = (
  machine: AnyStateMachine,
  options: {
    inputs: readonly object[];
    events: (context: Record<string, unknown>, at: number) => EventObject[];
    key: (context: Record<string, unknown>) => unknown;
    limit: number;
    onStep?: (visit: Visit) => void;
  },
): Exploration => {
  const found: Exploration = { values: new Set(), states: new Set(), edges: new Set(), steps: 0, errors: [] };
  const timers = timersOf(machine).map((type) => ({ type }));
  let effects: { type: string; params: unknown }[] = [];
  const inspect = (e: InspectionEvent) => {
    if (e.type === '@xstate.microstep') {
      for (const t of e._transitions) {
        for (const node of [t.source, ...(t.target ?? [])]) found.states.add(node.id);
        const list = t.eventType === '' ? (t.source.always ?? []) : (t.source.transitions.get(t.eventType) ?? []);
        found.edges.add(`${t.source.id}|${t.eventType}|${list.findIndex((known) => known === t)}`);
      }
    } else if (e.type === '@xstate.action' && !e.action.type.startsWith('xstate.')) {
      effects.push({ type: e.action.type, params: e.action.params });
    }
  };
  const seen = new Map<string, SavedSnapshot>();
  const queue: SavedSnapshot[] = [];
  const visit = (saved: SavedSnapshot) => {
    const id = JSON.stringify([saved.value, options.key(saved.context)]);
    found.values.add(JSON.stringify(saved.value));
    if (seen.has(id) || seen.size >= options.limit) return;
    seen.set(id, saved);
    queue.push(saved);
  };
  const settle = (actor: ReturnType<typeof createActor>): SavedSnapshot => {
    const snapshot = actor.getSnapshot() as { _nodes?: AnyStateNode[] };
    for (const node of snapshot._nodes ?? []) found.states.add(node.id);
    return JSON.parse(JSON.stringify(actor.getPersistedSnapshot())) as SavedSnapshot;
  };
  for (const input of options.inputs) {
    const actor = createActor(machine, { input, inspect, clock: idle });
    actor.subscribe({ error: (error) => void found.errors.push(String(error)) });
    visit(settle(actor.start()));
  }
  for (let saved = queue.shift(); saved; saved = queue.shift()) {
    const at = 1_000_000 + found.steps;
    for (const event of [
      ...options.events(saved.context, at),
      ...timers.flatMap((t) => [0, 600_000].map((late) => ({ ...t, id: `t${at}`, at: at + late }))),
    ]) {
      effects = [];
      // A snapshot is restored for every step, so every path is also a path of restarts.
      const actor = createActor(machine, { snapshot: saved as never, inspect, clock: idle });
      actor.subscribe({ error: (error) => void found.errors.push(`${JSON.stringify(saved?.value)} + ${event.type}: ${String(error)}`) });
      actor.start();
      actor.send(event);
      const to = settle(actor);
      found.steps += 1;
      options.onStep?.({ from: saved, event, to, effects });
      visit(to);
    }
  }
  return found;
};

/** Sends events one after another, restoring the actor from JSON before each. Starts from a snapshot, or from an input. */
export const follow = (
  machine: AnyStateMachine,
  start: SavedSnapshot | object,
  events: readonly EventObject[],
  onEffect: (type: string, params: unknown) => void = () => undefined,
): SavedSnapshot => {
  const first = 'value' in start ? start : createActor(machine, { input: start, clock: idle }).start().getPersistedSnapshot();
  let saved = JSON.parse(JSON.stringify(first)) as SavedSnapshot;
  for (const event of events) {
    const inspect = (e: InspectionEvent) => {
      if (e.type === '@xstate.action' && !e.action.type.startsWith('xstate.')) onEffect(e.action.type, e.action.params);
    };
    const actor = createActor(machine, { snapshot: saved as never, clock: idle, inspect }).start();
    actor.send(event);
    saved = JSON.parse(JSON.stringify(actor.getPersistedSnapshot())) as SavedSnapshot;
  }
  return saved;
};
