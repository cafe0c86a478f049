/** Moving the focus over the states of a chart by keys, as in any tree. Pure. */
import type { ChartModel } from './model/types.ts';

/** @returns the state the key leads to, or null when the key means nothing here. */
export const walk = (model: ChartModel, from: string, key: string): string | null => {
  const at = model.states.findIndex((s) => s.id === from);
  const state = model.states[at];
  if (!state) return model.states[0]?.id ?? null;
  switch (key) {
    case 'ArrowDown':
      return model.states[at + 1]?.id ?? from;
    case 'ArrowUp':
      return model.states[at - 1]?.id ?? from;
    case 'ArrowRight':
      return state.children[0] ?? from;
    case 'ArrowLeft':
      return state.parent ?? from;
    case 'Home':
      return model.states[0]?.id ?? from;
    case 'End':
      return model.states.at(-1)?.id ?? from;
    default:
      return null;
  }
};
