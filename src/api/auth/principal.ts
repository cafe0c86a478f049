/** Who is asking, as far as a token tells, and what that allows. */
import type { Scope } from '../contract/auth.ts';

export type Principal = {
  /** Id of the token: revocation, limits and idempotency go by it. */
  token: string;
  name: string;
  kind: 'cli' | 'browser' | 'api' | 'agent';
  scopes: readonly Scope[];
  /** Set for tokens of agents: the one agent it speaks for. */
  agent: string | null;
};

/** What a route asks for. `open` needs no token; `report` only an agent's own. */
export type Access = 'open' | 'read' | 'act' | 'admin' | 'report';

/** admin includes act, act includes read; `report` includes and is included by nothing. */
const reach: Readonly<Record<Scope, readonly Access[]>> = {
  admin: ['read', 'act', 'admin'],
  act: ['read', 'act'],
  read: ['read'],
  report: ['report'],
};

export const allows = (principal: Principal, access: Access): boolean =>
  access === 'open' || principal.scopes.some((scope) => reach[scope].includes(access));

/** The `by` of events: channel and name. */
export const byOf = (principal: Principal): string => {
  if (principal.kind === 'agent') return `agent:${principal.agent ?? principal.name}`;
  if (principal.kind === 'cli') return 'cli';
  return principal.kind === 'browser' ? 'web' : `api:${principal.name}`;
};
