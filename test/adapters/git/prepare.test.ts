import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exists } from '../../../adapters/git/inspect.ts';
import { gitBench, userState, valueOf, writeFiles } from '../../support/git-repo.ts';

describe('prepare', () => {
  test('makes worktree and branch from HEAD; the changes of the user stay behind, untouched and counted', async () => {
    const bench = await gitBench();
    await writeFiles(bench.project, { 'a.txt': 'changed', 'new.txt': 'x', 'staged.txt': 'y' });
    await bench.git(bench.project, 'add', 'staged.txt');
    const before = await userState(bench, bench.project);
    const workspace = await bench.prepared();
    expect(workspace).toMatchObject({
      dir: join(bench.below, 'k7m2q-1'),
      branch: 'ccm-k7m2q/fix',
      base: await bench.git(bench.project, 'rev-parse', 'HEAD'),
      notes: [`3 uncommitted changes of ${bench.project} stay behind.`],
    });
    expect(await bench.git(workspace.worktree, 'status', '--porcelain')).toBe('');
    expect(await bench.git(workspace.worktree, 'branch', '--show-current')).toBe('ccm-k7m2q/fix');
    expect((await stat(bench.below)).mode & 0o777).toBe(0o700);
    expect(await userState(bench, bench.project)).toBe(before);
  });

  test('starts from another commit when told, and refuses one that does not exist', async () => {
    const bench = await gitBench();
    const first = await bench.git(bench.project, 'rev-parse', 'HEAD');
    await bench.commit(bench.project, { 'a.txt': 'second' });
    expect(await bench.prepared({ from: first })).toMatchObject({ base: first });
    for (const from of ['no-such', '--upload-pack=x', '']) {
      const refused = await bench.workspaces.prepare(bench.spec({ name: 'other', from }));
      expect(refused).toMatchObject({ ok: false, problem: { code: 'CCM_BAD_INPUT' } });
    }
  });

  test('a taken branch name gets the next number; one left at the same commit is used again', async () => {
    const bench = await gitBench();
    await bench.git(bench.project, 'branch', 'ccm-k7m2q/fix');
    expect(await bench.prepared()).toMatchObject({ branch: 'ccm-k7m2q/fix' });
    expect(await bench.prepared({ name: 'k7m2q-2' })).toMatchObject({ branch: 'ccm-k7m2q/fix-2' });
    await bench.commit(bench.project, { 'a.txt': 'moved on' });
    expect(await bench.prepared({ name: 'k7m2q-3' })).toMatchObject({ branch: 'ccm-k7m2q/fix-3' });
  });

  test.each(['-x', 'a..b', 'a b', 'a~1', 'x.lock', '', '@{-1}', 'a\nb', '/abs'])('refuses the branch name %j', async (branch) => {
    const bench = await gitBench();
    expect(await bench.workspaces.prepare(bench.spec({ branch }))).toMatchObject({ ok: false, problem: { code: 'CCM_BAD_INPUT' } });
    expect(await readdir(bench.below)).toEqual([]);
  });

  test.each(['../x', '-x', 'a/b', '', '.', '..', 'a\0b', '.git'])('refuses the worktree name %j', async (name) => {
    const bench = await gitBench();
    expect(await bench.workspaces.prepare(bench.spec({ name }))).toMatchObject({ ok: false, problem: { code: 'CCM_BAD_INPUT' } });
  });

  test('many at the same moment do not trip over each other', async () => {
    const bench = await gitBench();
    const names = ['1', '2', '3', '4'].map((number) => `k7m2q-${number}`);
    const made = await Promise.all(names.map((name) => bench.prepared({ name })));
    expect(new Set(made.map((workspace) => workspace.branch)).size).toBe(4);
  });

  test('a project that is a folder of a repository starts in that folder', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared({ project: join(bench.project, 'sub') });
    expect(workspace.dir).toBe(join(workspace.worktree, 'sub'));
    await mkdir(join(bench.project, 'not', 'committed'), { recursive: true });
    const other = await bench.prepared({ project: join(bench.project, 'not', 'committed'), name: 'k7m2q-2' });
    expect(await readdir(other.dir)).toEqual([]);
    expect(other.notes).toEqual([expect.stringMatching(/not\/committed is not in the commit/)]);
  });

  test('a commit in which the folder is a link out of the worktree is refused', async () => {
    const bench = await gitBench();
    await symlink('/', join(bench.project, 'trap'));
    const from = await bench.commit(bench.project, {});
    await rm(join(bench.project, 'trap'));
    await writeFiles(bench.project, { 'trap/x.txt': 'x' });
    const refused = await bench.workspaces.prepare(bench.spec({ project: join(bench.project, 'trap'), from }));
    expect(refused).toMatchObject({ ok: false, problem: { code: 'CCM_PATH_UNUSABLE' } });
  });
});

