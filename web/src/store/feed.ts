/** Keeps the stream of steps whole: every step once, in order, over any number of connections. Pure. */
import type { FeedRow } from '../api/types.ts';

export type Feed = {
  /** Number of the newest step applied; null before the first subscription. */
  cursor: number | null;
  /** The next rows are the first of a subscription: what they begin with is the truth. */
  first: boolean;
};

export type Taken = {
  feed: Feed;
  /** Steps to apply, in order. */
  fresh: FeedRow[];
  /** Something is missing: drop the connection and subscribe anew from `feed.cursor`. */
  hole: boolean;
};

export const newFeed = (cursor: number | null): Feed => ({ cursor, first: true });

/** Call when a subscription from `feed.cursor` was sent on a new connection. */
export const subscribed = (feed: Feed): Feed => ({ ...feed, first: true });

/**
 * Frames follow each other without a hole. Where a subscription begins, and within one frame, the daemon says itself that nothing lies
 * between, so that a number it never gave away cannot make us ask for ever.
 */
export const takeRows = (feed: Feed, rows: readonly FeedRow[]): Taken => {
  const { cursor, first } = feed;
  const once = new Map(rows.map((row) => [row.gseq, row]));
  const fresh = [...once.values()].filter((row) => cursor === null || row.gseq > cursor).sort((a, b) => a.gseq - b.gseq);
  const [begin] = fresh;
  const end = fresh.at(-1);
  if (!begin || !end) return { feed, fresh: [], hole: false };
  if (cursor !== null && begin.gseq > cursor + 1 && !first) return { feed, fresh: [], hole: true };
  return { feed: { cursor: end.gseq, first: false }, fresh, hole: false };
};
