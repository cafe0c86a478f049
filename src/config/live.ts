/**
 * What counts as soon as config.toml is saved: the policy, the prices, the budgets, the life of a question. Everything else is read at start.
 * A file that is wrong changes nothing; the log says what is wrong, and so does `ccm config check`.
 */
import { statSync } from 'node:fs';
import type { Config } from '../config.ts';
import type { Result } from '../errors.ts';
import type { Cancel, Clock } from '../ports/system.ts';

export type Live = Pick<Config, 'policy' | 'prices' | 'budgets' | 'approvalMs' | 'hereAfterMs'>;

/** Between two looks at the file. */
const LOOK_MS = 2_000;

export const liveConfig = (deps: {
  first: Config;
  /** Reads and checks the whole file again. */
  load: () => Result<Config>;
  clock: Pick<Clock, 'after'>;
  note: (sentence: string, facts: Record<string, unknown>) => void;
  /** Something that counts at once was changed. */
  changed?: () => void;
}) => {
  const { first, load, clock, note } = deps;
  let now: Live = first;
  let seen = mark(first.home.config);
  const look = (): void => {
    cancel = clock.after(LOOK_MS, look);
    const fresh = mark(first.home.config);
    if (fresh === seen) return;
    seen = fresh;
    const loaded = load();
    if (!loaded.ok)
      return note('config.toml was changed and is not valid: what it said before goes on counting.', { detail: loaded.problem.detail });
    now = loaded.value;
    note('config.toml was read again: policy, prices, budgets and the life of a question count at once, the rest at the next start.', {});
    deps.changed?.();
  };
  let cancel: Cancel = clock.after(LOOK_MS, look);
  return { now: (): Live => now, stop: () => cancel() };
};

/** Differs when the file was written, replaced, made or removed. */
const mark = (path: string): string => {
  const facts = statSync(path, { throwIfNoEntry: false });
  return facts ? `${facts.ino} ${facts.size} ${facts.mtimeMs}` : 'absent';
};
