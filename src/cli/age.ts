/** Times as people say them. All in milliseconds. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, at most four characters: `now`, `12s`, `5m`, `3h`, `2d`, `3w`, `1y`. The future reads as `now`. */
export const age = (ms: number): string => {
  if (ms < SECOND) return 'now';
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)}s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}m`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)}h`;
  if (ms < 14 * DAY) return `${Math.floor(ms / DAY)}d`;
  if (ms < 365 * DAY) return `${Math.floor(ms / (7 * DAY))}w`;
  return `${Math.floor(ms / (365 * DAY))}y`;
};

/** A duration with two units at most: `850ms`, `12s`, `2m 03s`, `1h 05m`, `2d 4h`. */
export const duration = (ms: number): string => {
  const two = (n: number): string => String(n).padStart(2, '0');
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))}ms`;
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)}s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}m ${two(Math.floor((ms % MINUTE) / SECOND))}s`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)}h ${two(Math.floor((ms % HOUR) / MINUTE))}m`;
  return `${Math.floor(ms / DAY)}d ${Math.floor((ms % DAY) / HOUR)}h`;
};

/** Local date and time to the second: `2026-03-04 18:05:09`. */
export const localTime = (at: number): string => {
  const date = new Date(at);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
};

const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** `90s`, `10m`, `2h`, `1h30m`, `1d` in milliseconds; null when it is none of these. */
export const parseDuration = (text: string): number | null => {
  if (!/^(\d+[smhd])+$/.test(text)) return null;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([smhd])/g)) total += Number(count) * (UNITS[unit ?? ''] ?? 0);
  return total;
};

/**
 * An instant a person wrote: `+10m`, `in 2h`, `18:30` (the next one, local time), or a date and time as ISO 8601 (local without an offset).
 * Milliseconds since 1970; null when it cannot be read.
 */
export const parseWhen = (text: string, now: number): number | null => {
  const wait = parseDuration(text.replace(/^(\+|in\s+)/, ''));
  if (wait !== null) return now + wait;
  const clock = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (clock) {
    const [hours, minutes] = [Number(clock[1]), Number(clock[2])];
    if (hours > 23 || minutes > 59) return null;
    const date = new Date(now);
    date.setHours(hours, minutes, 0, 0);
    if (date.getTime() <= now) date.setDate(date.getDate() + 1);
    return date.getTime();
  }
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
  const at = Date.parse(text.includes('T') || text.includes(' ') ? text.replace(' ', 'T') : `${text}T00:00`);
  return Number.isNaN(at) ? null : at;
};

/** An instant gone by: `7d`, `12h ago`, or a date as in {@link parseWhen}. Milliseconds since 1970; null when it cannot be read. */
export const parseSince = (text: string, now: number): number | null => {
  const back = parseDuration(text.replace(/^-/, '').replace(/\s+ago$/, ''));
  return back === null ? parseWhen(text, now) : now - back;
};
