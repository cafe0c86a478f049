/** A fork starts from all an attempt has, or had, and takes nothing from it. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reflogEntries } from '../../../adapters/git/fork-point.ts';
import { gitBench, userState, valueOf, writeFiles } from '../../support/git-repo.ts';

const attempt = async () => {
  const bench = await gitBench();
  const workspace = await bench.prepared();
  const forked = async (before: number | null) => {
    const point = valueOf(await bench.workspaces.forkPoint(bench.project, workspace, before));
    const fork = await bench.prepared({ name: 'zzzzz-1', branch: 'ccm-zzzzz/other', from: point.commit });
    return { ...fork, notes: point.notes, text: (file: string) => readFile(join(fork.worktree, file), 'utf8').catch(() => null) };
  };
  return { bench, workspace, forked };
};

test('as it is: committed, staged, changed and new files, while the attempt goes on untouched', async () => {
  const { bench, workspace, forked } = await attempt();
  await bench.commit(workspace.worktree, { 'b.txt': 'committed\n' });
  await writeFiles(workspace.worktree, { 'a.txt': 'changed\n', 'new/file.txt': 'new\n', 'staged.txt': 'staged\n' });
  await bench.git(workspace.worktree, 'add', 'staged.txt');
  const before = await userState(bench, workspace.worktree);
  const fork = await forked(null);
  expect(await userState(bench, workspace.worktree)).toBe(before);
  expect([await fork.text('a.txt'), await fork.text('b.txt'), await fork.text('new/file.txt'), await fork.text('staged.txt')]).toEqual([
    'changed\n',
    'committed\n',
    'new\n',
    'staged\n',
  ]);
  expect(fork.branch).toBe('ccm-zzzzz/other');
  // What it changed since is counted from where it began.
  expect(valueOf(await bench.workspaces.diffStat(fork))).toEqual({ files: 0, insertions: 0, deletions: 0 });
});

test('an attempt without any work gives its base', async () => {
  const { workspace, forked } = await attempt();
  expect((await forked(null)).base).toBe(workspace.base);
});

test('as it was: what its branch held then, also when that was amended away since', async () => {
  const { bench, workspace, forked } = await attempt();
  const start = Number(await bench.git(bench.project, 'log', '-1', '--format=%ct'));
  // The log of a branch takes its time from whoever commits.
  const commitAt = async (seconds: number, text: string, ...more: string[]): Promise<string> => {
    await writeFiles(workspace.worktree, { 'a.txt': text });
    await bench.git(workspace.worktree, 'add', '-A');
    const dated = ['-c', `alias.dated=!GIT_COMMITTER_DATE='@${start + seconds} +0000' git commit -q -m work ${more.join(' ')}`, 'dated'];
    await bench.git(workspace.worktree, ...dated);
    return bench.git(workspace.worktree, 'rev-parse', 'HEAD');
  };
  const first = await commitAt(100, 'first\n');
  const amended = await commitAt(200, 'second\n', '--amend');
  const at = async (seconds: number): Promise<string> =>
    valueOf(await bench.workspaces.forkPoint(bench.project, workspace, (start + seconds) * 1000 + 999)).commit;
  expect([await at(-50), await at(150), await at(300)]).toEqual([workspace.base, first, amended]);
  const fork = await forked((start + 150) * 1000);
  expect(await fork.text('a.txt')).toBe('first\n');
  expect(fork.notes).toEqual(['Of its files only what was committed by then is carried over.']);
});

test('a worktree that is gone leaves what was committed, and says so', async () => {
  const { bench, workspace, forked } = await attempt();
  await bench.commit(workspace.worktree, { 'b.txt': 'committed\n' });
  await rm(workspace.worktree, { recursive: true });
  const fork = await forked(null);
  expect(await fork.text('b.txt')).toBe('committed\n');
  expect(fork.notes).toEqual(['Its worktree is gone: only what it committed is carried over.']);
});

test('reads the log of a branch as git writes it', () => {
  const [a, b] = ['a'.repeat(40), 'b'.repeat(40)];
  expect(reflogEntries(`${a} ccm-x/y@{1700000100}\n${b} ccm-x/y@{1700000000}\n\nodd`)).toEqual([
    { commit: a, at: 1_700_000_100 },
    { commit: b, at: 1_700_000_000 },
  ]);
});
