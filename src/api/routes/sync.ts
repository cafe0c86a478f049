/** The link to a hub. */
import { z } from 'zod';
import { reply } from '../contract/envelope.ts';
import {
  confirmFactor,
  conflict,
  decideRemote,
  enableSync,
  enrolment,
  linkVerb,
  listOps,
  moved,
  opParams,
  remoteAsk,
  remoteTask,
  signedIn,
  signIn,
  syncOp,
  syncStatus,
  system,
  toSystem,
} from '../contract/sync.ts';
import { taskParams } from '../contract/task.ts';
import { type Api, answers, body, must, noQuery } from '../http/route.ts';
import { requestCaller } from './caller.ts';
import type { RouteDeps } from './deps.ts';

export const syncRoutes = (app: Api, { sync }: Pick<RouteDeps, 'sync'>): void => {
  const tags = ['sync'];
  const look = <S extends z.ZodType>(path: string, summary: string, shape: S, find: () => z.input<S>) =>
    app.get(
      path,
      { config: { access: 'read' }, schema: { tags, summary, querystring: noQuery, response: answers(reply(shape)) } },
      // The response's own schema checks it once more on its way out.
      () => body(find()) as never,
    );
  look('/sync', 'How the link to the hub stands', syncStatus, sync.status);
  look('/sync/systems', 'The systems of this user', z.array(system), sync.systems);
  look('/sync/tasks', 'Tasks of other systems', z.array(remoteTask), sync.remote.tasks);
  look('/sync/asks', 'Questions and approvals of other systems', z.array(remoteAsk), sync.remote.asks);
  look('/sync/conflicts', 'Edits of this system that a newer one replaced', z.array(conflict), sync.conflicts);
  app.get(
    '/sync/outbox',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Operations that wait for the hub or were refused, oldest first',
        querystring: listOps,
        response: answers(reply(z.array(syncOp))),
      },
    },
    (request) => {
      const { ops, meta } = must(sync.outbox(request.query));
      return body(ops, meta);
    },
  );
  app.delete(
    '/sync/outbox/:op',
    {
      config: { access: 'act' },
      schema: {
        tags,
        summary: 'Take an operation back that was not sent yet',
        params: opParams,
        querystring: noQuery,
        response: answers(reply(z.object({ id: z.string(), cancelled: z.literal(true) }))),
      },
    },
    async (request) => body(must(await sync.remote.cancelOp(request.params.op))),
  );
  // Bodies with a password: their answers are never written down with the hash of what was asked.
  const secret = { access: 'admin', secretReply: true } as const;
  app.post(
    '/sync/enable',
    {
      config: secret,
      schema: { tags, summary: 'Connect to a hub and sign in', querystring: noQuery, body: enableSync, response: answers(reply(signedIn)) },
    },
    async (request) => body(must(await sync.enable(request.body))),
  );
  app.post(
    '/sync/login',
    { config: secret, schema: { tags, summary: 'Sign in again', querystring: noQuery, body: signIn, response: answers(reply(signedIn)) } },
    async (request) => body(must(await sync.login(request.body))),
  );
  app.get(
    '/sync/whoami',
    { config: { access: 'read' }, schema: { tags, summary: 'Who is signed in', querystring: noQuery, response: answers(reply(signedIn)) } },
    () => body(must(sync.whoami())),
  );
  app.post(
    '/sync/factor',
    { config: secret, schema: { tags, summary: 'Begin a second factor', querystring: noQuery, response: answers(reply(enrolment)) } },
    async () => body(must(await sync.enrol())),
  );
  app.post(
    '/sync/factor/confirm',
    {
      config: secret,
      schema: {
        tags,
        summary: 'Confirm it with its first code',
        querystring: noQuery,
        body: confirmFactor,
        response: answers(reply(signedIn)),
      },
    },
    async (request) => body(must(await sync.confirm(request.body.factor, request.body.code))),
  );
  app.post(
    '/sync/:verb',
    {
      config: { access: 'act' },
      schema: {
        tags,
        summary: 'Give the link one of its commands: now, pause, resume, disable, logout',
        params: linkVerb,
        querystring: noQuery,
        response: answers(reply(syncStatus)),
      },
    },
    async (request) => body(must(await sync.command(request.params.verb, requestCaller(request)))),
  );
  app.post(
    '/sync/asks/:task/decide',
    {
      config: { access: 'act', decides: true },
      schema: {
        tags,
        summary: 'Decide what an agent on another system asks',
        params: taskParams,
        querystring: noQuery,
        body: decideRemote,
        response: answers(reply(z.object({ id: z.string(), op: z.string().nullable() }))),
      },
    },
    async (request) => body(must(await sync.remote.decide(request.params.task, request.body, requestCaller(request)))),
  );
  app.post(
    '/sync/tasks/:task/cancel',
    {
      config: { access: 'act' },
      schema: { tags, summary: 'End a task of another system', params: taskParams, querystring: noQuery, response: answers(reply(moved)) },
    },
    async (request) => body(must(await sync.remote.cancel(request.params.task))),
  );
  const move = (verb: 'handoff' | 'reassign', summary: string) =>
    app.post(
      `/sync/tasks/:task/${verb}`,
      {
        config: { access: 'act' },
        schema: { tags, summary, params: taskParams, querystring: noQuery, body: toSystem, response: answers(reply(moved)) },
      },
      async (request) => body(must(await sync.remote[verb](request.params.task, request.body.system, requestCaller(request)))),
    );
  move('handoff', 'Give a task that has not begun to another system');
  move('reassign', 'Take a task away from the system that has it');
};
