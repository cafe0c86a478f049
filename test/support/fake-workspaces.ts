/** Workspaces without git: a test says what each folder is and what becomes of it. */
import { fail, ok, type Result } from '../../src/errors.ts';
import type { DiffStat, FolderFacts, MergeOutlook, Published, Removal, Workspaces } from '../../src/ports/workspaces.ts';

export type FakeWorkspaces = Workspaces & {
  folders: Map<string, Result<FolderFacts>>;
  /** What the next calls answer. */
  removal: Result<Removal>;
  merged: Result<{ commit: string; branch: string }>;
  outlook: Result<MergeOutlook>;
  published: Result<Published>;
  diffText: string;
  calls: string[];
  /** Folders that were looked at for a merge, and merged into. */
  receivers: string[];
};

export const gitFolder = (path: string, more: Partial<FolderFacts> = {}): Result<FolderFacts> =>
  ok({ path, kind: 'git', root: path, branch: 'main', head: 'a'.repeat(40), dirty: false, submodules: false, ...more });

export const fakeWorkspaces = (): FakeWorkspaces => {
  const stat: DiffStat = { files: 1, insertions: 2, deletions: 3 };
  const fake: FakeWorkspaces = {
    folders: new Map(),
    removal: ok({ removed: true, rescueRef: null, notes: [] }),
    merged: ok({ commit: 'b'.repeat(40), branch: 'main' }),
    outlook: ok({ into: 'main', uncommitted: false, how: 'forward', conflicts: [], inTheWay: [] }),
    published: ok({
      opened: true,
      url: 'https://github.com/ada/shop/pull/7',
      pushed: true,
      branch: 'ccm-k7m2q/fix',
      base: 'main',
      remote: 'origin',
      compare: 'https://github.com/ada/shop/compare/main...ccm-k7m2q/fix?expand=1',
      command: ['git', 'push'],
      note: null,
    }),
    diffText: 'diff --git a/x b/x\n',
    calls: [],
    receivers: [],
    inspect: async (path) => fake.folders.get(path) ?? fail('CCM_PATH_UNUSABLE', `${path} does not exist.`, { path }),
    prepare: async ({ below, name, branch }) =>
      ok({
        dir: `${below}/${name}`,
        worktree: `${below}/${name}`,
        branch,
        base: 'a'.repeat(40),
        notes: ['2 uncommitted files stay behind.'],
      }),
    diffStat: async () => ok(stat),
    diff: async (_workspace, maxBytes) => ok({ text: fake.diffText.slice(0, maxBytes), truncated: fake.diffText.length > maxBytes }),
    rescue: async () => ok(null),
    remove: async (_project, workspace, { discard }) => {
      fake.calls.push(`remove ${workspace.worktree ?? workspace.dir}${discard ? ' discard' : ''}`);
      return discard ? ok({ removed: true, rescueRef: 'refs/ccm/rescue/1', notes: [] }) : fake.removal;
    },
    forkPoint: async (_project, workspace, before) => {
      fake.calls.push(`fork ${workspace.branch ?? ''} ${before ?? 'now'}`);
      return ok({
        commit: 'c'.repeat(40),
        notes: before === null ? [] : ['Of its files only what was committed by then is carried over.'],
      });
    },
    publish: async (_project, workspace, { title }) => {
      fake.calls.push(`publish ${workspace.branch ?? ''} ${title}`);
      return fake.published;
    },
    mergeOutlook: async (folder) => {
      fake.receivers.push(folder);
      return fake.outlook;
    },
    merge: async (folder, workspace) => {
      fake.receivers.push(folder);
      fake.calls.push(`merge ${workspace.branch ?? ''}`);
      return fake.merged;
    },
  };
  return fake;
};
