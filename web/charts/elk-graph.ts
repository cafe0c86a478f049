/** The graph ELK is given. Its traps, each held by a test, are written beside the options they concern. */
import { headHeight, minWidth, size } from '../src/chart/model/measure.ts';
import type { ChartState, Route } from '../src/chart/model/types.ts';

type ElkPoint = { x: number; y: number };
type ElkLabel = { text: string; x?: number; y?: number; width: number; height: number; layoutOptions: Record<string, string> };
export type ElkEdge = {
  id: string;
  sources: string[];
  targets: string[];
  labels: ElkLabel[];
  sections?: { startPoint: ElkPoint; endPoint: ElkPoint; bendPoints?: ElkPoint[] }[];
};
export type ElkNode = {
  id: string;
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  children?: ElkNode[];
  edges?: ElkEdge[];
  layoutOptions?: Record<string, string>;
};

/** Not handed down to nested graphs by ELK: every compound gets them. Model-order options are left out, since they throw there. */
const options: Record<string, string> = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  // Otherwise coordinates are relative to some container or other.
  'elk.json.edgeCoords': 'ROOT',
  'elk.json.shapeCoords': 'ROOT',
  'elk.edgeRouting': 'ORTHOGONAL',
  // Reading starts at the initial state.
  'elk.layered.cycleBreaking.strategy': 'DEPTH_FIRST',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.spacing.nodeNodeBetweenLayers': '24',
  'elk.spacing.nodeNode': '22',
  'elk.spacing.edgeNode': '14',
  'elk.layered.spacing.edgeNodeBetweenLayers': '14',
  'elk.spacing.edgeEdge': '11',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '11',
  'elk.layered.thoroughness': '20',
};

const nodeOf = (states: Map<string, ChartState>, id: string): ElkNode => {
  const state = states.get(id);
  if (!state) return { id };
  const children = state.children.map((child) => nodeOf(states, child));
  if (children.length === 0) return { id, width: minWidth(state), height: headHeight(state) + (state.notes.length > 0 ? 2 : 6) };
  const side = size.pad + 2;
  return {
    id,
    children,
    layoutOptions: {
      ...options,
      'elk.padding': `[top=${headHeight(state) + size.pad},left=${side},bottom=${side},right=${side}]`,
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      // Height before width: ELK turns this pair, and no other size, when it lays out downwards.
      'elk.nodeSize.minimum': `(${headHeight(state) + 20},${minWidth(state)})`,
    },
  };
};

/** Labels are given to ELK with their size, so that they take room and overlap nothing. */
const edgeOf = (route: Route): ElkEdge => ({
  id: route.id,
  sources: [route.source],
  targets: [route.target],
  labels: [
    {
      text: route.id,
      width: route.label.w,
      height: route.label.h,
      layoutOptions: { 'elk.edgeLabels.placement': 'CENTER', 'elk.edgeLabels.inline': 'true' },
    },
  ],
});

export const elkGraph = (states: Map<string, ChartState>, tops: readonly string[], routes: readonly Route[]): ElkNode => ({
  id: '$',
  children: tops.map((id) => nodeOf(states, id)),
  layoutOptions: { ...options, 'elk.padding': '[top=2,left=2,bottom=2,right=2]' },
  edges: routes.map(edgeOf),
});
