/** Counts the turns of agents from the steps of their charts, in the transaction of each step: as durable as the step itself. */
import type { TurnBook } from '../ports/usage.ts';
import { dayOf } from './day.ts';

/** A step of any actor, as the feed has it. */
type Step = { actor: string; kind: string; at: number; value: unknown; transitions: readonly string[] };

/** Nothing is being worked on. */
const idle = new Set(['closed', 'booting', 'ready', 'interrupted']);
/** Ready for no time at all: what waits is taken in the same step. */
const takesNext = 'agent.conversation.ready||0';

const conversationOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'conversation' in value ? value.conversation : undefined;

export const turnCounter =
  (deps: { book: TurnBook; agent: (id: string) => { task: string; project: string; profile: string } | null }) =>
  (steps: readonly Step[]): void => {
    const { book } = deps;
    for (const { actor, kind, at, value, transitions } of steps) {
      if (kind !== 'agent') continue;
      const conversation = conversationOf(value);
      if (typeof conversation !== 'string') continue;
      const going = book.going(actor);
      const ends = going && (idle.has(conversation) || transitions.includes(takesNext));
      if (ends) book.end(actor, at);
      if (conversation === 'busy') {
        const whose = going && !ends ? null : deps.agent(actor);
        if (whose) book.begin({ ...whose, agent: actor, at, day: dayOf(at) });
        else book.busy(actor, at);
      } else if (going && !ends) book.rest(actor, at);
    }
  };
