/** Reads the files in which programs keep their conversations: what no hook tells (interruptions), and what was missed while we were away. */
import { existsSync } from 'node:fs';
import { ensureError } from '../../errors.ts';
import { readTail, tailFile } from '../../lib/tail-file.ts';
import type { Sign } from '../../ports/agent-hooks.ts';
import { agentFacts } from '../agent-facts.ts';
import type { SupervisorDeps } from '../deps.ts';
import type { ListeningBook } from './book.ts';
import type { Origin, SignReader } from './signs.ts';

type Deps = Pick<SupervisorDeps, 'actors' | 'clock' | 'drivers' | 'note'>;
type Parts = {
  book: ListeningBook;
  take: SignReader;
  aside: (what: string, work: Promise<unknown>) => void;
  /** It goes on, although no hook said so: whatever comes next may be told by its screen alone. */
  told: (agent: string) => void;
};

/** Until what could not be told is read again. */
const AGAIN_MS = 1_000;

const decides = new Set<Sign['type']>(['failed', 'limited', 'interrupted', 'said']);

export const conversationFiles = ({ actors, clock, drivers, note }: Deps, { book, take, aside, told: onTold }: Parts) => {
  const following = new Map<string, { path: string; abort: AbortController }>();

  /** A time to come is one of before the clock was set back: nothing is older than that. */
  const isOlder = (at: number, than: number): boolean => than <= clock.now() && at < than;

  /** How a turn broke off, or its last words, where hooks do not tell it well: news as long as that turn counts as open, whatever hooks said since. */
  const endsTurn = (agent: string, at: number): boolean => {
    const { open, openedAt } = book.session(agent);
    return open && !isOlder(at, openedAt);
  };

  /** A second source adds only what the first did not tell. */
  const isNews = (agent: string, sign: Sign, at: number): boolean => {
    const { open, background, ending } = book.session(agent);
    if (sign.type === 'turnEnded') return open && !background && ending === null;
    // While an end settles it is still busy: that it goes on is what must be heard.
    if (sign.type === 'prompted' || sign.type === 'working')
      return agentFacts(actors.state(agent))?.status !== 'busy' || (ending !== null && at > ending.at);
    return true;
  };

  const read = async (agent: string, lines: ReadonlyArray<{ text: string }>): Promise<boolean> => {
    const facts = agentFacts(actors.state(agent));
    const listening = facts && drivers[facts.profile.kind]?.listening;
    if (!listening) return false;
    let told = false;
    for (const { text } of lines) {
      const line = listening.readLine(text);
      if (!line || isOlder(line.at, book.session(agent).since)) continue;
      const { heardAt } = book.session(agent);
      const known = heardAt <= clock.now() && line.at <= heardAt;
      // No hook tells what was used, however much it told meanwhile; nor does it change what was decided.
      const late = ({ type }: Sign): boolean =>
        type === 'used' || type === 'decided' || (listening.endsInFile === true && decides.has(type));
      const news = line.signs
        .filter((sign) => !known || late(sign))
        .filter((sign) => (listening.endsInFile && decides.has(sign.type) ? endsTurn(agent, line.at) : isNews(agent, sign, line.at)));
      if (news.length === 0) continue;
      const origin: Origin = { source: 'transcript', at: line.at, key: line.id };
      await take(agent, news, origin);
      told ||= news.some(({ type }) => type !== 'said' && type !== 'used');
    }
    if (told) onTold(agent);
    return told;
  };

  const readNew = async (agent: string, path: string, signal: AbortSignal): Promise<void> => {
    for await (const batch of tailFile(path, { from: book.session(agent).position, signal })) {
      const told = await read(agent, batch.lines);
      book.note(agent, { position: batch.position });
      if (told) book.save(agent);
    }
  };
  /** A line that could not be stored (a full disk, a database that is held) is read again: whoever stopped here would be deaf from then on. */
  const follow = async (agent: string, path: string, signal: AbortSignal): Promise<void> => {
    for (let said = false; !signal.aborted; said = true) {
      try {
        await readNew(agent, path, signal);
      } catch (thrown) {
        if (!said) note('A conversation could not be read on; it is tried again.', { agent, error: ensureError(thrown).message });
        await new Promise<void>((resolve) => {
          clock.after(AGAIN_MS, resolve);
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    }
  };

  /** To its present end, at once; false when it cannot be read. What is read a second time is told once. */
  const readOn = async (agent: string): Promise<boolean> => {
    const { path } = book.session(agent);
    if (path === null) return false;
    for (let more = true; more; ) {
      const batch = await readTail(path, book.session(agent).position);
      if (!batch.ok) {
        note('A conversation cannot be read.', { agent, detail: batch.problem.detail });
        return false;
      }
      await read(agent, batch.value.lines);
      book.note(agent, { position: batch.value.position });
      ({ more } = batch.value);
    }
    // Not there at all, or not any more, is not read to its end.
    return book.session(agent).position.file !== null && existsSync(path);
  };

  return {
    /** From now on, from where reading stopped. */
    follow(agent: string): void {
      const { path } = book.session(agent);
      const before = following.get(agent);
      if (path === null || before?.path === path) return;
      before?.abort.abort();
      const abort = new AbortController();
      following.set(agent, { path, abort });
      aside('A conversation could not be read on.', follow(agent, path, abort.signal));
    },
    readOn,
    /** After an absence; who is followed needs none of it. */
    async catchUp(agent: string): Promise<void> {
      if (book.session(agent).path === null || following.has(agent)) return;
      await readOn(agent);
      book.save(agent);
    },
    forget(agent: string): void {
      following.get(agent)?.abort.abort();
      following.delete(agent);
    },
    stop(): void {
      for (const { abort } of following.values()) abort.abort();
      following.clear();
    },
  };
};
