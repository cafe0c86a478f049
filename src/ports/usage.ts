/** What agents used: a row per request to a model, and sums over them. Real one: `adapters/sqlite/usage.ts`. */

export type UsageRow = {
  agent: string;
  task: string;
  project: string;
  profile: string;
  /** The program's own name of the request; with the task it names the row. */
  request: string;
  model: string | null;
  /** When, ms since 1970, and the calendar day that was then. */
  at: number;
  day: string;
  /** Tokens. `input` counts those that came from no cache. */
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  /** Millionths of a dollar; null when neither the program nor the prices tell it. */
  costMicroUsd: number | null;
  costBy: 'program' | 'prices' | null;
  /** Version of the prices it was worked out with. */
  prices: string | null;
  /** The evidence: who said so, and in which call, line or report. */
  source: 'hook' | 'transcript' | 'report';
  key: string;
};

export const usageBy = ['task', 'agent', 'project', 'day', 'profile', 'model'] as const;
export type UsageBy = (typeof usageBy)[number];

export type UsageSum = {
  requests: number;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  /** Of those requests whose cost is known; null when that is none. */
  costMicroUsd: number | null;
  /** Requests whose cost is not known: with some, `costMicroUsd` is the least it can be. */
  unpriced: number;
  /** When the newest of them was. */
  lastAt: number;
};

export type UsageQuery = {
  task?: string;
  agent?: string;
  project?: string;
  day?: string /** Not before, ms since 1970. */;
  since?: number;
};

export interface UsageBook {
  /**
   * Adds a row. One that is there already only grows: a program that streams tells of the same request with more and more tokens.
   * Returns false when nothing changed by it.
   */
  put(row: UsageRow): boolean;
  /** All rows of the query as one; undefined when there is none. */
  sum(query: UsageQuery): UsageSum | undefined;
  /** Largest cost first, then most tokens; days newest first. At most `limit`. `key` is '' where a model is not known. */
  sums(by: UsageBy, query: UsageQuery, limit: number): Array<UsageSum & { key: string }>;
}
