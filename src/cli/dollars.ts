/** Dollars as a person types them, in millionths of one. */
import { usageError } from './exit.ts';

/** Undefined when absent; anything but an amount above nothing is a usage error. */
export const microDollars = (text: string | undefined, name: string): number | undefined => {
  if (text === undefined) return undefined;
  const micro = /^\$?\d{1,6}(\.\d{1,6})?$/.test(text) ? Math.round(Number(text.replace('$', '')) * 1_000_000) : 0;
  if (micro <= 0) throw usageError(`${name} takes dollars such as 2.50, not "${text}".`);
  return micro;
};
