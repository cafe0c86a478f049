/** Turns that ended in trouble: a limit that passes by itself, or a failure. */
import { firstOf } from '../../../src/lib/cut-text.ts';
import type { Sign } from '../../../src/ports/agent-hooks.ts';

/** The program's own words where it gives them. */
export const failureSign = (error: string, message: string, now: number): Sign => {
  const detail = firstOf(message.trim() || `The turn failed: ${error}`, 2_000);
  if (error !== 'rate_limit') return { type: 'failed', detail };
  return { type: 'limited', detail, until: resetTime(detail, now) };
};

const HOUR = 3_600_000;

/** `…limit reached|1767225600` or `resets 3:30pm`, the next such time from now on this machine's clock; null where none is told. */
export const resetTime = (message: string, now: number): number | null => {
  const epoch = /\|(\d{10})\b/u.exec(message)?.[1];
  if (epoch !== undefined) return Number(epoch) * 1000;
  const [, hour, minute = '0', half] = /resets?(?: at)? (\d{1,2})(?::(\d{2}))?\s?(am|pm)/iu.exec(message) ?? [];
  if (hour === undefined || half === undefined) return null;
  const at = new Date(now);
  at.setHours((Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0), Number(minute), 0, 0);
  return at.getTime() > now ? at.getTime() : at.getTime() + 24 * HOUR;
};
