/** One call of a manager's own tool, bounded, in this user's session. */
import { existsSync } from 'node:fs';
import { runProcess } from '../../src/lib/run-process.ts';

export type Answer = { code: number | null; stdout: string; stderr: string };
export type Tool = (argv: readonly [string, ...string[]], timeoutMs?: number) => Promise<Answer>;

/** A start waits until the daemon is ready, which takes long on a large home. */
const MOST_MS = 100_000;

export const toolOf =
  (env: Readonly<Record<string, string | undefined>>): Tool =>
  async (argv, timeoutMs = MOST_MS) => {
    const { code, stdout, stderr, failure, timedOut } = await runProcess({ argv, cwd: '/', env: sessionOf(env), timeoutMs });
    const trouble = failure === 'ENOENT' ? `${argv[0]} is not installed` : (failure ?? (timedOut ? `${argv[0]} did not answer` : stderr));
    return { code, stdout, stderr: trouble.trim() };
  };

/** After `su` or in cron the session's folder is not named, but it is there when the user manager runs. */
const sessionOf = (env: Readonly<Record<string, string | undefined>>) => {
  const usual = `/run/user/${process.getuid?.() ?? 0}`;
  const runtime = env['XDG_RUNTIME_DIR'] || (existsSync(usual) ? usual : undefined);
  const { PATH, HOME, USER, LOGNAME, DBUS_SESSION_BUS_ADDRESS } = env;
  return { PATH, HOME, USER, LOGNAME, DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR: runtime, LC_ALL: 'C', SYSTEMD_COLORS: '0' };
};
