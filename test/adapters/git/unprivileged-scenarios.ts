/** Played by an unprivileged user: as root no mode refuses anything. */
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../../../adapters/git/inspect.ts';
import { atomicWrite } from '../../../src/lib/atomic-write.ts';
import { benchIn, valueOf, writeFiles } from '../../support/git-repo.ts';

export const whoAmI = (): number | undefined => process.getuid?.();

/** Codes and words for a folder that cannot be listed, one that cannot be written, one behind a closed door. */
export const closedFolders = async (folder: string) => {
  const { workspaces } = await benchIn(folder);
  const outcomes: string[] = [];
  for (const mode of [0o300, 0o500, 0o600]) {
    const closed = join(folder, `closed-${mode}`);
    await mkdir(join(closed, 'inside'), { recursive: true });
    await chmod(closed, mode);
    for (const path of [closed, ...(mode === 0o600 ? [join(closed, 'inside')] : [])]) {
      const said = await workspaces.inspect(path);
      outcomes.push(said.ok ? 'usable' : `${said.problem.code} ${said.problem.detail.replace(folder, '')}`);
    }
    await chmod(closed, 0o700);
  }
  return outcomes;
};

/** A repository that belongs to somebody else. */
export const strangersRepository = async (folder: string, project: string) => {
  const { workspaces } = await benchIn(folder);
  const said = await workspaces.inspect(project);
  return said.ok ? 'usable' : `${said.problem.code} ${said.problem.detail}`;
};

/** An untracked file that even its owner may not read: parked first, then discarded with the loss named. */
export const unreadableFile = async (folder: string) => {
  const bench = await benchIn(folder);
  const workspace = await bench.prepared();
  await writeFiles(workspace.worktree, { 'secret.txt': 'x', 'work.txt': 'precious' });
  await chmod(join(workspace.worktree, 'secret.txt'), 0);
  const parked = valueOf(await bench.workspaces.remove(bench.project, workspace, { discard: false }));
  const gone = valueOf(await bench.workspaces.remove(bench.project, workspace, { discard: true }));
  return { parked, gone, kept: await bench.git(bench.project, 'show', `${gone.rescueRef}:work.txt`) };
};

/** Module caches are read-only all the way down; nothing in them is work. */
export const readOnlyCache = async (folder: string) => {
  const bench = await benchIn(folder);
  await bench.commit(bench.project, { '.gitignore': 'cache/\n' });
  const workspace = await bench.prepared();
  await writeFiles(workspace.worktree, { 'cache/deep/x': 'x' });
  for (const part of ['cache/deep', 'cache']) await chmod(join(workspace.worktree, part), 0o500);
  const said = valueOf(await bench.workspaces.remove(bench.project, workspace, { discard: false }));
  return { said, there: await exists(workspace.worktree), list: await bench.git(bench.project, 'worktree', 'list') };
};

export const closedHome = async (folder: string) => {
  await chmod(folder, 0o500);
  const said = await atomicWrite(join(folder, 'token'), 'x');
  await chmod(folder, 0o700);
  return said;
};
