/** Links and tokens. */
import { z } from 'zod';
import type { Token } from '../../ports/records.ts';
import { createToken, link, newToken, redeem, redeemed, revoked, scope, type TokenView, tokenParams, tokenView } from '../contract/auth.ts';
import { reply } from '../contract/envelope.ts';
import { type Api, answers, body, must, noQuery } from '../http/route.ts';
import type { RouteDeps } from './deps.ts';

const day = 86_400_000;

const shown = (token: Token): TokenView => ({
  id: token.id,
  name: token.name,
  scopes: z.array(scope).parse(token.scopes),
  agent: token.kind === 'agent' ? token.name : null,
  createdAt: token.createdAt,
  expiresAt: token.expiresAt,
  lastUsedAt: token.lastUsedAt,
});

type Deps = Pick<RouteDeps, 'desk' | 'origin'>;

export const authRoutes = (app: Api, { desk, origin }: Deps): void => {
  const tags = ['access'];
  app.post(
    '/auth/redeem',
    {
      config: { access: 'open', secretReply: true },
      schema: {
        tags,
        summary: 'Turn the key of a one-time link into a token',
        security: [],
        querystring: noQuery,
        body: redeem,
        response: answers(reply(redeemed)),
      },
    },
    (request) => {
      const { secret, record } = must(desk.redeem(request.body.key));
      return body({ token: secret, expiresAt: record.expiresAt });
    },
  );
  app.post(
    '/auth/link',
    {
      config: { access: 'admin', secretReply: true },
      schema: { tags, summary: 'Make a link that opens the web interface once', querystring: noQuery, response: answers(reply(link)) },
    },
    () => {
      const { secret, record } = desk.issueLink();
      return body({ url: `${origin()}/#k=${secret}`, expiresAt: record.expiresAt ?? 0 });
    },
  );
  app.get(
    '/tokens',
    {
      config: { access: 'admin' },
      schema: { tags, summary: 'List the tokens that are valid', querystring: noQuery, response: answers(reply(z.array(tokenView))) },
    },
    () =>
      body(
        desk
          .list()
          .filter(({ kind, revokedAt }) => kind !== 'link' && revokedAt === null)
          .map(shown),
      ),
  );
  app.post(
    '/tokens',
    {
      config: { access: 'admin', secretReply: true },
      schema: {
        tags,
        summary: 'Make a token; it is told this one time',
        querystring: noQuery,
        body: createToken,
        response: answers(reply(newToken)),
      },
    },
    (request) => {
      const { name, scopes, days } = request.body;
      const { record, secret } = desk.issue({ name, kind: 'api', scopes, lifetimeMs: days === undefined ? undefined : days * day });
      return body({ ...shown(record), token: secret });
    },
  );
  app.delete(
    '/tokens/:token',
    {
      config: { access: 'admin' },
      schema: { tags, summary: 'Revoke a token', params: tokenParams, querystring: noQuery, response: answers(reply(revoked)) },
    },
    (request) => body({ id: must(desk.revoke(request.params.token)).id, revoked: true as const }),
  );
};
