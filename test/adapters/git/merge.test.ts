import { readdir, readFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createGit } from '../../../adapters/git/git-command.ts';
import { locate } from '../../../adapters/git/inspect.ts';
import { filesInTheWay, merge } from '../../../adapters/git/merge.ts';
import { mergeOutlook } from '../../../adapters/git/merge-outlook.ts';
import { mergeInMemory, mergeInWorktree } from '../../../adapters/git/merge-trees.ts';
import type { Result } from '../../../src/errors.ts';
import type { MergeOutlook, Workspace } from '../../../src/ports/workspaces.ts';
import { type Bench, gitBench, userState, valueOf, writeFiles } from '../../support/git-repo.ts';

const conflicts = (files: string[]) => ({ ok: false, problem: { code: 'CCM_MERGE_CONFLICT', extra: { files } } });

/** What was foreseen of a merge and what came of it, in the same words: files that kept it from happening, or why it could not be tried. */
const foreseen = (outlook: Result<MergeOutlook>) =>
  outlook.ok
    ? { into: outlook.value.into, files: [...outlook.value.conflicts, ...outlook.value.inTheWay] }
    : { refused: outlook.problem.detail };
const cameToPass = (merged: Result<{ branch: string }>) => {
  if (merged.ok) return { into: merged.value.branch, files: [] };
  const { files } = (merged.problem.extra ?? {}) as { files?: string[] };
  return files ? { into: 'main', files } : { refused: merged.problem.detail };
};

