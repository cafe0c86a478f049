/** Puts blocks into the root's frame, side by side while the pane is wide enough and below each other where not. Pure; runs in the browser. */
import { headHeight, minWidth, size } from './measure.ts';
import type { Block, Box, ChartLayout, ChartState, Route } from './types.ts';

const gap = 8;

const moveRoute = (route: Route, dx: number, dy: number): Route => ({
  ...route,
  // A path is absolute numbers after letters: x and y take turns.
  d: shiftPath(route.d, dx, dy),
  points: route.points.map(([x, y]) => [x + dx, y + dy]),
  label: { ...route.label, x: route.label.x + dx, y: route.label.y + dy },
});

export const shiftPath = (d: string, dx: number, dy: number): string => {
  let turn = 0;
  return d.replace(/-?\d+(?:\.\d+)?/g, (n) => String(Math.round((Number(n) + (turn++ % 2 === 0 ? dx : dy)) * 100) / 100));
};

/** Rows of blocks, in order, none wider than `width` unless one block alone is. */
export const shelves = (blocks: readonly Block[], width: number): Block[][] => {
  const rows: Block[][] = [];
  let used = 0;
  for (const block of blocks) {
    const row = rows.at(-1);
    if (row && used + gap + block.w <= width) {
      row.push(block);
      used += gap + block.w;
    } else {
      rows.push([block]);
      used = block.w;
    }
  }
  return rows;
};

/** @param width room in CSS pixels; the result may be wider when a block is. */
export const compose = (root: ChartState, blocks: readonly Block[], width: number): ChartLayout => {
  const side = size.pad;
  const boxes: Box[] = [];
  const routes: Route[] = [];
  let y = headHeight(root) + side;
  let widest = minWidth(root) - 2 * side;
  for (const row of shelves(blocks, width - 2 * side - 2)) {
    let x = side;
    for (const block of row) {
      for (const box of block.boxes) boxes.push({ ...box, x: box.x + x, y: box.y + y });
      for (const route of block.routes) routes.push(moveRoute(route, x, y));
      x += block.w + gap;
    }
    widest = Math.max(widest, x - gap - side);
    y += Math.max(...row.map((block) => block.h)) + gap;
  }
  const w = widest + 2 * side;
  const h = y - gap + side;
  // One pixel around, for the outline.
  const frame: Box = { id: root.id, x: 1, y: 1, w, h };
  return {
    w: w + 2,
    h: h + 2,
    boxes: [frame, ...boxes.map((b) => ({ ...b, x: b.x + 1, y: b.y + 1 }))],
    routes: routes.map((r) => moveRoute(r, 1, 1)),
  };
};
