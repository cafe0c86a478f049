/** A limit of a provider, and when it is over. */
import type { Agent } from '../api/contract/index.ts';
import { duration, localTime } from './age.ts';

export const limitText = (limit: Agent['limit'], now: number): string | null => {
  if (!limit) return null;
  const until = limit.until === null ? 'no end told' : `until ${localTime(limit.until)}`;
  if (limit.resumesAt === null) return `${until}; goes on with \`ccm resume\``;
  return `${until}; goes on by itself in ${duration(Math.max(0, limit.resumesAt - now))}`;
};
