/** What every `Workspaces` must do, whatever it is made of. Run on each implementation. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Workspace, Workspaces } from '../../src/ports/workspaces.ts';
import { valueOf, writeFiles } from '../support/git-repo.ts';

export type WorkspacesSetup = {
  workspaces: Workspaces;
  /** A project under version control that holds `a.txt`: "one\ntwo\nthree\n". */
  project: string;
  /** A folder without version control. */
  plain: string;
  below: string;
  /** Records what is in the workspace, as an agent that commits would. */
  commit: (workspace: Workspace) => Promise<void>;
};

export const workspacesContract = (name: string, setUp: () => Promise<WorkspacesSetup>): void => {
  const start = async () => {
    const setup = await setUp();
    const spec = { project: setup.project, below: setup.below, name: 'k7m2q-1', branch: 'ccm-k7m2q/fix' };
    return { ...setup, spec, workspace: valueOf(await setup.workspaces.prepare(spec)) };
  };
  const text = (folder: string, file = 'a.txt'): Promise<string> => readFile(join(folder, file), 'utf8');

  describe(`${name} keeps the contract of Workspaces`, () => {
    test('inspect tells a repository from a plain folder and refuses what is neither', async () => {
      const { workspaces, project, plain } = await setUp();
      expect(await workspaces.inspect(project)).toMatchObject({
        ok: true,
        value: { kind: 'git', path: project, root: project, dirty: false },
      });
      expect(await workspaces.inspect(plain)).toMatchObject({ ok: true, value: { kind: 'plain', root: null, head: null } });
      expect(await workspaces.inspect(join(plain, 'missing'))).toMatchObject({ ok: false, problem: { code: 'CCM_PATH_UNUSABLE' } });
    });

    test('prepare gives a copy of its own that starts like the project, and finds it again', async () => {
      const { workspaces, project, spec, workspace } = await start();
      expect(await text(workspace.dir)).toBe('one\ntwo\nthree\n');
      await writeFiles(workspace.dir, { 'a.txt': 'changed\n' });
      expect(await text(project)).toBe('one\ntwo\nthree\n');
      expect(valueOf(await workspaces.prepare(spec))).toEqual(workspace);
      expect(await text(workspace.dir)).toBe('changed\n');
    });

    test('a plain folder is worked on in place and never removed', async () => {
      const { workspaces, plain, below } = await setUp();
      const workspace = valueOf(await workspaces.prepare({ project: plain, below, name: 'k7m2q-1', branch: 'ccm-k7m2q/fix' }));
      expect(workspace).toMatchObject({ dir: plain, worktree: null, branch: null, base: null });
      expect(valueOf(await workspaces.diffStat(workspace))).toBeNull();
      expect(valueOf(await workspaces.rescue(workspace))).toBeNull();
      await writeFiles(plain, { 'work.txt': 'x' });
      valueOf(await workspaces.remove(plain, workspace, { discard: true }));
      expect(await text(plain, 'work.txt')).toBe('x');
      expect(await workspaces.merge(plain, workspace)).toMatchObject({ ok: false, problem: { code: 'CCM_BAD_INPUT' } });
    });

    test('changes are counted and shown, committed or not', async () => {
      const { workspaces, workspace, commit } = await start();
      expect(valueOf(await workspaces.diffStat(workspace))).toEqual({ files: 0, insertions: 0, deletions: 0 });
      await writeFiles(workspace.dir, { 'a.txt': 'one\nTWO\nthree\n' });
      await commit(workspace);
      await writeFiles(workspace.dir, { 'new.txt': 'n\nm\n' });
      expect(valueOf(await workspaces.diffStat(workspace))).toEqual({ files: 2, insertions: 3, deletions: 1 });
      const { text: shown, truncated } = valueOf(await workspaces.diff(workspace, 100_000));
      expect(shown).toContain('-two\n+TWO\n');
      expect(shown).toContain('+n\n+m\n');
      expect(truncated).toBe(false);
      expect(valueOf(await workspaces.diff(workspace, 50))).toMatchObject({ truncated: true });
    });

    test('an untouched worktree is removed, also twice', async () => {
      const { workspaces, project, workspace } = await start();
      for (const time of ['first', 'second']) {
        expect(valueOf(await workspaces.remove(project, workspace, { discard: false })), time).toEqual({
          removed: true,
          rescueRef: null,
          notes: [],
        });
      }
      await expect(text(workspace.dir)).rejects.toThrow('ENOENT');
    });

    test('work is parked, and goes only with discard, after it was written down', async () => {
      const { workspaces, project, workspace } = await start();
      await writeFiles(workspace.dir, { 'new.txt': 'precious' });
      const parked = valueOf(await workspaces.remove(project, workspace, { discard: false }));
      expect(parked).toMatchObject({ removed: false, reason: 'dirty', rescueRef: expect.any(String) });
      expect(await text(workspace.dir, 'new.txt')).toBe('precious');
      const gone = valueOf(await workspaces.remove(project, workspace, { discard: true }));
      expect(gone).toMatchObject({ removed: true, rescueRef: parked.rescueRef });
    });

    test('merge commits what the agent left uncommitted when it is told a message', async () => {
      const { workspaces, project, workspace } = await start();
      await writeFiles(workspace.dir, { 'left.txt': 'not committed' });
      valueOf(await workspaces.merge(project, workspace, { commit: 'Do the task' }));
      expect(await text(project, 'left.txt')).toBe('not committed');
      // Nothing is left that a removal would have to guard.
      expect(valueOf(await workspaces.remove(project, workspace, { discard: false }))).toMatchObject({ removed: true });
    });

    test('merge brings committed work into the project, refuses uncommitted work and conflicts', async () => {
      const { workspaces, project, workspace, commit } = await start();
      await writeFiles(workspace.dir, { 'a.txt': 'one\nTWO\nthree\n' });
      expect(await workspaces.merge(project, workspace)).toMatchObject({ ok: false, problem: { code: 'CCM_WORKTREE_DIRTY' } });
      await commit(workspace);
      valueOf(await workspaces.merge(project, workspace));
      expect(await text(project)).toBe('one\nTWO\nthree\n');

      const second = valueOf(
        await workspaces.prepare({ project, below: join(project, '..', 'second'), name: 'z9x8y-1', branch: 'ccm-z9x8y/other' }),
      );
      for (const [folder, word] of [
        [second.dir, 'theirs'],
        [workspace.dir, 'ours'],
      ] as const)
        await writeFiles(folder, { 'a.txt': `${word}\n` });
      await commit(second);
      await commit(workspace);
      valueOf(await workspaces.merge(project, second));
      const conflict = await workspaces.merge(project, workspace);
      expect(conflict).toMatchObject({ ok: false, problem: { code: 'CCM_MERGE_CONFLICT', extra: { files: ['a.txt'] } } });
      expect(await text(project)).toBe('theirs\n');
    });
  });
};
