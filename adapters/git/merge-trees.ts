/** Two ways to compute a merge without the user's checkout: git 2.38 does it in memory, older ones need a worktree for it. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail, ok } from '../../src/errors.ts';
import type { MergeTrees } from './merge.ts';
import { identity } from './rescue.ts';

export const IN_MEMORY_SINCE = [2, 38] as const;

export const mergeInMemory: MergeTrees = async (git, root, ours, theirs, env) => {
  const call = {
    env,
    args: ['merge-tree', '--write-tree', '--name-only', '-z', '--no-messages', ours, theirs],
    cwd: root,
    long: true,
    network: true,
  };
  const said = await git.run(call);
  if (said.code !== 0 && said.code !== 1) return git.problem(call, said);
  const [tree = '', ...files] = said.stdout.split('\0').filter((part) => part.trim() !== '');
  return ok(said.code === 0 ? { tree: tree.trim() } : { conflicts: files });
};

export const mergeInWorktree: MergeTrees = async (git, root, ours, theirs, env = {}) => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'ccm-merge-')));
  const place = join(folder, 'tree');
  try {
    const added = await git.text({
      args: ['worktree', 'add', '--quiet', '--detach', '--', place, ours],
      cwd: root,
      long: true,
      network: true,
    });
    if (!added.ok) return added;
    const call = {
      args: ['merge', '--no-ff', '--no-commit', '--quiet', '--no-autostash', theirs],
      cwd: place,
      env: { ...env, ...identity },
      long: true,
      network: true,
    };
    const said = await git.run(call);
    if (said.code === 0) {
      const tree = await git.text({ args: ['write-tree'], cwd: place, env });
      return tree.ok ? ok({ tree: tree.value }) : tree;
    }
    const unmerged = await git.text({ args: ['diff', '--name-only', '-z', '--diff-filter=U', '--no-ext-diff'], cwd: place, env });
    if (!unmerged.ok) return unmerged;
    const files = unmerged.value.split('\0').filter((name) => name !== '');
    return files.length > 0 ? ok({ conflicts: files }) : git.problem(call, said);
  } catch (thrown) {
    return fail('CCM_GIT_FAILED', `The merge could not be tried: ${String(thrown)}.`);
  } finally {
    // Made here, used by nobody else: this one may be forced.
    await git.run({ args: ['worktree', 'remove', '--force', '--', place], cwd: root, long: true });
    await rm(folder, { recursive: true, force: true });
  }
};
