import { chmod, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseShortStat } from '../../../adapters/git/diff.ts';
import { gitBench, userState, valueOf, writeFiles } from '../../support/git-repo.ts';

describe('diffStat and diff', () => {
  test('leave no trace: index, files, branch and object store stay as they are', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await writeFiles(workspace.worktree, { 'a.txt': 'staged', 'new.txt': 'x' });
    await bench.git(workspace.worktree, 'add', 'a.txt');
    await writeFiles(workspace.worktree, { 'a.txt': 'later' });
    const state = async () => [await userState(bench, workspace.worktree), await bench.git(bench.project, 'count-objects', '-v')];
    const before = await state();
    expect(valueOf(await bench.workspaces.diffStat(workspace))).toEqual({ files: 2, insertions: 2, deletions: 3 });
    valueOf(await bench.workspaces.diff(workspace, 1000));
    expect(await state()).toEqual(before);
    const gitDir = await bench.git(workspace.worktree, 'rev-parse', '--absolute-git-dir');
    expect((await readdir(gitDir)).filter((name) => name.includes('snapshot'))).toEqual([]);
  });

  test('renames, modes, links, deletions, binary and ignored files', async () => {
    const bench = await gitBench();
    await bench.commit(bench.project, { '.gitignore': '*.log\n', 'long.txt': 'line\n'.repeat(50) });
    const workspace = await bench.prepared();
    const at = (name: string): string => join(workspace.worktree, name);
    await rename(at('long.txt'), at('moved.txt'));
    await chmod(at('b.txt'), 0o755);
    await rm(at('sub/c.txt'));
    await symlink('/etc/passwd', at('link'));
    await writeFile(at('data.bin'), Buffer.from([0, 1, 2, 255]));
    await writeFiles(workspace.worktree, { 'debug.log': 'ignored' });
    const { text } = valueOf(await bench.workspaces.diff(workspace, 100_000));
    for (const line of [
      'rename from long.txt',
      'rename to moved.txt',
      'old mode 100644',
      'new mode 100755',
      'deleted file mode',
      'new file mode 120000',
    ]) {
      expect(text).toContain(line);
    }
    expect(text).toContain('+/etc/passwd');
    expect(text).toMatch(/Binary files \/dev\/null and b\/data\.bin differ/);
    expect(text).not.toContain('debug.log');
    expect(text).not.toContain('root:');
    expect(valueOf(await bench.workspaces.diffStat(workspace))).toEqual({ files: 5, insertions: 1, deletions: 1 });
  });

  test('a large change is cut at the limit, between characters', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await writeFiles(workspace.worktree, { 'big.txt': 'ü\n'.repeat(500_000) });
    const { text, truncated } = valueOf(await bench.workspaces.diff(workspace, 1001));
    expect(truncated).toBe(true);
    expect(text).not.toContain('\ufffd');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1001);
  });

  test('a file that is not UTF-8 and a file whose name is not', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await writeFile(Buffer.concat([Buffer.from(`${workspace.worktree}/`), Buffer.from([0xff, 0xfe])]), Buffer.from([0xe9, 0x0a]));
    expect(valueOf(await bench.workspaces.diffStat(workspace))).toEqual({ files: 1, insertions: 1, deletions: 0 });
    expect(valueOf(await bench.workspaces.diff(workspace, 1000)).text).toContain('+\ufffd');
    expect(valueOf(await bench.workspaces.remove(bench.project, workspace, { discard: true }))).toMatchObject({ removed: true, notes: [] });
  });

  test('a worktree that is gone is a problem in words', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await rm(workspace.worktree, { recursive: true });
    expect(await bench.workspaces.diffStat(workspace)).toMatchObject({ ok: false, problem: { code: 'CCM_PATH_UNUSABLE' } });
  });

  test('of a worktree taken away by hand, what its branch holds is shown, with a note', async () => {
    const bench = await gitBench();
    const workspace = await bench.prepared();
    await bench.commit(workspace.worktree, { 'a.txt': 'kept on the branch\n' });
    await rm(workspace.worktree, { recursive: true });
    expect(valueOf(await bench.workspaces.diffStat(workspace, bench.project))).toMatchObject({ files: 1 });
    const shown = valueOf(await bench.workspaces.diff(workspace, 10_000, bench.project));
    expect(shown.text).toContain('+kept on the branch');
    expect(shown.note).toMatch(/is gone; this is what its branch .* holds\.$/);
    await bench.git(bench.project, 'worktree', 'prune');
    await bench.git(bench.project, 'branch', '-D', workspace.branch);
    const refused = await bench.workspaces.diff(workspace, 10_000, bench.project);
    expect(refused).toMatchObject({ ok: false, problem: { code: 'CCM_PATH_UNUSABLE' } });
  });

  test.each([
    ['', { files: 0, insertions: 0, deletions: 0 }],
    [' 1 file changed, 1 insertion(+)', { files: 1, insertions: 1, deletions: 0 }],
    [' 12 files changed, 345 deletions(-)', { files: 12, insertions: 0, deletions: 345 }],
  ])('reads %j', (text, stat) => {
    expect(parseShortStat(text)).toEqual(stat);
  });
});
