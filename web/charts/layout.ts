/** Chart model → boxes and lines, by ELK layered. Same model, same picture. */

import { labelSize } from '../src/chart/model/measure.ts';
import { regionOf, statesById } from '../src/chart/model/tree.ts';
import type { Block, Box, ChartEdge, ChartModel, Point, Route } from '../src/chart/model/types.ts';
import { type ElkEdge, type ElkNode, elkGraph } from './elk-graph.ts';

export type Engine = { layout(graph: ElkNode): Promise<ElkNode> };

/** Labels of one line, beyond which the rest is counted. */
const labelLimit = 4;

const addLabel = (route: Route, edge: ChartEdge): void => {
  const [event = '', guard] = edge.label.split(/ \[(.*)\]$/);
  const same = route.labels.find((l) => l.event === event);
  const label = same ?? { event, guards: [], edges: [] };
  if (!same) route.labels.push(label);
  label.edges.push(edge.id);
  if (guard && !label.guards.includes(guard)) label.guards.push(guard);
};

/** Transitions between the same two states share a line and stack their labels. */
const routesOf = (model: ChartModel): Route[] => {
  const routes = new Map<string, Route>();
  for (const edge of model.edges) {
    for (const target of edge.lines) {
      const id = `${edge.source}→${target}`;
      const route = routes.get(id) ?? {
        id,
        source: edge.source,
        target,
        edges: [],
        d: '',
        points: [],
        labels: [],
        label: { x: 0, y: 0, w: 0, h: 0 },
      };
      route.edges.push(edge.id);
      addLabel(route, edge);
      routes.set(id, route);
    }
  }
  for (const route of routes.values()) {
    if (route.labels.length > labelLimit) {
      const rest = route.labels.splice(labelLimit - 1);
      route.labels.push({ event: `+${rest.length} more`, guards: [], edges: rest.flatMap((l) => l.edges) });
    }
    route.label = { x: 0, y: 0, ...labelSize(route.labels) };
  }
  return [...routes.values()];
};

/** A path with its corners rounded. */
export const roundedPath = (points: readonly Point[], radius: number): string => {
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last) return '';
  let d = `M${first[0]} ${first[1]}`;
  for (let i = 1; i < points.length - 1; i++) {
    const before = points[i - 1] ?? first;
    const corner = points[i] ?? first;
    const after = points[i + 1] ?? last;
    const towards = (end: Point): { at: Point; length: number } => {
      const length = Math.hypot(end[0] - corner[0], end[1] - corner[1]);
      const cut = length === 0 ? 0 : Math.min(radius, length / 2) / length;
      return { at: [corner[0] + (end[0] - corner[0]) * cut, corner[1] + (end[1] - corner[1]) * cut], length };
    };
    const from = towards(before);
    const to = towards(after);
    d += `L${from.at[0]} ${from.at[1]}Q${corner[0]} ${corner[1]} ${to.at[0]} ${to.at[1]}`;
  }
  return `${d}L${last[0]} ${last[1]}`;
};

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

/** Lays out a model block by block; null when the engine fails (the reader then gets the list of states). */
export const layout = async (model: ChartModel, engine: Engine): Promise<Block[] | null> => {
  const states = statesById(model);
  const root = states.get(model.root);
  if (!root) return null;
  const routes = routesOf(model);
  const parts = root.type === 'parallel' ? root.children.map((id) => ({ id, tops: [id] })) : [{ id: root.id, tops: root.children }];
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
