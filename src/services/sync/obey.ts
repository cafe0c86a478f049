/** Carries out what a person on another machine wants of a task of this one, by the same services that a person here uses. */

import type { TaskContext } from '../../../machines/task/schema.ts';
import { taskVerbBody } from '../../api/contract/task.ts';
import type { Problem } from '../../errors.ts';
import { firstOf, lastOf } from '../../lib/cut-text.ts';
import type { Obey, OrderOutcome } from '../../sync/orders.ts';
import type { Services } from '../index.ts';

/** An operation stays below 64 KiB, and a screen in UTF-8 may take four bytes a character. */
const mostLog = 12_000;
const mostAnswer = 8_000;
const settled = new Set(['answered', 'failed', 'cancelled']);

const refused = ({ code, detail }: Pick<Problem, 'code' | 'detail'>): OrderOutcome => ({ ok: false, final: true, code, text: detail });

export const obeyWith =
  (services: () => Pick<Services, 'agents' | 'messages' | 'resolve' | 'tasks'>, nameOf: (system: string) => string): Obey =>
  async ({ id, task, verb, fields, by, system }) => {
    const { agents, messages, resolve, tasks } = services();
    const caller = { by: `${by.slice(0, 60)} on ${nameOf(system)}`, requestId: `order:${id}` };
    if (verb === 'send') {
      const sent = await messages.send(task, typeof fields['text'] === 'string' ? fields['text'] : '', caller);
      if (!sent.ok) return refused(sent.problem);
      const { status, answer, reason } = sent.value;
      return { ok: true, final: settled.has(status), status, answer: answer === null ? null : firstOf(answer, mostAnswer), reason };
    }
    if (verb === 'log') {
      const found = resolve.task(task);
      if (!found.ok) return refused(found.problem);
      const { agent } = found.value.context as TaskContext;
      const owner = agent === null ? null : resolve.agent(agent);
      const lines = typeof fields['lines'] === 'number' ? Math.min(Math.max(1, fields['lines']), 1000) : 200;
      const log = owner?.ok ? await agents.log(owner.value, lines) : null;
      if (log && !log.ok) return refused(log.problem);
      return { ok: true, final: true, text: lastOf(log?.value.text ?? '', mostLog), live: log?.value.live ?? false };
    }
    const body = taskVerbBody.safeParse(fields);
    if (!body.success) return refused({ code: 'CCM_BAD_INPUT', detail: 'The order has fields that are not known here.' });
    const done = await tasks.command(task, verb, body.data ?? {}, caller, false);
    return done.ok ? { ok: true, final: true, status: 'status' in done.value ? done.value.status : null } : refused(done.problem);
  };
