/** For service managers and scripts: alive, and ready to work. Open, and telling nothing else. */
import { health } from '../contract/system.ts';
import { type Api, noQuery } from '../http/route.ts';
import type { RouteDeps } from './deps.ts';

export const healthRoutes = (app: Api, { version, notReady }: Pick<RouteDeps, 'version' | 'notReady'>): void => {
  app.get(
    '/healthz',
    {
      config: { access: 'open' },
      schema: { tags: ['system'], summary: 'Is the daemon alive', security: [], querystring: noQuery, response: { 200: health } },
    },
    () => ({ ok: true, version }),
  );
  app.get(
    '/readyz',
    {
      config: { access: 'open' },
      schema: {
        tags: ['system'],
        summary: 'Can it take work now',
        security: [],
        querystring: noQuery,
        response: { 200: health, 503: health },
      },
    },
    (_request, reply) => {
      const reason = notReady();
      if (reason === null) return { ok: true, version };
      void reply.code(503);
      return { ok: false, version, reason };
    },
  );
};