/** Both ways are held to the same tests: old systems get the second one. */
describe.each([
  ['in memory (git 2.38 and newer)', mergeInMemory],
  ['in a worktree (older git)', mergeInWorktree],
])('merge %s', (_name, way) => {
  const mergeOf = async (bench: Bench, workspace: Workspace) => {
    const git = createGit({ env: { HOME: bench.home, PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1' } });
    const place = valueOf(await locate(git, bench.project));
    const before = await userState(bench, bench.project);
    const outlook = await mergeOutlook(git, place, workspace, way);
    expect(await userState(bench, bench.project), 'looking ahead leaves no trace').toBe(before);
    const merged = await merge(git, place, workspace, way);
    expect(foreseen(outlook)).toEqual(cameToPass(merged));
    return merged;
  };
  const withWork = async (files: Record<string, string>) => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    const tip = await bench.commit(workspace.worktree, files, 'work');
    return { bench, workspace, tip };
  };

  test('is a fast-forward where it can be', async () => {
    const { bench, workspace, tip } = await withWork({ 'a.txt': 'work\n', 'new.txt': 'n' });
    expect(await mergeOf(bench, workspace)).toEqual({ ok: true, value: { commit: tip, branch: 'main' } });
    expect(await bench.git(bench.project, 'status', '--porcelain')).toBe('');
    expect(await mergeOf(bench, workspace)).toEqual({ ok: true, value: { commit: tip, branch: 'main' } });
  });

  test('else a merge commit, also in the same file', async () => {
    const { bench, workspace, tip } = await withWork({ 'a.txt': 'ONE\ntwo\nthree\n' });
    const ours = await bench.commit(bench.project, { 'a.txt': 'one\ntwo\nTHREE\n', 'b.txt': 'ours\n' });
    const { commit } = valueOf(await mergeOf(bench, workspace));
    expect(await bench.git(bench.project, 'rev-parse', 'HEAD', 'HEAD^1', 'HEAD^2')).toBe([commit, ours, tip].join('\n'));
    expect(await readFile(join(bench.project, 'a.txt'), 'utf8')).toBe('ONE\ntwo\nTHREE\n');
    expect(await bench.git(bench.project, 'status', '--porcelain')).toBe('');
    expect(await bench.git(bench.project, 'log', '-1', '--format=%s|%cn')).toBe("Merge branch 'ccm-k7m2q/fix' into main|CCM Orchestrator");
    await bench.git(bench.project, 'config', 'user.name', 'Ada');
    await bench.git(bench.project, 'config', 'user.email', 'ada@example.org');
    await bench.commit(workspace.worktree, { 'sub/c.txt': 'more' });
    valueOf(await mergeOf(bench, workspace));
    expect(await bench.git(bench.project, 'log', '-1', '--format=%an')).toBe('Ada');
  });

  test('a conflict names every file and changes nothing, whatever the user has open', async () => {
    const { bench, workspace } = await withWork({ 'a.txt': 'theirs\n', 'sub/größe.txt': 'theirs\n', 'b.txt': 'theirs\n' });
    await bench.commit(bench.project, { 'a.txt': 'ours\n', 'sub/größe.txt': 'ours\n' });
    await writeFiles(bench.project, { 'b.txt': 'uncommitted', 'untracked.txt': 'x', 'staged.txt': 'y' });
    await bench.git(bench.project, 'add', 'staged.txt');
    const before = await userState(bench, bench.project);
    expect(await mergeOf(bench, workspace)).toMatchObject(conflicts(['a.txt', 'sub/größe.txt']));
    expect(await userState(bench, bench.project)).toBe(before);
    expect(await bench.git(bench.project, 'worktree', 'list')).not.toContain('ccm-merge');
  });

  test.each([
    ['changed', { 'a.txt': 'mine' }, []],
    ['staged', { 'a.txt': 'mine' }, ['a.txt']],
    ['untracked', { 'new.txt': 'mine' }, []],
  ])('a file of the user that is %s and in the way: refused, nothing changes', async (_state, files, staged) => {
    for (const diverged of [false, true]) {
      const { bench, workspace } = await withWork({ 'a.txt': 'work\n', 'new.txt': 'work', 'b.txt': 'work' });
      if (diverged) await bench.commit(bench.project, { 'sub/c.txt': 'ours' });
      await writeFiles(bench.project, files);
      if (staged.length > 0) await bench.git(bench.project, 'add', ...staged);
      const before = await userState(bench, bench.project);
      expect(await mergeOf(bench, workspace)).toMatchObject(conflicts(Object.keys(files)));
      expect(await userState(bench, bench.project)).toBe(before);
    }
  });

  test('what is not committed yet is looked at too, and stays as it is', async () => {
    const { bench, workspace } = await withWork({ 'b.txt': 'work\n' });
    const outlook = async () => {
      const git = createGit({ env: { HOME: bench.home, PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1' } });
      return valueOf(await mergeOutlook(git, valueOf(await locate(git, bench.project)), workspace, way));
    };
    expect(await outlook()).toEqual({ into: 'main', uncommitted: false, how: 'forward', conflicts: [], inTheWay: [] });
    await writeFiles(workspace.worktree, { 'a.txt': 'open\n' });
    expect(await outlook()).toMatchObject({ uncommitted: true, how: 'forward', conflicts: [] });
    await bench.commit(bench.project, { 'a.txt': 'ours\n' });
    expect(await outlook()).toMatchObject({ uncommitted: true, conflicts: ['a.txt'] });
    expect(await bench.git(workspace.worktree, 'status', '--porcelain')).toBe(' M a.txt');
    expect(await bench.git(bench.project, 'worktree', 'list')).not.toContain('ccm-merge');
    await bench.git(workspace.worktree, 'checkout', '-q', '.');
    expect(await outlook()).toMatchObject({ uncommitted: false, how: 'commit', conflicts: [] });
  });

  test('changes of the user that are not in the way stay', async () => {
    const { bench, workspace } = await withWork({ 'a.txt': 'work\n' });
    await bench.commit(bench.project, { 'sub/c.txt': 'ours' });
    await writeFiles(bench.project, { 'b.txt': 'mine', 'draft.txt': 'mine' });
    await bench.git(bench.project, 'add', 'b.txt');
    valueOf(await mergeOf(bench, workspace));
    expect(await bench.git(bench.project, 'status', '--porcelain')).toBe('M  b.txt\n?? draft.txt');
  });

  test('unrelated histories and a deleted branch are refused in words', async () => {
    const { bench, workspace } = await withWork({ 'a.txt': 'work\n' });
    await bench.git(workspace.worktree, 'checkout', '-q', '--orphan', 'fresh');
    await bench.commit(workspace.worktree, { 'x.txt': 'x' });
    await bench.git(workspace.worktree, 'branch', '-q', '-f', workspace.branch);
    const before = await userState(bench, bench.project);
    expect(await mergeOf(bench, workspace)).toMatchObject({ ok: false, problem: { detail: /unrelated histories/ } });
    await bench.git(bench.project, 'branch', '-q', '-D', workspace.branch);
    expect(await mergeOf(bench, workspace)).toMatchObject({ ok: false, problem: { detail: /no branch/ } });
    expect(await userState(bench, bench.project)).toBe(before);
  });
});

describe('merge', () => {
  test('refuses while the user is in the middle of a merge', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await bench.commit(workspace.worktree, { 'a.txt': 'work\n' });
    await bench.commit(bench.project, { 'a.txt': 'ours\n' });
    await expect(bench.git(bench.project, 'merge', workspace.branch)).rejects.toThrow('git merge');
    const before = await userState(bench, bench.project);
    expect(await bench.workspaces.merge(bench.project, workspace)).toMatchObject({ ok: false, problem: { detail: /MERGE_HEAD/ } });
    expect(await userState(bench, bench.project)).toBe(before);
  });

  test('refuses when the agent committed elsewhere', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await bench.git(workspace.worktree, 'checkout', '-q', '-b', 'agents-own');
    await bench.commit(workspace.worktree, { 'a.txt': 'work\n' });
    const refused = await bench.workspaces.merge(bench.project, workspace);
    expect(refused).toMatchObject({ ok: false, problem: { code: 'CCM_WORKTREE_DIRTY', detail: /not in ccm-k7m2q\/fix/ } });
  });

  test('does not begin a branch anew that somebody deleted', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await writeFiles(workspace.worktree, { 'a.txt': 'work\n' });
    await bench.git(bench.project, 'update-ref', '-d', `refs/heads/${workspace.branch}`);
    const refused = await bench.workspaces.merge(bench.project, workspace, { commit: 'What was left' });
    expect(refused).toMatchObject({ ok: false, problem: { detail: `There is no branch ${workspace.branch} any more.` } });
    expect(await bench.git(bench.project, 'for-each-ref', '--format=%(refname)', 'refs/heads')).toBe('refs/heads/main');
  });

  test('works after the worktree is gone, and does not write through a link of the project', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await bench.commit(workspace.worktree, { 'linked/x.txt': 'work' });
    await bench.git(bench.project, 'worktree', 'remove', workspace.worktree);
    await symlink(bench.below, join(bench.project, 'linked'));
    expect(await bench.workspaces.merge(bench.project, workspace)).toMatchObject(conflicts(['linked']));
    expect(await readdir(bench.below)).toEqual([]);
  });

  test('leaves nothing in the temp folder', async () => {
    const bench = await gitBench();
    const git = createGit({ env: { HOME: bench.home, PATH: process.env['PATH'] } });
    const head = await bench.git(bench.project, 'rev-parse', 'HEAD');
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('ccm-merge-'));
    valueOf(await mergeInWorktree(git, bench.project, head, head));
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('ccm-merge-'))).toEqual(before);
  });

  test('knows what git lists as in the way', () => {
    const words = 'error: Your local changes to the following files would be overwritten by merge:\n\ta b.txt\n\tc.txt\nPlease commit\n';
    expect(filesInTheWay(words)).toEqual(['a b.txt', 'c.txt']);
    expect(filesInTheWay('fatal: Not possible to fast-forward, aborting.\n')).toEqual([]);
  });
});
