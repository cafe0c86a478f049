/** The git workshop: worktrees and branches for attempts. The only file other rooms import. */
import { resolve } from 'node:path';
import { ok, type Result } from '../../src/errors.ts';
import type { Workspaces } from '../../src/ports/workspaces.ts';
import { diff, diffStat } from './diff.ts';
import { forkPoint } from './fork-point.ts';
import { githubProgram } from './gh.ts';
import { createGit, type GitOptions } from './git-command.ts';
import { type IncludeLimits, includeLimits } from './include-files.ts';
import { inspect, locate, type Place } from './inspect.ts';
import { type MergeTrees, merge } from './merge.ts';
import { mergeOutlook } from './merge-outlook.ts';
import { IN_MEMORY_SINCE, mergeInMemory, mergeInWorktree } from './merge-trees.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { prepare } from './prepare.ts';
import { atLeast, probeGit } from './probe.ts';
import { publish } from './publish.ts';
import { remove } from './remove.ts';
import { rescue } from './rescue.ts';

export { type GitVersion, probeGit } from './probe.ts';

export type GitWorkspacesOptions = GitOptions & {
  /** Most that `.worktreeinclude` may copy into one worktree. Default 256 MiB, 20 000 files. */
  includeLimits?: IncludeLimits | undefined;
};

export const gitWorkspaces = (options: GitWorkspacesOptions = {}): Workspaces => {
  const git = createGit(options);
  const gh = githubProgram(options.env ?? process.env);
  const inOrder = oneAtATime();
  /** Work on one repository happens in order, each on facts read when its turn comes. */
  const within = async <T>(path: string, work: (place: Place) => Promise<Result<T>>): Promise<Result<T>> => {
    const common = await git.run({ args: ['rev-parse', '--git-common-dir'], cwd: path });
    return inOrder(common.code === 0 ? resolve(path, common.stdout) : path, async () => {
      const place = await locate(git, path);
      return place.ok ? work(place.value) : place;
    });
  };

  const mergeTrees = async (): Promise<Result<MergeTrees>> => {
    const probed = await probeGit(options);
    return probed.ok ? ok(atLeast(probed.value.version, IN_MEMORY_SINCE) ? mergeInMemory : mergeInWorktree) : probed;
  };

  return {
    inspect: (path) => inspect(git, path),
    prepare: (spec) => within(spec.project, (place) => prepare(git, place, spec, options.includeLimits ?? includeLimits)),
    diffStat: (workspace, project) => diffStat(git, workspace, project),
    diff: (workspace, maxBytes, project) => diff(git, workspace, maxBytes, project),
    rescue: (workspace) => rescue(git, workspace),
    remove: (project, workspace, { discard }) => within(project, (place) => remove(git, place, workspace, discard)),
    forkPoint: (project, workspace, before) => within(project, (place) => forkPoint(git, place, workspace, before)),
    publish: (project, workspace, request) => within(project, (place) => publish(git, place, workspace, gh, request)),
    merge: (project, workspace, { commit } = {}) =>
      within(project, async (place) => {
        const way = await mergeTrees();
        return way.ok ? merge(git, place, workspace, way.value, commit) : way;
      }),
    mergeOutlook: (project, workspace) =>
      within(project, async (place) => {
        const way = await mergeTrees();
        return way.ok ? mergeOutlook(git, place, workspace, way.value) : way;
      }),
  };
};
