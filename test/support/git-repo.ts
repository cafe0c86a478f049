/** Real repositories for tests. No user or system configuration reaches them: HOME is an empty folder. */
import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gitWorkspaces } from '../../adapters/git/index.ts';
import type { Result } from '../../src/errors.ts';
import { runProcess } from '../../src/lib/run-process.ts';
import type { PrepareSpec, Workspace, Workspaces } from '../../src/ports/workspaces.ts';
import { tempFolder } from './temp-folder.ts';

export const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.detail}`);
  return result.value;
};

/** The test's own git, as a user would call it: hooks, filters and settings of the repository are in force. */
export const userGit =
  (home: string) =>
  async (cwd: string, ...args: string[]) => {
    const env = { HOME: home, PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };
    const identity = {
      GIT_AUTHOR_NAME: 'User',
      GIT_AUTHOR_EMAIL: 'u@example.org',
      GIT_COMMITTER_NAME: 'User',
      GIT_COMMITTER_EMAIL: 'u@example.org',
    };
    const said = await runProcess({ argv: ['git', ...args], cwd, env: { ...env, ...identity }, timeoutMs: 20_000 });
    if (said.code !== 0) throw new Error(`git ${args.join(' ')}: ${said.stderr}${said.failure ?? ''}`);
    return said.stdout.replace(/\n$/, '');
  };

export const writeFiles = async (folder: string, files: Record<string, string>): Promise<void> => {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
};

export type Bench = {
  folder: string;
  home: string;
  /** A repository with one commit of `a.txt`, `b.txt`, `sub/c.txt` on `main`. */
  project: string;
  below: string;
  git: (cwd: string, ...args: string[]) => Promise<string>;
  workspaces: Workspaces;
  spec: (more?: Partial<PrepareSpec>) => PrepareSpec;
  prepared: (more?: Partial<PrepareSpec>) => Promise<Workspace & { worktree: string; branch: string; base: string }>;
  commit: (cwd: string, files: Record<string, string>, message?: string) => Promise<string>;
};

/** Made once for each file of tests, and copied: five processes for every repository were half of what it costs to test on one. */
let made: Promise<string> | null = null;
const firstCommit = (): Promise<string> => (made ??= makeFirstCommit());
const makeFirstCommit = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'ccm-first-commit-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const home = join(folder, 'empty-home');
  const repository = join(folder, 'repository');
  await mkdir(home);
  await writeFiles(repository, { 'a.txt': 'one\ntwo\nthree\n', 'b.txt': 'b\n', 'sub/c.txt': 'c\n' });
  const git = userGit(home);
  await git(repository, 'init', '-q', '-b', 'main');
  await git(repository, 'add', '-A');
  await git(repository, 'commit', '-qm', 'first');
  return repository;
};

/** `name` of the project's folder; `options` go to the adapter. */
export const gitBench = async (name = 'project', options: Parameters<typeof gitWorkspaces>[0] = {}): Promise<Bench> =>
  benchIn(await tempFolder(), name, options);

/** For processes of their own, where no test cleans up. */
export const benchIn = async (folder: string, name = 'project', options: Parameters<typeof gitWorkspaces>[0] = {}): Promise<Bench> => {
  const home = join(folder, 'empty-home');
  const project = join(folder, name);
  const below = join(folder, 'ccm', 'worktrees', 'p1');
  await mkdir(home);
  await mkdir(project);
  const git = userGit(home);
  const commit: Bench['commit'] = async (cwd, files, message = 'change') => {
    await writeFiles(cwd, files);
    await git(cwd, 'add', '-A');
    await git(cwd, 'commit', '-qm', message);
    return git(cwd, 'rev-parse', 'HEAD');
  };
  await cp(await firstCommit(), project, { recursive: true });
  const workspaces = gitWorkspaces({ env: { HOME: home, PATH: process.env['PATH'], GIT_CONFIG_NOSYSTEM: '1' }, ...options });
  const spec: Bench['spec'] = (more) => ({ project, below, name: 'k7m2q-1', branch: 'ccm-k7m2q/fix', ...more });
  const prepared: Bench['prepared'] = async (more) => {
    const { worktree, branch, base, ...rest } = valueOf(await workspaces.prepare(spec(more)));
    if (worktree === null || branch === null || base === null) throw new Error('no worktree was made');
    return { ...rest, worktree, branch, base };
  };
  return { folder, home, project, below, git, workspaces, spec, prepared, commit };
};

/** Everything that must not change behind the user's back, as one text to compare. Branches of attempts are left out. */
export const userState = async ({ git }: Bench, cwd: string): Promise<string> => {
  const refs = await git(cwd, 'for-each-ref', 'refs/heads', 'refs/remotes', 'refs/tags', 'refs/stash');
  const parts = [
    await git(cwd, 'rev-parse', 'HEAD'),
    await git(cwd, 'branch', '--show-current'),
    ...refs.split('\n').filter((line) => !line.includes('refs/heads/ccm-')),
    await git(cwd, 'ls-files', '--stage'),
    await git(cwd, 'status', '--porcelain', '-uall'),
    await git(cwd, 'diff'),
    await git(cwd, 'diff', '--cached'),
  ];
  return parts.join('\n---\n');
};
