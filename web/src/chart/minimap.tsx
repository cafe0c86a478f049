/** Where the visible part lies in a chart that is larger than its pane; a click goes there. */
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ChartLayout } from './model/types.ts';

type Props = {
  pane: RefObject<HTMLDivElement | null>;
  layout: ChartLayout /** Innermost active states. */;
  active: ReadonlySet<string>;
  scale: number;
};
type Seen = { x: number; y: number; w: number; h: number };

const widest = 150;
const highest = 110;

export const Minimap = ({ pane, layout, active, scale }: Props) => {
  const [seen, setSeen] = useState<Seen | null>(null);
  useEffect(() => {
    const element = pane.current;
    if (!element) return undefined;
    const look = (): void => {
      const { scrollLeft, scrollTop, clientWidth, clientHeight, scrollWidth, scrollHeight } = element;
      // A little that is cut off is found by scrolling; a minimap would only cover more of it.
      const all = scrollWidth <= clientWidth * 1.12 && scrollHeight <= clientHeight * 1.12;
      setSeen(all ? null : { x: scrollLeft / scale, y: scrollTop / scale, w: clientWidth / scale, h: clientHeight / scale });
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    return () => element.removeEventListener('scroll', look);
  }, [layout, scale]);
  if (!seen) return null;
  const k = Math.min(widest / layout.w, highest / layout.h);
  const goTo = (event: PointerEvent): void => {
    if (!(event.currentTarget instanceof Element)) return;
    const at = event.currentTarget.getBoundingClientRect();
    pane.current?.scrollTo({
      left: ((event.clientX - at.left) / k - seen.w / 2) * scale,
      top: ((event.clientY - at.top) / k - seen.h / 2) * scale,
    });
  };
  return (
    <svg
      class="mini minimap"
      viewBox={`0 0 ${layout.w} ${layout.h}`}
      style={{ width: `${layout.w * k}px`, height: `${layout.h * k}px` }}
      aria-hidden="true"
      onPointerDown={goTo}
    >
      {layout.boxes.map((box) => (
        <rect key={box.id} class={active.has(box.id) ? 'l on' : 'l'} x={box.x} y={box.y} width={box.w} height={box.h} rx="6" />
      ))}
      <rect class="seen" x={seen.x} y={seen.y} width={Math.min(seen.w, layout.w)} height={Math.min(seen.h, layout.h)} rx="8" />
    </svg>
  );
};
