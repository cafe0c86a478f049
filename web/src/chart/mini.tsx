/** A thumbnail: boxes only, the active ones filled. For lists of many actors. */

import { values } from '../store/home.ts';
import { chartFor } from './files.ts';
import { activeStates, statesNamed } from './model/tree.ts';

const w = 148;
const h = 84;

/** @param word status word, for actors whose state value has not been heard yet. */
export const Mini = ({ kind, actor, word }: { kind: string; actor: string; word: string }) => {
  const chart = chartFor(kind);
  if (chart.state !== 'ready' || !chart.file.thumbnail) return <span class="mini blank" aria-hidden="true" />;
  const { definition, thumbnail: layout } = chart.file;
  const value = values.value.get(actor);
  const active = new Set(value === undefined ? statesNamed(definition, word) : activeStates(definition, value));
  const k = Math.min(w / layout.w, h / layout.h);
  const parents = new Set(definition.states.filter((s) => s.children.length > 0).map((s) => s.id));
  return (
    <svg class="mini" viewBox={`0 0 ${Math.round(layout.w * k)} ${Math.round(layout.h * k)}`} aria-hidden="true">
      {layout.boxes.map((box) => (
        <rect
          key={box.id}
          class={`${parents.has(box.id) ? 'o' : 'l'}${active.has(box.id) ? ' on' : ''}`}
          x={(box.x * k).toFixed(1)}
          y={(box.y * k).toFixed(1)}
          width={Math.max(3, box.w * k).toFixed(1)}
          height={Math.max(2.5, box.h * k).toFixed(1)}
          rx="1.5"
        />
      ))}
    </svg>
  );
};
