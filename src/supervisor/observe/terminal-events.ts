/** Turns what the terminal tells into events of the right agent. */
import type { TerminalEvent } from '../../ports/terminal.ts';
import { agentFacts } from '../agent-facts.ts';
import type { SupervisorDeps } from '../deps.ts';
import { launchOf } from '../places.ts';
import type { Endings } from './endings.ts';

type Parts = {
  ends: Endings;
  /** Ends that a handler is bringing about and tells by itself. */
  inHand: ReadonlySet<string>;
  titleChanged: (agent: string, title: string) => void;
  connected: () => Promise<unknown>;
  forget: (agent: string) => void;
  /** What a program said last comes before its end. */
  leaving: (agent: string) => Promise<void>;
};

/** Handles one event; rejects when what it means could not be stored. */
export const terminalEvents =
  ({ actors }: Pick<SupervisorDeps, 'actors'>, { ends, inHand, titleChanged, connected, forget, leaving }: Parts) =>
  async (event: TerminalEvent): Promise<void> => {
    if (event.type === 'connected') {
      await connected();
      return;
    }
    if (event.type === 'serverLost') {
      const lost = actors
        .list('agent')
        .map(agentFacts)
        .filter((facts) => facts?.exit === null && facts.pane?.generation === event.generation);
      await Promise.all(
        lost.map(async (facts) => {
          if (!facts) return;
          await leaving(facts.id);
          await ends.gone({ agent: facts.id, launch: facts.launch }, 'the terminal server it ran in has ended');
        }),
      );
      return;
    }
    const of = launchOf(event.key);
    if (!of) return;
    if (event.type === 'title') return titleChanged(of.agent, event.title);
    forget(of.agent);
    if (inHand.has(event.key)) return;
    await leaving(of.agent);
    if (event.type === 'exit') await ends.exited(of, event.pane, event.exit);
    else await ends.gone(of, 'its window was closed');
  };
