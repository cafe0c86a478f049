/** Where the daemon listens, from what it wrote into the home. */
import { readFileSync } from 'node:fs';
import type { Home } from '../config/home.ts';
import { CcmError } from '../errors.ts';
import type { Env } from './env.ts';
import { usageError } from './exit.ts';

export type Address = { url: string; token: string };

/** Of what the daemon writes while it runs (0600), the part that is needed to find it. */
export type RunFile = { pid: number; url: string };

/** Null when there is none, or none that can be read: then nothing is known to run. */
export const readRunFile = (home: Home): RunFile | null => {
  try {
    const run: unknown = JSON.parse(readFileSync(home.run, 'utf8'));
    if (typeof run !== 'object' || run === null) return null;
    const { pid, url } = run as Partial<RunFile>;
    return typeof pid === 'number' && typeof url === 'string' ? { pid, url } : null;
  } catch {
    return null; // Missing: no daemon. Half a file cannot be: it is written atomically.
  }
};

export const pidAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it is there, but somebody else's.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
};

export const unreachable = (detail: string, next?: string): CcmError =>
  new CcmError('CCM_DAEMON_UNREACHABLE', detail, next ? { next } : undefined);

/**
 * `CCM_URL` and `CCM_TOKEN` (a daemon behind a tunnel, a token of less scope), else `run.json` and `token` in the home.
 * Throws CCM_DAEMON_UNREACHABLE or, when there is no token, CCM_UNAUTHORIZED.
 */
export const findDaemon = (home: Home, env: Env): Address => {
  const run = env.CCM_URL ? null : readRunFile(home);
  if (!env.CCM_URL) {
    if (!run) throw unreachable(`The daemon is not running (home ${home.root}).`);
    if (!pidAlive(run.pid)) throw unreachable(`The daemon is not running: process ${run.pid} ended without signing off.`);
  }
  return {
    url: (env.CCM_URL ? given(env.CCM_URL) : (run?.url ?? '')).replace(/\/+$/, ''),
    token: sendable(env.CCM_TOKEN ?? readToken(home)),
  };
};

const given = (url: string): string => {
  if (/^https?:$/.test(URL.parse(url)?.protocol ?? '')) return url;
  throw usageError('CCM_URL is not the address of a daemon.', 'Set it to one such as http://127.0.0.1:8765, or unset it.');
};

/** What a header cannot carry is no token of ours; it is not shown. */
const sendable = (token: string): string => {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new CcmError('CCM_UNAUTHORIZED', 'The token holds characters that no token has.', {
    next: 'Look at CCM_TOKEN, or at the file `token` in the home.',
  });
};

const readToken = ({ token: path }: Home): string => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (thrown) {
    const why = thrown instanceof Error && 'code' in thrown && thrown.code === 'EACCES' ? 'may not be read by this user' : 'is missing';
    throw new CcmError('CCM_UNAUTHORIZED', `The token file ${path} ${why}.`, {
      next: 'Run as the user who started the daemon, or set CCM_TOKEN.',
    });
  }
};
