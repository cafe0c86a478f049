/** Agents. */
import { z } from 'zod';
import { agent, agentParams } from '../contract/agent.ts';
import { idText } from '../contract/common.ts';
import { acted, dryRun, flag, reply } from '../contract/envelope.ts';
import { why } from '../contract/why.ts';
import { type Api, answers, body, must, noQuery } from '../http/route.ts';
import { requestCaller } from './caller.ts';
import type { RouteDeps } from './deps.ts';

const listQuery = z.strictObject({
  all: flag.describe('Ended ones too'),
  task: idText.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const noFields = z
  .strictObject({})
  .meta({ id: 'AgentVerb', examples: [{}] })
  .nullish();
const verbParams = agentParams.extend({ verb: z.string().min(1).max(40) });

export const agentRoutes = (app: Api, { services: { agents, actors, why: whys } }: Pick<RouteDeps, 'services'>): void => {
  const tags = ['agents'];
  app.get(
    '/agents',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'List agents, newest first', querystring: listQuery, response: answers(reply(z.array(agent))) },
    },
    (request) => {
      const head = actors.head();
      const { agents: rows, total } = must(agents.list(request.query));
      return body(rows, { head, total });
    },
  );
  app.get(
    '/agents/:agent',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'Show an agent', params: agentParams, querystring: noQuery, response: answers(reply(agent)) },
    },
    (request) => {
      const head = actors.head();
      return body(must(agents.get(request.params.agent)), { head });
    },
  );
  app.post(
    '/agents/:agent/:verb',
    {
      config: { access: 'act' },
      schema: {
        tags,
        summary: 'Give an agent one of its commands',
        params: verbParams,
        querystring: dryRun,
        body: noFields,
        response: answers(acted(agent)),
      },
    },
    async (request) => {
      const { agent: id, verb } = request.params;
      return body(must(await agents.command(id, verb, request.body ?? {}, requestCaller(request), request.query.dry_run)), {
        head: actors.head(),
      });
    },
  );
  app.get(
    '/agents/:agent/why',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Why it is believed to be in its state',
        params: agentParams,
        querystring: noQuery,
        response: answers(reply(why)),
      },
    },
    (request) => body(must(whys.why(request.params.agent, 'agent'))),
  );
};
