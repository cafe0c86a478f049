/** PATH as the person has it: of this terminal, then of a login shell. A service starts with neither. */
import { delimiter } from 'node:path';
import { runProcess } from '../../src/lib/run-process.ts';

/** A login shell may do anything in its start-up files; it is not waited for longer. */
const MOST_MS = 3000;
const MARK = '\u001e';

export const loginPath = async (env: Readonly<Record<string, string | undefined>>): Promise<string> => {
  const shell = env['SHELL']?.startsWith('/') ? env['SHELL'] : '/bin/sh';
  const { stdout } = await runProcess({
    argv: [shell, '-l', '-c', `printf '${MARK}%s${MARK}' "$PATH"`],
    cwd: '/',
    env: {
      HOME: env['HOME'],
      USER: env['USER'],
      LOGNAME: env['LOGNAME'],
      SHELL: shell,
      PATH: '/usr/local/bin:/usr/bin:/bin',
      TERM: 'dumb',
    },
    timeoutMs: MOST_MS,
    killAfterMs: 200,
  });
  // What start-up files print stands around the marks.
  return mergePaths(env['PATH'] ?? '', stdout.split(MARK)[1] ?? '', '/usr/local/bin:/usr/bin:/bin');
};

/** Absolute folders in the order of their first mention. A relative one would mean another place for every agent. */
export const mergePaths = (...paths: string[]): string =>
  [...new Set(paths.flatMap((path) => path.split(delimiter)).filter((folder) => folder.startsWith('/')))].join(delimiter);
