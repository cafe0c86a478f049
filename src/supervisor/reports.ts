/** What an agent says of itself (`ccm report`), live or from its spool, as events of its chart. */

import { createHash } from 'node:crypto';
import type { Fact } from '../../machines/evidence.ts';
import type { Report } from '../api/contract/report.ts';
import { fail, ok, type Result } from '../errors.ts';
import { firstOf } from '../lib/cut-text.ts';
import { agentFacts } from './agent-facts.ts';
import type { SupervisorDeps } from './deps.ts';

const factOf = { ready: 'ready', busy: 'busy', progress: 'progress', done: 'done', fail: 'failed' } as const satisfies Record<string, Fact>;
/** Characters of an observation's detail. */
const LONGEST_DETAIL = 4_000;
/** Remembered asks: a repeat of the request comes within minutes. */
const REMEMBERED = 500;

export type Reports = {
  /** Resolves when it is on disk. `approval`: the id to ask the decision with, for `ask`. `CCM_NOT_FOUND`, `CCM_BAD_INPUT`. */
  accept: (agent: string, report: Report) => Promise<Result<{ approval: string | null }>>;
};

export const reports = ({
  actors,
  clock,
  usage,
  ruling,
  approvalMs,
}: Pick<SupervisorDeps, 'actors' | 'clock' | 'usage' | 'ruling' | 'approvalMs'>): Reports => {
  const asked = new Map<string, string>();

  /** The approval a repeated `ask` already has: remembered, or, after a restart, the open one of this agent with the same words. */
  const approvalOf = (id: string, agent: string, text: string): string | null =>
    asked.get(id) ?? actors.list('approval').find(({ context }) => context['agent'] === agent && context['text'] === text)?.id ?? null;

  return {
    async accept(agent, { report, text, choices, approval, tool = null, used, at, id }) {
      const facts = agentFacts(actors.state(agent));
      if (!facts) return fail('CCM_NOT_FOUND', `There is no agent ${agent}.`);
      const now = clock.now();
      // An agent's clock may be anywhere; what it says of a time to come would silence everything until then.
      const observedAt = Math.min(at ?? now, now);
      const event = { id: `report:${agent}:${shortened(id ?? actors.newId())}`, at: now, by: `agent:${agent}` };

      if (report === 'usage') {
        if (!used) return fail('CCM_BAD_INPUT', 'A report of usage needs figures.', { field: 'used' });
        const { request, model = null, input = 0, output = 0, cacheRead = 0, cacheWrite = 0, costMicroUsd = null } = used;
        // Names that a program gives itself say nothing outside of it.
        const name = `${agent}:${shortened(request ?? id ?? actors.newId())}`;
        usage.heard(
          agent,
          { id: name, model, input, output, cacheRead, cacheWrite, costMicroUsd },
          { source: 'report', at: observedAt, key: event.id },
        );
        return ok({ approval: null });
      }
      if (report !== 'ask') {
        const detail = firstOf(text ?? '', LONGEST_DETAIL);
        await actors.send(agent, { ...event, type: 'OBSERVED', launch: null, fact: factOf[report], source: 'report', observedAt, detail });
        return ok({ approval: null });
      }
      const question = text?.trim() ?? '';
      if (question === '') return fail('CCM_BAD_INPUT', 'A question needs words.', { field: 'text' });
      const approvalId = asked.get(event.id) ?? actors.newId();
      asked.set(event.id, approvalId);
      if (asked.size > REMEMBERED) asked.delete(asked.keys().next().value ?? '');
      await actors.send(agent, {
        ...event,
        type: 'ASKED',
        approval: approvalId,
        kind: approval ? 'approval' : 'question',
        text: question,
        tool,
        choices: choices ?? [],
        policy: approval ? ruling({ project: facts.project, agent: facts.profile.name, tool, subject: question }) : null,
        expiresAt: approvalMs() > 0 ? now + approvalMs() : null,
        source: 'report',
        observedAt,
      });
      // Dropped as a repeat of an earlier life of this daemon: then another approval stands for it.
      if (!actors.state(approvalId)) {
        asked.delete(event.id);
        return ok({ approval: approvalOf(event.id, agent, question) });
      }
      return ok({ approval: approvalId });
    },
  };
};

/** Event ids hold 200 characters, and a program may call its reports what it likes. */
const shortened = (id: string): string => (id.length <= 80 ? id : createHash('sha256').update(id).digest('hex'));
