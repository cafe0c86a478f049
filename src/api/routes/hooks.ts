/** Hooks of agent programs. A question is answered when somebody has decided, hours later if need be. */

import { CcmError } from '../../errors.ts';
import { callerOf } from '../auth/gate.ts';
import { hookParams, hookPayload, hookReply } from '../contract/hook.ts';
import { type Api, answers, must, noQuery } from '../http/route.ts';
import type { RouteDeps } from './deps.ts';

export const hookRoutes = (app: Api, { hearHook }: Pick<RouteDeps, 'hearHook'>): void => {
  app.post(
    '/hooks/:kind',
    {
      config: { access: 'report' },
      schema: {
        tags: ['report'],
        summary: "One call of an agent program's hook; answered in the program's own shape",
        params: hookParams,
        querystring: noQuery,
        body: hookPayload,
        response: answers(hookReply),
      },
    },
    async (request, reply) => {
      const { agent } = callerOf(request);
      if (agent === null) throw new CcmError('CCM_FORBIDDEN', 'This token belongs to no agent.');
      // The program hung up: it ended, or its question was answered in its own window.
      const left = new AbortController();
      reply.raw.once('close', () => left.abort());
      return must(await hearHook(agent, { kind: request.params.kind, payload: request.body }, left.signal));
    },
  );
};
