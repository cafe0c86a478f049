/** The map of a chart: names and thin lines, close together, so that a whole machine fits a pane. Labels find their place in the browser. */
import { mapBox, size } from '../src/chart/model/measure.ts';
import { routesOf } from '../src/chart/model/routes.ts';
import { regionOf, statesById } from '../src/chart/model/tree.ts';
import type { Box, ChartMap, ChartModel, MapBlock, Point } from '../src/chart/model/types.ts';
import type { ElkEdge, ElkNode } from './elk-graph.ts';
import { type Engine, half, partsOf } from './layout.ts';

const options: Record<string, string> = {
  'elk.algorithm': 'layered',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.json.edgeCoords': 'ROOT',
  'elk.json.shapeCoords': 'ROOT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.cycleBreaking.strategy': 'DEPTH_FIRST',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.spacing.nodeNodeBetweenLayers': '18',
  'elk.spacing.nodeNode': '10',
  'elk.spacing.edgeNode': '7',
  'elk.layered.spacing.edgeNodeBetweenLayers': '7',
  'elk.spacing.edgeEdge': '6',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '6',
  'elk.layered.thoroughness': '20',
};

const readBack = (id: string, out: ElkNode): MapBlock => {
  const boxes: Box[] = [];
  const lines: ElkEdge[] = [];
  const walk = (node: ElkNode): void => {
    if (node.id !== '$')
      boxes.push({ id: node.id, x: half(node.x ?? 0), y: half(node.y ?? 0), w: half(node.width ?? 0), h: half(node.height ?? 0) });
    lines.push(...(node.edges ?? []));
    for (const child of node.children ?? []) walk(child);
  };
  walk(out);
  return {
    id,
    w: Math.ceil(out.width ?? 0),
    h: Math.ceil(out.height ?? 0),
    boxes,
    lines: lines.flatMap((line) => {
      const section = line.sections?.[0];
      if (!section) return [];
      const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
      return [{ id: line.id, points: points.map((p): Point => [half(p.x), half(p.y)]) }];
    }),
  };
};

/** Null when the engine fails; the detailed picture, or the list, is shown instead. */
export const mapLayout = async (model: ChartModel, engine: Engine): Promise<ChartMap | null> => {
  const states = statesById(model);
  const root = states.get(model.root);
  if (!root) return null;
  const routes = routesOf(model);
  const draw = async (part: { id: string; tops: string[] }, direction: 'DOWN' | 'RIGHT'): Promise<MapBlock> => {
    const own = { ...options, 'elk.direction': direction };
    const node = (id: string): ElkNode => {
      const state = states.get(id);
      if (!state) return { id };
      const box = mapBox(state);
      if (state.children.length === 0) return { id, width: box.w, height: box.h };
      const frame = {
        'elk.padding': `[top=${size.head + 2},left=9,bottom=9,right=9]`,
        'elk.nodeSize.constraints': 'MINIMUM_SIZE',
        // As in elk-graph.ts: ELK turns this pair when it lays out downwards.
        'elk.nodeSize.minimum': direction === 'DOWN' ? `(40,${box.w})` : `(${box.w},40)`,
      };
      return { id, children: state.children.map(node), layoutOptions: { ...own, ...frame } };
    };
    const mine = routes.filter((r) => root.type !== 'parallel' || regionOf(states, root.id, r.source) === part.id);
    const edges = mine.map((r) => ({ id: r.id, sources: [r.source], targets: [r.target], labels: [] }));
    const frame = { 'elk.padding': '[top=2,left=2,bottom=2,right=2]' };
    const out = await engine.layout({ id: '$', children: part.tops.map(node), edges, layoutOptions: { ...own, ...frame } });
    const block = readBack(part.id, out);
    if (block.lines.length !== mine.length) throw new Error(`the engine forgot lines of ${part.id}`);
    return block;
  };
  try {
    const map: ChartMap = [];
    for (const part of partsOf(root)) map.push({ down: await draw(part, 'DOWN'), right: await draw(part, 'RIGHT') });
    return map;
  } catch {
    // As in layout.ts: the engine throws on some inputs.
    return null;
  }
};
