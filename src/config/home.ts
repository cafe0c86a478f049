/** Where everything of ours lives. Pure: says the paths, makes nothing (see `home-folder.ts`). */
import { join, resolve } from 'node:path';
import { fail, ok, type Result } from '../errors.ts';

export type Home = {
  root: string;
  config: string;
  database: string;
  lock: string;
  /** The CLI's admin token. */
  token: string;
  /** Where the running daemon says who and where it is. */
  run: string;
  daemonLog: string;
  /** What `ccm up --takeover` wants to be started; there for a moment. */
  takeover: string;
  /** Folders. */
  tmux: string;
  worktrees: string;
  logs: string;
  spool: string;
  screens: string;
  bin: string;
  backups: string;
  secrets: string;
};

export type Surroundings = {
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** The person's home folder. */
  userHome: string;
  cwd: string;
};

/** Under the system's folders for data and configuration: the name of the package, so that no other program has the same. */
const folder = 'ccm-orchestrator';

/** XDG says: a relative path in these variables is to be ignored. */
const absolute = (text: string | undefined, fallback: string): string => (text?.startsWith('/') ? text : fallback);

/**
 * `CCM_HOME` holds everything when it is set. Without it config.toml stands where configuration stands and the rest where data stands
 * (XDG base directories; `Library/Application Support` on macOS). Trouble: `CCM_HOME_UNUSABLE` for a path that is somebody else's root.
 */
export const resolveHome = ({ env, platform, userHome, cwd }: Surroundings): Result<Home> => {
  const given = env['CCM_HOME'];
  if (given?.includes('\0')) return fail('CCM_HOME_UNUSABLE', 'CCM_HOME contains a NUL character.');
  if (given) {
    const root = resolve(cwd, given);
    if (root === '/' || root === resolve(userHome)) {
      return fail('CCM_HOME_UNUSABLE', `CCM_HOME is ${root}; it must be a folder of its own, such as ${join(userHome, '.ccm')}.`, {
        path: root,
      });
    }
    return ok(below(root, root));
  }
  if (platform === 'darwin') {
    const root = join(userHome, 'Library', 'Application Support', folder);
    return ok(below(root, root));
  }
  const data = join(absolute(env['XDG_DATA_HOME'], join(userHome, '.local', 'share')), folder);
  const config = join(absolute(env['XDG_CONFIG_HOME'], join(userHome, '.config')), folder);
  return ok(below(data, config));
};

const below = (root: string, config: string): Home => ({
  root,
  config: join(config, 'config.toml'),
  database: join(root, 'ccm.db'),
  lock: join(root, 'lock.db'),
  token: join(root, 'token'),
  run: join(root, 'run.json'),
  daemonLog: join(root, 'daemon.log'),
  takeover: join(root, 'takeover.json'),
  tmux: join(root, 'tmux'),
  worktrees: join(root, 'worktrees'),
  logs: join(root, 'logs'),
  spool: join(root, 'spool'),
  screens: join(root, 'screens'),
  bin: join(root, 'bin'),
  backups: join(root, 'backups'),
  secrets: join(root, 'secrets'),
});
