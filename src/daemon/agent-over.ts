/** Whether an agent has ended before a time, in ms since 1970. One that is set aside has not: nobody can tell. */
import type { Runtime } from '../runtime/types.ts';

export const agentOver =
  (runtime: Pick<Runtime, 'state' | 'unreadable'>) =>
  (agent: string, before: number): boolean => {
    const state = runtime.state(agent);
    return state ? state.view.ended && state.updatedAt < before : runtime.unreadable(agent) === null;
  };
