/** The runtime as the supervisor sees it. */
import type { Runtime } from '../runtime/types.ts';
import type { ActorFacts, Actors } from '../supervisor/deps.ts';

/** Rows looked at per query; agents that have not ended are far fewer. */
const PAGE = 1000;

export const actorsFor = (runtime: Runtime): Actors => {
  const facts = (id: string): ActorFacts | null => {
    const state = runtime.state(id);
    return state && { id, status: state.status, ended: state.view.ended, context: state.context };
  };
  return {
    send: (to, event) => runtime.send(to, event),
    state: facts,
    list: (kind) => {
      const found: ActorFacts[] = [];
      for (let offset = 0; ; offset += PAGE) {
        const rows = runtime.list({ kind, ended: false, limit: PAGE, offset });
        for (const row of rows) {
          const one = facts(row.id);
          if (one) found.push(one);
        }
        if (rows.length < PAGE) return found;
      }
    },
    newId: () => runtime.newId(),
  };
};
