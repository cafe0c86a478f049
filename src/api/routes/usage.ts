/** What agents used: tokens, and money where it is known. */
import { reply } from '../contract/envelope.ts';
import { usageQuery, usageReport } from '../contract/usage.ts';
import { type Api, answers, body, must } from '../http/route.ts';
import type { RouteDeps } from './deps.ts';

export const usageRoutes = (app: Api, { services: { usage } }: Pick<RouteDeps, 'services'>): void => {
  app.get(
    '/usage',
    {
      config: { access: 'read' },
      schema: {
        tags: ['usage'],
        summary: 'Tokens and cost by task, agent, project, day, profile or model',
        querystring: usageQuery,
        response: answers(reply(usageReport)),
      },
    },
    (request) => body(must(usage.report(request.query))),
  );
};
