/** Hands a decision to whoever waits for it inside the agent. */
import type { Handlers } from '../../machines/effects.ts';
import { fail } from '../errors.ts';
import { agentFacts } from './agent-facts.ts';
import type { SupervisorDeps } from './deps.ts';
import { isAlive } from './find-pane.ts';
import { mayPass, silent, tell, trouble } from './replies.ts';

/** Time for an asker to come back to its long-poll, after we or the connection were away. */
const COME_BACK_MS = 3_000;

export const deliverHandler = ({ actors, terminal, drivers, awaited }: SupervisorDeps) =>
  ({
    async 'approval.deliver'({ approval, agent, decision, text }) {
      const delivered = tell(approval, 'DELIVERED');
      if (await awaited(approval, COME_BACK_MS)) return delivered;
      const facts = agentFacts(actors.state(agent));
      const alive = facts?.pane && facts.exit === null ? await isAlive(terminal, facts.pane) : false;
      if (!facts?.pane || alive === false) {
        return tell(approval, 'DELIVERY_FAILED', {
          problem: fail('CCM_PANE_GONE', 'The program that asked is not running any more.').problem,
        });
      }
      // It reads no keys; it finds the decision when it asks for it.
      if (facts.profile.mode !== 'interactive') return silent;
      const reply = drivers[facts.profile.kind]?.reply(facts.profile, decision, text) ?? null;
      if (!reply) return delivered;
      const typed = await terminal.paste(facts.pane, reply.text, { submit: true, settleMs: reply.settleMs });
      if (typed.ok) return delivered;
      return mayPass(typed.problem) ? trouble(typed.problem) : tell(approval, 'DELIVERY_FAILED', { problem: typed.problem });
    },
  }) satisfies Pick<Handlers, 'approval.deliver'>;
