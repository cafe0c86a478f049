/** A real keyring on a session bus of its own, unlocked, in a folder of its own: never the one of whoever runs the tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../src/lib/find-program.ts';

const found = async (name: string): Promise<string | null> => findProgram(name, process.env['PATH'] ?? '', '/');

const firstLine = (child: ChildProcess, what: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString();
      const [line, rest] = text.split('\n', 2);
      if (rest !== undefined) resolve(line ?? '');
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${what} ended with ${code}`)));
  });

/** Null where no keyring is installed. Sets the session bus of this very process: keytar's native part reads it from there. */
export const startGnomeKeyring = async (): Promise<{ stop: () => void } | null> => {
  const [bus, keyring] = await Promise.all([found('dbus-daemon'), found('gnome-keyring-daemon')]);
  if (bus === null || keyring === null) return null;
  const folder = mkdtempSync(join(tmpdir(), 'ccm-keyring-'));
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_RUNTIME_DIR: join(folder, 'run'),
  };
  for (const made of [env.XDG_DATA_HOME, env.XDG_RUNTIME_DIR]) mkdirSync(made, { mode: 0o700 });
  const before = process.env['DBUS_SESSION_BUS_ADDRESS'];
  const daemon = spawn(bus, ['--session', '--nofork', '--print-address'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const address = await firstLine(daemon, 'dbus-daemon');
  const ring = spawn(keyring, ['--foreground', '--unlock', '--components=secrets'], {
    env: { ...env, DBUS_SESSION_BUS_ADDRESS: address },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  ring.stdin.end('a password\n');
  process.env['DBUS_SESSION_BUS_ADDRESS'] = address;
  return {
    stop: () => {
      if (before === undefined) delete process.env['DBUS_SESSION_BUS_ADDRESS'];
      else process.env['DBUS_SESSION_BUS_ADDRESS'] = before;
      ring.kill();
      daemon.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
