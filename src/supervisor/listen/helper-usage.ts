/** What subagents used stands in files of their own, which are read once they have ended: tokens alone, and counted once however often it is read. */
import { dirname, join, resolve, sep } from 'node:path';
import { readTail, tailStart } from '../../lib/tail-file.ts';
import { agentFacts } from '../agent-facts.ts';
import type { SupervisorDeps } from '../deps.ts';
import type { ListeningBook } from './book.ts';

/** Its last line may be written after its end was told. */
const LATE_MS = 2_000;

type Deps = Pick<SupervisorDeps, 'home' | 'actors' | 'clock' | 'drivers' | 'note' | 'usage'>;

/** Returns what is to be told a path when a subagent has ended; a path that is none of this conversation's is not opened. */
export const helperUsage = ({ home, actors, clock, drivers, note, usage }: Deps, book: ListeningBook) => {
  const isOurs = (agent: string, path: string): boolean => {
    const { path: own } = book.session(agent);
    const places = [join(home, 'conversations'), ...(own === null ? [] : [dirname(own)])];
    return path.endsWith('.jsonl') && places.some((place) => resolve(path).startsWith(place + sep));
  };

  const readWhole = async (agent: string, path: string): Promise<void> => {
    const facts = agentFacts(actors.state(agent));
    const listening = facts && drivers[facts.profile.kind]?.listening;
    if (!listening) return;
    for (let position = tailStart, more = true; more; ) {
      const batch = await readTail(path, position);
      if (!batch.ok) return note('What a subagent used cannot be read.', { agent, detail: batch.problem.detail });
      for (const { text } of batch.value.lines) {
        const line = listening.readHelperLine?.(text) ?? (listening.readHelperLine ? null : listening.readLine(text));
        for (const sign of line?.signs ?? [])
          if (line && sign.type === 'used') usage.heard(agent, sign.usage, { source: 'transcript', at: line.at, key: line.id });
      }
      ({ position, more } = batch.value);
    }
  };

  return async (agent: string, path: string): Promise<void> => {
    if (!isOurs(agent, path)) return;
    await readWhole(agent, path);
    await new Promise<void>((done) => void clock.after(LATE_MS, done));
    await readWhole(agent, path);
  };
};
