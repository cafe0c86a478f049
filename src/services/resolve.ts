/** What a person types → the actor they mean: id, short id, or the beginning of a task's title that only one task has. */
import { fail, ok, type Result } from '../errors.ts';
import type { ViewRow } from '../ports/store.ts';
import type { ActorState, Runtime } from '../runtime/types.ts';

export type Resolver = ReturnType<typeof resolver>;

const words: Readonly<Record<string, string>> = {
  task: 'task',
  agent: 'agent',
  message: 'message',
  approval: 'approval or question',
  'sync-link': 'sync link',
};

/** Where what was meant may be seen. */
const lists: Readonly<Record<string, string>> = {
  task: '`ccm ls --all` lists tasks.',
  message: '`ccm show TASK` lists the messages that wait.',
  approval: '`ccm inbox` lists what waits for an answer.',
};

/** `away`: a sentence about a task of that name that only another machine has; null when there is none. */
export const resolver = (
  runtime: Pick<Runtime, 'state' | 'unreadable' | 'find' | 'list'>,
  away: (text: string) => string | null = () => null,
) => {
  /** Tasks only: an agent has the title of its task. */
  const titled = (text: string): ViewRow[] => {
    const start = text.toLowerCase();
    return runtime
      .list({ kind: 'task', text, limit: 1000 })
      .filter(({ title }) => title.toLowerCase().startsWith(start))
      .slice(0, 50);
  };
  /** `kind` null = any. Trouble: `CCM_NOT_FOUND`; `CCM_AMBIGUOUS` with `matches`; `CCM_SNAPSHOT_UNREADABLE`. */
  const one = (typed: string, kind: string | null): Result<ActorState> => {
    // A pasted id brings blanks along, and a spoken one capitals.
    const text = typed.trim() === '' ? typed : typed.trim();
    const what = kind === null ? 'task or agent' : (words[kind] ?? kind);
    const next = lists[kind ?? 'task'] ?? '`ccm ls --all` lists tasks, `ccm show TASK` its agent.';
    const direct = runtime.state(text);
    if (direct && (kind === null || direct.kind === kind)) return ok(direct);
    const aside = runtime.unreadable(text);
    if (aside) return { ok: false, problem: aside };
    // A short id is exact; a title that begins the same way does not make it doubtful.
    const exact = runtime.find(text.toLowerCase(), 50).filter((row) => (kind === null || row.kind === kind) && named(row, text));
    const meant = exact.length > 0 ? exact : kind === null || kind === 'task' ? titled(text) : [];
    const [first, second] = meant;
    if (!first) {
      const elsewhere = kind === null || kind === 'task' ? away(text) : null;
      return fail('CCM_NOT_FOUND', elsewhere ?? `There is no ${what} "${text.slice(0, 80)}".`, { next });
    }
    if (second) {
      const listed = meant.slice(0, 20).map(({ id, short, title, status, kind: of }) => ({ id, short, title, status, kind: of }));
      return fail('CCM_AMBIGUOUS', `${meant.length === 50 ? '50 or more' : meant.length} match "${text.slice(0, 80)}".`, {
        matches: listed,
      });
    }
    const state = runtime.state(first.id);
    if (state) return ok(state);
    const problem = runtime.unreadable(first.id);
    return problem ? { ok: false, problem } : fail('CCM_NOT_FOUND', `There is no ${what} "${text.slice(0, 80)}".`, { next });
  };
  return {
    any: (text: string) => one(text, null),
    task: (text: string) => one(text, 'task'),
    agent: (text: string) => one(text, 'agent'),
    message: (text: string) => one(text, 'message'),
    approval: (text: string) => one(text, 'approval'),
  };
};

const named = (row: ViewRow, text: string): boolean => row.id === text || row.short === text.toLowerCase();
