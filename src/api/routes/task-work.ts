/** What belongs to a task: its messages, its changes on disk, its window's text, and why it is as it is. */
import { z } from 'zod';
import { acted, dryRun, flag, reply } from '../contract/envelope.ts';
import { createMessage, message, messageParams } from '../contract/message.ts';
import { forkTask, merged, openPull, pullRequest, removal, task, taskDiff, taskLog, taskParams } from '../contract/task.ts';
import { why } from '../contract/why.ts';
import { type Api, answers, body, must, noQuery } from '../http/route.ts';
import { requestCaller } from './caller.ts';
import type { RouteDeps } from './deps.ts';

const lines = z.coerce.number().int().min(1).max(10_000).default(200);
const diffQuery = z.strictObject({
  max: z.coerce
    .number()
    .int()
    .min(1)
    .max(8 * 1024 * 1024)
    .default(1024 * 1024)
    .describe('Bytes of diff at most'),
});
const removeQuery = dryRun.extend({ discard: flag.describe('Remove it even if work is lost by it; a rescue ref is written first') });
const logQuery = z.strictObject({
  agent: z.string().min(1).max(200).optional().describe('Of this attempt; default the present one'),
  lines,
});

export const taskWorkRoutes = (app: Api, { services }: Pick<RouteDeps, 'services'>): void => {
  const { messages, tasks, work, foretell, fork } = services;
  const tags = ['tasks'];
  app.get(
    '/tasks/:task/messages',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Messages of all attempts, oldest first',
        params: taskParams,
        querystring: noQuery,
        response: answers(reply(z.array(message))),
      },
    },
    (request) => body(must(messages.list(request.params.task))),
  );
  app.post(
    '/tasks/:task/messages',
    {
      config: { access: 'act' },
      schema: {
        tags,
        summary: 'Send a message to its agent; an ended task is taken up again',
        params: taskParams,
        querystring: dryRun,
        body: createMessage,
        response: answers(acted(message)),
      },
    },
    async (request) =>
      request.query.dry_run
        ? body(must(foretell.message(request.params.task)))
        : body(must(await messages.send(request.params.task, request.body.text, requestCaller(request)))),
  );
  app.post(
    '/messages/:message/cancel',
    {
      config: { access: 'act' },
      schema: {
        tags,
        summary: 'Take back a message that was not typed yet',
        params: messageParams,
        querystring: dryRun,
        response: answers(acted(message)),
      },
    },
    async (request) => body(must(await messages.cancel(request.params.message, requestCaller(request), request.query.dry_run))),
  );
  app.get(
    '/tasks/:task/diff',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'What it changed since its base',
        params: taskParams,
        querystring: diffQuery,
        response: answers(reply(taskDiff)),
      },
    },
    async (request) => body(must(await work.diff(request.params.task, request.query.max))),
  );
  app.post(
    '/tasks/:task/merge',
    {
      config: { access: 'act' },
      schema: {
        tags,
        summary: "Merge its branch into the project's current branch",
        params: taskParams,
        querystring: dryRun,
        response: answers(acted(merged)),
      },
    },
    async ({ params: { task }, query }) => (query.dry_run ? body(must(await foretell.merge(task))) : body(must(await work.merge(task)))),
  );
  app.post(
    '/tasks/:task/pr',
    {
      // It leaves this machine.
      config: { access: 'act', decides: true },
      schema: {
        tags,
        summary: 'Open a pull request for its branch with `gh`; without `gh` nothing is sent, and the command and page to do it are told',
        params: taskParams,
        querystring: dryRun,
        body: openPull,
        response: answers(acted(pullRequest)),
      },
    },
    async (request) => {
      const { task: id } = request.params;
      return request.query.dry_run ? body(must(await foretell.publish(id))) : body(must(await work.publish(id, request.body ?? {})));
    },
  );
  app.post(
    '/tasks/:task/fork',
    {
      config: { access: 'act' },
      schema: {
        tags,
        summary: 'Make a new task that starts from its files and words, as they are or as they were at an instant',
        params: taskParams,
        querystring: dryRun,
        body: forkTask.nullish(),
        response: answers(acted(task)),
      },
    },
    async (request) => body(must(await fork(request.params.task, request.body ?? {}, requestCaller(request), request.query.dry_run))),
  );
  app.delete(
    '/tasks/:task',
    {
      config: { access: 'act' },
      schema: {
        tags,
        summary: 'Remove the worktrees of an ended task; its history stays',
        params: taskParams,
        querystring: removeQuery,
        response: answers(acted(removal)),
      },
    },
    async ({ params: { task }, query: { discard, dry_run } }) =>
      dry_run ? body(must(await foretell.remove(task, discard))) : body(must(await work.remove(task, discard))),
  );
  app.get(
    '/tasks/:task/log',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: "The text of its agent's window",
        params: taskParams,
        querystring: logQuery,
        response: answers(reply(taskLog)),
      },
    },
    async (request) => {
      const { agent: named, lines: count } = request.query;
      return body(must(await tasks.log(request.params.task, count, named ?? null, requestCaller(request))));
    },
  );
  app.get(
    '/tasks/:task/why',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'Why it is in its state', params: taskParams, querystring: noQuery, response: answers(reply(why)) },
    },
    (request) => body(must(services.why.why(request.params.task, 'task'))),
  );
};
