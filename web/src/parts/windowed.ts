/** Of a long table only the rows near the screen are drawn; empty room stands for the others. All rows are of one height. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Rows drawn beyond each edge of the screen. */
const spare = 20;
/** Before the first row is measured. */
const guess = 34;

type Range = { from: number; to: number };

/** Which rows to draw: in steps of ten, so that a pixel of scrolling draws nothing anew. Pure. `above`: pixels of the list over the screen. */
export const rangeOf = (above: number, screen: number, height: number, total: number): Range => {
  const tens = (n: number): number => Math.floor(n / 10) * 10;
  const from = Math.max(0, tens(above / height - spare));
  const to = Math.min(total, tens((above + screen) / height + spare) + 10);
  return { from: Math.min(from, to), to };
};

/** @param all draw every row, of any height. @returns rows to draw, the height of a row, and the ref of the element that holds them. */
export const useWindowed = (total: number, all: boolean) => {
  const body = useRef<HTMLTableSectionElement>(null);
  const [height, setHeight] = useState(guess);
  const [range, setRange] = useState<Range>({ from: 0, to: 2 * spare });
  useLayoutEffect(() => {
    if (all) return undefined;
    const look = (): void => {
      const rows = body.current;
      if (!rows) return;
      const row = rows.querySelector('[data-row]')?.getBoundingClientRect().height ?? height;
      const next = rangeOf(-rows.getBoundingClientRect().top, innerHeight, row, total);
      setHeight(row);
      setRange((was) => (was.from === next.from && was.to === next.to ? was : next));
    };
    look();
    // Also when something around it scrolls.
    addEventListener('scroll', look, { passive: true, capture: true });
    addEventListener('resize', look);
    return () => {
      removeEventListener('scroll', look, { capture: true });
      removeEventListener('resize', look);
    };
  }, [total, height, all]);
  if (all) return { body, height, from: 0, to: total };
  const to = Math.min(range.to, total);
  return { body, height, from: Math.min(range.from, to), to };
};
