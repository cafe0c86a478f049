/** Finds room for labels in a picture that kept none: on the line itself, over no box, no name, no outline and no other label. Pure. */

import { size } from './measure.ts';
import { statesById } from './tree.ts';
import type { Box, ChartLayout, ChartModel, Point, Route } from './types.ts';

type Rect = Omit<Box, 'id'>;
const gap = 2;
const meet = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.w + gap && b.x < a.x + a.w + gap && a.y < b.y + b.h + gap && b.y < a.y + a.h + gap;

/** Points of a line to try, the middle of the longest piece first; `along` are the parts of a piece. */
const spots = (points: readonly Point[]): Point[] => {
  const pieces = points.slice(1).map((to, i): [Point, Point] => [points[i] ?? to, to]);
  const length = ([a, b]: [Point, Point]): number => Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
  return [0.5, 0.3, 0.7, 0.15, 0.85, 0.4, 0.6, 0.22, 0.78, 0.07, 0.93].flatMap((along) =>
    pieces.toSorted((p, q) => length(q) - length(p)).map(([a, b]): Point => [a[0] + (b[0] - a[0]) * along, a[1] + (b[1] - a[1]) * along]),
  );
};

/** Beside the line where on it is no room. */
const around = ([x, y]: Point, w: number, h: number): Rect[] =>
  [
    [0, 0],
    [w / 2 + 4, 0],
    [-w / 2 - 4, 0],
    [0, h / 2 + 4],
    [0, -h / 2 - 4],
    [w / 2 + 4, h / 2 + 4],
    [w / 2 + 4, -h / 2 - 4],
    [-w / 2 - 4, h / 2 + 4],
    [-w / 2 - 4, -h / 2 - 4],
  ].map(([dx = 0, dy = 0]) => ({ x: x + dx - w / 2, y: y + dy - h / 2, w, h }));

/** What a label may not lie on: of a box with others in it, its head and its outline. */
const bodies = (box: Box, outer: boolean): Rect[] => {
  if (!outer) return [box];
  const { x, y, w, h } = box;
  return [
    { x, y, w, h: size.head },
    { x, y, w: 0, h },
    { x: x + w, y, w: 0, h },
    { x, y: y + h, w, h: 0 },
  ];
};

export type Placed = { layout: ChartLayout; shown: ReadonlySet<string> };

/** Room for the longest countdown. */
const countdown = 60;
const nothing: ReadonlySet<string> = new Set();

/** @param wanted ids of routes, the most important first. Those that find no room are left out of `shown`. @param timed those that count down. */
export const placeLabels = (model: ChartModel, layout: ChartLayout, wanted: readonly string[], timed = nothing): Placed => {
  const states = statesById(model);
  const taken = layout.boxes.flatMap((box) => bodies(box, (states.get(box.id)?.children.length ?? 0) > 0));
  const places = new Map<string, Rect>();
  const routes = new Map(layout.routes.map((r): [string, Route] => [r.id, r]));
  for (const id of wanted) {
    const route = routes.get(id);
    if (!route || places.has(id)) continue;
    const w = route.label.w + (timed.has(id) ? countdown : 0);
    const { h } = route.label;
    const fits = (rect: Rect): boolean =>
      rect.x >= 2 && rect.y >= 2 && rect.x + w <= layout.w - 2 && rect.y + h <= layout.h - 2 && !taken.some((other) => meet(rect, other));
    const found = spots(route.points)
      .flatMap((spot) => around(spot, w, h))
      .find(fits);
    if (!found) continue;
    places.set(id, found);
    taken.push(found);
  }
  const moved = layout.routes.map((route) => {
    const place = places.get(route.id);
    if (!place) return route;
    const spare = timed.has(route.id) ? { spare: countdown } : {};
    return { ...route, label: { x: Math.round(place.x * 2) / 2, y: Math.round(place.y * 2) / 2, w: place.w, h: place.h, ...spare } };
  });
  return { layout: { ...layout, routes: moved }, shown: new Set(places.keys()) };
};
