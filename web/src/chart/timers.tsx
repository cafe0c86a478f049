/** Timers of active states, counting down beside the line they will take. */

import { leftText, now } from '../store/clock.ts';
import { size, textWidth } from './model/measure.ts';
import type { ChartLayout, ChartModel, Route } from './model/types.ts';

export type Timer = { id: string; due: number };

/** Machines without a limit keep a timer that is due in years: not worth a word. */
export const soon = (timer: Timer): boolean => timer.due - Date.now() < 366 * 86_400_000;

/** A timer is named after the event it sends; `after` alone also fits. */
const timerOf = (timers: readonly Timer[], event: string): Timer | undefined =>
  timers.find((t) => t.id === event || event.startsWith(`xstate.after.${t.id}.`));

/** Lines that will be taken by themselves. */
export const timedRoutes = (model: ChartModel, layout: ChartLayout, timers: readonly Timer[]): { route: Route; timer: Timer }[] => {
  const events = new Map(model.edges.map((e) => [e.id, e.event]));
  return layout.routes.flatMap((route) => {
    const timer = route.edges.map((id) => timerOf(timers.filter(soon), events.get(id) ?? '')).find(Boolean);
    return timer ? [{ route, timer }] : [];
  });
};

export const TimerBadges = ({
  model,
  layout,
  shown,
  timers,
  scale,
}: {
  model: ChartModel;
  layout: ChartLayout;
  /** Routes with a label: a badge needs one. */
  shown: ReadonlySet<string> | null;
  timers: readonly Timer[];
  scale: number;
}) => {
  const due = timedRoutes(model, layout, timers).filter(({ route }) => shown?.has(route.id) !== false);
  return (
    <svg class="sc-timers" viewBox={`0 0 ${layout.w} ${layout.h}`} width={layout.w * scale} height={layout.h * scale} aria-hidden="true">
      {due.map(({ route, timer }) => {
        const text = leftText(timer.due, now.value);
        const w = textWidth(text, size.small) + 12;
        const { label } = route;
        const [x, y] = label.spare ? [label.x + label.w - w - 4, label.y + (label.h - 16) / 2] : [label.x + label.w - w / 2, label.y - 9];
        return (
          <g key={route.id}>
            <rect x={x} y={y} width={w} height={16} rx={8} />
            <text x={x + w / 2} y={y + 12}>
              {text}
            </text>
          </g>
        );
      })}
    </svg>
  );
};
