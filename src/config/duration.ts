/** Durations as people write them in config.toml: `"500ms"`, `"30s"`, `"10m"`, `"2h"`, `"7d"`; 0 switches off. */
import { z } from 'zod';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds, or null when the text is no duration. */
const parseDuration = (text: string): number | null => {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|m|h|d)$/.exec(text.trim());
  const unit = match ? units[match[2] ?? ''] : undefined;
  return match && unit !== undefined ? Math.round(Number(match[1]) * unit) : null;
};

export const duration = (min: number, max: number) =>
  z.union([z.string(), z.literal(0)]).transform((text, context) => {
    const ms = text === 0 ? 0 : parseDuration(text);
    if (ms === null || ms < min || ms > max) {
      context.addIssue({ code: 'custom', message: `must be a duration from ${inWords(min)} to ${inWords(max)}, such as "30s" or "10m"` });
      return z.NEVER;
    }
    return ms;
  });

const inWords = (ms: number): string => {
  for (const unit of ['d', 'h', 'm', 's']) {
    const size = units[unit] ?? 1;
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return ms === 0 ? '0' : `${ms}ms`;
};
