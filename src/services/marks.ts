/** Small facts about tasks that no chart needs: what was said when one was made, that its worktrees are gone, which request made it. */
import { z } from 'zod';
import type { KeyValue } from '../ports/records.ts';

const notes = z.array(z.string());
const made = z.object({ id: z.string(), at: z.int() });

export const marks = (kv: KeyValue) => ({
  notes: (task: string): string[] => notes.safeParse(kv.get(`notes/${task}`)).data ?? [],
  setNotes: (task: string, lines: readonly string[]): void => (lines.length > 0 ? kv.set(`notes/${task}`, lines) : undefined),
  removed: (task: string): boolean => kv.get(`removed/${task}`) !== undefined,
  setRemoved: (task: string, at: number): void => kv.set(`removed/${task}`, { at }),
  /** What the request with this id made: set in the commit that made it, so a repeat after a crash finds it and makes nothing. */
  madeBy: (request: string): string | null => made.safeParse(kv.get(`made/${request}`)).data?.id ?? null,
  setMadeBy: (request: string, id: string, at: number): void => kv.set(`made/${request}`, { id, at }),
  forgetMade: (before: number): number => {
    const old = kv.list('made/').filter(({ value }) => (made.safeParse(value).data?.at ?? 0) < before);
    for (const { key } of old) kv.remove(key);
    return old.length;
  },
});
export type Marks = ReturnType<typeof marks>;
