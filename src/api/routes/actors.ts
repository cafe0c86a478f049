/** The inspector: any actor, its past, the journal of all, and the charts they run. */
import { z } from 'zod';
import {
  actorAt,
  actorAtParams,
  actorParams,
  actorVerbParams,
  actorView,
  historyQuery,
  journalQuery,
  journalRow,
} from '../contract/actor.ts';
import { acted, dryRun, reply } from '../contract/envelope.ts';
import { why } from '../contract/why.ts';
import { type Api, answers, body, must, noQuery } from '../http/route.ts';
import { requestCaller } from './caller.ts';
import type { RouteDeps } from './deps.ts';

/** Commands of any kind take their own fields; the chart's event schema checks them. */
const anyFields = z
  .record(
    z.string().regex(/^(?!type$|id$|at$|by$)/, 'is not yours to give'),
    z.union([z.string().max(100_000), z.number(), z.boolean(), z.null()]),
  )
  .meta({ id: 'ActorVerb', examples: [{}] })
  .nullish();

export const actorRoutes = (app: Api, { services: { actors, why: whys } }: Pick<RouteDeps, 'services'>): void => {
  const tags = ['actors'];
  app.get(
    '/actors/:actor',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'Its whole snapshot', params: actorParams, querystring: noQuery, response: answers(reply(actorView)) },
    },
    (request) => {
      const head = actors.head();
      return body(must(actors.get(request.params.actor)), { head });
    },
  );
  app.get(
    '/actors/:actor/history',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Its steps, newest last',
        params: actorParams,
        querystring: historyQuery,
        response: answers(reply(z.array(journalRow))),
      },
    },
    (request) => body(must(actors.history(request.params.actor, request.query))),
  );
  app.get(
    '/actors/:actor/at/:seq',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Its snapshot right after a step, and the one before',
        params: actorAtParams,
        querystring: noQuery,
        response: answers(reply(actorAt)),
      },
    },
    (request) => body(must(actors.at(request.params.actor, request.params.seq))),
  );
  app.get(
    '/actors/:actor/why',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'Why it is in its state', params: actorParams, querystring: noQuery, response: answers(reply(why)) },
    },
    (request) => body(must(whys.why(request.params.actor, null))),
  );
  app.post(
    '/actors/:actor/:verb',
    {
      config: { access: 'act', decides: true },
      schema: {
        tags,
        summary: 'Give any actor one of its commands',
        params: actorVerbParams,
        querystring: dryRun,
        body: anyFields,
        response: answers(acted(actorView)),
      },
    },
    async (request) => {
      const { actor, verb } = request.params;
      return body(must(await actors.command(actor, verb, request.body ?? {}, requestCaller(request), request.query.dry_run)), {
        head: actors.head(),
      });
    },
  );
  app.get(
    '/journal',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Steps of all actors, oldest first; `meta.next`, where there is more, is the next `after`, also of a page without rows',
        querystring: journalQuery,
        response: answers(reply(z.array(journalRow))),
      },
    },
    (request) => {
      const head = actors.head();
      const { rows, next } = must(actors.journal(request.query));
      return body(rows, { head, next: next === null ? null : String(next) });
    },
  );
};
