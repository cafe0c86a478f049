/** The lines of a chart: which transitions share one, what its label says, and how its corners are drawn. Pure; runs in the browser too. */
import { labelSize } from './measure.ts';
import type { ChartEdge, ChartModel, Point, Route } from './types.ts';

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
export const routesOf = (model: ChartModel): Route[] => {
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
