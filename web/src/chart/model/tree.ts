/** Questions about the tree of states that folding, drawing and lighting share. */
import type { ChartState, Outline } from './types.ts';

export const statesById = <S extends { id: string }>(model: { states: readonly S[] }): Map<string, S> =>
  new Map(model.states.map((s) => [s.id, s]));

/** True when `above` contains `below` (a state does not contain itself). */
export const contains = (states: Map<string, ChartState>, above: string, below: string): boolean => {
  for (let at = states.get(below)?.parent ?? null; at !== null; at = states.get(at)?.parent ?? null) if (at === above) return true;
  return false;
};

/** The child of the root that `id` is or lies in; null for the root. */
export const regionOf = (states: Map<string, ChartState>, root: string, id: string): string | null => {
  let at = states.get(id);
  while (at && at.parent !== root) at = at.parent === null ? undefined : states.get(at.parent);
  return at?.id ?? null;
};

/**
 * Snapshot value (XState's form: a word, or an object of regions) → ids of every active state, ancestors included.
 * Goes through the model, so that states with an id of their own are found. Unknown keys are left out.
 */
export const activeStates = (model: Outline, value: unknown): string[] => {
  const states = statesById(model);
  const found = [model.root];
  const child = (parent: string, key: string): string | null =>
    states.get(parent)?.children.find((id) => states.get(id)?.key === key) ?? null;
  const walk = (parent: string, part: unknown): void => {
    const pairs: [string, unknown][] =
      typeof part === 'string' ? [[part, null]] : part && typeof part === 'object' ? Object.entries(part) : [];
    for (const [key, inner] of pairs) {
      const id = child(parent, key);
      if (id === null) continue;
      found.push(id);
      walk(id, inner);
    }
  };
  walk(model.root, value);
  return found;
};

/** The state whose name is a status word, with what contains it: enough to light a thumbnail when only the word is known. */
export const statesNamed = (model: Outline, word: string): string[] => {
  const states = statesById(model);
  const leaf = model.states.find((s) => s.key === word);
  const found: string[] = [];
  for (let at = leaf; at; at = at.parent === null ? undefined : states.get(at.parent)) found.unshift(at.id);
  return found;
};
