/** Lights a drawing: what is active, what was taken last, what a command would do. Touches only what changes. */
import { jumpPath } from './jump.ts';
import type { ChartLayout } from './model/types.ts';

export type Lights = {
  active: ReadonlySet<string>;
  /** Active before the last step, outermost first. */
  before: readonly string[];
  /** Edges taken by the last step. */
  taken: readonly string[];
  /** What a command that is being considered would take and enter. */
  ghostEdges: readonly string[];
  ghostStates: ReadonlySet<string>;
};

const calm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Sends the token along a path; 0.65 s. */
const run = (svg: SVGSVGElement, d: string): void => {
  const token = svg.querySelector<SVGCircleElement>('.tok');
  if (!token) return;
  for (const before of token.getAnimations()) before.cancel();
  token.style.offsetPath = `path("${d}")`;
  token.animate(
    [
      { offsetDistance: '0%', opacity: 1 },
      { offsetDistance: '100%', opacity: 1, offset: 0.85 },
      { offsetDistance: '100%', opacity: 0 },
    ],
    { duration: 650, easing: 'ease-in-out' },
  );
};

/** @param move send the token along the line that was taken (never while looking back in time). */
export const light = (svg: SVGSVGElement, layout: ChartLayout, lights: Lights, move: boolean): void => {
  for (const box of svg.querySelectorAll('[data-state]')) {
    const id = box.getAttribute('data-state') ?? '';
    const on = lights.active.has(id);
    box.classList.toggle('on', on);
    box.setAttribute('aria-selected', String(on));
    box.classList.toggle('ghost', lights.ghostStates.has(id) && !on);
  }
  const holds = (edges: readonly string[], wanted: readonly string[]): boolean => wanted.some((id) => edges.includes(id));
  const lit = new Set(layout.routes.filter((r) => holds(r.edges, lights.taken)).map((r) => r.id));
  const ghost = new Set(layout.routes.filter((r) => holds(r.edges, lights.ghostEdges)).map((r) => r.id));
  const ways = new Set(layout.routes.filter((r) => lights.active.has(r.source)).map((r) => r.id));
  for (const part of svg.querySelectorAll('[data-route]')) {
    const id = part.getAttribute('data-route') ?? '';
    part.classList.toggle('last', lit.has(id));
    part.classList.toggle('way', ways.has(id));
    part.classList.toggle('ghost', ghost.has(id));
  }
  for (const text of svg.querySelectorAll('[data-edges]')) {
    const edges = text.getAttribute('data-edges')?.split(' ') ?? [];
    text.classList.toggle('last', holds(edges, lights.taken));
    text.classList.toggle('ghost', holds(edges, lights.ghostEdges));
  }
  const way = layout.routes.find((r) => lit.has(r.id))?.d ?? '';
  const jump = lights.taken.length > 0 && way === '' ? jumpOf(layout, lights) : '';
  svg.querySelector('.jump')?.setAttribute('d', jump);
  if (move && (way || jump) && !calm()) run(svg, way || jump);
};

/** From the innermost state that was left to the innermost that was entered. */
const jumpOf = (layout: ChartLayout, { before, active }: Lights): string => {
  const boxes = new Map(layout.boxes.map((b) => [b.id, b]));
  const left = boxes.get(before.findLast((id) => !active.has(id) && boxes.has(id)) ?? '');
  const entered = boxes.get([...active].findLast((id) => !before.includes(id)) ?? '');
  return left && entered ? jumpPath(left, entered) : '';
};
