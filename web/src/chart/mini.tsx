/**
 * A thumbnail: boxes only, the active ones filled. For lists of many actors: drawn once; a step goes past the components and touches the boxes
 * it changes.
 */
import { effect } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { valueOf } from '../store/values.ts';
import { litBy, litByWord, type Thumb, thumbFor } from './outlines.ts';

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
  const drawing = useMemo(() => thumb && <Drawing {...thumb} />, [thumb]);
  useLayoutEffect(() => {
    const boxes = place.current?.firstElementChild?.children;
    if (!thumb || !boxes) return undefined;
    let lit: readonly number[] = [];
    const light = (next: readonly number[]): void => {
      for (const at of lit) if (!next.includes(at)) boxes[at]?.classList.remove('on');
      for (const at of next) if (!lit.includes(at)) boxes[at]?.classList.add('on');
      lit = next;
    };
    const stop = effect(() => {
      const value = valueOf(actor);
      light(value === undefined ? litByWord(thumb, word) : litBy(thumb, value));
    });
    return () => {
      stop();
      light([]);
    };
  }, [thumb, actor, word]);
  return thumb ? (
    <span ref={place} class="mini-place">
      {drawing}
    </span>
  ) : (
    <span class="mini blank" aria-hidden="true" />
  );
};
