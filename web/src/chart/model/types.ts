/** A state chart as plain JSON: what the browser gets instead of XState. Written at build time, served as it is. */

export type ChartNote = {
  /** `entry`/`exit`: an effect. `self`: a transition that stays. `inner`: one whose target cannot be reached by a line. */
  kind: 'entry' | 'exit' | 'self' | 'inner';
  text: string;
  /** Edges this line stands for (several guards of one event share a line). */
  edges: string[];
};

export type ChartState = {
  id: string;
  key: string;
  parent: string | null;
  depth: number;
  type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  /** Entered first when its parent is entered. */
  initial: boolean;
  children: string[];
  notes: ChartNote[];
  /** State nodes hidden inside by folding; 0 when nothing is. */
  inside: number;
};

export type ChartEdge = {
  /** `sourceId|descriptor|index`: the same formula the runtime records, so that a journal row names the line it took. */
  id: string;
  source: string;
  /** First target (the source itself when it stays); kept beside `targets` for plain readers. */
  target: string;
  targets: string[];
  /** Of the targets, those a line is drawn to; the others are told in the source's box. */
  lines: string[];
  label: string;
  /** XState's event descriptor. */
  event: string;
  guard: string | null;
  actions: string[];
};

/** The states alone: enough to light a thumbnail. `thumbnails.json` holds one per kind. */
export type Outline = { root: string; states: Pick<ChartState, 'id' | 'key' | 'parent' | 'children'>[] };

export type ChartModel = { id: string; root: string; states: ChartState[]; edges: ChartEdge[] };

export type Point = [x: number, y: number];
export type Box = { id: string; x: number; y: number; w: number; h: number };
/** An event, and below it the guards under which it takes this line. */
export type RouteLabel = { event: string; guards: string[]; edges: string[] /** Only in the tooltip. */; hint?: string };
/** One line between two states, carrying every transition between them. Coordinates in CSS pixels at scale 1. */
export type Route = {
  id: string;
  source: string;
  target: string;
  edges: string[];
  d: string;
  points: Point[];
  labels: RouteLabel[];
  /** `spare`: room at its right end for a countdown. */
  label: { x: number; y: number; w: number; h: number; spare?: number };
};
/** A part that is laid out by itself: a region of a parallel root, or everything below any other root. */
export type Block = { id: string; w: number; h: number; boxes: Box[]; routes: Route[] };
export type ChartLayout = { w: number; h: number; boxes: Box[]; routes: Route[] };

/** The whole chart with all it says. */
export type Variant = { open: string[]; blocks: Block[] };

/** A block of the map: names only, lines without labels. Everything else about a line follows from the model. */
export type MapBlock = { id: string; w: number; h: number; boxes: Box[]; lines: { id: string; points: Point[] }[] };
/** Each block laid out downwards and to the right; the pane decides which is used. */
export type ChartMap = { down: MapBlock; right: MapBlock }[];

/** The file `charts/<kind>.json`. `layout` is the whole chart put together; without a layout `whole` is null and the state list is shown. */
export type ChartFile = {
  kind: string;
  version: number;
  /** Of the model and of the code that drew it. */
  hash: string;
  definition: ChartModel;
  layout: ChartLayout;
  whole: Variant | null;
  /** The map, which is shown first, by the compounds that are open in it. */
  folded: Record<string, ChartMap>;
};
