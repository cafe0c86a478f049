/** What listening must not forget while we are away: where each conversation is kept and read up to, whether a turn is open, which dialog an approval belongs to. */
import { z } from 'zod';
import type { KeyValue } from '../../ports/records.ts';

const turnEnd = z.object({
  /** Makes the event's id: the same end heard twice is one. */
  key: z.string(),
  source: z.enum(['hook', 'transcript']),
  summary: z.string().nullable(),
  at: z.int(),
});
export type TurnEnd = z.infer<typeof turnEnd>;

const session = z.object({
  /** File of the conversation; null until the program has named it. */
  path: z.string().nullable(),
  /** Lines written before this (ms since 1970) belong to earlier starts. */
  since: z.int(),
  position: z.object({ file: z.string().nullable(), offset: z.int() }),
  /** When a hook was heard last: what the file tells of before is known. */
  heardAt: z.int(),
  /** Its last words, where the file told them. */
  said: z.string().nullable(),
  /** A prompt was taken and its end was not heard. */
  open: z.boolean(),
  /** When that prompt was taken: what is older belongs to another turn. */
  openedAt: z.int().default(0),
  /** The turn goes on in the background. */
  background: z.boolean(),
  /** What works or worked beside it in this turn: true while it runs. */
  helpers: z.record(z.string(), z.boolean()).catch({}),
  /** Over unless something else is heard within the settle time. */
  ending: turnEnd.nullable(),
});
export type Session = z.infer<typeof session>;

/** `call` is what is asked about; `use` the program's own id for it, where it told one; `typed`: its dialog alone takes the answer. */
const ask = z.object({ agent: z.string(), call: z.string(), use: z.string().nullable(), typed: z.boolean().catch(false) });
type Ask = z.infer<typeof ask>;

const fresh: Session = {
  path: null,
  since: 0,
  position: { file: null, offset: 0 },
  heardAt: 0,
  said: null,
  open: false,
  openedAt: 0,
  background: false,
  helpers: {},
  ending: null,
};

export const listeningBook = (memory: KeyValue) => {
  const sessions = new Map<string, Session>();
  const sessionOf = (agent: string): Session => {
    const known = sessions.get(agent) ?? session.safeParse(memory.get(`listen/${agent}`)).data ?? fresh;
    sessions.set(agent, known);
    return known;
  };
  return {
    session: sessionOf,
    /** Written down at once, unless it changes nothing. */
    change(agent: string, changes: Partial<Session>): void {
      const before = sessionOf(agent);
      const after = { ...before, ...changes };
      // First: what could not be written down is not known either, and is written when it is heard again.
      if (JSON.stringify(after) !== JSON.stringify(before)) memory.set(`listen/${agent}`, after);
      sessions.set(agent, after);
    },
    /** How far was read and what was said: kept in memory, and on disk with the next change. Reading a line twice tells it once. */
    note(agent: string, changes: Partial<Pick<Session, 'position' | 'said' | 'heardAt'>>): void {
      sessions.set(agent, { ...sessionOf(agent), ...changes });
    },
    save(agent: string): void {
      memory.set(`listen/${agent}`, sessionOf(agent));
    },
    known: (): string[] => memory.list('listen/').map(({ key }) => key.slice('listen/'.length)),
    forget(agent: string): void {
      sessions.delete(agent);
      memory.remove(`listen/${agent}`);
      for (const { approval } of asksOf(agent)) memory.remove(`ask/${approval}`);
    },
    ask: (approval: string, of: Ask): void => memory.set(`ask/${approval}`, of),
    answered: (approval: string): void => memory.remove(`ask/${approval}`),
    asksOf,
  };

  function asksOf(agent: string): Array<Ask & { approval: string }> {
    return memory.list('ask/').flatMap(({ key, value }) => {
      const read = ask.safeParse(value).data;
      return read?.agent === agent ? [{ ...read, approval: key.slice('ask/'.length) }] : [];
    });
  }
};
export type ListeningBook = ReturnType<typeof listeningBook>;
