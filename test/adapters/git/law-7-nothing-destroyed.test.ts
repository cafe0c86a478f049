/** Law 7: nothing of the user's is destroyed silently. */
import { chmod, mkdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exists } from '../../../adapters/git/inspect.ts';
import type { Removal, Workspace } from '../../../src/ports/workspaces.ts';
import { type Bench, gitBench, userState, valueOf, writeFiles } from '../../support/git-repo.ts';

type Prepared = Awaited<ReturnType<Bench['prepared']>>;
type Work = (bench: Bench, at: Prepared) => Promise<unknown>;

const removal = async ({ workspaces, project }: Bench, workspace: Workspace, discard = false): Promise<Removal> =>
  valueOf(await workspaces.remove(project, workspace, { discard }));

const show = ({ git, project }: Bench, ref: string | null, path: string): Promise<string> => git(project, 'show', `${ref}:${path}`);

const committed: Work = (bench, { worktree }) => bench.commit(worktree, { 'work.txt': 'precious' });

describe('a worktree with work is parked, and its rescue ref holds the work', () => {
  const cases: [string, 'dirty' | 'unpushed', Work][] = [
    ['an untracked file', 'dirty', (_bench, { worktree }) => writeFiles(worktree, { 'work.txt': 'precious' })],
    [
      'an untracked file in an untracked folder',
      'dirty',
      (_bench, { worktree }) => writeFiles(worktree, { 'deep/er/work.txt': 'precious' }),
    ],
    ['a changed file', 'dirty', (_bench, { worktree }) => writeFiles(worktree, { 'a.txt': 'precious' })],
    ['a deleted file', 'dirty', (_bench, { worktree }) => rm(join(worktree, 'a.txt'))],
    ['a changed mode', 'dirty', (_bench, { worktree }) => chmod(join(worktree, 'a.txt'), 0o755)],
    [
      'a staged change whose file was put back',
      'dirty',
      async ({ git }, { worktree }) => {
        await writeFiles(worktree, { 'a.txt': 'precious' });
        await git(worktree, 'add', 'a.txt');
        await git(worktree, 'restore', '--worktree', '--source=HEAD', 'a.txt');
      },
    ],
    [
      'a change hidden by assume-unchanged',
      'dirty',
      async ({ git }, { worktree }) => {
        await git(worktree, 'update-index', '--assume-unchanged', 'a.txt');
        await writeFiles(worktree, { 'a.txt': 'precious' });
      },
    ],
    [
      'a change hidden by skip-worktree',
      'dirty',
      async ({ git }, { worktree }) => {
        await git(worktree, 'update-index', '--skip-worktree', 'sub/c.txt');
        await writeFiles(worktree, { 'sub/c.txt': 'precious' });
      },
    ],
    ['a commit', 'unpushed', committed],
    [
      'a commit on a detached HEAD',
      'unpushed',
      async (bench, at) => {
        await bench.git(at.worktree, 'checkout', '-q', '--detach');
        await committed(bench, at);
      },
    ],
    [
      'commits on the branch while the agent stands elsewhere',
      'unpushed',
      async (bench, at) => {
        await committed(bench, at);
        await bench.git(at.worktree, 'checkout', '-q', '--detach', at.base);
      },
    ],
    [
      'an unfinished merge that conflicts',
      'dirty',
      async (bench, { worktree, base }) => {
        await bench.commit(worktree, { 'a.txt': 'mine\n' });
        const mine = await bench.git(worktree, 'rev-parse', 'HEAD');
        await bench.git(worktree, 'checkout', '-q', '--detach', base);
        await bench.commit(worktree, { 'a.txt': 'other\n' });
        await expect(bench.git(worktree, 'merge', mine)).rejects.toThrow('git merge');
      },
    ],
    [
      'an unborn branch',
      'dirty',
      async ({ git }, { worktree }) => {
        await git(worktree, 'checkout', '-q', '--orphan', 'fresh');
        await writeFiles(worktree, { 'a.txt': 'precious' });
      },
    ],
  ];

  test.each(cases)('%s', async (_name, reason, work) => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await work(bench, workspace);
    const before = await userState(bench, workspace.worktree).catch(() => 'no commit yet');
    const parked = await removal(bench, workspace);
    expect(parked).toMatchObject({ removed: false, reason, rescueRef: expect.stringMatching(/^refs\/ccm\/rescue\/k7m2q-1-/) });
    expect(await userState(bench, workspace.worktree).catch(() => 'no commit yet')).toBe(before);
    const held = await bench.git(bench.project, 'log', '-m', '-p', '--format=', `${parked.rescueRef}`, '--not', 'main');
    if (before.includes('precious') || reason === 'unpushed') expect(held).toContain('precious');
    expect(held).not.toBe('');
  });

  test('a staged change that is nowhere in the files is in the rescue too', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await writeFiles(workspace.worktree, { 'a.txt': 'precious' });
    await bench.git(workspace.worktree, 'add', 'a.txt');
    await writeFiles(workspace.worktree, { 'a.txt': 'later' });
    const { rescueRef } = await removal(bench, workspace, true);
    expect(await show(bench, rescueRef, 'a.txt')).toBe('later');
    expect(await show(bench, `${rescueRef}^2`, 'a.txt')).toBe('precious');
  });
});

