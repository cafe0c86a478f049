/** Which tmux there is, and whether it is new enough. */
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fail, ok, type Result } from '../../src/errors.ts';
import { runProcess } from '../../src/lib/run-process.ts';

export type TmuxProgram = {
  /** As it calls itself: `3.3a`, `next-3.6`. */
  version: string;
  /** Absolute path. */
  path: string;
};

const OLDEST = [3, 2] as const;

const findProgram = async (name: string, path: string): Promise<string | null> => {
  const candidates = name.includes('/')
    ? [name]
    : path
        .split(delimiter)
        .filter(Boolean)
        .map((folder) => join(folder, name));
  for (const candidate of candidates) {
    const found = await access(candidate, constants.X_OK).then(
      () => true,
      () => false, // Not here: look in the next folder.
    );
    if (found) return candidate;
  }
  return null;
};

/** Trouble: `CCM_TMUX_MISSING`, `CCM_TMUX_OLD` (older than 3.2). `path`: a PATH to look in. */
export const probeTmux = async (options: { binary?: string; path?: string } = {}): Promise<Result<TmuxProgram>> => {
  const name = options.binary ?? 'tmux';
  const path = await findProgram(name, options.path ?? process.env.PATH ?? '');
  if (path === null) return fail('CCM_TMUX_MISSING', `No program ${name} was found in PATH.`);
  const ran = await runProcess({ argv: [path, '-V'], cwd: '/', env: { LC_ALL: 'C' }, timeoutMs: 5000 });
  if (ran.code !== 0) return fail('CCM_TMUX_MISSING', `${path} -V failed: ${ran.failure ?? ran.stderr.trim()}.`, { path });
  const version = ran.stdout.trim().replace(/^tmux /, '');
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version) ?? [];
  // A build from the main branch may have no number ("master"): newer than any release.
  const old = major !== undefined && (Number(major) - OLDEST[0] || Number(minor) - OLDEST[1]) < 0;
  return old ? fail('CCM_TMUX_OLD', `${path} is version ${version}.`, { path, version }) : ok({ version, path });
};
