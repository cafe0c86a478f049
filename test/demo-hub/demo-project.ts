/** A repository with one commit, for a machine of the demonstration to have as its project. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { userGit } from '../support/git-repo.ts';

export const demoProject = async (home: string, path: string): Promise<string> => {
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'README.md'), '# Demo\n\nA throw-away project.\n');
  await writeFile(join(path, 'package.json'), '{\n  "name": "demo",\n  "private": true,\n  "type": "module"\n}\n');
  const git = userGit(home);
  await git(path, 'init', '-q', '-b', 'main');
  await git(path, 'add', '-A');
  await git(path, 'commit', '-q', '-m', 'Begin the demo');
  return path;
};