test('an unfinished operation is not safe, even when nothing differs', async () => {
  const bench = await gitBench();
  const workspace = await bench.prepared();
  await bench.commit(bench.project, { 'b.txt': 'moved on' });
  await bench.git(workspace.worktree, 'merge', '--no-commit', '--no-ff', '-s', 'ours', 'main');
  expect(await bench.git(workspace.worktree, 'status', '--porcelain')).toBe('');
  expect(await removal(bench, workspace)).toMatchObject({ removed: false, reason: 'dirty' });
});

test('a change of the same size in the same second is not missed', async () => {
  const bench = await gitBench();
  const workspace = await bench.prepared();
  await bench.git(bench.project, 'config', 'core.trustctime', 'false');
  const second = 1_700_000_000;
  const file = join(workspace.worktree, 'a.txt');
  const index = join(await bench.git(workspace.worktree, 'rev-parse', '--absolute-git-dir'), 'index');
  await writeFile(file, 'before\n');
  await utimes(file, second, second);
  await bench.git(workspace.worktree, 'commit', '-qam', 'before');
  await utimes(index, second, second);
  await writeFile(file, 'after!\n');
  await utimes(file, second, second);
  const { rescueRef } = await removal(bench, workspace);
  expect(await show(bench, rescueRef, 'a.txt')).toBe('after!');
  expect(valueOf(await bench.workspaces.diff(workspace, 1000)).text).toContain('+after!');
});

describe('discard', () => {
  test('removes worktree and branch, and everything can be had back from the rescue ref', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await committed(bench, workspace);
    await writeFiles(workspace.worktree, { 'later.txt': 'also precious', 'a.txt': 'changed' });
    const gone = await removal(bench, workspace, true);
    expect(gone).toMatchObject({ removed: true, notes: [] });
    expect(await exists(workspace.worktree)).toBe(false);
    expect(await bench.git(bench.project, 'branch', '--list', 'ccm-*')).toBe('');
    expect(await show(bench, gone.rescueRef, 'work.txt')).toBe('precious');
    expect(await show(bench, gone.rescueRef, 'later.txt')).toBe('also precious');
    expect(await show(bench, gone.rescueRef, 'a.txt')).toBe('changed');
    await bench.git(bench.project, 'gc', '-q', '--prune=now');
    expect(await show(bench, gone.rescueRef, 'later.txt')).toBe('also precious');
  });

  test('deletes nothing when the rescue cannot be written', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await writeFiles(workspace.worktree, { 'work.txt': 'precious' });
    // A ref of this name makes every ref below it impossible.
    await bench.git(bench.project, 'update-ref', 'refs/ccm/rescue', 'HEAD');
    expect(await bench.workspaces.remove(bench.project, workspace, { discard: true })).toMatchObject({ ok: false });
    expect(await readFile(join(workspace.worktree, 'work.txt'), 'utf8')).toBe('precious');
    expect(await removal(bench, workspace)).toMatchObject({ removed: false, reason: 'dirty', rescueRef: null, notes: [/No rescue ref/] });
  });

  test('says what the rescue ref does not hold: a repository inside the worktree', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    for (const name of ['nested', 'empty']) await bench.git(workspace.worktree, 'init', '-q', name);
    await bench.commit(join(workspace.worktree, 'nested'), { 'x.txt': 'x' });
    await writeFiles(workspace.worktree, { 'work.txt': 'precious' });
    const gone = await removal(bench, workspace, true);
    expect(gone).toMatchObject({ removed: true, notes: [expect.stringMatching(/nested/)] });
    expect(await show(bench, gone.rescueRef, 'work.txt')).toBe('precious');
  });
});

