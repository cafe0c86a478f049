/** JSON only, and an empty body is no body: `curl -X POST -H 'content-type: application/json'` on a verb means what it says. */
import type { FastifyInstance } from 'fastify';

export const bodyLimit = 2 * 1024 * 1024;

export const jsonBody = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit }, (request, body, done) => {
    if (body === '') done(null, undefined);
    // The parser answers through `done`, as this hook wants it.
    else void parse(request, typeof body === 'string' ? body : body.toString('utf8'), done);
  });
};
