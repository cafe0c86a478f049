/** Whom an agent's use of a model is charged to. */
import type { AgentContext } from '../../machines/agent/schema.ts';
import type { ActorState } from '../runtime/types.ts';

export const payerOf = (state: ActorState | null): { task: string; project: string; profile: string } | null => {
  if (state?.kind !== 'agent') return null;
  const { task, project, profile } = state.context as AgentContext;
  return { task, project, profile: profile.name };
};
