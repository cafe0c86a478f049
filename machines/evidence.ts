/**
 * Law 4 as a table: what an observation is worth, and what it changes. Pure.
 *
 * | source     | trust | counts for        | what it is                                               |
 * |------------|------:|-------------------|----------------------------------------------------------|
 * | report     |     5 | until contradicted| the program said so itself (`ccm report`, its own token) |
 * | hook       |     5 | until contradicted| the agent CLI's own hook                                 |
 * | process    |     4 | until contradicted| the kernel: alive, ended, stopped                        |
 * | transcript |     5 | until contradicted| the conversation file the CLI writes: its own word, too  |
 * | keys       |     3 | 30 s              | we typed or pressed something ourselves                  |
 * | pane       |     2 | 30 s              | a pattern on the screen or in the title                  |
 * | silence    |     1 | 30 s              | nothing happened for a while                             |
 *
 * An observation of at least the trust of what is believed is accepted. A weaker one that says the same adds to it. A weaker one that
 * says otherwise is ignored for two seconds (screens lag), then it is a conflict: the chart goes to `detecting`, never to an end.
 */
import { z } from 'zod';

export const sources = ['report', 'hook', 'process', 'transcript', 'keys', 'pane', 'silence'] as const;
export const facts = ['ready', 'busy', 'progress', 'asking', 'approval', 'limited', 'interrupted', 'done', 'failed'] as const;
export type Source = (typeof sources)[number];
export type Fact = (typeof facts)[number];

/** What the conversation is believed to be doing. */
export type Belief = 'ready' | 'busy' | 'needsAnswer' | 'needsApproval' | 'limited' | 'interrupted';

export const evidence = z.object({
  fact: z.enum(facts),
  source: z.enum(sources),
  /** When it was observed (ms since 1970), not when it was told. */
  at: z.int(),
  detail: z.string().max(500),
});
export type Evidence = z.infer<typeof evidence>;

const forever = Number.POSITIVE_INFINITY;
export const worth: Readonly<Record<Source, { trust: number; freshMs: number }>> = {
  report: { trust: 5, freshMs: forever },
  hook: { trust: 5, freshMs: forever },
  process: { trust: 4, freshMs: forever },
  transcript: { trust: 5, freshMs: forever },
  keys: { trust: 3, freshMs: 30_000 },
  pane: { trust: 2, freshMs: 30_000 },
  silence: { trust: 1, freshMs: 30_000 },
};

export const beliefOf: Readonly<Record<Fact, Belief>> = {
  ready: 'ready',
  busy: 'busy',
  progress: 'busy',
  asking: 'needsAnswer',
  approval: 'needsApproval',
  limited: 'limited',
  interrupted: 'interrupted',
  done: 'ready',
  failed: 'ready',
};

/** Milliseconds during which a weaker source may lag behind a stronger one without being a conflict. */
export const lagMs = 2_000;
/** Observations kept with an agent; older ones are in the journal. */
export const keep = 8;

export type Verdict = 'accept' | 'same' | 'ignore' | 'conflict';

/** The observations behind the present belief: those at the end of the list that agree with the newest. */
const grounds = (held: readonly Evidence[]): readonly Evidence[] => {
  const newest = held.at(-1);
  const other = newest ? held.findLastIndex((e) => beliefOf[e.fact] !== beliefOf[newest.fact]) : -1;
  return held.slice(other + 1);
};

/** True for an observation that may end a doubt at once instead of waiting for it to settle. */
export const strong = (e: Evidence): boolean => worth[e.source].trust >= 4;

/** Weighs a new observation against those held (newest last). */
export const weigh = (held: readonly Evidence[], fresh: Evidence): Verdict => {
  const behind = grounds(held);
  const newest = behind.at(-1);
  if (!newest) return 'accept';
  if (beliefOf[newest.fact] === beliefOf[fresh.fact]) return 'same';
  const trust = worth[fresh.source].trust;
  if (fresh.at < newest.at && trust <= worth[newest.source].trust) return 'ignore';
  const stronger = behind.findLast((e) => worth[e.source].trust > trust && fresh.at - e.at <= worth[e.source].freshMs);
  if (!stronger) return 'accept';
  return fresh.at - stronger.at <= lagMs ? 'ignore' : 'conflict';
};

/** After a conflict: the belief of the newest observation among the most trusted ones made since `since`, else of the most trusted of all. */
export const settle = (held: readonly Evidence[], since: number): Belief | null => {
  const recent = held.filter((e) => e.at >= since);
  const pool = recent.length > 0 ? recent : held;
  let best: Evidence | null = null;
  for (const e of pool) if (!best || worth[e.source].trust >= worth[best.source].trust) best = e;
  return best ? beliefOf[best.fact] : null;
};
