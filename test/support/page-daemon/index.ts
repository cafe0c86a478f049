/** The server itself: the built page with its content policy, the contract below /api/v1, the socket at /ws. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { WebSocketServer } from 'ws';
import type { ClientFrame } from '../../../src/api/contract/socket.ts';
import { createRoutes, problem } from './routes.ts';
import { serveSocket } from './socket.ts';
import type { Story } from './story.ts';

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

const policy = (nonce: string): string =>
  `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;

const bodyOf = async (request: IncomingMessage): Promise<Record<string, unknown>> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  const text = Buffer.concat(parts).toString();
  const body: Record<string, unknown> = text === '' ? {} : JSON.parse(text);
  return body;
};

export type PageDaemon = {
  url: string;
  /** A one-time link. */
  link(): string;
  token: string;
  heard: ClientFrame[];
  /** Ends every connection and stops listening; `start` takes the same port again. */
  stop(): Promise<void>;
  start(): Promise<void>;
};

/** @param story null: an empty home. @param dist the built page. @param screen what every terminal shows. */
export const pageDaemon = async (story: Story | null, dist: string, screen?: string): Promise<PageDaemon> => {
  const token = 'ccm_test_token';
  const keys = new Set<string>();
  const routes = createRoutes(story, Date.now());
  const heard: ClientFrame[] = [];
  let port = 0;

  const page = async (response: ServerResponse): Promise<void> => {
    const nonce = randomBytes(16).toString('base64');
    const html = await readFile(join(dist, 'index.html'), 'utf8');
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy(nonce) });
    response.end(html.replaceAll('__CCM_NONCE__', nonce));
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (!url.pathname.startsWith('/api/v1')) {
      if (extname(url.pathname) === '') return page(response);
      const file = await readFile(join(dist, normalize(url.pathname))).catch(() => null);
      response.writeHead(file ? 200 : 404, { 'content-type': types[extname(url.pathname)] ?? 'text/plain' });
      return void response.end(file ?? 'not there');
    }
    const path = url.pathname.slice('/api/v1'.length);
    const body = await bodyOf(request);
    let said = problem(401, 'CCM_UNAUTHORIZED', 'No valid token', 'The token is not known.', 'Run `ccm open` for a fresh link.');
    if (path === '/auth/redeem' && keys.delete(String(body['key'])))
      said = { status: 200, body: { data: { token, expiresAt: null }, meta: {} } };
    else if (request.headers.authorization === `Bearer ${token}`)
      said = routes({ method: request.method ?? 'GET', path, query: url.searchParams, body });
    response.writeHead(said.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(said.body));
  };

  let server = createServer();
  let sockets = new WebSocketServer({ noServer: true });
  const start = async (): Promise<void> => {
    server = createServer((request, response) => void answer(request, response));
    sockets = new WebSocketServer({ server, path: '/ws' });
    sockets.on('connection', (socket) => serveSocket(socket, story, token, (frame) => heard.push(frame), screen));
    await new Promise<void>((done, failed) => server.once('error', failed).listen(port, '127.0.0.1', done));
    const address = server.address();
    if (address && typeof address === 'object') port = address.port;
  };
  const stop = async (): Promise<void> => {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
    server.closeAllConnections();
    await new Promise<void>((done) => server.close(() => done()));
  };
  await start();
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    token,
    heard,
    stop,
    start,
    link: () => {
      const key = `k_${randomBytes(9).toString('base64url')}`;
      keys.add(key);
      return `${url}/#k=${key}`;
    },
  };
};
