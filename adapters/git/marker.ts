/** The note `prepare` leaves in git's own folder of a worktree when it is done: "this one is ours, and complete". */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result } from '../../src/errors.ts';
import { atomicWrite } from '../../src/lib/atomic-write.ts';
import type { Workspace } from '../../src/ports/workspaces.ts';
import type { Git } from './git-command.ts';

const FILE = 'ccm-workspace.json';

/** git's own folder of the worktree whose top is exactly `worktree`; null when that is no worktree (any more). */
export const gitDirOf = async (git: Git, worktree: string): Promise<Result<string | null>> => {
  // Without its .git file, git would find whatever repository the folder happens to lie in.
  const top = await git.run({ args: ['rev-parse', '--show-toplevel'], cwd: worktree });
  if (top.code !== 0 || top.stdout !== `${worktree}\n`) return ok(null);
  return git.text({ args: ['rev-parse', '--absolute-git-dir'], cwd: worktree });
};

export const writeMarker = (gitDir: string, workspace: Workspace): Promise<Result<void>> =>
  atomicWrite(join(gitDir, FILE), JSON.stringify({ version: 1, ...workspace }));

/** What was prepared there, null when nothing was, or nothing readable is left of it. */
export const readMarker = async (gitDir: string): Promise<Workspace | null> => {
  try {
    const found: unknown = JSON.parse(await readFile(join(gitDir, FILE), 'utf8'));
    return isWorkspace(found)
      ? { dir: found.dir, worktree: found.worktree, branch: found.branch, base: found.base, notes: found.notes }
      : null;
  } catch {
    return null; // Not there, or damaged: both mean "not known to be ours".
  }
};

const isText = (value: unknown): value is string => typeof value === 'string';

const isWorkspace = (value: unknown): value is Workspace => {
  if (typeof value !== 'object' || value === null) return false;
  const { dir, worktree, branch, base, notes }: Partial<Record<keyof Workspace, unknown>> = value;
  return isText(dir) && isText(worktree) && isText(branch) && isText(base) && Array.isArray(notes) && notes.every(isText);
};
