/** A thumbnail: boxes only, the active ones filled. For lists of many actors. */
import { valueOf } from '../store/values.ts';
import { activeStates, statesNamed } from './model/tree.ts';
import { thumbFor } from './outlines.ts';

/** @param word status word, for actors whose state value has not been heard yet. */
export const Mini = ({ kind, actor, word }: { kind: string; actor: string; word: string }) => {
  const thumb = thumbFor(kind);
  if (!thumb) return <span class="mini blank" aria-hidden="true" />;
  const { outline, w, h, boxes, outer } = thumb;
  const value = valueOf(actor);
  const active = new Set(value === undefined ? statesNamed(outline, word) : activeStates(outline, value));
  return (
    <svg class="mini" viewBox={`0 0 ${w} ${h}`} aria-hidden="true">
      {boxes.map((box) => (
        <rect
          key={box.id}
          class={`${outer.has(box.id) ? 'o' : 'l'}${active.has(box.id) ? ' on' : ''}`}
          x={box.x}
          y={box.y}
          width={box.w}
          height={box.h}
          rx={outer.has(box.id) ? 3 : 2}
        />
      ))}
    </svg>
  );
};
