/** Looks at an agent now. */
import type { Handlers } from '../../machines/effects.ts';
import { agentFacts } from './agent-facts.ts';
import type { SupervisorDeps } from './deps.ts';
import { findPane, paneOf } from './find-pane.ts';
import type { Endings } from './observe/endings.ts';
import { silent, told, trouble } from './replies.ts';

/** `agent.probe`: what can be seen of it at this moment, told like any other observation. */
export const probeHandler = (deps: SupervisorDeps, ends: Endings, look: (agent: string) => Promise<void>) =>
  ({
    async 'agent.probe'({ agent, launch }) {
      const found = await findPane(deps.terminal, { agent, launch });
      if (!found.ok) return trouble(found.problem);
      const pane = found.value;
      if (!pane) {
        await ends.gone({ agent, launch }, 'its window is gone');
        return silent;
      }
      if (pane.dead) {
        await ends.exited({ agent, launch }, pane, pane.exit);
        return silent;
      }
      await look(agent);
      const facts = agentFacts(deps.actors.state(agent));
      // Found alive although it was given up: its window is told again, and a lost agent is an agent once more.
      return facts?.pane === null || facts?.status === 'lost' ? told('LAUNCHED', { launch, pane: paneOf(pane) }) : silent;
    },
  }) satisfies Pick<Handlers, 'agent.probe'>;
