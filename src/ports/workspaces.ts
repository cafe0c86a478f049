/** Where an attempt works: a git worktree of its own, or the project's folder when there is no git. Real: `adapters/git`. */
import type { Result } from '../errors.ts';

/** What a folder turned out to be. `kind: 'plain'` = no git at all. */
export type FolderFacts = {
  /** Real path, symlinks resolved. */
  path: string;
  kind: 'git' | 'plain';
  /** Top of the git work tree; equals `path` unless the project is a folder inside a repository. Null for plain folders. */
  root: string | null;
  /** Branch name, or null when detached or without a commit. */
  branch: string | null;
  /** Commit id of HEAD, null when there is no commit. */
  head: string | null;
  dirty: boolean;
  submodules: boolean;
};

export type Workspace = {
  /** Absolute path where the agent starts (a folder inside the worktree when the project is one). */
  dir: string;
  /** Worktree root; null when the agent works in the project's own folder. */
  worktree: string | null;
  branch: string | null;
  /** Commit the branch starts from. */
  base: string | null;
  /** Things the person should know: "3 uncommitted files stay behind". Sentences. */
  notes: string[];
};

export type PrepareSpec = {
  /** Real path of the project. */
  project: string;
  /** Folder below which worktrees are made: `<home>/worktrees/<project id>`. */
  below: string;
  /** Folder name of the worktree, unique per attempt: `<short>-<attempt>`. */
  name: string;
  /** Branch to make: `ccm-<short>/<slug>`; a free suffix `-2` … is taken when it exists with other commits. */
  branch: string;
  /** Start from this commit-ish instead of the project's HEAD (a retry that keeps the work, a fork). */
  from?: string | undefined;
};

/** Change counts against the base: committed and uncommitted together, untracked files included. */
export type DiffStat = { files: number; insertions: number; deletions: number };

export type Removal =
  | { removed: true /** Ref that still holds the commits, null when there was nothing to keep. */; rescueRef: string | null }
  /** Kept because it holds work that is nowhere else; `rescueRef` is a commit of everything in it. */
  | { removed: false; reason: 'dirty' | 'unpushed' | 'unknown'; rescueRef: string | null };

export interface Workspaces {
  /** `CCM_PATH_UNUSABLE` (missing, a file, a loop, unreadable), `CCM_GIT_BARE`. A repository without commit is reported with `head: null`, not refused. */
  inspect(path: string): Promise<Result<FolderFacts>>;
  /** Safe to repeat with the same spec: finds what it made before. `CCM_GIT_NO_COMMIT`, `CCM_GIT_FAILED`. Repository hooks do not run. Bounded in time. */
  prepare(spec: PrepareSpec): Promise<Result<Workspace>>;
  /** What changed since the base. A plain folder gives null. */
  diffStat(workspace: Workspace): Promise<Result<DiffStat | null>>;
  /** Unified diff against the base, untracked files included; cut at `maxBytes` with `truncated`. */
  diff(workspace: Workspace, maxBytes: number): Promise<Result<{ text: string; truncated: boolean }>>;
  /** Records everything in the worktree (untracked included) as a commit on a ref of its own, touching neither branch nor index. Null when there is nothing beyond the base. */
  rescue(workspace: Workspace): Promise<Result<string | null>>;
  /** Removes a worktree when nothing is lost by it; parks it otherwise. With `discard`, removes it anyway, after a rescue ref was written. */
  remove(project: string, workspace: Workspace, options: { discard: boolean }): Promise<Result<Removal>>;
  /** Merges the branch into the project's current branch. Uncommitted work in the worktree or a conflict is a problem, and nothing is changed. */
  merge(project: string, workspace: Workspace): Promise<Result<{ commit: string; branch: string }>>;
}
