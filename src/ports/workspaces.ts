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

/** Unified diff; `note`: a sentence about what it was made from, where that is not the worktree. */
export type WorkspaceDiff = { text: string; truncated: boolean; note?: string };

/** Where the content of a worktree was kept. */
export type Rescue = {
  /** `refs/ccm/rescue/<name>-<hash of the content>`: repeated calls without a change give the same one. */
  ref: string;
  /** Paths it does not hold: files that cannot be read, repositories inside the worktree. Ignored files are never held, and not listed. */
  missing: string[];
};

export type Removal =
  | {
      removed: true;
      /** Ref that still holds the work, null when there was nothing to keep. */
      rescueRef: string | null;
      /** Sentences for the person: "The branch … was kept: …". */
      notes: string[];
    }
  /** Kept because it holds work that is nowhere else (or because that cannot be told); `rescueRef` is a commit of everything in it. */
  | { removed: false; reason: 'dirty' | 'unpushed' | 'unknown'; rescueRef: string | null; notes: string[] };

/** A commit that another task may start from, and what the person should know about it. Sentences. */
export type ForkPoint = { commit: string; notes: string[] };

export type PublishRequest = {
  title: string;
  body: string;
  draft: boolean;
  /** Message under which uncommitted work is committed to the branch first. */
  commit: string;
};

export type Published = {
  /** A pull request is open at `url`. */
  opened: boolean;
  url: string | null;
  /** The branch is on the remote. */
  pushed: boolean;
  branch: string;
  /** The branch it asks to be merged into. */
  base: string;
  remote: string;
  /** A page on which a person opens it; null for a host we do not know. */
  compare: string | null;
  /** What pushes the branch, word by word. */
  command: string[];
  /** Why it was not opened, or that it was there already; one sentence. */
  note: string | null;
};

/** What a merge would meet. */
export type MergeOutlook = {
  /** The branch it goes into. */
  into: string;
  /** Work that would be committed first. */
  uncommitted: boolean;
  /** By moving the branch forward, by a merge commit, or not at all: everything is in it already. */
  how: 'forward' | 'commit' | 'nothing';
  /** Files that both changed in the same lines. */
  conflicts: string[];
  /** Files of the project's own checkout that are not committed and would change. With these or with conflicts nothing is merged. */
  inTheWay: string[];
};

export interface Workspaces {
  /** `CCM_PATH_UNUSABLE` (missing, a file, a loop, unreadable), `CCM_GIT_BARE`. A repository without commit is reported with `head: null`, not refused. */
  inspect(path: string): Promise<Result<FolderFacts>>;
  /**
   * Safe to repeat with the same spec: finds what it made before, base and notes unchanged. Repository hooks do not run. Bounded in time.
   * `CCM_GIT_NO_COMMIT`, `CCM_BAD_INPUT` (name, branch or `from`), `CCM_CONFLICT` (something else is in the way), `CCM_GIT_FAILED`.
   */
  prepare(spec: PrepareSpec): Promise<Result<Workspace>>;
  /**
   * What changed since the base. A plain folder gives null. `CCM_PATH_UNUSABLE` for a worktree that is gone; with `project` (its path),
   * what the branch holds counts then.
   */
  diffStat(workspace: Workspace, project?: string): Promise<Result<DiffStat | null>>;
  /** Unified diff against the base, untracked files included; cut at `maxBytes` with `truncated`. `project` as above, with a `note` then. */
  diff(workspace: Workspace, maxBytes: number, project?: string): Promise<Result<WorkspaceDiff>>;
  /** Records everything in the worktree (untracked included) as a commit on a ref of its own, touching neither branch, index nor files. Null when there is nothing beyond the base. */
  rescue(workspace: Workspace): Promise<Result<Rescue | null>>;
  /**
   * Removes a worktree when nothing is lost by it; parks it otherwise. With `discard`, removes it anyway, after a rescue ref was written.
   * The branch goes with it when all its commits are in another branch, a remote, a tag or the rescue ref. Ignored files go too.
   * Repeatable. A plain folder is never touched. `CCM_PATH_UNUSABLE`: a symbolic link, the project itself.
   */
  remove(project: string, workspace: Workspace, options: { discard: boolean }): Promise<Result<Removal>>;
  /**
   * Where a fork of this attempt starts. `before` null: all it has now, uncommitted and untracked files included, kept on a ref of its own without
   * touching branch, index or files. Else what its branch was at that instant (milliseconds): of uncommitted files nobody knows what they were then.
   */
  forkPoint(project: string, workspace: Workspace, before: number | null): Promise<Result<ForkPoint>>;
  /**
   * Commits what is left to the attempt's branch, pushes it (never by force; hooks do not run) and opens a pull request with `gh`. Where `gh` is not
   * installed or not signed in, nothing is sent and `opened` and `pushed` are false. `CCM_GIT_NO_REMOTE`, `CCM_GIT_DETACHED`,
   * `CCM_WORKTREE_DIRTY`, `CCM_GIT_FAILED` (the push was refused).
   */
  publish(project: string, workspace: Workspace, request: PublishRequest): Promise<Result<Published>>;
  /** What `merge` with a message would meet now; refuses as it does. Nothing is written. */
  mergeOutlook(project: string, workspace: Workspace): Promise<Result<MergeOutlook>>;
  /**
   * Merges the branch into the project's current branch: fast-forward, else a merge commit. Hooks, the user's own too, do not run and nothing is signed.
   * Whatever fails, nothing is changed: `CCM_WORKTREE_DIRTY` (uncommitted work in the worktree), `CCM_MERGE_CONFLICT` (`extra.files`; also when
   * the user's uncommitted changes are in the way), `CCM_GIT_DETACHED`.
   */
  merge(
    project: string,
    workspace: Workspace,
    options?: { /** Message under which uncommitted work is committed to the branch first. */ commit?: string },
  ): Promise<Result<{ commit: string; branch: string }>>;
}
