/** What agents used: requests to models and turns, a row for each until they are old, and sums over them. Real one: `adapters/sqlite/usage.ts`. */

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
  /** Turns begun: what an agent does from taking a prompt until it is done with it, or is broken off. */
  turns: number;
  /** Milliseconds in which they were busy: not those in which a turn waited for a person, or for the end of a limit. */
  busyMs: number;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  /** Of those requests whose cost is known; null when that is none. */
  costMicroUsd: number | null;
  /** Requests whose cost is not known: with some, `costMicroUsd` is the least it can be. */
  unpriced: number;
  /** When the newest of them was; of a turn, when it began. */
  lastAt: number;
};

export type UsageQuery = {
  task?: string;
  agent?: string;
  project?: string;
  day?: string;
  /** Not before, ms since 1970. */
  since?: number;
  /** With it, what is going on counts as busy up to this time; without, once it has ended or waits. */
  now?: number;
};

export interface UsageBook {
  /**
   * Adds a row. One that is there already only grows: a program that streams tells of the same request with more and more tokens.
   * `same`: nothing changed by it. `late`: nothing was written, because requests of its task on its day are kept as sums by now, and
   * nobody can tell whether it is one of them.
   */
  put(row: UsageRow): 'written' | 'same' | 'late';
  /** All rows of the query as one; undefined when there is none. */
  sum(query: UsageQuery): UsageSum | undefined;
  /** Largest cost first, then most tokens; days newest first. At most `limit`. `key` is '' where a model is not known. */
  sums(by: UsageBy, query: UsageQuery, limit: number): Array<UsageSum & { key: string }>;
  /** Days before `day` of which requests or turns stand in rows of their own, oldest first. */
  loose(day: string): string[];
  /**
   * Makes one row of all requests of a day that differ in nothing but figures, and one of each agent's turns; call it in a transaction.
   * No sum changes by it, unless `since` lies within the day. Returns how many rows there are less.
   */
  fold(day: string): number;
  /** Whether anything of that day is kept as a sum. */
  folded(day: string): boolean;
}

/** Turns of agents as they go; at most one of an agent is going on. Times: ms since 1970. */
export interface TurnBook {
  going(agent: string): boolean;
  begin(turn: { agent: string; task: string; project: string; profile: string; at: number; day: string }): void;
  /** It is busy from now on, unless it was. */
  busy(agent: string, at: number): void;
  /** It waits. */
  rest(agent: string, at: number): void;
  end(agent: string, at: number): void;
}
