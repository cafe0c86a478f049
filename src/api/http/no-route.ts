/** What is not there: no such path, or a path that takes another method. An address of the web interface gets its page. */
import type { FastifyInstance } from 'fastify';
import type { Pages } from './pages.ts';
import { sendProblem } from './problem.ts';
import { methodsAt } from './route-table.ts';

export const noRoute = (app: FastifyInstance, pages: Pages): void => {
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) => {
    if (pages.isPage(request)) return pages.sendPage(reply);
    const path = (request.raw.url ?? '/').split('?', 1)[0] ?? '/';
    const allowed = methodsAt(app.routeTable, path);
    // A path may be like that of a route and not be taken by it: a name that is too long.
    if (allowed.length === 0 || allowed.includes(request.method))
      return sendProblem(request, reply, { code: 'CCM_NOT_FOUND', detail: `There is nothing at ${path.slice(0, 200)}.` });
    void reply.header('allow', allowed.join(', '));
    const detail = `${request.method} is not possible here; this takes ${allowed.join(' or ')}.`;
    return sendProblem(request, reply, { code: 'CCM_METHOD', detail, extra: { allowed } });
  });
};
