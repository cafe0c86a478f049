/** Boxes only, small and close together: what a list shows of a chart. */

import { statesById } from '../src/chart/model/tree.ts';
import type { Box, ChartFile, ChartModel } from '../src/chart/model/types.ts';
import type { ElkNode } from './elk-graph.ts';
import { type Engine, half } from './layout.ts';

const options: Record<string, string> = {
  'elk.algorithm': 'layered',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.layered.cycleBreaking.strategy': 'DEPTH_FIRST',
  'elk.padding': '[top=9,left=9,bottom=9,right=9]',
  'elk.layered.spacing.nodeNodeBetweenLayers': '9',
  'elk.spacing.nodeNode': '9',
  'elk.spacing.edgeNode': '1',
  'elk.spacing.edgeEdge': '0',
  'elk.layered.spacing.edgeNodeBetweenLayers': '1',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '0',
};
/** Width to height that fits a card. */
const shape = 1.76;

const draw = async (model: ChartModel, engine: Engine, direction: string): Promise<ChartFile['thumbnail']> => {
  const states = statesById(model);
  const own = { ...options, 'elk.direction': direction };
  const node = (id: string): ElkNode => {
    const children = (states.get(id)?.children ?? []).map(node);
    return children.length > 0 ? { id, children, layoutOptions: own } : { id, width: 40, height: 20 };
  };
  const pairs = new Set(model.edges.flatMap((e) => e.lines.map((target) => `${e.source}→${target}`)));
  const edges = [...pairs].map((id) => {
    const [source = '', target = ''] = id.split('→');
    return { id, sources: [source], targets: [target], labels: [] };
  });
  const out = await engine.layout({ id: '$', children: [node(model.root)], edges, layoutOptions: own });
  const boxes: Box[] = [];
  const walk = (n: ElkNode): void => {
    if (n.id !== '$') boxes.push({ id: n.id, x: half(n.x ?? 0), y: half(n.y ?? 0), w: half(n.width ?? 0), h: half(n.height ?? 0) });
    for (const child of n.children ?? []) walk(child);
  };
  walk(out);
  return { w: Math.ceil(out.width ?? 0), h: Math.ceil(out.height ?? 0), boxes };
};

/** The direction whose shape is nearer to that of a card; null when the engine fails. */
export const thumbnail = async (model: ChartModel, engine: Engine): Promise<ChartFile['thumbnail']> => {
  try {
    const both = [await draw(model, engine, 'DOWN'), await draw(model, engine, 'RIGHT')];
    const off = (t: ChartFile['thumbnail']): number => (t ? Math.abs(Math.log(t.w / t.h / shape)) : Number.POSITIVE_INFINITY);
    return both.sort((a, b) => off(a) - off(b))[0] ?? null;
  } catch {
    // As in layout.ts: without a picture the list still has its words.
    return null;
  }
};
