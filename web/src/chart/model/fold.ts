/** Folding: compounds that are not open become one box, and the lines of what is inside them start at the fold. Pure; runs in the browser too. */
import { canDraw } from './lines.ts';
import { statesById } from './tree.ts';
import type { ChartModel, ChartState } from './types.ts';

const foldable = (model: ChartModel, states: Map<string, ChartState>, state: ChartState): boolean => {
  if (state.id === model.root || state.children.length === 0) return false;
  // Regions of a parallel state are always active together with it: folding one would hide half of the truth.
  return states.get(state.parent ?? '')?.type !== 'parallel';
};

/** Ids that may be opened and closed. */
const foldableStates = (model: ChartModel): string[] => {
  const states = statesById(model);
  return model.states.filter((s) => foldable(model, states, s)).map((s) => s.id);
};

const countInside = (states: Map<string, ChartState>, id: string): number =>
  (states.get(id)?.children ?? []).reduce((sum, child) => sum + 1 + countInside(states, child), 0);

export const fold = (model: ChartModel, open: ReadonlySet<string>): ChartModel => {
  const states = statesById(model);
  const shown = (id: string): string => {
    const parent = states.get(id)?.parent ?? null;
    if (parent === null) return id;
    const above = shown(parent);
    if (above !== parent) return above;
    const state = states.get(parent);
    return state && foldable(model, states, state) && !open.has(parent) ? parent : id;
  };
  const kept = model.states
    .filter((s) => shown(s.id) === s.id)
    .map((s) => {
      const children = s.children.filter((child) => shown(child) === child);
      return { ...s, children, inside: s.children.length > 0 && children.length === 0 ? countInside(states, s.id) : 0 };
    });
  const all = { ...model, states: kept };
  const byId = statesById(all);
  const edges = model.edges
    .map((e) => {
      const source = shown(e.source);
      const targets = [...new Set(e.targets.map(shown))];
      const lines = [...new Set(e.lines.map(shown))].filter((t) => canDraw(all, byId, source, t));
      return { ...e, source, targets, lines, target: targets[0] ?? source };
    })
    // What happens wholly inside a fold is not shown; what stayed in place before still does.
    .filter((e, i) => e.targets.some((t) => t !== e.source) || model.edges[i]?.source === e.source);
  return { ...all, edges };
};

/** Name of a variant: its open compounds, in the model's order. */
export const variantKey = (model: ChartModel, open: ReadonlySet<string>): string =>
  model.states
    .filter((s) => open.has(s.id))
    .map((s) => s.id)
    .join(' ');

/** Of the active states, those that must be open so that nothing active is hidden. */
export const openFor = (model: ChartModel, active: readonly string[]): Set<string> => {
  const can = new Set(foldableStates(model));
  return new Set(active.filter((id) => can.has(id)));
};

/** Every set of compounds that can be open at once because states inside are active: one per configuration, duplicates removed. */
export const openSets = (model: ChartModel): Set<string>[] => {
  const states = statesById(model);
  const can = new Set(foldableStates(model));
  const sets = (id: string): string[][] => {
    const state = states.get(id);
    if (!state || state.children.length === 0) return [[]];
    const own = can.has(id) ? [id] : [];
    if (state.type !== 'parallel') return state.children.flatMap((child) => sets(child).map((inner) => [...own, ...inner]));
    let product: string[][] = [own];
    for (const region of state.children) product = product.flatMap((so) => sets(region).map((inner) => [...so, ...inner]));
    return product;
  };
  const unique = new Map(sets(model.root).map((ids) => [variantKey(model, new Set(ids)), new Set(ids)]));
  return [...unique.values()];
};