describe('prepare after a crash', () => {
  test('gives the same answer although the project has moved on', async () => {
    const bench = await gitBench();
    await writeFiles(bench.project, { 'new.txt': 'x' });
    const workspace = await bench.prepared();
    await bench.commit(bench.project, { 'a.txt': 'moved on' });
    await bench.commit(workspace.worktree, { 'a.txt': 'work' });
    expect(await bench.prepared()).toEqual(workspace);
  });

  test('finishes a worktree that git completed and we did not', async () => {
    const bench = await gitBench();
    await writeFiles(bench.project, { '.gitignore': '.env\n', '.env': 'S=1', '.worktreeinclude': '.env\n' });
    await bench.commit(bench.project, {});
    const base = await bench.git(bench.project, 'rev-parse', 'HEAD');
    await bench.git(bench.project, 'worktree', 'add', '-q', '-b', 'ccm-k7m2q/fix', join(bench.below, 'k7m2q-1'));
    await bench.commit(bench.project, { 'a.txt': 'moved on' });
    const workspace = await bench.prepared();
    expect(workspace).toMatchObject({ branch: 'ccm-k7m2q/fix', base });
    expect(await readFile(join(workspace.dir, '.env'), 'utf8')).toBe('S=1');
  });

  test('makes a half-made worktree again', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    // The state `git worktree add` leaves when it is killed: locked as initializing, a part of the files, no marker.
    const gitDir = await bench.git(workspace.worktree, 'rev-parse', '--absolute-git-dir');
    await writeFiles(gitDir, { locked: 'initializing' });
    for (const name of ['index', 'ccm-workspace.json']) await rm(join(gitDir, name));
    await rm(join(workspace.worktree, 'a.txt'));
    expect(await bench.prepared()).toEqual(workspace);
    expect(await bench.git(workspace.worktree, 'status', '--porcelain')).toBe('');
    expect(await bench.git(bench.project, 'worktree', 'list', '--porcelain')).not.toContain('locked');
  });

  test('makes a vanished worktree again and leaves the other entries alone', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    const unmounted = join(bench.folder, 'own');
    await bench.git(bench.project, 'worktree', 'add', '-q', unmounted);
    await rename(unmounted, `${unmounted}-unmounted`);
    await rm(workspace.worktree, { recursive: true });
    expect(await bench.prepared()).toEqual(workspace);
    expect(await exists(join(workspace.worktree, 'a.txt'))).toBe(true);
    expect(await bench.git(bench.project, 'worktree', 'list')).toContain(`${unmounted} `);
  });

  test('refuses a folder with something else in it, and leaves it as it is', async () => {
    const bench = await gitBench();
    await writeFiles(join(bench.below, 'k7m2q-1'), { 'x.txt': 'precious' });
    expect(await bench.workspaces.prepare(bench.spec())).toMatchObject({ ok: false, problem: { code: 'CCM_CONFLICT' } });
    expect(await readFile(join(bench.below, 'k7m2q-1', 'x.txt'), 'utf8')).toBe('precious');
  });
});

