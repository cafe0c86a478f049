/** The few things of an agent's context that the supervisor looks at. */
import { z } from 'zod';
import { pane, profile } from '../../machines/effects.ts';
import { exit } from '../../machines/events.ts';
import type { ActorFacts } from './deps.ts';

const shape = z.object({ project: z.string(), launch: z.int(), pane: pane.nullable(), exit: exit.nullable(), profile });
export type AgentFacts = z.infer<typeof shape> & { id: string; status: string };

/** Null for an unknown actor or one that is no agent. */
export const agentFacts = (actor: ActorFacts | null): AgentFacts | null => {
  if (actor === null) return null;
  const parsed = shape.safeParse(actor.context);
  return parsed.success ? { ...parsed.data, id: actor.id, status: actor.status } : null;
};
