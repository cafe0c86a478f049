/** A thumbnail: boxes only, the active ones filled. For lists of many actors: drawn once, then a step touches the boxes it changes. */
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { valueOf } from '../store/values.ts';
import { activeStates, statesNamed } from './model/tree.ts';
import { type Thumb, thumbFor } from './outlines.ts';

const Drawing = ({ w, h, boxes, outer }: Thumb) => (
  <svg class="mini" viewBox={`0 0 ${w} ${h}`} aria-hidden="true">
    {boxes.map((box) => (
      <rect
        key={box.id}
        class={outer.has(box.id) ? 'o' : 'l'}
        x={box.x}
        y={box.y}
        width={box.w}
        height={box.h}
        rx={outer.has(box.id) ? 3 : 2}
      />
    ))}
  </svg>
);

/** @param word status word, for actors whose state value has not been heard yet. */
export const Mini = ({ kind, actor, word }: { kind: string; actor: string; word: string }) => {
  const thumb = thumbFor(kind);
  const place = useRef<HTMLSpanElement>(null);
  const lit = useRef<{ thumb: Thumb | null; states: ReadonlySet<string> }>({ thumb: null, states: new Set() });
  const value = valueOf(actor);
  const drawing = useMemo(() => thumb && <Drawing {...thumb} />, [thumb]);
  useLayoutEffect(() => {
    if (!thumb) return;
    const states = new Set(value === undefined ? statesNamed(thumb.outline, word) : activeStates(thumb.outline, value));
    const before = lit.current.thumb === thumb ? lit.current.states : new Set<string>();
    const light = (state: string, on: boolean): void =>
      void place.current?.firstElementChild?.children[thumb.places.get(state) ?? -1]?.classList.toggle('on', on);
    for (const state of before) if (!states.has(state)) light(state, false);
    for (const state of states) if (!before.has(state)) light(state, true);
    lit.current = { thumb, states };
  });
  return thumb ? (
    <span ref={place} class="mini-place">
      {drawing}
    </span>
  ) : (
    <span class="mini blank" aria-hidden="true" />
  );
};
