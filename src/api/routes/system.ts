/** The daemon itself. */
import { z } from 'zod';
import { machineView } from '../contract/chart.ts';
import { acted, reply } from '../contract/envelope.ts';
import {
  backedUp,
  backupBody,
  handedOver,
  panicked,
  parkedParams,
  parkedRow,
  retried,
  shutdownBody,
  status,
  stopping,
  verified,
  verifyBody,
} from '../contract/system.ts';
import { task } from '../contract/task.ts';
import { outboxRow } from '../contract/why.ts';
import { type Api, answers, body, must, noQuery } from '../http/route.ts';
import { requestCaller } from './caller.ts';
import type { RouteDeps } from './deps.ts';

export const systemRoutes = (app: Api, { services: { system, actors } }: Pick<RouteDeps, 'services'>): void => {
  const tags = ['system'];
  app.get(
    '/status',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'The daemon at a glance', querystring: noQuery, response: answers(reply(status)) },
    },
    () => {
      const head = actors.head();
      return body(system.status(), { head });
    },
  );
  app.get(
    '/machines',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Every kind of actor, and how many are in each status',
        querystring: noQuery,
        response: answers(reply(z.array(machineView))),
      },
    },
    () => body(system.machines()),
  );
  app.get(
    '/outbox',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'Effects that wait, run or failed', querystring: noQuery, response: answers(reply(z.array(outboxRow))) },
    },
    () => body(system.outbox(), { total: system.outboxSize() }),
  );
  app.get(
    '/parked',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Events put aside because they could not be handled',
        querystring: noQuery,
        response: answers(reply(z.array(parkedRow))),
      },
    },
    () => body(system.parked(), { total: system.parkedSize() }),
  );
  app.post(
    '/parked/:id/retry',
    {
      config: { access: 'act' },
      schema: { tags, summary: 'Try a parked event again', params: parkedParams, querystring: noQuery, response: answers(reply(retried)) },
    },
    async (request) => body(must(await system.retryParked(request.params.id))),
  );
  app.post(
    '/verify',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Check the journal: hashes, order, and that the same steps come out again',
        querystring: noQuery,
        body: verifyBody,
        response: answers(reply(verified)),
      },
    },
    async (request) => body(must(await system.verify(request.body?.id))),
  );
  app.post(
    '/backup',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'Write a verified copy of the database',
        querystring: noQuery,
        body: backupBody,
        response: answers(reply(backedUp)),
      },
    },
    async (request) => body(must(await system.backup(request.body?.path))),
  );
  app.post(
    '/shutdown',
    {
      config: { access: 'admin' },
      schema: { tags, summary: 'End the daemon', querystring: noQuery, body: shutdownBody, response: answers(reply(stopping)) },
    },
    (request) => body(system.shutdown(request.body?.agents ?? 'keep')),
  );
  app.post(
    '/handover',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'Let another daemon, named by a file in the home, take the place of this one; callers wait meanwhile',
        querystring: noQuery,
        response: answers(reply(handedOver)),
      },
    },
    async () => body(must(await system.handOver())),
  );
  app.post(
    '/demo',
    {
      config: { access: 'act' },
      schema: {
        tags,
        summary: 'Let the shipped demo agent carry a task out, in a small project of its own',
        querystring: noQuery,
        response: answers(acted(task)),
      },
    },
    async (request) => body(must(await system.demo(requestCaller(request)))),
  );
  app.post(
    '/panic',
    {
      config: { access: 'act', evenHeld: true },
      schema: { tags, summary: 'End everything that runs, at once', querystring: noQuery, response: answers(reply(panicked)) },
    },
    async (request) => body(await system.panic(requestCaller(request))),
  );
};
