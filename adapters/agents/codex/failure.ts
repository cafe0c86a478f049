/** Turns that ended in trouble: a limit that passes by itself, or a failure. */

import { z } from 'zod';
import { firstOf } from '../../../src/lib/cut-text.ts';
import type { Sign } from '../../../src/ports/agent-hooks.ts';

export const turnError = z.object({
  message: z.string().catch(''),
  /** A word, or an object with one key (the kind) that holds the HTTP status. */
  codex_error_info: z.union([z.string(), z.record(z.string(), z.object({ http_status_code: z.int().nullish() }))]).catch('other'),
});
type TurnError = z.infer<typeof turnError>;

export const failureSign = ({ message, codex_error_info: info }: TurnError, at: number): Sign => {
  const kind = typeof info === 'string' ? info : (Object.keys(info)[0] ?? 'other');
  const status = typeof info === 'string' ? null : (Object.values(info)[0]?.http_status_code ?? null);
  const detail = firstOf(message.trim() || `The turn failed: ${kind}`, 2_000);
  if (kind !== 'usage_limit_exceeded' && kind !== 'rate_limit_exceeded' && status !== 429) return { type: 'failed', detail };
  return { type: 'limited', detail, until: againAt(detail, at) };
};

const DAY_MS = 86_400_000;

/** `try again at 2:25 AM`, or `… at Nov 25th, 2026 2:25 AM`, on this machine's clock; null where no time is told. */
export const againAt = (message: string, now: number): number | null => {
  const [, day, hour, minute, half] =
    /try again at (?:(\w{3,9} \d{1,2}(?:st|nd|rd|th)?,? \d{4}),? )?(\d{1,2}):(\d{2})\s?(am|pm)/iu.exec(message) ?? [];
  if (hour === undefined || minute === undefined || half === undefined) return null;
  const at = new Date(day === undefined ? now : Date.parse(day.replace(/(\d)(?:st|nd|rd|th)/u, '$1')));
  if (Number.isNaN(at.getTime())) return null;
  at.setHours((Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0), Number(minute), 0, 0);
  return day === undefined && at.getTime() <= now ? at.getTime() + DAY_MS : at.getTime();
};
