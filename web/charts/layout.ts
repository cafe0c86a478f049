/** Chart model → boxes and lines, by ELK layered. Same model, same picture. */

import { roundedPath, routesOf } from '../src/chart/model/routes.ts';
import { regionOf, statesById } from '../src/chart/model/tree.ts';
import type { Block, Box, ChartModel, ChartState, Point, Route } from '../src/chart/model/types.ts';
import { type ElkEdge, type ElkNode, elkGraph } from './elk-graph.ts';

export type Engine = { layout(graph: ElkNode): Promise<ElkNode> };

export const half = (n: number): number => Math.round(n * 2) / 2;

const readBack = (out: ElkNode, routes: readonly Route[]): { boxes: Box[]; routes: Route[] } => {
  const boxes: Box[] = [];
  const lines: ElkEdge[] = [];
  const walk = (node: ElkNode, top: boolean): void => {
    if (!top) boxes.push({ id: node.id, x: half(node.x ?? 0), y: half(node.y ?? 0), w: half(node.width ?? 0), h: half(node.height ?? 0) });
    lines.push(...(node.edges ?? []));
    for (const child of node.children ?? []) walk(child, false);
  };
  walk(out, true);
  const byId = new Map(lines.map((line) => [line.id, line]));
  for (const route of routes) {
    const line = byId.get(route.id);
    const section = line?.sections?.[0];
    const label = line?.labels[0];
    if (!section || !label) continue;
    const path = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
    route.points = path.map((p): Point => [half(p.x), half(p.y)]);
    route.d = roundedPath(route.points, 7);
    route.label = { x: half(label.x ?? 0), y: half(label.y ?? 0), w: half(label.width), h: half(label.height) };
  }
  return { boxes, routes: [...routes] };
};

/** What is laid out by itself: each region of a parallel root, or all that is below any other root. */
export const partsOf = (root: ChartState): { id: string; tops: string[] }[] =>
  root.type === 'parallel' ? root.children.map((id) => ({ id, tops: [id] })) : [{ id: root.id, tops: root.children }];

/** Lays out a model block by block; null when the engine fails (the reader then gets the list of states). */
export const layout = async (model: ChartModel, engine: Engine): Promise<Block[] | null> => {
  const states = statesById(model);
  const root = states.get(model.root);
  if (!root) return null;
  const routes = routesOf(model);
  const parts = partsOf(root);
  const blocks: Block[] = [];
  try {
    for (const part of parts) {
      const mine = root.type === 'parallel' ? routes.filter((r) => regionOf(states, root.id, r.source) === part.id) : routes;
      const out = await engine.layout(elkGraph(states, part.tops, mine));
      const read = readBack(out, mine);
      if (read.routes.some((r) => r.d === '')) return null;
      blocks.push({ id: part.id, w: Math.ceil(out.width ?? 0), h: Math.ceil(out.height ?? 0), ...read });
    }
  } catch {
    // ELK throws on some inputs (`considerModelOrder` with nested graphs is one); a chart without a picture is still readable.
    return null;
  }
  return blocks;
};
