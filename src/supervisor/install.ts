/** Puts the small programs in place that agents are started through and call. */
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureError, fail, ok, type Result } from '../errors.ts';
import { atomicWrite } from '../lib/atomic-write.ts';
import { places } from './places.ts';

export type InstallSpec = {
  home: string;
  exitWrapper: string;
  /** Absolute path of the node that runs us: an agent's PATH may find another one, or none. */
  node: string;
  /** Absolute path of the CLI's entry, `src/cli/main.ts` or `dist/src/cli/main.js`. */
  cli: string;
};

/** A word for sh. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Makes the folders and writes `bin/ccm`, `bin/ccm-orchestrator` and the wrapper, each replaced as a whole: running ones go on undisturbed. */
export const installPrograms = async ({ home, exitWrapper, node, cli }: InstallSpec): Promise<Result<void>> => {
  const where = places(home);
  try {
    for (const folder of [where.bin, where.exits, where.screens, where.spool]) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
    }
  } catch (thrown) {
    return fail('CCM_HOME_UNUSABLE', `${home} cannot hold our folders: ${ensureError(thrown).message}.`, { path: home });
  }
  // Agents call it often: compiled code is kept in our own folder, which halves its start-up.
  const cache = quoted(join(home, 'cache'));
  const shim = `#!/bin/sh\nNODE_COMPILE_CACHE=${cache} exec ${quoted(node)} ${quoted(cli)} "$@"\n`;
  const files = [
    [join(where.bin, 'ccm'), shim],
    [join(where.bin, 'ccm-orchestrator'), shim],
    [where.wrapper, exitWrapper],
  ] as const;
  for (const [path, content] of files) {
    const written = await atomicWrite(path, content, { mode: 0o700 });
    if (!written.ok) return written;
  }
  return ok(undefined);
};
