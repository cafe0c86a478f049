/** The gate before every route: where from, who, and whether that is enough. What a route asks for is checked when the app is built (`route-table.ts`). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CcmError, fail } from '../../errors.ts';
import { type Access, allows, type Principal } from './principal.ts';
import type { TokenDesk } from './tokens.ts';
import { type HostRules, judge } from './where-from.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Scope a route asks for; every route says it. */
    access?: Access;
  }
  interface FastifyRequest {
    /** Null when no valid token came with the request. */
    principal: Principal | null;
    /** The agent in whose window the caller was found to run, once somebody looked. */
    tracedAgent: string | null;
  }
}

export type GateOptions = { desk: Pick<TokenDesk, 'recognise'>; rules: () => HostRules };

const one = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value.join(', ') : value);

const bearer = (request: FastifyRequest): string | null => {
  const header = request.headers.authorization;
  const match = header === undefined ? null : /^Bearer ([\w-]{1,200})$/i.exec(header);
  return match?.[1] ?? null;
};

/** Must be registered before limits and routes: its first hook identifies, the limit then counts, its second hook refuses. */
export const gate = (app: FastifyInstance, { desk, rules }: GateOptions): void => {
  app.decorateRequest('principal', null);
  app.decorateRequest('tracedAgent', null);
  app.addHook('onRequest', async (request, reply) => {
    const { headers } = request;
    const verdict = judge(
      {
        method: request.method,
        url: request.raw.url ?? '',
        host: headers.host,
        origin: one(headers.origin),
        fetchSite: one(headers['sec-fetch-site']),
        fetchMode: one(headers['sec-fetch-mode']),
      },
      rules(),
    );
    if ('refuse' in verdict) throw new CcmError(verdict.refuse.code, verdict.refuse.detail);
    if ('redirect' in verdict) return reply.redirect(verdict.redirect, 307);
    const secret = bearer(request);
    request.principal = secret === null ? null : desk.recognise(secret);
    return undefined;
  });
  app.addHook('preParsing', async (request) => {
    if (request.is404) return;
    const refusal = refusalOf(
      request.principal,
      request.routeOptions.config.access ?? 'admin',
      request.headers.authorization !== undefined,
    );
    if (refusal) throw new CcmError(refusal.code, refusal.detail);
  });
};

const refusalOf = (principal: Principal | null, access: Access, hadToken: boolean) => {
  if (access === 'open') return null;
  if (!principal) {
    return fail(
      'CCM_UNAUTHORIZED',
      hadToken ? 'The token is unknown, expired or revoked.' : 'The request carries no token (Authorization: Bearer ccm_…).',
    ).problem;
  }
  if (allows(principal, access)) return null;
  if (principal.kind === 'agent')
    return fail('CCM_FORBIDDEN', 'The token of an agent can report, and nothing else: it decides nothing.').problem;
  return fail('CCM_FORBIDDEN', `The token "${principal.name}" has the scope ${principal.scopes.join(', ')}; this asks for ${access}.`)
    .problem;
};

/** The caller of a route whose access is not `open`. */
export const callerOf = (request: FastifyRequest): Principal => {
  if (!request.principal) throw new CcmError('CCM_UNAUTHORIZED', 'The request carries no token.');
  return request.principal;
};
