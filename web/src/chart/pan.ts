/** The pane of a chart: its room, dragging, and zooming with Ctrl + wheel (or a pinch). Scrolling itself is the browser's. */
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export const usePan = (pane: RefObject<HTMLDivElement | null>, onZoom: (factor: number) => void) => {
  const [room, setRoom] = useState({ w: 640, h: 420 });
  useEffect(() => {
    const element = pane.current;
    if (!element) return undefined;
    const measure = (): void => {
      const next = { w: element.clientWidth - 2, h: element.clientHeight - 2 };
      setRoom((was) => (was.w === next.w && was.h === next.h ? was : next));
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    const element = pane.current;
    const wheel = (event: WheelEvent): void => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      onZoom(event.deltaY < 0 ? 1.1 : 1 / 1.1);
    };
    // Not passive: the browser would zoom the whole page.
    element?.addEventListener('wheel', wheel, { passive: false });
    return () => element?.removeEventListener('wheel', wheel);
  });

  const grab = (down: PointerEvent): void => {
    const element = pane.current;
    if (!element || down.button !== 0 || down.pointerType === 'touch') return;
    const from = { x: element.scrollLeft + down.clientX, y: element.scrollTop + down.clientY };
    const drag = (move: PointerEvent): void => {
      element.scrollTo(from.x - move.clientX, from.y - move.clientY);
    };
    const drop = (): void => {
      removeEventListener('pointermove', drag);
      removeEventListener('pointerup', drop);
    };
    addEventListener('pointermove', drag);
    addEventListener('pointerup', drop);
  };
  return { room, grab };
};
