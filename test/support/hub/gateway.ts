/** The hub's front: REST and sign-in by lite, second factor and doorbell ours. One process, one port on loopback. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { App } from '@supabase/lite';
import { openDatabase, type Query, type Where } from './database.ts';
import { doorbells } from './doorbell.ts';
import { type Answer, factorDesk } from './factors.ts';
import { claimsOf, readToken, signToken } from './token.ts';

const secret = 'a-secret-of-this-test-hub-with-at-least-32-characters';
const key = 'sb_publishable_local';
const migrations = fileURLToPath(new URL('../../../adapters/supabase/supabase/migrations/', import.meta.url));

export type Fault = { status: number; body: string; headers?: Record<string, string> } | 'hang' | 'reset' | 'after';
export type GatewayOptions = Where & {
  port?: number;
  /** Seconds a session token is good for. Default 3600. */
  tokenSeconds?: number;
  /** Changes a migration's text before it is applied (to show that a test notices). */
  alter?: (sql: string) => string;
};
export type Gateway = {
  url: string;
  key: string;
  query: Query;
  /** What the next requests meet; null = nothing. `after`: it is done, and the answer is lost. */
  fault(rule: ((method: string, path: string) => Fault | null) | null): void;
  silence(on: boolean): void;
  dropSockets(): void;
  requests(): number;
  close(): Promise<void>;
};

const statusOf = (code: string): number => {
  if (code === 'P0001') return 400;
  if (/^(08|53)/.test(code)) return 503;
  if (/^(0L|0P|28)/.test(code)) return 403;
  return /^(09|25|2D|38|39|3B|40|54|55|57|58|F0|HV|P0|XX)/.test(code) ? 500 : 400;
};

export const startGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const database = await openDatabase(options);
  const { connection, query } = database;
  // It would GRANT ALL on every table, which hides missing grants.
  Reflect.set(connection, 'ensureRlsContext', async () => true);
  const known = connection.normalizeDbError.bind(connection);
  connection.normalizeDbError = (thrown) => {
    const said = known(thrown) as { code?: unknown; message?: string; detail?: unknown; hint?: unknown } | undefined;
    const code = said?.code;
    if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code) || /^(42|PT|23503|23505|25006|PGRST)/.test(code)) return said;
    const text = JSON.stringify({ code, message: said?.message, details: said?.detail ?? null, hint: said?.hint ?? null });
    return Object.assign(new Error(text), { code: 'PGRST', detail: JSON.stringify({ status: statusOf(code), headers: {} }) });
  };
  const app = new App({
    connection,
    auth: {
      enabled: true,
      jwt_secret: secret,
      jwt_expiry: options.tokenSeconds ?? 3600,
      publishable_key: key,
      secret_key: 'sb_secret_local',
      site_url: 'http://127.0.0.1',
    },
  });
  await app.init();
  await database.script(connection.config.baseSchema ?? '');
  await database.script(readFileSync(new URL('platform.sql', import.meta.url), 'utf8'));
  const [there] = await query(`select to_regclass('public.ccm_head') as found`);
  if (there?.['found'] === null) {
    const text = readdirSync(migrations)
      .toSorted()
      .map((file) => readFileSync(`${migrations}${file}`, 'utf8'))
      .join('\n');
    // Several statements sent at once are one transaction.
    await database.script(`set role hub_owner; ${options.alter?.(text) ?? text}; reset role;`);
  }

  let base = '';
  let rule: ((method: string, path: string) => Fault | null) | null = null;
  let silent = false;
  let count = 0;

  const tokens = async (body: { access_token?: string; user?: Record<string, unknown> }) => {
    if (!body.access_token) return body;
    const claims = claimsOf(body.access_token);
    const [session] = await query('select aal from auth.sessions where id = $1', [claims.session_id]);
    const aal = session?.['aal'] === 'aal2' ? 'aal2' : 'aal1';
    body.user = { ...body.user, factors: await desk.list(String(claims.sub)) };
    body.access_token = signToken(secret, { iss: `${base}/auth/v1`, ...claims, aal, amr: [{ method: 'password', timestamp: 0 }] });
    return body;
  };
  const refreshed = async (session: string): Promise<Answer> => {
    const [row] = await query(
      'select token from auth.refresh_tokens where session_id = $1 and not revoked order by created_at desc limit 1',
      [session],
    );
    const reply = await app.fetch(
      new Request(`${base}/auth/v1/token?grant_type=refresh_token`, {
        method: 'POST',
        headers: { apikey: key, 'content-type': 'application/json' },
        body: JSON.stringify({ refresh_token: row?.['token'] }),
      }),
    );
    return [reply.status, await tokens((await reply.json()) as { access_token?: string })];
  };
  const desk = factorDesk(query, refreshed);

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      const own = { 'content-type': 'application/json', 'x-supabase-api-version': '2024-01-01' };
      response.writeHead(status, { ...own, ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const raw = Buffer.concat(parts);
    const url = new URL(request.url ?? '/', base);
    const method = request.method ?? 'GET';
    count += 1;
    const fault = rule?.(method, url.pathname) ?? null;
    if (fault === 'hang') return undefined;
    if (fault === 'reset') return void request.socket.destroy();
    if (fault !== null && fault !== 'after') return send(fault.status, fault.body, { 'content-type': 'text/html', ...fault.headers });
    if (url.pathname.startsWith('/auth/v1/factors')) {
      if (request.headers['apikey'] !== key) return send(401, { message: 'Invalid API key' });
      const claims = readToken(secret, (request.headers.authorization ?? '').replace(/^Bearer /i, ''));
      const body = raw.length > 0 ? (JSON.parse(raw.toString()) as Record<string, string>) : {};
      return send(...(await desk.answer(method, url.pathname.split('/').slice(4).filter(Boolean), claims, body)));
    }
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers))
      if (value !== undefined && name !== 'content-length' && name !== 'connection') headers.set(name, String(value));
    const reply = await app.fetch(
      new Request(url, { method, headers, ...(method === 'GET' || method === 'HEAD' ? {} : { body: new Uint8Array(raw) }) }),
    );
    if (fault === 'after') return void request.socket.destroy();
    const own = Object.fromEntries(reply.headers);
    delete own['content-length'];
    if (reply.ok && /^\/auth\/v1\/(token|signup|verify)$/.test(url.pathname))
      return send(reply.status, await tokens((await reply.json()) as { access_token?: string }), own);
    if (reply.ok && url.pathname === '/auth/v1/user') {
      const user = (await reply.json()) as { id: string };
      return send(reply.status, { ...user, factors: await desk.list(user.id) }, own);
    }
    response.writeHead(reply.status, { 'x-supabase-api-version': '2024-01-01', ...own });
    response.end(Buffer.from(await reply.arrayBuffer()));
    return undefined;
  };
  const server = createServer((request, response) => {
    serve(request, response).catch((thrown: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: String(thrown) }));
    });
  });
  // As long as the proxies in front of hosted projects keep a connection.
  server.keepAliveTimeout = 60_000;
  const bells = await doorbells({ server, database, key, who: (token) => readToken(secret, token), silent: () => silent });
  await new Promise<void>((done) => server.listen(options.port ?? 0, '127.0.0.1', done));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    url: base,
    key,
    query,
    fault: (next) => {
      rule = next;
    },
    silence: (on) => {
      silent = on;
    },
    dropSockets: bells.drop,
    requests: () => count,
    close: async () => {
      bells.close();
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
      await database.close();
    },
  };
};