describe('what counts as held elsewhere', () => {
  test('a merged branch goes, with its settings', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await committed(bench, workspace);
    await bench.git(bench.project, 'config', `branch.${workspace.branch}.description`, 'x');
    valueOf(await bench.workspaces.merge(bench.project, workspace));
    expect(await removal(bench, workspace)).toEqual({ removed: true, rescueRef: null, notes: [] });
    expect(await bench.git(bench.project, 'branch', '--list', 'ccm-*')).toBe('');
    await expect(bench.git(bench.project, 'config', '--get-regexp', '^branch')).rejects.toThrow('git config');
  });

  test('a pushed branch goes, a rescue ref alone does not count', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await committed(bench, workspace);
    const parked = await removal(bench, workspace);
    expect(parked).toMatchObject({ removed: false, reason: 'unpushed' });
    expect(await removal(bench, workspace)).toEqual(parked);
    await bench.git(bench.folder, 'init', '-q', '--bare', 'hub.git');
    await bench.git(bench.project, 'remote', 'add', 'origin', join(bench.folder, 'hub.git'));
    await bench.git(workspace.worktree, 'push', '-q', '-u', 'origin', 'HEAD');
    expect(await removal(bench, workspace)).toMatchObject({ removed: true, rescueRef: null });
  });

  test('a branch the agent made keeps its commits and stays', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await bench.git(workspace.worktree, 'checkout', '-q', '-b', 'agents-own');
    await committed(bench, workspace);
    expect(await removal(bench, workspace)).toMatchObject({ removed: true });
    expect(await show(bench, 'agents-own', 'work.txt')).toBe('precious');
  });

  test('a worktree deleted by hand: the entry goes, a branch with work stays and is named', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await committed(bench, workspace);
    await rm(workspace.worktree, { recursive: true });
    expect(await removal(bench, workspace)).toMatchObject({ removed: true, rescueRef: null, notes: [/ccm-k7m2q\/fix was kept/] });
    expect(await show(bench, workspace.branch, 'work.txt')).toBe('precious');
  });

  test('commits in a submodule that its remote does not have', async () => {
    const bench = await gitBench();
    const library = join(bench.folder, 'library');
    await mkdir(library);
    await bench.git(library, 'init', '-q', '-b', 'main');
    await bench.commit(library, { 'lib.txt': 'lib' });
    const allow = ['-c', 'protocol.file.allow=always'];
    await bench.git(bench.project, ...allow, 'submodule', '--quiet', 'add', library, 'lib');
    await bench.commit(bench.project, {});
    const workspace = await bench.prepared();
    expect(workspace.notes).toEqual([expect.stringMatching(/Submodules are not checked out/)]);
    await bench.git(workspace.worktree, ...allow, 'submodule', '--quiet', 'update', '--init');
    const inside = join(workspace.worktree, 'lib');
    await bench.git(inside, 'checkout', '-q', '-b', 'mine');
    await bench.commit(inside, { 'lib.txt': 'precious' });
    await bench.git(inside, 'checkout', '-q', 'main');
    expect(await removal(bench, workspace)).toMatchObject({ removed: false, reason: 'unpushed' });
    await bench.git(inside, 'branch', '-D', 'mine');
    expect(await removal(bench, workspace)).toMatchObject({ removed: true });
    expect(await exists(workspace.worktree)).toBe(false);
  });
});

