/** XState machine → chart model. Runs when the interface is built; the browser never loads XState. */
import type { MachineKind } from '../../machines/kind.ts';
import { tellOrDraw } from '../src/chart/model/lines.ts';
import type { ChartEdge, ChartModel, ChartNote, ChartState } from '../src/chart/model/types.ts';

type AnyStateMachine = MachineKind['machine'];
type AnyStateNode = AnyStateMachine['root'];

/** Kept equal to the id the runtime records with each step: source state, event descriptor, place in its list. */
export const edgeId = (source: string, descriptor: string, index: number): string => `${source}|${descriptor}|${index}`;

const nameOf = (thing: unknown): string => {
  if (typeof thing === 'string') return thing;
  if (thing === null || (typeof thing !== 'object' && typeof thing !== 'function')) return '';
  const guards = 'guards' in thing && Array.isArray(thing.guards) ? thing.guards : null;
  const name = 'type' in thing && typeof thing.type === 'string' ? thing.type : 'name' in thing ? String(thing.name) : '';
  if (!guards) return name || 'inline';
  if (name.endsWith('not')) return `not ${guards.map(nameOf).join('')}`;
  return guards.map(nameOf).join(name.endsWith('or') ? ' or ' : ' and ');
};

/** Named actions without XState's own; of them, only effects (`agent.launch`) change the world, so only they stand in the picture. */
const actionNames = (actions: readonly unknown[]): string[] => {
  const names = actions.map(nameOf).filter((n) => n !== 'inline' && !n.startsWith('xstate.'));
  return [...new Set(names)];
};
const effectsOf = (names: readonly string[]): string[] => names.filter((n) => n.includes('.') && !n.startsWith('actor.'));

const durationText = (ms: number): string => (ms < 1000 ? `${ms} ms` : ms < 120_000 ? `${ms / 1000} s` : `${Math.round(ms / 60_000)} min`);

/** XState's internal descriptors → what a person reads. */
const eventText = (descriptor: string, stateId: string): string => {
  if (descriptor === '') return 'always';
  if (descriptor.startsWith('xstate.after.')) {
    const delay = descriptor.slice('xstate.after.'.length, -(stateId.length + 1));
    return `after ${/^\d+$/.test(delay) ? durationText(Number(delay)) : delay}`;
  }
  return descriptor.startsWith('xstate.done.state.') ? 'done' : descriptor;
};

const edgesOf = (node: AnyStateNode): ChartEdge[] => {
  const groups = [...node.transitions.entries()];
  if (node.always?.length) groups.push(['', node.always]);
  return groups.flatMap(([descriptor, list]) =>
    list.map((transition, index) => {
      const guard = transition.guard ? nameOf(transition.guard) : null;
      const otherwise = list.length > 1 && index === list.length - 1 && !guard ? ' [else]' : '';
      const targets = (transition.target ?? []).map((t) => t.id);
      return {
        id: edgeId(node.id, descriptor, index),
        source: node.id,
        target: targets[0] ?? node.id,
        targets: targets.length > 0 ? targets : [node.id],
        lines: [],
        // A guard alone in its list only refuses what does not belong here; among several it tells which way is taken.
        label: eventText(descriptor, node.id) + (guard && guard !== 'inline' && list.length > 1 ? ` [${guard}]` : otherwise),
        event: descriptor,
        guard,
        actions: actionNames(transition.actions),
      };
    }),
  );
};

const stateOf = (node: AnyStateNode, parent: AnyStateNode | null, depth: number): ChartState => ({
  id: node.id,
  key: node.key,
  parent: parent?.id ?? null,
  depth,
  type: node.type,
  initial: parent?.type === 'compound' && parent.initial.target[0] === node,
  children: Object.values(node.states).map((child) => child.id),
  notes: [
    ...effectsOf(actionNames(node.entry)).map((text): ChartNote => ({ kind: 'entry', text, edges: [] })),
    ...effectsOf(actionNames(node.exit)).map((text): ChartNote => ({ kind: 'exit', text, edges: [] })),
  ],
  inside: 0,
});

export const chartOf = (machine: AnyStateMachine): ChartModel => {
  const model: ChartModel = { id: machine.id, root: machine.root.id, states: [], edges: [] };
  const visit = (node: AnyStateNode, parent: AnyStateNode | null, depth: number): void => {
    model.states.push(stateOf(node, parent, depth));
    model.edges.push(...edgesOf(node));
    for (const child of Object.values(node.states)) visit(child, node, depth + 1);
  };
  visit(machine.root, null, 0);
  tellOrDraw(model, effectsOf);
  return model;
};
