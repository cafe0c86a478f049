/** How the link comes into each of its states: the events, from the first, that lead there. Rounds are told as distance to the present one. */
import type { EventObject } from 'xstate';
import { kinds } from '../../machines/index.ts';
import { linkEvents, linkInputs, linkKey } from './chart-events.ts';
import { explore } from './explore.ts';

type Step = { event: EventObject & Record<string, unknown>; roundAgo: number | null };

/** By status word; each the shortest way that needs no timer. */
export const linkPaths = (): Map<string, Step[]> => {
  const link = kinds['sync-link'];
  const ways = new Map<string, Step[]>();
  const found = new Map<string, Step[]>();
  explore(link.machine, {
    inputs: linkInputs(1_000),
    events: linkEvents,
    key: linkKey,
    limit: 200,
    onStep: ({ from, event, to }) => {
      if (event.type.startsWith('xstate.')) return;
      const start = JSON.stringify(from);
      // The first snapshot that is looked at is the one it is born with.
      if (ways.size === 0) {
        ways.set(start, []);
        found.set(link.view(from).status, []);
      }
      const before = ways.get(start);
      if (before === undefined) return;
      const round: unknown = Reflect.get(event, 'round');
      const step = { event, roundAgo: typeof round === 'number' ? Number(from.context['round']) - round : null };
      const key = JSON.stringify(to);
      const way = [...before, step];
      if (!ways.has(key)) ways.set(key, way);
      const reached = link.view(to).status;
      if (!found.has(reached)) found.set(reached, way);
    },
  });
  return found;
};
