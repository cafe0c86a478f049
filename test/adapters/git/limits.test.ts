import { access, chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { gitWorkspaces, probeGit } from '../../../adapters/git/index.ts';
import { atLeast, majorMinor } from '../../../adapters/git/probe.ts';
import { parseStatus } from '../../../adapters/git/status.ts';
import { parseWorktrees } from '../../../adapters/git/worktree-list.ts';
import { runProcess } from '../../../src/lib/run-process.ts';
import { type Bench, gitBench, valueOf, writeFiles } from '../../support/git-repo.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

/** A filter that says it started, and never ends. */
const slowFilter = async ({ git, project, folder, commit }: Bench, kind: 'clean' | 'smudge'): Promise<string> => {
  await commit(project, { '.gitattributes': '*.slow filter=slow\n', 'x.slow': 'x\n' });
  await git(project, 'config', `filter.slow.${kind}`, `touch '${join(folder, 'started')}'; exec sleep 60`);
  return join(folder, 'started');
};

const isThere = (path: string) => () =>
  access(path).then(
    () => true,
    () => undefined,
  );

describe('bounded time', () => {
  test('a filter that hangs ends the look; the state is unknown, so nothing is removed', async () => {
    const bench = await gitBench('project', { timeoutMs: 400 });
    const workspace = await bench.prepared();
    await bench.commit(workspace.worktree, { '.gitattributes': '*.slow filter=slow\n', 'x.slow': 'one\n' });
    await bench.git(bench.project, 'config', 'filter.slow.clean', 'exec sleep 60');
    // Of the same size: only the filter can tell whether it changed.
    await writeFiles(workspace.worktree, { 'x.slow': 'two\n' });
    const slow = { ok: false, problem: { code: 'CCM_GIT_FAILED', detail: /did not finish within/ } };
    expect(await bench.workspaces.diffStat(workspace)).toMatchObject(slow);
    const kept = valueOf(await bench.workspaces.remove(bench.project, workspace, { discard: false }));
    expect(kept).toMatchObject({ removed: false, reason: 'unknown', rescueRef: null });
    expect(await bench.workspaces.remove(bench.project, workspace, { discard: true })).toMatchObject(slow);
    expect(await isThere(join(workspace.worktree, 'x.slow'))()).toBe(true);
  });

  test('prepare that ran out of time works the second time', async () => {
    const bench = await gitBench('project', { timeoutMs: 200 });
    await slowFilter(bench, 'smudge');
    expect(await bench.workspaces.prepare(bench.spec())).toMatchObject({
      ok: false,
      problem: { detail: /worktree did not finish within 1 s/ },
    });
    await bench.git(bench.project, 'config', '--remove-section', 'filter.slow');
    expect(await bench.prepared()).toMatchObject({ branch: 'ccm-k7m2q/fix' });
  });

  test('a git killed in the middle of making a worktree is repaired', async () => {
    const bench = await gitBench();
    const started = await slowFilter(bench, 'smudge');
    const kill = new AbortController();
    onTestFinished(() => {
      kill.abort();
    });
    const worktree = join(bench.below, 'k7m2q-1');
    const add = runProcess({
      argv: ['/bin/sh', '-c', 'git worktree add -q -b ccm-k7m2q/fix "$0" & echo $! > pid; wait', worktree],
      cwd: bench.project,
      env: { HOME: bench.home, PATH: process.env['PATH'] },
      timeoutMs: 20_000,
      signal: kill.signal,
    });
    await until('the filter started', isThere(started));
    await runProcess({
      argv: ['/bin/sh', '-c', 'kill -9 $(cat pid)'],
      cwd: bench.project,
      env: { PATH: process.env['PATH'] },
      timeoutMs: 5000,
    });
    await add;
    expect(await bench.git(bench.project, 'worktree', 'list', '--porcelain')).toContain('locked initializing');
    await bench.git(bench.project, 'config', '--remove-section', 'filter.slow');
    const workspace = await bench.prepared();
    expect(workspace).toMatchObject({ branch: 'ccm-k7m2q/fix', worktree });
    expect(await bench.git(worktree, 'status', '--porcelain')).toBe('');
  });
});

describe('probeGit', () => {
  const fake = async (script: string): Promise<string> => {
    const path = join(await tempFolder(), 'git');
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  };

  test('finds version and path of the installed one', async () => {
    const { version, path } = valueOf(await probeGit());
    expect(majorMinor(version)).not.toBeNull();
    await access(path);
  });

  test('says when there is none, when it is too old and when it is something else', async () => {
    for (const gitBinary of ['/no/such/git', await fake('echo git version 2.29.9'), await fake('echo hello')]) {
      expect(await probeGit({ gitBinary })).toMatchObject({ ok: false, problem: { code: 'CCM_GIT_MISSING' } });
    }
    expect(valueOf(await probeGit({ gitBinary: await fake('echo "git version 2.50.1 (Apple Git-155)"') }))).toMatchObject({
      version: '2.50.1 (Apple Git-155)',
    });
    expect([atLeast('2.38.0', [2, 38]), atLeast('2.37.9', [2, 38]), atLeast('3.0', [2, 38]), atLeast('x', [0, 0])]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  test('without git a plain folder is still usable, a repository is not', async () => {
    const bench = await gitBench();
    const workspaces = gitWorkspaces({ gitBinary: '/no/such/git' });
    expect(valueOf(await workspaces.inspect(bench.folder))).toMatchObject({ kind: 'plain' });
    expect(await workspaces.inspect(join(bench.project, 'sub'))).toMatchObject({ ok: false, problem: { code: 'CCM_GIT_MISSING' } });
  });
});

describe('what git says', () => {
  test('status entries', () => {
    const zero = '0'.repeat(40);
    const text = [
      `1 .M N... 100644 100644 100644 ${zero} ${zero} a b.txt`,
      `1 A. S.M. 000000 160000 160000 ${zero} ${zero} lib`,
      `u UU N... 100644 100644 100644 100644 ${zero} ${zero} ${zero} both\nlines`,
      '? new file',
      '',
    ].join('\0');
    expect(parseStatus(text)).toEqual([
      { path: 'a b.txt', staged: false, unstaged: true, gitlink: false },
      { path: 'lib', staged: true, unstaged: false, gitlink: true },
      { path: 'both\nlines', staged: true, unstaged: true, gitlink: false },
      { path: 'new file', staged: false, unstaged: true, gitlink: false },
    ]);
  });

  test('worktree lists, with and without NUL', () => {
    const head = 'a'.repeat(40);
    const lines = [
      'worktree /main repo',
      `HEAD ${head}`,
      'branch refs/heads/main',
      '',
      'worktree /other',
      `HEAD ${'0'.repeat(40)}`,
      'detached',
      'locked',
      '',
    ];
    const want = [
      { path: '/main repo', head, branch: 'refs/heads/main', locked: null },
      { path: '/other', head: null, branch: null, locked: '' },
    ];
    expect(parseWorktrees(lines.join('\n'), '\n')).toEqual(want);
    expect(parseWorktrees(lines.join('\0'), '\0')).toEqual(want);
    expect(parseWorktrees('worktree /a\nb\0locked initializing\0\0', '\0')).toMatchObject([{ path: '/a\nb', locked: 'initializing' }]);
  });
});
