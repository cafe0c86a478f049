/** How far a turn had come, so that what a failed step added to it can be taken back. */
import type { Turn } from './turn.ts';

export type Mark = { gseq: number; rows: number; errands: number; effects: number; cancelled: number };

export const mark = (turn: Turn): Mark => ({
  gseq: turn.gseq,
  rows: turn.rows.length,
  errands: turn.errands.length,
  effects: turn.effects.length,
  cancelled: turn.cancelled.length,
});

/** Returns the actors whose steps are gone. */
export const rewind = (turn: Turn, to: Mark): Set<string> => {
  turn.gseq = to.gseq;
  turn.errands.length = Math.min(turn.errands.length, to.errands);
  turn.effects.length = to.effects;
  turn.cancelled.length = to.cancelled;
  const gone = new Set(turn.rows.slice(to.rows).map((row) => row.actor));
  turn.rows.length = to.rows;
  for (const actor of gone) {
    const earlier = turn.rows.findLast((row) => row.actor === actor)?.view;
    if (earlier) turn.views.set(actor, earlier);
    else turn.views.delete(actor);
  }
  return gone;
};
