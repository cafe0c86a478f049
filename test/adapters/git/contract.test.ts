import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { workspacesContract } from '../../contracts/workspaces.ts';
import { gitBench } from '../../support/git-repo.ts';

workspacesContract('adapters/git', async () => {
  const { workspaces, project, below, folder, git } = await gitBench();
  const plain = join(folder, 'plain');
  await mkdir(plain);
  return {
    workspaces,
    project,
    plain,
    below,
    commit: async ({ dir }) => {
      await git(dir, 'add', '-A');
      await git(dir, 'commit', '-qm', 'work');
    },
  };
});
