/**
 * A small daemon that speaks the contract over real HTTP: what the CLI is tested against. Every reply is checked against the contract's own
 * schema, so that it cannot drift away from it.
 */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Call } from './call.ts';
import { makeHouse, Refusal, type Trouble } from './house.ts';
import { match } from './routes.ts';

export type Recorded = { method: string; path: string; query: Record<string, string>; body: unknown; key: string | undefined };

const token = 'ccm_fake_admin';

/** Starts listening and writes `run.json` and `token` into `home` like the real one. */
export const fakeDaemon = async (home: string) => {
  const house = makeHouse();
  const requests: Recorded[] = [];
  let server: Server | null = null;
  let url = '';
  /** What every request is answered with instead, until it is null again. */
  let trouble: Trouble | null = null;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
    if (pathname === '/healthz' || pathname === '/readyz') return reply(response, 200, { ok: true, version: '0.1.0' });
    const body = await readBody(request);
    const method = request.method ?? 'GET';
    const query = Object.fromEntries(searchParams);
    requests.push({ method, path: pathname, query, body, key: request.headers['idempotency-key']?.toString() });
    try {
      if (trouble) throw new Refusal(trouble);
      const path = pathname.replace('/api/v1', '');
      const agentToken = path.startsWith('/report') ? 'ccm_fake_agent' : token;
      if (request.headers.authorization !== `Bearer ${agentToken}`)
        throw new Refusal({
          status: 401,
          code: 'CCM_UNAUTHORIZED',
          detail: 'The token is not valid.',
          next: 'Run `ccm open` for a fresh link.',
        });
      if (path === '/events') return house.feed.serve(response, request.headers['last-event-id']?.toString());
      const call: Call = { house, url, query, body, dry: query.dry_run === 'true', signal: aborted(response) };
      const { data, schema, meta } = await match(method, path, call);
      reply(response, 200, { data: schema.parse(data), meta: { head: house.feed.head(), ...meta } });
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      const { status, code, detail, next = 'Try something else.', extra } = thrown.trouble;
      reply(response, status, { type: `urn:ccm:${code}`, title: detail, status, detail, code, next, instance: pathname, ...extra });
    }
  };

  const listen = async (port: number): Promise<void> => {
    const fresh = createServer((request, response) => {
      answer(request, response).catch((thrown: unknown) => {
        // A bug of the fake itself: seen in the test as an answer that makes no sense.
        reply(response, 500, {
          type: 'urn:fake',
          title: 'fake',
          status: 500,
          detail: String(thrown),
          code: 'CCM_INTERNAL',
          next: 'Mend the fake.',
          instance: '',
        });
      });
    });
    await new Promise<void>((resolve) => fresh.listen(port, '127.0.0.1', resolve));
    const address = fresh.address();
    server = fresh;
    url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`;
    writeFileSync(
      join(home, 'run.json'),
      JSON.stringify({ pid: process.pid, port: Number(new URL(url).port), url, startedAt: Date.now(), version: '0.1.0' }),
      { mode: 0o600 },
    );
  };

  const stop = async (): Promise<void> => {
    house.feed.end();
    rmSync(join(home, 'run.json'), { force: true });
    const ending = server;
    server = null;
    if (!ending) return;
    await new Promise<void>((resolve) => {
      ending.close(() => resolve());
      ending.closeAllConnections();
    });
  };

  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeFileSync(join(home, 'token'), `${token}\n`, { mode: 0o600 });
  await listen(0);

  return {
    home,
    house,
    requests,
    token,
    agentToken: 'ccm_fake_agent',
    url: () => url,
    /** Goes away, and is back on another port with everything it knew. */
    stop,
    start: () => listen(0),
    refuse(how: Trouble | null): void {
      trouble = how;
    },
    /** Changes a task and tells it on the feed. */
    step(id: string, changes: Partial<Parameters<typeof house.tasks.set>[1]>, type = 'STEP'): void {
      const before = house.tasks.get(id);
      if (!before) throw new Error(`no task ${id}`);
      const task = { ...before, ...changes, seq: before.seq + 1 };
      house.tasks.set(id, task);
      house.feed.tell({
        actor: id,
        kind: 'task',
        seq: task.seq,
        at: Date.now(),
        type,
        by: 'test',
        transitions: [],
        value: task.status,
        status: task.status,
        attention: task.attention,
        title: task.title,
      });
    },
  };
};
export type FakeDaemon = Awaited<ReturnType<typeof fakeDaemon>>;

const reply = (response: ServerResponse, status: number, body: unknown): void => {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' });
  response.end(JSON.stringify(body));
};

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  const text = Buffer.concat(parts).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
};

const aborted = (response: ServerResponse): AbortSignal => {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  return gone.signal;
};
