/** Commands: what one would do, and doing it. */
import { type Answer, post, remove, resourceOf } from './http.ts';
import type { Consequence } from './types.ts';

const place = (kind: string, id: string): string => `/${resourceOf(kind)}/${encodeURIComponent(id)}`;
const query = (fields: Readonly<Record<string, unknown>>): string => {
  const given = Object.entries(fields).filter(([, value]) => value === true);
  return given.length > 0 ? `?${given.map(([name]) => `${name}=true`).join('&')}` : '';
};

type Body = Readonly<Record<string, unknown>>;

/** Changes nothing; the machine itself tells. `rm` removes the worktrees of a task; its body may say `discard`. */
export const preview = (kind: string, id: string, verb: string, body: Body = {}): Promise<Answer<Consequence>> =>
  verb === 'rm'
    ? remove<Consequence>(`${place(kind, id)}${query({ ...body, dry_run: true })}`)
    : post<Consequence>(`${place(kind, id)}/${encodeURIComponent(verb)}?dry_run=true`, body);

export const give = (kind: string, id: string, verb: string, body: Body = {}): Promise<Answer<unknown>> =>
  verb === 'rm'
    ? remove<unknown>(`${place(kind, id)}${query(body)}`)
    : post<unknown>(`${place(kind, id)}/${encodeURIComponent(verb)}`, body);