describe('hands off what is not ours', () => {
  const untouched = async (bench: Bench, folder: string, file: string) =>
    expect(await readFile(join(folder, file), 'utf8'), `${folder} of ${bench.folder}`).not.toBe('');

  test('the user has a worktree of their own', async () => {
    const bench = await gitBench();
    const own = join(bench.folder, 'own');
    await bench.git(bench.project, 'worktree', 'add', '-q', own);
    const claim = { ...(await bench.prepared()), worktree: own, dir: own, branch: 'own' };
    expect(await removal(bench, claim, true)).toMatchObject({ removed: false, reason: 'unknown', rescueRef: null });
    await untouched(bench, own, 'a.txt');
  });

  test('the project itself, a folder around it, a folder beside it', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    for (const worktree of [bench.project, bench.folder, '/']) {
      const refused = await bench.workspaces.remove(bench.project, { ...workspace, worktree }, { discard: true });
      expect(refused).toMatchObject({ ok: false, problem: { code: 'CCM_PATH_UNUSABLE' } });
    }
    await writeFiles(join(bench.folder, 'beside'), { 'x.txt': 'x' });
    expect(await removal(bench, { ...workspace, worktree: join(bench.folder, 'beside') }, true)).toMatchObject({ reason: 'unknown' });
    await untouched(bench, bench.project, 'a.txt');
    await untouched(bench, join(bench.folder, 'beside'), 'x.txt');
  });

  test('a symbolic link stands where the worktree was', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    const elsewhere = join(bench.folder, 'elsewhere');
    await rename(workspace.worktree, elsewhere);
    await symlink(elsewhere, workspace.worktree);
    const refused = await bench.workspaces.remove(bench.project, workspace, { discard: true });
    expect(refused).toMatchObject({ ok: false, problem: { code: 'CCM_PATH_UNUSABLE' } });
    await untouched(bench, elsewhere, 'a.txt');
  });

  test('a worktree that lost its .git file, also where a repository lies around it', async () => {
    const bench = await gitBench();
    await bench.git(bench.folder, 'init', '-q', '.');
    const workspace = await bench.prepared();
    await rm(join(workspace.worktree, '.git'));
    expect(await removal(bench, workspace, true)).toMatchObject({ removed: false, reason: 'unknown' });
    // git itself would answer for the repository around it.
    for (const look of [bench.workspaces.rescue(workspace), bench.workspaces.diffStat(workspace)]) {
      expect(await look).toMatchObject({ ok: false, problem: { code: 'CCM_PATH_UNUSABLE' } });
    }
    await untouched(bench, workspace.worktree, 'a.txt');
  });

  test('a damaged index: the state cannot be told, so it is not safe', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await writeFile(join(await bench.git(workspace.worktree, 'rev-parse', '--absolute-git-dir'), 'index'), 'rubbish');
    expect(await removal(bench, workspace)).toMatchObject({ removed: false, reason: 'unknown', notes: [/No rescue/, /cannot be told/] });
    expect(await bench.workspaces.remove(bench.project, workspace, { discard: true })).toMatchObject({ ok: false });
    await untouched(bench, workspace.worktree, 'a.txt');
  });

  test('a worktree the user has locked', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await bench.git(bench.project, 'worktree', 'lock', '--reason', 'mine now', workspace.worktree);
    for (const discard of [false, true]) {
      expect(await bench.workspaces.remove(bench.project, workspace, { discard })).toMatchObject({
        ok: false,
        problem: { detail: /mine now/ },
      });
    }
    await untouched(bench, workspace.worktree, 'a.txt');
  });
});
