/**
 * A turn that ended is done only when nothing follows: an agent that waited for something in the background goes on by itself a moment later.
 * What is pending stands in the book: if we end meanwhile it is told when we are back.
 */
import { firstOf } from '../../lib/cut-text.ts';
import type { Cancel } from '../../ports/system.ts';
import { type AgentFacts, agentFacts } from '../agent-facts.ts';
import type { SupervisorDeps } from '../deps.ts';
import type { ListeningBook, TurnEnd } from './book.ts';

/** A hook is the program's last word of a turn; its file is read as a second source, and gives the hook time to come. */
const SETTLE_MS = { hook: 1_000, transcript: 4_000 } as const;
/** Until an end that could not be stored is told again. */
const AGAIN_MS = 1_000;

type Deps = Pick<SupervisorDeps, 'actors' | 'clock' | 'drivers' | 'note'>;

/** `readOn` reads the conversation's file to its present end; false when it cannot be read. */
export const turnEnds = ({ actors, clock, drivers, note }: Deps, book: ListeningBook, readOn: (agent: string) => Promise<boolean>) => {
  const timers = new Map<string, Cancel>();
  let stopped = false;

  const tell = async (agent: string): Promise<void> => {
    stopTimer(agent);
    const { ending } = book.session(agent);
    if (!ending) return;
    const facts = agentFacts(actors.state(agent));
    const doubt = facts && drivers[facts.profile.kind]?.listening?.endsInFile ? await doubtIn(agent, ending) : null;
    // Its file told how it ended, or it goes on.
    if (book.session(agent).ending !== ending) return;
    if (facts)
      await actors.send(agent, {
        type: 'OBSERVED',
        id: `turn:${agent}:${ending.key}`,
        at: clock.now(),
        by: `agent:${agent}`,
        launch: facts.launch,
        fact: doubt === null ? 'done' : 'ready',
        source: ending.source,
        // Nothing contradicted it until now.
        observedAt: clock.now(),
        detail: firstOf(doubt ?? wordsOf(agent, facts, ending) ?? '', 4_000),
      });
    book.change(agent, { ending: null, open: false, helpers: {} });
  };

  /** Where the file decides, its words are the exact ones: a hook may tell them twice, or with other blanks. */
  const wordsOf = (agent: string, { profile }: AgentFacts, { summary }: TurnEnd): string | null =>
    (drivers[profile.kind]?.listening?.endsInFile ? book.session(agent).said : null) ?? summary;

  /** Why such an end is not called success: nobody knows how it ended, or there is no answer. */
  const doubtIn = async (agent: string, { summary }: TurnEnd): Promise<string | null> => {
    if (!(await readOn(agent))) return 'its turn ended, and its file does not tell how';
    return summary === null ? 'its turn ended without a word: whether the work is done is for a person to say' : null;
  };

  const stopTimer = (agent: string): void => {
    timers.get(agent)?.();
    timers.delete(agent);
  };

  const arm = (agent: string, { at, source }: TurnEnd): void => {
    stopTimer(agent);
    const left = Math.min(SETTLE_MS[source], Math.max(0, at + SETTLE_MS[source] - clock.now()));
    tellIn(agent, left);
  };
  /** What cannot be stored is told again: while an end is pending, nobody else says that the turn is over. */
  const tellIn = (agent: string, ms: number): void => {
    const settled = (): void => {
      tell(agent).catch((thrown: unknown) => {
        note('The end of a turn could not be stored yet; it is tried again.', { agent, error: String(thrown) });
        if (!stopped && !timers.has(agent)) tellIn(agent, AGAIN_MS);
      });
    };
    timers.set(agent, clock.after(ms, settled));
  };

  return {
    ended(agent: string, ending: TurnEnd): void {
      book.change(agent, { ending, background: false });
      arm(agent, ending);
    },
    /** True when the turn is ending, and what was seen at `at` (ms since 1970) was before that: told late, it says nothing against it. */
    isBefore(agent: string, at: number): boolean {
      const { ending } = book.session(agent);
      return ending !== null && ending.at <= clock.now() && at < ending.at;
    },
    /** It goes on, or ended otherwise. */
    cancel(agent: string): void {
      stopTimer(agent);
      book.change(agent, { ending: null });
    },
    /** After an absence: what is old enough is told now, before anything is concluded from the end of a program. */
    async takeUp(agent: string): Promise<void> {
      const { ending } = book.session(agent);
      if (!ending) return;
      if (clock.now() - ending.at >= SETTLE_MS[ending.source]) await tell(agent);
      else arm(agent, ending);
    },
    /** Nothing can follow any more. */
    now: tell,
    stop(): void {
      stopped = true;
      for (const agent of timers.keys()) stopTimer(agent);
    },
  };
};
export type TurnEnds = ReturnType<typeof turnEnds>;