describe('repositories of every kind', () => {
  test('without a commit', async () => {
    const bench = await gitBench();
    const empty = join(bench.folder, 'empty');
    await bench.git(bench.folder, 'init', '-q', '-b', 'main', empty);
    expect(await bench.workspaces.inspect(empty)).toMatchObject({
      ok: true,
      value: { kind: 'git', head: null, branch: null, root: empty },
    });
    const refused = await bench.workspaces.prepare(bench.spec({ project: empty }));
    expect(refused).toMatchObject({ ok: false, problem: { code: 'CCM_GIT_NO_COMMIT' } });
  });

  test('bare, or the inside of .git', async () => {
    const bench = await gitBench();
    const bare = join(bench.folder, 'bare.git');
    await bench.git(bench.folder, 'clone', '-q', '--bare', bench.project, bare);
    expect(await bench.workspaces.inspect(bare)).toMatchObject({ ok: false, problem: { code: 'CCM_GIT_BARE' } });
    expect(await bench.workspaces.inspect(join(bench.project, '.git', 'refs'))).toMatchObject({
      ok: false,
      problem: { code: 'CCM_PATH_UNUSABLE' },
    });
    // A worktree of a bare repository is a project like any other.
    const linked = join(bench.folder, 'linked');
    await bench.git(bare, 'worktree', 'add', '-q', linked, 'main');
    const workspace = await bench.prepared({ project: linked });
    expect(valueOf(await bench.workspaces.remove(linked, workspace, { discard: false }))).toMatchObject({ removed: true });
  });

  test('with a detached HEAD', async () => {
    const bench = await gitBench();
    await bench.git(bench.project, 'checkout', '-q', '--detach');
    expect(valueOf(await bench.workspaces.inspect(bench.project))).toMatchObject({ branch: null, head: expect.any(String) });
    const workspace = await bench.prepared();
    await bench.commit(workspace.worktree, { 'a.txt': 'work' });
    expect(await bench.workspaces.merge(bench.project, workspace)).toMatchObject({ ok: false, problem: { code: 'CCM_GIT_DETACHED' } });
  });

  test('another worktree, a shallow clone, a sparse checkout', async () => {
    const bench = await gitBench();
    const first = await bench.prepared();
    await bench.commit(first.worktree, { 'a.txt': 'work' });
    const second = await bench.prepared({ project: first.worktree, name: 'k7m2q-2' });
    expect(await readFile(join(second.dir, 'a.txt'), 'utf8')).toBe('work');
    const shallow = join(bench.folder, 'shallow');
    await bench.git(bench.folder, 'clone', '-q', '--depth=1', `file://${bench.project}`, shallow);
    expect(valueOf(await bench.workspaces.diffStat(await bench.prepared({ project: shallow, name: 's-1' })))).toMatchObject({ files: 0 });
    await bench.git(bench.project, 'sparse-checkout', 'set', 'sub');
    const sparse = await bench.prepared({ name: 'k7m2q-3' });
    expect(valueOf(await bench.workspaces.diffStat(sparse))).toMatchObject({ files: 0 });
    expect(valueOf(await bench.workspaces.remove(bench.project, sparse, { discard: false }))).toMatchObject({ removed: true });
  });

  test('a folder its repository ignores is a plain folder', async () => {
    const bench = await gitBench();
    await bench.commit(bench.project, { '.gitignore': '.ccm/\n' });
    await writeFiles(bench.project, { '.ccm/demo/x.txt': 'x' });
    const facts = valueOf(await bench.workspaces.inspect(join(bench.project, '.ccm', 'demo')));
    expect(facts).toMatchObject({ kind: 'plain', root: null });
  });

  test('a broken repository is a problem, not a plain folder', async () => {
    const bench = await gitBench();
    const moved = join(bench.folder, 'moved');
    await cp((await bench.prepared()).worktree, moved, { recursive: true });
    await writeFiles(moved, { '.git': 'gitdir: /no/such/place\n' });
    expect(await bench.workspaces.inspect(moved)).toMatchObject({ ok: false, problem: { code: 'CCM_GIT_FAILED' } });
  });
});

describe('project paths of every kind', () => {
  test.each([
    ['spaces', 'my project  x'],
    ['quotes', `it's "quoted" $HOME \`x\``],
    ['a line break', 'two\nlines'],
    ['a final line break', 'line\n'],
    ['a leading dash', '--upload-pack=x'],
    ['unicode', 'größe-日本-👩‍👧'],
    ['a colon and a backslash', 'a:b\\c'],
    ['globs', 'a*[b]?{c}'],
    ['over 200 characters', 'long-'.repeat(48)],
  ])('%s', async (_name, folder) => {
    const bench = await gitBench(folder);
    await bench.commit(bench.project, { '.gitignore': '.env\n', '.worktreeinclude': '.env\n' });
    await writeFiles(bench.project, { '.env': 'S=1' });
    const workspace = await bench.prepared();
    expect(await exists(join(workspace.worktree, '.env'))).toBe(true);
    await writeFiles(workspace.worktree, { [folder.slice(0, 100)]: 'x\n' });
    expect(valueOf(await bench.workspaces.diffStat(workspace))).toEqual({ files: 1, insertions: 1, deletions: 0 });
    expect(valueOf(await bench.workspaces.remove(bench.project, workspace, { discard: false }))).toMatchObject({ reason: 'dirty' });
    await bench.commit(workspace.worktree, {});
    valueOf(await bench.workspaces.merge(bench.project, workspace));
    expect(valueOf(await bench.workspaces.remove(bench.project, workspace, { discard: false }))).toMatchObject({ removed: true });
    expect(await exists(workspace.worktree)).toBe(false);
  });

  test('missing, a file, through a file, relative, a loop, too long, with NUL: refused in words', async () => {
    const { folder, project, workspaces } = await gitBench();
    await symlink('loop', join(folder, 'loop'));
    const words: Record<string, RegExp> = {
      [join(folder, 'missing')]: /does not exist/,
      [join(project, 'a.txt')]: /is not a folder/,
      [join(project, 'a.txt', 'x')]: /leads through a file/,
      project: /not an absolute path/,
      [join(folder, 'loop')]: /leads to itself/,
      [join(folder, 'x'.repeat(300))]: /longer than/,
      [`${folder}\0x`]: /cannot be used/,
    };
    for (const [path, detail] of Object.entries(words)) {
      expect(await workspaces.inspect(path)).toMatchObject({ ok: false, problem: { code: 'CCM_PATH_UNUSABLE', detail } });
    }
    await symlink(project, join(folder, 'link'));
    expect(valueOf(await workspaces.inspect(join(folder, 'link')))).toMatchObject({ path: project, root: project });
    await chmod(project, 0o755);
  });
});
