/** The door: on both loopback addresses, handed over by whoever holds it, and with somebody waiting behind it while we are not ready. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import { listen } from '../../src/daemon/listen.ts';
import { freePort } from '../support/live-daemon.ts';
import { until } from '../support/until.ts';

const answerAt = (host: string, port: number): Promise<number | string> =>
  fetch(`http://${host}:${port}/healthz`, { headers: { connection: 'close' } }).then(
    (reply) => reply.status,
    (error: Error) => String((error.cause as NodeJS.ErrnoException | undefined)?.code ?? error),
  );

it('opens on 127.0.0.1 and ::1, as one server, and closes both', async () => {
  const app = fastify();
  app.get('/healthz', () => ({ ok: true }));
  const door = await listen(app, await freePort());
  expect([await answerAt('127.0.0.1', door.port), await answerAt('[::1]', door.port)]).toEqual([200, 200]);
  door.close();
  await app.close();
  expect([await answerAt('127.0.0.1', door.port), await answerAt('[::1]', door.port)]).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
});

it('refuses a port that somebody holds on ::1 alone', async () => {
  const port = await freePort();
  const other = createServer();
  await new Promise<void>((done) => other.listen({ host: '::1', port, ipv6Only: true }, done));
  onTestFinished(() => void other.close());
  const app = fastify();
  onTestFinished(() => app.close());
  await expect(listen(app, port)).rejects.toMatchObject({ code: 'CCM_PORT_TAKEN' });
});

const listening = async (host: string, port: number): Promise<{ server: Server; fd: number }> => {
  const server = createServer();
  await new Promise<void>((done) => server.listen({ host, port }, done));
  const handle: unknown = Reflect.get(server, '_handle');
  return { server, fd: Number(Reflect.get(Object(handle), 'fd')) };
};

it('takes over the sockets it is handed, whatever its configuration says, and does not hand them on to its children', async () => {
  const home = mkdtempSync(join(tmpdir(), 'ccm-door-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  const port = await freePort();
  const both = [await listening('127.0.0.1', port), await listening('::1', port)];
  const main = join(import.meta.dirname, '../../src/cli/main.ts');
  const { PATH = '', HOME = '/' } = process.env;
  const child = spawn('/bin/sh', ['-c', 'LISTEN_PID=$$ LISTEN_FDS=2 exec "$@"', 'sh', process.execPath, main, 'up', '--no-open'], {
    env: { PATH, HOME, CCM_HOME: home, CCM_PORT: String(await freePort()), CCM_NO_DEMO: '1', CCM_DETACHED: '1' },
    stdio: ['ignore', 'ignore', 'inherit', both[0]?.fd ?? 0, both[1]?.fd ?? 0],
  });
  const gone = new Promise((done) => child.once('exit', done));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await gone;
  });
  for (const { server } of both) server.close();
  await until('the daemon to be ready', async () => (existsSync(join(home, 'run.json')) ? true : undefined), 30_000);
  const run = JSON.parse(readFileSync(join(home, 'run.json'), 'utf8')) as { port: number };
  expect(run.port).toBe(port);
  expect([await answerAt('127.0.0.1', port), await answerAt('[::1]', port)]).toEqual([200, 200]);
  // The terminal server outlives us: it must not keep our door open.
  child.kill('SIGTERM');
  await gone;
  expect(await answerAt('127.0.0.1', port)).toBe('ECONNREFUSED');
  const record = JSON.parse(readFileSync(join(home, 'tmux/tmux-server.json'), 'utf8')) as { pid: number };
  process.kill(record.pid, 'SIGTERM');
}, 60_000);
