import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

type Daemon = { pid: number; port: number };

const announced = (home: string): Daemon | undefined => {
  try {
    const { pid, port }: Partial<Daemon> = JSON.parse(readFileSync(join(home, 'run.json'), 'utf8'));
    return Number.isInteger(pid) && Number.isInteger(port) ? { pid: Number(pid), port: Number(port) } : undefined;
  } catch {
    // No run.json, or not ours to read: no daemon announced itself to us.
    return undefined;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 500 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .once('connect', () => end(true))
      .once('timeout', () => end(false))
      .once('error', () => end(false));
  });

/** The daemon that `home`/run.json names, if its process lives and its port answers (a pid alone may have been given anew). */
export const runningDaemon = async (home: string): Promise<Daemon | undefined> => {
  const daemon = announced(home);
  return daemon && isAlive(daemon.pid) && (await listens(daemon.port)) ? daemon : undefined;
};
