/** The way of a transition that has no line of its own: a curve from box to box. Pure. */
import type { Box, Point } from './model/types.ts';

const middle = (box: Box): Point => [box.x + box.w / 2, box.y + box.h / 2];

/** Where the straight way from a box's middle to `to` leaves the box. */
const edgePoint = (box: Box, to: Point): Point => {
  const [x, y] = middle(box);
  const dx = to[0] - x;
  const dy = to[1] - y;
  const scale = Math.min(
    dx === 0 ? Number.POSITIVE_INFINITY : box.w / 2 / Math.abs(dx),
    dy === 0 ? Number.POSITIVE_INFINITY : box.h / 2 / Math.abs(dy),
  );
  return Number.isFinite(scale) ? [x + dx * Math.min(1, scale), y + dy * Math.min(1, scale)] : [x, y];
};

const round = (n: number): number => Math.round(n * 10) / 10;

/** An SVG path, bent a little to one side so that it does not hide in a line of the drawing; empty when both are the same box. */
export const jumpPath = (from: Box, to: Box): string => {
  if (from.id === to.id) return '';
  const [ax, ay] = edgePoint(from, middle(to));
  const [bx, by] = edgePoint(to, middle(from));
  const length = Math.hypot(bx - ax, by - ay) || 1;
  const bend = Math.min(40, length / 6);
  const cx = (ax + bx) / 2 - ((by - ay) / length) * bend;
  const cy = (ay + by) / 2 + ((bx - ax) / length) * bend;
  return `M${round(ax)} ${round(ay)}Q${round(cx)} ${round(cy)} ${round(bx)} ${round(by)}`;
};
