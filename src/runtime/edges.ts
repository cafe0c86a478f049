/**
 * Which transitions a step took, as edge ids that a chart drawn from `machine.definition` has too: `<source id>|<descriptor>|<index>`,
 * the descriptor being the event's name in the chart ('' for `always`), the index its place among that source's transitions of this name.
 * XState tells this only to its inspector, in a field it does not document: this is the one place that relies on it
 * (test/runtime/xstate-contract.test.ts notices a change). Whatever goes wrong here, the step is stored without edges.
 */
import type { AnyActorScope, AnyTransitionDefinition } from 'xstate';

const names = new WeakMap<object, string | null>();

const nameOf = (transition: AnyTransitionDefinition): string | null => {
  const known = names.get(transition);
  if (known !== undefined) return known;
  const { source, eventType } = transition;
  let name: string | null = null;
  // Entering the initial state is a transition without a name, and no edge of the chart.
  if (typeof eventType === 'string') {
    const siblings = eventType === '' ? source.always : source.transitions.get(eventType);
    const index = siblings?.findIndex((sibling) => sibling === transition) ?? -1;
    if (index >= 0) name = `${source.id}|${eventType}|${index}`;
  }
  names.set(transition, name);
  return name;
};

const moves = (transition: AnyTransitionDefinition) => transition.target !== undefined || transition.actions.length > 0;

/** A scope like the given one that notes the transitions taken into `taken`. An edge that does nothing is none. */
export const noteEdges = (system: AnyActorScope['system'], note: (edge: string) => void): AnyActorScope['system'] =>
  Object.create(system, {
    _sendInspectionEvent: {
      value: (inspected: { type?: unknown; _transitions?: readonly AnyTransitionDefinition[] }) => {
        if (inspected.type !== '@xstate.microstep' || !Array.isArray(inspected._transitions)) return;
        for (const transition of inspected._transitions) {
          try {
            const edge = moves(transition) ? nameOf(transition) : null;
            if (edge !== null) note(edge);
          } catch {
            // XState changed under us: the picture loses an arrow, the step loses nothing.
          }
        }
      },
    },
  }) as AnyActorScope['system'];
