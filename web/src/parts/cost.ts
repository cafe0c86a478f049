/** What agents used, short. Pure. */
import type { Task } from '../api/types.ts';

const amount = (n: number): string => {
  if (n >= 1_000_000) return `${(n / 1_000_000).toFixed(1)}M`;
  return n >= 1000 ? `${Math.round(n / 1000)}k` : String(n);
};

/** `$0.42`, `≥ $0.42` while some of it has no price, tokens where none has; empty before anything was heard. */
export const costText = (usage: Task['usage'] | undefined): string => {
  if (!usage) return '';
  const tokens = usage.input + usage.output + usage.cacheRead + usage.cacheWrite;
  if (usage.costMicroUsd === null) return tokens > 0 ? `${amount(tokens)} tokens` : '';
  return `${usage.unpriced > 0 ? '≥ ' : ''}$${(usage.costMicroUsd / 1_000_000).toFixed(2)}`;
};

/** `3 turns`; empty before it took any. */
export const turnsText = (usage: Task['usage'] | undefined): string =>
  !usage || usage.turns === 0 ? '' : `${usage.turns} ${usage.turns === 1 ? 'turn' : 'turns'}`;
