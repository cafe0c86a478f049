import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gitWorkspaces } from '../../adapters/git/index.ts';
import type { WorkspaceFacts } from '../../machines/effects.ts';
import { fail } from '../../src/errors.ts';
import type { Workspaces } from '../../src/ports/workspaces.ts';
import { slugOf, workspaceHandlers } from '../../src/supervisor/workspace.ts';
import { tempFolder } from '../support/temp-folder.ts';

const task = '01890a5d-ac96-774b-bcce-b302099a8057';

const setUp = async (workspaces: Workspaces = gitWorkspaces()) => {
  const home = await tempFolder();
  const path = join(home, 'repo');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: path, encoding: 'utf8' });
  execFileSync('git', ['init', '-q', path]);
  await writeFile(join(path, 'file'), 'one\n');
  git('add', '.');
  git('commit', '-qm', 'first');
  const handlers = workspaceHandlers({
    home,
    workspaces,
    projects: { get: (id) => (id === 'known' ? { name: 'repo', path, trusted: false } : undefined) },
  });
  const prepare = async (attempt: number, reuse: WorkspaceFacts | null = null, project = 'known') =>
    handlers['workspace.prepare']({ task, project, attempt, title: 'Füge etwas hinzu!', reuse });
  const ready = async (attempt: number, reuse: WorkspaceFacts | null = null): Promise<WorkspaceFacts> => {
    const result = await prepare(attempt, reuse);
    expect(result).toMatchObject({ outcomes: [{ event: { type: 'WORKSPACE_READY', attempt } }] });
    return ('outcomes' in result ? result.outcomes[0]?.event['workspace'] : null) as WorkspaceFacts;
  };
  return { home, git, handlers, prepare, ready };
};

test('each attempt gets a worktree and a branch named for a person, and what changed is counted', async () => {
  const w = await setUp();
  const made = await w.ready(1);
  expect(made.worktree).toMatch(new RegExp(`^${w.home}/worktrees/known/[0-9a-z]{5}-1$`, 'u'));
  expect(made.branch).toMatch(/^ccm-[0-9a-z]{5}\/fuge-etwas-hinzu$/u);
  await writeFile(join(made.dir, 'new'), 'a\nb\n');
  expect(await w.handlers['workspace.measure']({ task, project: 'known', attempt: 1, workspace: made })).toEqual({
    outcomes: [{ event: { type: 'WORKSPACE_MEASURED', attempt: 1, diff: { files: 1, insertions: 2, deletions: 0 } } }],
  });
});

test('a follow-up works where the last attempt worked; when that is gone, on its branch', async () => {
  const w = await setUp();
  const first = await w.ready(1);
  await writeFile(join(first.dir, 'kept'), 'work\n');
  expect(await w.ready(2, first)).toEqual(first);
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', 'add', '.'], { cwd: first.dir });
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-qm', 'work'], { cwd: first.dir });
  w.git('worktree', 'remove', first.worktree ?? '');
  const second = await w.ready(3, first);
  expect(execFileSync('cat', [join(second.dir, 'kept')], { encoding: 'utf8' })).toBe('work\n');
});

test('a project that is gone is told to the task; a moment of trouble is tried again', async () => {
  const w = await setUp();
  expect(await w.prepare(1, null, 'forgotten')).toMatchObject({
    outcomes: [{ event: { type: 'WORKSPACE_FAILED', attempt: 1, problem: { code: 'CCM_NOT_FOUND' } } }],
  });
  const full: Workspaces = {
    ...gitWorkspaces(),
    prepare: () => Promise.resolve(fail('CCM_DISK_FULL', 'No space left.')),
    diffStat: () => Promise.resolve(fail('CCM_GIT_FAILED', 'No.')),
  };
  const broken = await setUp(full);
  expect(await broken.prepare(1)).toMatchObject({ problem: { code: 'CCM_DISK_FULL' }, retry: true });
  const nowhere = { dir: '/nowhere', worktree: '/nowhere', branch: 'b', base: 'c', notes: [] };
  expect(await broken.handlers['workspace.measure']({ task, project: 'known', attempt: 1, workspace: nowhere })).toEqual({
    outcomes: [{ event: { type: 'WORKSPACE_MEASURED', attempt: 1, diff: null } }],
  });
});

test.each([
  ['Fix the login', 'fix-the-login'],
  ['  ÄÖÜ — ß ', 'aou'],
  ['../../etc/passwd', 'etc-passwd'],
  ['-rf', 'rf'],
  ['修正', 'task'],
  ['x'.repeat(100), 'x'.repeat(40)],
  ['a.lock', 'a-lock'],
])('the slug of %j is %j', (title, slug) => {
  expect(slugOf(title)).toBe(slug);
});

test('a fork starts from the commit it was given, at its first attempt and at every other', async () => {
  const w = await setUp();
  const first = w.git('rev-parse', 'HEAD').trim();
  await writeFile(join(w.home, 'repo', 'file'), 'two\n');
  w.git('commit', '-qam', 'second');
  for (const attempt of [1, 2]) {
    const made = await w.handlers['workspace.prepare']({ task, project: 'known', attempt, title: 'Fork', reuse: null, from: first });
    expect(made).toMatchObject({ outcomes: [{ event: { type: 'WORKSPACE_READY', workspace: { base: first } } }] });
  }
});
