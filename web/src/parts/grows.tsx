/** Long lists are drawn as far as somebody looks: the end of what is drawn, once near the screen, asks for more. */
import { useEffect, useRef, useState } from 'preact/hooks';

/** @returns how many of `total` to draw now, and the ref of the element that stands behind the last of them. */
export const useGrowing = (total: number, first: number) => {
  const [drawn, setDrawn] = useState(first);
  const end = useRef<HTMLParagraphElement>(null);
  const more = drawn < total;
  useEffect(() => {
    if (!more || !end.current) return undefined;
    const watch = new IntersectionObserver(
      (seen) => {
        if (seen.some((one) => one.isIntersecting)) setDrawn((n) => n * 2);
      },
      { rootMargin: '600px' },
    );
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [more, drawn]);
  return { drawn: Math.min(drawn, total), more, end };
};
