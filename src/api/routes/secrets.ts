/** The store of secrets. No route gives a value out; none is open to whoever speaks from an agent's window. */
import { reply } from '../contract/envelope.ts';
import { movePlace, placeMoved, rotated, secretList, secretParams, secretRemoved, secretStored, setSecret } from '../contract/secret.ts';
import { type Api, answers, body, must, noQuery } from '../http/route.ts';
import type { RouteDeps } from './deps.ts';

export const secretRoutes = (app: Api, { services: { secrets } }: Pick<RouteDeps, 'services'>): void => {
  const tags = ['access'];
  // `secretReply`: what is known of a request under its Idempotency-Key, also a hash of its body, stays in memory.
  const config = { access: 'admin', secretReply: true } as const;
  app.get(
    '/secrets',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'Names of the stored secrets, and where they are',
        querystring: noQuery,
        response: answers(reply(secretList)),
      },
    },
    async () => body(await secrets.list()),
  );
  app.post(
    '/secrets',
    {
      config,
      schema: {
        tags,
        summary: 'Store a secret; it is not given out again',
        querystring: noQuery,
        body: setSecret,
        response: answers(reply(secretStored)),
      },
    },
    async (request) => body(must(await secrets.set(request.body.name, request.body.value))),
  );
  app.delete(
    '/secrets/:secret',
    {
      config,
      schema: { tags, summary: 'Forget a secret', params: secretParams, querystring: noQuery, response: answers(reply(secretRemoved)) },
    },
    async (request) => body(must(await secrets.remove(request.params.secret))),
  );
  app.post(
    '/secrets/rotate',
    {
      config,
      schema: {
        tags,
        summary: 'Encrypt everything under a new key and renew the token of the command line',
        querystring: noQuery,
        response: answers(reply(rotated)),
      },
    },
    async () => body(must(await secrets.rotate())),
  );
  app.post(
    '/secrets/place',
    {
      config,
      schema: {
        tags,
        summary: 'Move every secret to the keychain or to the file',
        querystring: noQuery,
        body: movePlace,
        response: answers(reply(placeMoved)),
      },
    },
    async (request) => body(must(await secrets.moveTo(request.body.place, request.body.abandon))),
  );
};
