/** Tokens and money for people. What nobody knows is not shown as a figure. */
import type { UsageFigures } from '../api/contract/index.ts';
import { duration } from './age.ts';

/** `812`, `12.3k`, `1.2M`. */
export const tokensText = (n: number): string => {
  if (n < 1000) return String(n);
  const [scaled, unit] = n < 999_950 ? [n / 1000, 'k'] : [n / 1_000_000, 'M'];
  return `${scaled.toFixed(1).replace(/\.0$/, '')}${unit}`;
};

/** `$12.34`, `$0.0042`, `≥ $1.20` where a part is not known; '' when nothing is. */
export const costText = ({ costMicroUsd, unpriced }: Pick<UsageFigures, 'costMicroUsd' | 'unpriced'>): string => {
  if (costMicroUsd === null) return '';
  const dollars = costMicroUsd / 1_000_000;
  return `${unpriced > 0 ? '≥ ' : ''}$${dollars.toFixed(costMicroUsd === 0 || dollars >= 0.1 ? 2 : 4)}`;
};

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** `$0.42 · 12.3k in, 1.2k out, 80k from cache · 14 requests · 3 turns, busy 12m 03s`; of a program that tells no requests the turns alone. */
export const usageText = (usage: UsageFigures): string =>
  [
    costText(usage),
    usage.requests === 0
      ? ''
      : [
          `${tokensText(usage.input)} in`,
          `${tokensText(usage.output)} out`,
          usage.cacheRead > 0 ? `${tokensText(usage.cacheRead)} from cache` : '',
          usage.cacheWrite > 0 ? `${tokensText(usage.cacheWrite)} to cache` : '',
        ]
          .filter(Boolean)
          .join(', '),
    usage.requests === 0 ? '' : count(usage.requests, 'request'),
    usage.turns === 0 ? '' : `${count(usage.turns, 'turn')}, busy ${duration(usage.busyMs)}`,
  ]
    .filter(Boolean)
    .join(' · ');
