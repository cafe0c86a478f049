/** The daemon as a process: is it there, start it in the background, wait for its end. */
import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { CcmError } from '../errors.ts';
import type { Cli } from './cli.ts';
import { pidAlive, type RunFile, readRunFile, unreachable } from './daemon-address.ts';
import { bodyOf, exchange, isNoReply } from './http.ts';
import { oneLine } from './width.ts';

const LOOK_MS = 100;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The daemon that answers for this home now, or null. */
export const runningDaemon = async (cli: Cli): Promise<RunFile | null> => {
  const run = readRunFile(cli.home);
  return run && pidAlive(run.pid) && (await answers(`${run.url}/healthz`)) ? run : null;
};

/** The daemon that somebody else is just starting, or null when none is ready within ten seconds. */
export const awaitDaemon = async (cli: Cli): Promise<RunFile | null> => {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const run = await runningDaemon(cli);
    if (run || performance.now() > deadline) return run;
    await pause(LOOK_MS);
  }
};

const answers = async (url: string): Promise<boolean> => {
  const response = await exchange({ url, method: 'GET', headers: {}, timeoutMs: 2000 });
  if (isNoReply(response)) return false;
  await bodyOf(response);
  return response.statusCode === 200;
};

/** What everyone who stops the daemon alone must know. */
export const agentsGoOn = ['Agents go on in tmux: `ccm up` finds them again, `ccm down --all` ends them.'];

/** A cold start opens the database, finds tmux again and drains what was spooled. */
const START_MS = 60_000;

/** Starts `ccm up` without a terminal; resolves when it is ready. Its output goes to daemon.log. Throws what kept it from starting. */
export const startDetached = async (cli: Cli, port: number | undefined): Promise<RunFile> => {
  mkdirSync(cli.home.root, { recursive: true, mode: 0o700 });
  const log = openSync(cli.home.daemonLog, 'a', 0o600);
  const before = fstatSync(log).size;
  const [script = ''] = process.argv.slice(1);
  const args = [...process.execArgv, script, 'up', '--no-open', ...(port === undefined ? [] : ['--port', String(port)])];
  const child = spawn(process.execPath, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...cli.env, CCM_DETACHED: '1' },
    cwd: cli.home.root,
  });
  closeSync(log);
  child.unref();
  const ended = () => (child.exitCode !== null || child.signalCode !== null ? { code: child.exitCode } : null);
  return awaitReady(cli, child.pid ?? 0, before, ended);
};

/** Until process `pid` answers as the daemon; `before`: how long the log was. Throws what kept it from that. */
export const awaitReady = async (
  cli: Cli,
  pid: number,
  before: number,
  ended: () => { code: number | null } | null = () => (pidAlive(pid) ? null : { code: null }),
): Promise<RunFile> => {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline) {
    const over = ended();
    if (over) {
      // Somebody else was faster, and has the home.
      const other = over.code === 0 ? await runningDaemon(cli) : null;
      if (other) return other;
      throw diedAtStart(cli, before, over.code);
    }
    const run = readRunFile(cli.home);
    if (run && run.pid === pid && (await answers(`${run.url}/readyz`))) return run;
    await pause(LOOK_MS);
  }
  throw unreachable(`The daemon was not ready within ${START_MS / 1000} s.`, '`ccm logs --daemon` and `ccm doctor` tell more.');
};

/** The child told its trouble where its output went: into the log, as plain lines. */
const diedAtStart = (cli: Cli, before: number, code: number | null): CcmError => {
  const lines = readFileSync(cli.home.daemonLog)
    .subarray(before)
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('{'));
  const next = lines.findLast((line) => line.startsWith('→ '))?.slice(2);
  const detail = lines.findLast((line) => !line.startsWith('→ '));
  return new CcmError(
    'CCM_INTERNAL',
    detail ? oneLine(detail) : `The daemon ended at once${code === null ? '' : ` with status ${code}`}.`,
    {
      next: next ?? 'See `ccm logs --daemon` and `ccm doctor`.',
    },
  );
};

/** True when the process is gone within `ms`. */
export const waitForEnd = async (pid: number, ms: number): Promise<boolean> => {
  const deadline = performance.now() + ms;
  while (pidAlive(pid)) {
    if (performance.now() > deadline) return false;
    await pause(LOOK_MS);
  }
  return true;
};
