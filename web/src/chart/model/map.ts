/** Puts the map of a chart together for a pane: of all ways to turn and stack its blocks, the one that is shown largest. Pure. */
import { compose } from './compose.ts';
import { mapLabels } from './measure.ts';
import { roundedPath, routesOf } from './routes.ts';
import type { Block, ChartLayout, ChartMap, ChartModel, ChartState, MapBlock, Route } from './types.ts';

const blockOf = (block: MapBlock, routes: ReadonlyMap<string, Route>): Block => ({
  id: block.id,
  w: block.w,
  h: block.h,
  boxes: block.boxes,
  routes: block.lines.flatMap(({ id, points }) => {
    const route = routes.get(id);
    if (!route) return [];
    const { labels, w, h } = mapLabels(route.labels);
    return [{ ...route, points, d: roundedPath(points, 6), labels, label: { x: 0, y: 0, w, h } }];
  }),
});

/** Every choice of one direction per block; blocks are few (regions of a parallel root). */
const choices = (map: ChartMap): MapBlock[][] =>
  map.reduce<MapBlock[][]>(
    (so, block) =>
      so.flatMap((list) => [
        [...list, block.down],
        [...list, block.right],
      ]),
    [[]],
  );

/** @param model folded as the map was, without notes. @param pane room in CSS pixels. */
export const mapPicture = (model: ChartModel, root: ChartState, map: ChartMap, pane: { w: number; h: number }): ChartLayout => {
  const routes = new Map(routesOf(model).map((r) => [r.id, r]));
  const plans = choices(map).flatMap((blocks) => {
    const ready = blocks.map((block) => blockOf(block, routes));
    // Beside each other, and below each other.
    return [compose(root, ready, Number.POSITIVE_INFINITY), compose(root, ready, 0)];
  });
  const scale = (l: ChartLayout): number => Math.min(pane.w / l.w, pane.h / l.h);
  return plans.reduce((best, plan) => (scale(plan) > scale(best) * 1.02 ? plan : best));
};

/** Without what is told inside the boxes: the map shows names. */
export const withoutNotes = (model: ChartModel): ChartModel => ({
  ...model,
  states: model.states.map((state) => ({ ...state, notes: [] })),
});
