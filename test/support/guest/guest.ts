/** A machine of our own: a copy of the pristine root, booted with a real systemd as its PID 1. Ends with everything in it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProcess } from '../../../src/lib/run-process.ts';
import { until } from '../until.ts';

const script = join(import.meta.dirname, 'boot.sh');
/** Whatever happens to us, a guest is gone after that. */
const MOST_S = 600;

export type Guest = {
  root: string;
  boot(): Promise<void>;
  /** As a power cut does it. */
  cut(): Promise<void>;
  /** A line of sh as the user `ccm`; its standard output. @throws when it fails. */
  user(line: string, timeoutMs?: number): Promise<string>;
  /** The same as root. */
  admin(line: string, timeoutMs?: number): Promise<string>;
  remove(): Promise<void>;
};

const path = '/opt/ccm/bin:/opt/node/bin:/usr/local/bin:/usr/bin:/bin';

export const makeGuest = async (pristine: string): Promise<Guest> => {
  const folder = mkdtempSync(join(tmpdir(), 'ccm-guest-'));
  const root = join(folder, 'root');
  const copied = await runProcess({ argv: ['cp', '-a', '--reflink=auto', pristine, root], cwd: '/', env: process.env, timeoutMs: 120_000 });
  if (copied.code !== 0) throw new Error(`the root could not be copied: ${copied.stderr}`);
  mkdirSync(join(root, 'opt/node/bin'), { recursive: true });
  copyFileSync(process.execPath, join(root, 'opt/node/bin/node'));
  mkdirSync(join(root, 'var/lib/systemd/linger'), { recursive: true });
  writeFileSync(join(root, 'var/lib/systemd/linger/ccm'), '');

  let child: ChildProcess | null = null;
  let pid = '';
  const enter = async (as: string[], line: string, timeoutMs: number): Promise<string> => {
    const argv: [string, ...string[]] = ['nsenter', '-t', pid, '-m', '-p', '-n', '-u', '-i', '-C', ...as, 'bash', '-c', line];
    const ran = await runProcess({ argv, cwd: '/', env: { PATH: process.env['PATH'] }, timeoutMs });
    if (ran.code === 0) return ran.stdout.trim();
    const why = ran.timedOut ? `no end within ${timeoutMs} ms` : `status ${ran.code}`;
    throw new Error(`${line.trim().split('\n')[0]}: ${why}: ${(ran.stderr || ran.stdout).trim().slice(-500)}`);
  };
  const cleared = (more: string[]) => ['env', '-i', `PATH=${path}`, 'CI=1', 'NO_COLOR=1', 'LANG=C.UTF-8', ...more];
  const asUser = ['setpriv', '--reuid', '1000', '--regid', '1000', '--init-groups', '--'];
  const session = ['HOME=/home/ccm', 'USER=ccm', 'LOGNAME=ccm', 'SHELL=/bin/bash', 'XDG_RUNTIME_DIR=/run/user/1000'];
  const user = (line: string, timeoutMs = 60_000) => enter([...asUser, ...cleared(session)], `cd ~; ${line}`, timeoutMs);
  const admin = (line: string, timeoutMs = 60_000) => enter(cleared(['HOME=/root']), line, timeoutMs);

  const cut = async (): Promise<void> => {
    if (!child) return;
    const gone = new Promise((done) => child?.once('exit', done));
    child.kill('SIGTERM');
    await gone;
    child = null;
  };
  return {
    root,
    user,
    admin,
    cut,
    boot: async () => {
      rmSync(`${root}.pid`, { force: true });
      child = spawn('bash', [script, root, String(MOST_S)], { stdio: ['ignore', 'ignore', 'inherit'] });
      pid = await until(
        'the guest to have a PID 1',
        () => (existsSync(`${root}.pid`) ? readFileSync(`${root}.pid`, 'utf8').trim() : undefined),
        20_000,
      );
      if (pid === '') throw new Error(`the guest did not boot: ${readFileSync(`${root}.log`, 'utf8').slice(-500)}`);
      // systemctl answers with a failure until it runs; one unit that failed is another matter than no system.
      await until(
        'the guest to run',
        async () => ((await admin('systemctl is-active user@1000').catch(() => '')) === 'active' ? true : undefined),
        40_000,
      );
    },
    remove: async () => {
      await cut();
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
};
