/** The runtime, seen through the supervisor's narrow door. */
import type { ActorState, Runtime } from '../runtime/types.ts';
import type { ActorFacts, Actors } from './deps.ts';

const PAGE = 1_000;

const facts = ({ id, status, view, context }: ActorState): ActorFacts => ({ id, status, ended: view.ended, context });

export const actorsOf = (runtime: Pick<Runtime, 'send' | 'state' | 'list' | 'newId'>): Actors => {
  const state = (id: string): ActorFacts | null => {
    const found = runtime.state(id);
    return found && facts(found);
  };
  return {
    send: runtime.send,
    state,
    list(kind) {
      const found: ActorFacts[] = [];
      for (let offset = 0; ; offset += PAGE) {
        const page = runtime.list({ kind, ended: false, limit: PAGE, offset });
        found.push(...page.flatMap(({ id }) => state(id) ?? []));
        if (page.length < PAGE) return found;
      }
    },
    newId: () => runtime.newId(),
  };
};
