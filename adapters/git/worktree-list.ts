/** The worktrees a repository knows of. The first one is the main one. */
import { ok, type Result } from '../../src/errors.ts';
import type { Git } from './git-command.ts';

export type WorktreeEntry = {
  path: string;
  head: string | null;
  /** Full ref (`refs/heads/x`), null when detached or bare. */
  branch: string | null;
  /** Reason of the lock (may be empty), null when not locked. git itself locks with `initializing` while it makes one. */
  locked: string | null;
};

export const listWorktrees = async (git: Git, cwd: string): Promise<Result<WorktreeEntry[]>> => {
  const withNul = { args: ['worktree', 'list', '--porcelain', '-z'], cwd };
  const said = await git.run(withNul);
  if (said.code === 0) return ok(parseWorktrees(said.stdout, '\0'));
  // 129 is the usage error of git before 2.36, which has no -z.
  if (said.code !== 129) return git.problem(withNul, said);
  const older = await git.text({ args: ['worktree', 'list', '--porcelain'], cwd });
  return older.ok ? ok(parseWorktrees(`${older.value}\n`, '\n')) : older;
};

export const parseWorktrees = (text: string, separator: '\0' | '\n'): WorktreeEntry[] => {
  const entries: WorktreeEntry[] = [];
  for (const line of text.split(separator)) {
    const [, word = '', rest = ''] = /^(\S+) ?([\s\S]*)$/.exec(line) ?? [];
    if (word === 'worktree') entries.push({ path: rest, head: null, branch: null, locked: null });
    const entry = entries.at(-1);
    if (entry === undefined) continue;
    if (word === 'HEAD' && !/^0+$/.test(rest)) entry.head = rest;
    if (word === 'branch') entry.branch = rest;
    if (word === 'locked') entry.locked = rest;
  }
  return entries;
};
