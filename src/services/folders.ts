/** What a project's folder is right now: asked of git at most every few seconds per folder, since lists ask for all of them. */
import type { Result } from '../errors.ts';
import type { Clock } from '../ports/system.ts';
import type { FolderFacts, Workspaces } from '../ports/workspaces.ts';

const freshMs = 5_000;

export type Folders = { inspect(path: string): Promise<Result<FolderFacts>>; forget(path: string): void };

export const folders = (workspaces: Pick<Workspaces, 'inspect'>, clock: Pick<Clock, 'awake'>): Folders => {
  const known = new Map<string, { at: number; facts: Promise<Result<FolderFacts>> }>();
  return {
    forget: (path) => void known.delete(path),
    inspect: (path) => {
      const now = clock.awake();
      const last = known.get(path);
      if (last && now - last.at < freshMs) return last.facts;
      const facts = workspaces.inspect(path);
      known.set(path, { at: now, facts });
      if (known.size > 500) for (const [key, { at }] of known) if (now - at >= freshMs) known.delete(key);
      return facts;
    },
  };
};

/** What a person should know of it before a task starts there. */
export const folderNotes = (facts: FolderFacts): string[] => {
  const notes: string[] = [];
  if (facts.kind === 'plain') notes.push('No git here: one task at a time works in the folder itself.');
  if (facts.kind === 'git' && facts.head === null) notes.push('The repository has no commit yet; tasks can start after the first one.');
  if (facts.kind === 'git' && facts.head !== null && facts.branch === null) notes.push('HEAD is detached: tasks start from its commit.');
  if (facts.dirty) notes.push('Uncommitted changes stay behind: tasks start from the last commit.');
  if (facts.submodules) notes.push('It has submodules; they are not checked out in worktrees.');
  return notes;
};
