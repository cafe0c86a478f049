/** The few things of an agent's context that the supervisor looks at. */
import { z } from 'zod';
import { pane, profile } from '../../machines/effects.ts';
import { exit } from '../../machines/events.ts';
import type { Source } from '../../machines/evidence.ts';
import type { ActorFacts } from './deps.ts';

const shape = z.object({ project: z.string(), launch: z.int(), pane: pane.nullable(), exit: exit.nullable(), profile });
export type AgentFacts = z.infer<typeof shape> & { id: string; status: string };

const grounds = z.array(z.object({ source: z.string(), at: z.int() }));

/** When something of this agent was last told by one of these sources, as far as its chart remembers; -Infinity for never. */
export const toldAt = (agent: ActorFacts | null, ...sources: Source[]): number =>
  grounds.safeParse(agent?.context['evidence']).data?.findLast(({ source }) => sources.some((one) => one === source))?.at ??
  Number.NEGATIVE_INFINITY;

/** Null for an unknown actor or one that is no agent. */
export const agentFacts = (actor: ActorFacts | null): AgentFacts | null => {
  if (actor === null) return null;
  const parsed = shape.safeParse(actor.context);
  return parsed.success ? { ...parsed.data, id: actor.id, status: actor.status } : null;
};
