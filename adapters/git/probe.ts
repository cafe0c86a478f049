/** Finds git and its version. */
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fail, ok, type Result } from '../../src/errors.ts';
import { createGit, type GitOptions } from './git-command.ts';

export type GitVersion = {
  /** As git says it: `2.39.5`, `2.50.1 (Apple Git-155)`. */
  version: string;
  /** Absolute path of the program. */
  path: string;
};

/** First release whose switches we use (`rev-parse --end-of-options`). */
const OLDEST = [2, 30] as const;

/** `[2, 39]` of `2.39.5`; null when git says something else. */
export const majorMinor = (version: string): [number, number] | null => {
  const found = /^(\d+)\.(\d+)/.exec(version);
  return found ? [Number(found[1]), Number(found[2])] : null;
};

export const atLeast = (version: string, [major, minor]: readonly [number, number]): boolean => {
  const found = majorMinor(version);
  return found !== null && (found[0] > major || (found[0] === major && found[1] >= minor));
};

/** `CCM_GIT_MISSING` when there is none, or one older than 2.30. */
export const probeGit = async (options: GitOptions = {}): Promise<Result<GitVersion>> => {
  const said = await createGit(options).text({ args: ['version'], cwd: '/' });
  if (!said.ok) return said;
  const version = said.value.replace(/^git version /, '');
  if (!atLeast(version, OLDEST)) return fail('CCM_GIT_MISSING', `git ${version} is too old.`, { version });
  return ok({ version, path: await locate(options.gitBinary ?? 'git', (options.env ?? process.env)['PATH'] ?? '') });
};

const locate = async (program: string, path: string): Promise<string> => {
  if (program.includes('/')) return program;
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, program);
    const runs = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return candidate;
  }
  return program;
};
