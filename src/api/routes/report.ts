/** What agents tell of themselves, and how they learn a decision. Each token speaks for one agent. */

import type { EventEmitter } from 'node:events';
import type { ApprovalContext } from '../../../machines/approval.ts';
import { CcmError, ok, type Result } from '../../errors.ts';
import { callerOf } from '../auth/gate.ts';
import { reply } from '../contract/envelope.ts';
import { approvalParams } from '../contract/inbox.ts';
import { type Decision, decision, decisionQuery, report, reported } from '../contract/report.ts';
import { type Api, answers, body, must, noQuery } from '../http/route.ts';
import type { RouteDeps } from './deps.ts';

const states = { allow: 'allow', deny: 'deny', answer: 'answer', expire: 'expire', withdraw: 'expire' } as const;

type Deps = Pick<RouteDeps, 'acceptReport' | 'runtime' | 'clock' | 'waiters'>;

export const reportRoutes = (app: Api, { acceptReport, runtime, clock, waiters }: Deps): void => {
  const tags = ['report'];
  app.post(
    '/report',
    {
      config: { access: 'report' },
      schema: { tags, summary: 'An agent tells what it is doing', querystring: noQuery, body: report, response: answers(reply(reported)) },
    },
    async (request) => {
      const { agent } = callerOf(request);
      if (agent === null) throw new CcmError('CCM_FORBIDDEN', 'This token belongs to no agent.');
      const { approval } = must(await acceptReport(agent, request.body));
      return body({ ok: true as const, ...(approval === null ? {} : { approval }) });
    },
  );

  /** Its own approvals only: another agent's look as if they were not there. */
  const look = (id: string, agent: string | null): Result<Decision> => {
    const state = runtime.state(id);
    const context = state?.kind === 'approval' ? (state.context as ApprovalContext) : null;
    if (!context || context.agent !== agent)
      throw new CcmError('CCM_NOT_FOUND', `There is no question "${id.slice(0, 80)}" of this agent.`);
    return ok(context.decision === null ? { state: 'pending', text: null } : { state: states[context.decision], text: context.answer });
  };

  /** Ends of those that wait now. Nobody's wait keeps the daemon from its end: they come back, and ask the next one. */
  const waits = new Set<() => void>();
  app.addHook('preClose', async () => {
    for (const end of waits) end();
  });

  /** Ends when the approval has made a step, the time is over, nobody is there any more, or the daemon stops. */
  const changeOf = (approval: string, ms: number, socket: EventEmitter, already: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        subscription.close();
        cancel();
        socket.off('close', end);
        waits.delete(end);
        resolve();
      };
      const subscription = runtime.feed.subscribe(null, (rows) => {
        if (rows.some((row) => row.actor === approval)) end();
      });
      const cancel = clock.after(ms, end);
      socket.on('close', end);
      waits.add(end);
      // Decided between the first look and the subscription.
      if (already()) end();
    });

  app.get(
    '/report/answer/:approval',
    {
      config: { access: 'report' },
      schema: {
        tags,
        summary: 'The decision about what an agent asked; waits for it up to `wait` seconds',
        params: approvalParams,
        querystring: decisionQuery,
        response: answers(reply(decision)),
      },
    },
    async (request) => {
      const { agent } = callerOf(request);
      const { approval } = request.params;
      const now = () => must(look(approval, agent));
      if (request.query.wait > 0 && now().state === 'pending') {
        const done = waiters.enter(approval);
        try {
          await changeOf(approval, request.query.wait * 1000, request.raw.socket, () => now().state !== 'pending');
        } finally {
          done();
        }
      }
      const decided = now();
      if (decided.state !== 'pending') waiters.answered(approval);
      return body(decided);
    },
  );
};
