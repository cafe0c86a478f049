/** The chart as an indented list: for those who do not see the picture, and for when there is none. */

import type { Lights } from './light.ts';
import type { ChartModel } from './model/types.ts';

export const StateList = ({ model, lights, name }: { model: ChartModel; lights: Lights; name: string }) => {
  const states = new Map(model.states.map((s) => [s.id, s]));
  const item = (id: string) => {
    const state = states.get(id);
    if (!state) return null;
    const on = lights.active.has(id);
    const ways = model.edges.filter((e) => e.source === id && e.target !== id);
    return (
      <li key={id} class={`${on ? 'on' : ''}${lights.ghostStates.has(id) ? ' ghost' : ''}`}>
        <span class="state-name">{state.key}</span>
        {on && <span class="state-on"> active</span>}
        {ways.length > 0 && (
          <span class="ways">
            {ways.map((e) => (
              <span key={e.id} class={lights.taken.includes(e.id) ? 'last' : ''}>
                {e.label} → {states.get(e.target)?.key ?? e.target}
              </span>
            ))}
          </span>
        )}
        {state.children.length > 0 && <ul>{state.children.map(item)}</ul>}
      </li>
    );
  };
  return (
    <ul class="state-list" aria-label={name}>
      {item(model.root)}
    </ul>
  );
};
