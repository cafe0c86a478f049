/** The runtime as the supervisor sees it. */
import { everyRow } from '../runtime/every-row.ts';
import type { Runtime } from '../runtime/types.ts';
import type { ActorFacts, Actors } from '../supervisor/deps.ts';

export const actorsFor = (runtime: Runtime): Actors => {
  const facts = (id: string): ActorFacts | null => {
    const state = runtime.state(id);
    return state && { id, status: state.status, ended: state.view.ended, context: state.context };
  };
  return {
    send: (to, event) => runtime.send(to, event),
    state: facts,
    list: (kind) => everyRow(runtime, { kind, ended: false }).flatMap(({ id }) => facts(id) ?? []),
    newId: () => runtime.newId(),
  };
};
