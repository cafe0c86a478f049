/** Commands: what one would do, and doing it. */
import { type Answer, post, resourceOf } from './http.ts';
import type { Consequence } from './types.ts';

const path = (kind: string, id: string, verb: string): string =>
  `/${resourceOf(kind)}/${encodeURIComponent(id)}/${encodeURIComponent(verb)}`;

/** Changes nothing; the machine itself tells. */
export const preview = (kind: string, id: string, verb: string, body: unknown = {}): Promise<Answer<Consequence>> =>
  post<Consequence>(`${path(kind, id, verb)}?dry_run=true`, body);

export const give = (kind: string, id: string, verb: string, body: unknown = {}): Promise<Answer<unknown>> =>
  post<unknown>(path(kind, id, verb), body);
