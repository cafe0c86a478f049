/** Turns that ended in trouble: a limit that passes by itself, or a failure. */
import { firstOf } from '../../../src/lib/cut-text.ts';
import type { Sign } from '../../../src/ports/agent-hooks.ts';

/** Words of the program and of its service for a quota or a rate; the plain number stands in the service's own error. */
const limit = /RESOURCE_EXHAUSTED|\b429\b|\bquota\b|rate.?limit|usage limit|Please wait and try again later/iu;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `retry in 37.5s`, `retry after 2h`; null where no time is told. */
const resetTime = (words: string, now: number): number | null => {
  const [, amount, unit = ''] = /retry (?:in|after) ([\d.]+)\s?(ms|s|m|h)\b/iu.exec(words) ?? [];
  return amount === undefined ? null : Math.round(now + Number(amount) * (UNIT_MS[unit.toLowerCase()] ?? 0));
};

/** The words between its brackets; of an error of the service its own message, with its name. */
const wordsOf = (message: string): string => {
  const [, inner = message, rest = ''] = /^\[API Error: ([\s\S]*?)\](?:\n([\s\S]*))?$/u.exec(message.trim()) ?? [];
  const json = /^\{"error":\{"code":(\d+),"message":"((?:[^"\\]|\\.)*)","status":"(\w+)"/u.exec(inner);
  const told = json ? `${json[1]} ${json[3]}: ${json[2]?.replaceAll(String.raw`\"`, '"')}` : inner;
  return [`API error: ${told}`, rest].filter(Boolean).join('\n');
};

/** `message`: the error as its session file holds it. */
export const failureSign = (message: string, at: number): Sign => {
  const detail = firstOf(message.startsWith('[API Error: ') ? wordsOf(message) : message.trim() || 'The turn failed.', 2_000);
  return limit.test(message) ? { type: 'limited', detail, until: resetTime(message, at) } : { type: 'failed', detail };
};
