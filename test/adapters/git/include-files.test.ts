import { chmod, lstat, mkdir, readdir, readFile, readlink, stat, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exists } from '../../../adapters/git/inspect.ts';
import { runProcess } from '../../../src/lib/run-process.ts';
import { type Bench, gitBench, writeFiles } from '../../support/git-repo.ts';

const withPatterns = async (patterns: string, ignore: string, options: Parameters<typeof gitBench>[1] = {}): Promise<Bench> => {
  const bench = await gitBench('project', options);
  await bench.commit(bench.project, { '.gitignore': ignore, '.worktreeinclude': patterns });
  return bench;
};

describe('.worktreeinclude', () => {
  test('copies ignored files that match, with their modes, and nothing else', async () => {
    const bench = await withPatterns(
      '# for agents\n.env*\n!.env.example\nnode_modules/.cache\n/conf/*.key\n',
      '.env*\nnode_modules/\n*.key\nbuild/\n',
    );
    await writeFiles(bench.project, {
      '.env': 'S=1',
      '.env.example': 'x',
      'sub/.env.local': 'S=2',
      'node_modules/.cache/deep/x': 'cached',
      'node_modules/big/index.js': 'no',
      'conf/a.key': 'key',
      'other/b.key': 'no',
      'build/out': 'no',
    });
    await chmod(join(bench.project, '.env'), 0o600);
    await chmod(join(bench.project, 'conf/a.key'), 0o755);
    const { worktree, notes } = await bench.prepared();
    for (const name of ['.env', 'sub/.env.local', 'node_modules/.cache/deep/x', 'conf/a.key']) {
      expect(await readFile(join(worktree, name), 'utf8')).toBe(await readFile(join(bench.project, name), 'utf8'));
      expect((await stat(join(worktree, name))).mode).toBe((await stat(join(bench.project, name))).mode);
    }
    for (const name of ['.env.example', 'node_modules/big', 'other', 'build']) expect(await exists(join(worktree, name)), name).toBe(false);
    expect(notes).toEqual(['4 ignored files named in .worktreeinclude were copied.']);
    expect(await bench.git(worktree, 'status', '--porcelain')).toBe('');
  });

  test('leaves untracked files that are not ignored where they are', async () => {
    const bench = await withPatterns('*\n', '.env\n');
    await writeFiles(bench.project, { 'draft.txt': 'unfinished', '.env': 'S=1', 'a.txt': 'changed' });
    const { worktree } = await bench.prepared();
    expect(await exists(join(worktree, 'draft.txt'))).toBe(false);
    expect(await exists(join(worktree, '.env'))).toBe(true);
    expect(await readFile(join(worktree, 'a.txt'), 'utf8')).toBe('one\ntwo\nthree\n');
  });

  test('links that lead out are left behind, links inside keep their meaning', async () => {
    const bench = await withPatterns('*\n', 'ignored/\n');
    await writeFiles(bench.project, { 'ignored/real': 'x' });
    await writeFiles(bench.folder, { 'outside/secret': 'no' });
    const links = {
      inside: 'real',
      absolute: join(bench.project, 'a.txt'),
      out: '../../outside/secret',
      folder: '../../outside',
      dangling: 'nothing',
    };
    for (const [name, goal] of Object.entries(links)) await symlink(goal, join(bench.project, 'ignored', name));
    const { worktree, notes } = await bench.prepared();
    expect(await readlink(join(worktree, 'ignored/inside'))).toBe('real');
    expect(await readFile(join(worktree, 'ignored/inside'), 'utf8')).toBe('x');
    for (const name of ['absolute', 'out', 'folder', 'dangling']) expect(await exists(join(worktree, 'ignored', name)), name).toBe(false);
    expect(notes.join()).toMatch(/4 files of .worktreeinclude could not be copied: ignored\/absolute \(a link out of the project\)/);
  });

  test('a link in the commit does not lead the copy out of the worktree', async () => {
    const bench = await withPatterns('*\n', '*.key\n');
    const outside = join(bench.folder, 'outside');
    await mkdir(outside);
    await symlink(outside, join(bench.project, 'conf'));
    const from = await bench.commit(bench.project, {});
    await bench.git(bench.project, 'rm', '-q', 'conf');
    await bench.commit(bench.project, { 'conf/x.key': 'secret' });
    await writeFiles(bench.project, { 'conf/x.key': 'secret', 'conf/deep/er/y.key': 'secret' });
    const { notes } = await bench.prepared({ from });
    expect(await readdir(outside)).toEqual([]);
    expect(notes.join()).toMatch(/2 files .*: conf\/deep\/er\/y\.key \(outside the worktree\), conf\/x\.key \(outside/);
  });

  test('stops at the limits and says so; special files and repositories inside are no files', async () => {
    const bench = await withPatterns('*\n', 'cache/\n', { includeLimits: { bytes: 10_000, files: 3 } });
    await writeFiles(bench.project, { 'cache/huge': '', 'cache/1': 'a', 'cache/2': 'b', 'cache/3': 'c', 'cache/4': 'd' });
    await truncate(join(bench.project, 'cache/huge'), 10_001);
    await runProcess({
      argv: ['mkfifo', join(bench.project, 'cache/0-pipe')],
      cwd: '/',
      env: { PATH: process.env['PATH'] },
      timeoutMs: 5000,
    });
    await bench.git(bench.project, 'init', '-q', 'cache/nested');
    const { worktree, notes } = await bench.prepared();
    expect((await lstat(join(worktree, 'cache/3'))).isFile()).toBe(true);
    for (const name of ['huge', '4', '0-pipe', 'nested']) expect(await exists(join(worktree, 'cache', name)), name).toBe(false);
    expect(notes.join(' ')).toMatch(
      /3 ignored files .* 2 files of .worktreeinclude stayed behind, over the limit .*: cache\/4, cache\/huge/,
    );
  });

  test('is read from the project folder and from the top of the repository; a link or a huge file is not used', async () => {
    const bench = await withPatterns('/.env\n', '.env\n');
    await writeFiles(bench.project, { '.env': 'top', 'sub/.env': 'sub', 'sub/.worktreeinclude': '.env\n' });
    const { worktree } = await bench.prepared({ project: join(bench.project, 'sub') });
    expect(await readFile(join(worktree, '.env'), 'utf8')).toBe('top');
    expect(await readFile(join(worktree, 'sub/.env'), 'utf8')).toBe('sub');

    const other = await gitBench();
    await symlink('/etc/passwd', join(other.project, '.worktreeinclude'));
    await writeFiles(other.project, { 'sub/.worktreeinclude': '#'.repeat(70_000) });
    const { notes } = await other.prepared({ project: join(other.project, 'sub') });
    expect(notes.filter((note) => note.includes('was not used'))).toHaveLength(2);
  });
});
