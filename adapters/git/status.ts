/** What differs between commit, index and files: `git status --porcelain=v2 -z`. */
import { ok, type Result } from '../../src/errors.ts';
import type { Git } from './git-command.ts';

export type StatusEntry = {
  /** For people; bytes that are not UTF-8 show as U+FFFD. */
  path: string;
  /** Index against commit. */
  staged: boolean;
  /** Files against index; also true for untracked and unmerged ones. */
  unstaged: boolean;
  /** The index has a commit of another repository here (submodule or nested clone). */
  gitlink: boolean;
};

export const gitStatus = async (git: Git, cwd: string, env?: Record<string, string>): Promise<Result<StatusEntry[]>> => {
  const said = await git.text({
    args: ['status', '--porcelain=v2', '-z', '--no-renames', '--untracked-files=normal', '--ignore-submodules=none'],
    cwd,
    env,
  });
  return said.ok ? ok(parseStatus(said.value)) : said;
};

/** Entries end with NUL. `1 XY sub mH mI mW hH hI path`, `u XY sub m1 m2 m3 mW h1 h2 h3 path`, `? path`. */
export const parseStatus = (text: string): StatusEntry[] =>
  text
    .split('\0')
    .filter((entry) => entry !== '')
    .flatMap((entry): StatusEntry[] => {
      const fields = entry.split(' ');
      const [kind, xy = '..', , , indexMode] = fields;
      if (kind === '?') return [{ path: entry.slice(2), staged: false, unstaged: true, gitlink: false }];
      if (kind === 'u') return [{ path: fields.slice(10).join(' '), staged: true, unstaged: true, gitlink: false }];
      if (kind !== '1') return [];
      const path = fields.slice(8).join(' ');
      return [{ path, staged: xy[0] !== '.', unstaged: xy[1] !== '.', gitlink: indexMode === '160000' }];
    });
