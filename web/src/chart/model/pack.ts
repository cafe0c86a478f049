/** Boxes in boxes, packed close together in the order of the chart: what a list shows of a machine. Pure. */
import { statesById } from './tree.ts';
import type { Box, Outline } from './types.ts';

const leaf = { w: 20, h: 11 };
const gap = 3;
const pad = 4;
/** Width to height that fits a card. */
const shape = 1.76;

type Packed = { w: number; h: number; boxes: Box[] };

/** In rows, none wider than `width` unless one part alone is. */
const rows = (parts: readonly Packed[], width: number): Packed => {
  const boxes: Box[] = [];
  let [x, y, rowHeight, w] = [0, 0, 0, 0];
  for (const part of parts) {
    if (x > 0 && x + part.w > width) [x, y, rowHeight] = [0, y + rowHeight + gap, 0];
    boxes.push(...part.boxes.map((box) => ({ ...box, x: box.x + x, y: box.y + y })));
    x += part.w + gap;
    rowHeight = Math.max(rowHeight, part.h);
    w = Math.max(w, x - gap);
  }
  return { w, h: y + rowHeight, boxes };
};

/** Nearer to the shape is better, and so is less of it left empty. */
const cost = ({ w, h, boxes }: Packed): number =>
  Math.abs(Math.log(w / h / shape)) + 1 - boxes.reduce((sum, box) => sum + (box.h === leaf.h ? box.w * box.h : 0), 0) / (w * h);

export const pack = ({ root, states }: Outline): Packed => {
  const known = statesById({ states });
  const packed = (id: string): Packed => {
    const parts = (known.get(id)?.children ?? []).map(packed);
    if (parts.length === 0) return { ...leaf, boxes: [{ id, x: 0, y: 0, ...leaf }] };
    const all = parts.reduce((sum, part) => sum + part.w + gap, 0);
    const widest = Math.max(...parts.map((part) => part.w));
    const tries = Array.from({ length: 24 }, (_, i) => rows(parts, widest + ((all - widest) * i) / 23));
    const best = tries.reduce((one, other) => (cost(other) < cost(one) ? other : one));
    const frame = { id, x: 0, y: 0, w: best.w + 2 * pad, h: best.h + 2 * pad };
    return { w: frame.w, h: frame.h, boxes: [frame, ...best.boxes.map((box) => ({ ...box, x: box.x + pad, y: box.y + pad }))] };
  };
  return packed(root);
};
