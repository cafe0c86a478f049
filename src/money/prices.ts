/** Tokens → micro-dollars, by the table a person wrote into config.toml. Pure. */
import type { Usage } from '../ports/agent-hooks.ts';

/** Dollars per million tokens, which is micro-dollars per token. Null: this kind of token has no price here. */
export type Price = { model: string; input: number; output: number; cacheRead: number | null; cacheWrite: number | null };
export type Prices = { /** Told beside every figure made with it. */ version: string; models: readonly Price[] };

export const noPrices: Prices = { version: '', models: [] };

/** `*` stands for anything. */
const fits = (pattern: string, model: string): boolean => {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/gu, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 'u').test(model);
};

/** Null when no price fits, or a kind of token was used that has none: part of a price is no price. */
export const costOf = (prices: Prices, usage: Pick<Usage, 'model' | 'input' | 'output' | 'cacheRead' | 'cacheWrite'>): number | null => {
  const { model } = usage;
  const price = model === null ? undefined : prices.models.find((one) => fits(one.model, model));
  if (!price) return null;
  const parts = [
    usage.input * price.input,
    usage.output * price.output,
    usage.cacheRead === 0 ? 0 : price.cacheRead === null ? null : usage.cacheRead * price.cacheRead,
    usage.cacheWrite === 0 ? 0 : price.cacheWrite === null ? null : usage.cacheWrite * price.cacheWrite,
  ];
  let sum = 0;
  for (const part of parts) {
    if (part === null) return null;
    sum += part;
  }
  return Math.round(sum);
};
