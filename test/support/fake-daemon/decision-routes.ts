/** The inbox, decisions, and what agents report. */
import { z } from 'zod';
import * as contract from '../../../src/api/contract/index.ts';
import { foreseen, type Handler, type Route } from './call.ts';
import { find, refusal } from './house.ts';
import { inboxItemOf } from './samples.ts';

const decide =
  (verb: 'approve' | 'deny' | 'answer'): Handler =>
  ({ house, body, dry }, typed = '') => {
    const approval = find(house.approvals, typed, 'approval');
    const status = { approve: 'allowed', deny: 'denied', answer: 'answered' }[verb];
    if (dry) return foreseen(`It would be ${status}.`, status, approval.status === 'pending');
    if (approval.status !== 'pending')
      throw refusal({
        status: 409,
        code: 'CCM_ILLEGAL_MOVE',
        detail: `It was ${approval.status} by ${approval.decidedBy}.`,
        extra: { legal: [] },
      });
    const text = typeof body === 'object' && body !== null && 'text' in body ? String(body.text) : null;
    const next = { ...approval, status, decidedBy: 'cli', answer: text, commands: [] };
    house.approvals.set(approval.id, next);
    house.decisions.set(approval.id, { state: verb === 'approve' ? 'allow' : verb, text });
    return { data: next, schema: contract.approval };
  };

const inbox: Handler = ({ house }) => {
  const items = [...house.approvals.values()]
    .filter(({ status }) => status === 'pending')
    .flatMap((approval) => {
      const [task, agent] = [house.tasks.get(approval.task ?? ''), house.agents.get(approval.agent)];
      return task && agent ? [inboxItemOf(approval, task, agent)] : [];
    });
  return { data: items, schema: z.array(contract.inboxItem) };
};

const report: Handler = ({ house, body }) => {
  const { id = '', ...rest } = contract.report.parse(body);
  house.reports.set(id, rest);
  return { data: { ok: true, ...(rest.report === 'ask' ? { approval: `approval-of-${id}` } : {}) }, schema: contract.reported };
};

/** Waits on a condition that a test brings about, as long as the asker does. */
const reportAnswer: Handler = async ({ house, query, signal }, approval = '') => {
  const until = performance.now() + Number(query.wait ?? 0) * 1000;
  while (!house.decisions.has(approval) && performance.now() < until && !signal.aborted)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return { data: house.decisions.get(approval) ?? { state: 'pending', text: null }, schema: contract.decision };
};

export const decisionRoutes: readonly Route[] = [
  ['GET /inbox', inbox],
  ['POST /approvals/:x/approve', decide('approve')],
  ['POST /approvals/:x/deny', decide('deny')],
  ['POST /approvals/:x/answer', decide('answer')],
  ['POST /report', report],
  ['GET /report/answer/:x', reportAnswer],
];
