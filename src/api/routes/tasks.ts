/** Tasks: made, listed, shown, commanded. */
import { z } from 'zod';
import { acted, dryRun, reply } from '../contract/envelope.ts';
import { createTask, listTasks, task, taskParams, taskVerbBody, taskVerbParams } from '../contract/task.ts';
import { type Api, answers, body, must, noQuery } from '../http/route.ts';
import { requestCaller } from './caller.ts';
import type { RouteDeps } from './deps.ts';

export const taskRoutes = (app: Api, { services: { tasks, actors } }: Pick<RouteDeps, 'services'>): void => {
  const tags = ['tasks'];
  const isOverBudget = (id: string): boolean => {
    const found = tasks.get(id);
    return found.ok && found.value.status === 'overBudget';
  };
  app.get(
    '/tasks',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'List tasks: those that wait for a person first, then what goes on, then what has ended',
        querystring: listTasks,
        response: answers(reply(z.array(task))),
      },
    },
    (request) => {
      const head = actors.head();
      const { tasks: rows, meta } = must(tasks.list(request.query));
      return body(rows, { head, ...meta });
    },
  );
  app.post(
    '/tasks',
    {
      config: { access: 'act' },
      schema: { tags, summary: 'Ask for a task', querystring: dryRun, body: createTask, response: answers(acted(task)) },
    },
    async (request) => body(must(await tasks.create(request.body, requestCaller(request), request.query.dry_run)), { head: actors.head() }),
  );
  app.get(
    '/tasks/:task',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'Show a task', params: taskParams, querystring: noQuery, response: answers(reply(task)) },
    },
    (request) => {
      const head = actors.head();
      return body(must(tasks.get(request.params.task)), { head });
    },
  );
  app.post(
    '/tasks/:task/:verb',
    {
      config: {
        access: 'act',
        // What a task may use is a person's to say, and whether it goes on beyond that.
        decides: ({ params }) => {
          // Not judged yet: what is no verb is refused later, in words.
          const asked = taskVerbParams.safeParse(params).data;
          return asked?.verb === 'budget' || (asked?.verb === 'resume' && isOverBudget(asked.task));
        },
      },
      schema: {
        tags,
        summary: 'Give a task one of its commands (`commands` lists the legal ones); `interrupt` goes to its agent',
        params: taskVerbParams,
        querystring: dryRun,
        body: taskVerbBody,
        response: answers(acted(task)),
      },
    },
    async (request) => {
      const { task: id, verb } = request.params;
      return body(must(await tasks.command(id, verb, request.body ?? {}, requestCaller(request), request.query.dry_run)), {
        head: actors.head(),
      });
    },
  );
};
