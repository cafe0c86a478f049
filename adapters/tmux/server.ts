/** Starts our server, finds it again, gives it its socket back. One spawned process per server start and nothing else. */
import { access } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../src/errors.ts';
import { atomicWrite } from '../../src/lib/atomic-write.ts';
import { runProcess } from '../../src/lib/run-process.ts';
import type { Clock } from '../../src/ports/system.ts';
import { configText, HUB, KEEPER } from './config.ts';
import { isAlive } from './process-facts.ts';
import type { ServerRecord } from './server-record.ts';
import { ensureSocketFolder } from './socket-path.ts';

export type ServerOptions = {
  home: string;
  hash: string;
  socket: string;
  /** Absolute path of tmux. */
  tmux: string;
  scope: 'auto' | 'off';
  /** The daemon's environment: what is looked up, not what is handed on. */
  env: Readonly<Record<string, string | undefined>>;
  /** Octal file mask of the agents; the daemon's own when absent. */
  umask?: string | undefined;
  clock: Clock;
};

export type Started = { scope: string | null; scopeReason: string | null };

const SCOPE_MS = 2000;
const REVIVE_MS = 2000;

const pause = (clock: Clock, ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve));

/** The whole environment of the server, and so of a window that a person opens in it. Agents see their own only. */
export const serverEnv = (env: ServerOptions['env']): Record<string, string> => ({
  PATH: env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
  HOME: env.HOME ?? '/',
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
});

export const configPath = (home: string): string => join(home, 'tmux.conf');

/** Whether anything listens on the socket. */
export const canConnect = (socket: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = connect(socket);
    const settle = (found: boolean): void => {
      probe.destroy();
      resolve(found);
    };
    probe.setTimeout(2000, () => settle(false));
    probe.once('connect', () => settle(true));
    probe.once('error', () => settle(false));
  });

/** A server whose socket was deleted makes a new one on SIGUSR1. False when it does not within two seconds. */
export const reviveSocket = async (record: ServerRecord, clock: Clock): Promise<boolean> => {
  const made = await ensureSocketFolder(record.socket);
  if (!made.ok || !(await isAlive(record.pid, record.start))) return false;
  process.kill(record.pid, 'SIGUSR1');
  for (let waited = 0; waited < REVIVE_MS; waited += 20) {
    if (await canConnect(record.socket)) return true;
    await pause(clock, 20);
  }
  return false;
};

/** The connection outlives its socket file; a person's `attach` and our next start do not. */
export const restoreSocket = async (record: ServerRecord, clock: Clock): Promise<void> => {
  const missing = await access(record.socket).then(
    () => false,
    () => true, // Gone, or its folder is.
  );
  if (missing) await reviveSocket(record, clock);
};

/** Starts the server; one that got there first is taken. */
export const startServer = async (options: ServerOptions): Promise<Result<Started>> => {
  const folder = await ensureSocketFolder(options.socket);
  if (!folder.ok) return folder;
  const config = await atomicWrite(configPath(options.home), configText());
  if (!config.ok) return config;

  const env = serverEnv(options.env);
  const hub = ['new-session', '-d', '-s', HUB, '-n', KEEPER, '-x', '80', '-y', '24', '--', '/bin/sh', '-c', ':'];
  const mask = options.umask === undefined ? [] : ['/bin/sh', '-c', 'umask "$0" && exec "$@"', options.umask];
  const plain = [...mask, options.tmux, '-u', '-S', options.socket, '-f', configPath(options.home), ...hub];

  const scope = await inScope(options, ['/usr/bin/env', '-i', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...plain]);
  if (scope.scope !== null || (await canConnect(options.socket))) return ok(scope);
  const [program = '', ...args] = plain;
  const ran = await runProcess({ argv: [program, ...args], cwd: '/', env, timeoutMs: 10_000 });
  if (ran.code !== 0 && !(await canConnect(options.socket))) {
    const words = ran.failure ?? (ran.timedOut ? 'no answer within 10 s' : ran.stderr.trim());
    return fail('CCM_TMUX_REFUSED', `The tmux server could not be started: ${words}.`);
  }
  return ok(scope);
};

/** Its own cgroup: a restart of the daemon's service ends the daemon's processes, not the agents. Any trouble means: without. */
const inScope = async (options: ServerOptions, command: string[]): Promise<Started> => {
  const without = (scopeReason: string): Started => ({ scope: null, scopeReason });
  if (options.scope === 'off') return without('switched off');
  if (process.platform !== 'linux') return without('no systemd on this system');
  const runtime = options.env.XDG_RUNTIME_DIR;
  if (runtime === undefined || runtime === '') return without('no user session (XDG_RUNTIME_DIR is not set)');
  const bus = options.env.DBUS_SESSION_BUS_ADDRESS;
  const reachable =
    bus !== undefined ||
    (await access(join(runtime, 'systemd')).then(
      () => true,
      () => false,
    )); // No folder: no user manager.
  if (!reachable) return without('no systemd user manager runs');

  const unit = `ccm-tmux-${options.hash}`;
  const ran = await runProcess({
    argv: ['systemd-run', '--user', '--scope', '--quiet', '--collect', `--unit=${unit}`, '--', ...command],
    cwd: '/',
    env: { PATH: options.env.PATH, XDG_RUNTIME_DIR: runtime, DBUS_SESSION_BUS_ADDRESS: bus },
    timeoutMs: SCOPE_MS,
    killAfterMs: 200,
  });
  if (ran.code === 0 && (await canConnect(options.socket))) return { scope: `${unit}.scope`, scopeReason: null };
  if (ran.timedOut) return without('systemd-run did not answer within 2 s');
  return without(`systemd-run failed: ${ran.failure ?? (ran.stderr.trim().slice(0, 300) || `status ${ran.code ?? ran.signal}`)}`);
};
