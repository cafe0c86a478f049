/** What waits for a person, and the decisions. */
import { z } from 'zod';
import { acted, dryRun, reply } from '../contract/envelope.ts';
import { answer, approval, approvalParams, decide, inboxItem } from '../contract/inbox.ts';
import { taskParams } from '../contract/task.ts';
import { type Api, answers, body, must, noQuery } from '../http/route.ts';
import { requestCaller } from './caller.ts';
import type { RouteDeps } from './deps.ts';

export const inboxRoutes = (app: Api, { services: { inbox, actors } }: Pick<RouteDeps, 'services'>): void => {
  const tags = ['inbox'];
  app.get(
    '/inbox',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'What waits for a person, oldest first',
        querystring: noQuery,
        response: answers(reply(z.array(inboxItem))),
      },
    },
    () => {
      const head = actors.head();
      return body(inbox.list(), { head });
    },
  );
  app.get(
    '/tasks/:task/approvals',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'What a task has asked, oldest first, and who decided',
        params: taskParams,
        querystring: noQuery,
        response: answers(reply(z.array(approval))),
      },
    },
    (request) => body(must(inbox.asked(request.params.task))),
  );
  for (const verb of ['approve', 'deny'] as const) {
    const summary = verb === 'approve' ? 'Allow what an agent asks for' : 'Refuse what an agent asks for';
    app.post(
      `/approvals/:approval/${verb}`,
      {
        config: { access: 'act', decides: true },
        schema: { tags, summary, params: approvalParams, querystring: dryRun, body: decide, response: answers(acted(approval)) },
      },
      async (request) =>
        body(must(await inbox.decide(request.params.approval, verb, request.body ?? {}, requestCaller(request), request.query.dry_run))),
    );
  }
  app.post(
    '/approvals/:approval/answer',
    {
      config: { access: 'act', decides: true },
      schema: {
        tags,
        summary: "Answer an agent's question",
        params: approvalParams,
        querystring: dryRun,
        body: answer,
        response: answers(acted(approval)),
      },
    },
    async (request) =>
      body(must(await inbox.decide(request.params.approval, 'answer', request.body, requestCaller(request), request.query.dry_run))),
  );
};
