/** Law 13: nobody gets in. The matrix is made from the route table: a route that is added is tested, a route that says nothing cannot be built. */
import { readdirSync, readFileSync } from 'node:fs';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import type { Access } from '../../src/api/auth/principal.ts';
import { routeTable } from '../../src/api/http/route-table.ts';
import { type ApiHouse, openApiHouse, project } from '../support/api-house.ts';
import { begin, playedWorld } from '../support/played-world.ts';

const hosts = {
  own: '127.0.0.1:8765',
  localhost: 'localhost:8765',
  v6: '[::1]:8765',
  rebound: 'evil.example:8765',
  otherPort: '127.0.0.1:3000',
  noPort: '127.0.0.1',
};
const origins = {
  none: null,
  own: 'own',
  foreign: 'https://evil.example',
  opaque: 'null',
  neighbour: 'http://127.0.0.1:3000',
  prefix: 'http://127.0.0.1:8765.evil.example',
};
const sites = { none: null, sameOrigin: 'same-origin', typed: 'none', sameSite: 'same-site', crossSite: 'cross-site' };
type Keys<T> = keyof T & string;
type Headers = { host: Keys<typeof hosts>; origin: Keys<typeof origins>; site: Keys<typeof sites> };

const goodHosts = new Set<string>(['own', 'localhost', 'v6']);
const goodOrigins = new Set<string>(['none', 'own']);
const goodSites = new Set<string>(['none', 'sameOrigin', 'typed']);

const tokenKinds = ['none', 'garbage', 'revoked', 'expired', 'link', 'agent', 'read', 'act', 'admin'] as const;
type TokenKind = (typeof tokenKinds)[number];
const mayDo: Readonly<Record<TokenKind, readonly Access[]>> = {
  none: [],
  garbage: [],
  revoked: [],
  expired: [],
  link: [],
  agent: ['report'],
  read: ['read'],
  act: ['read', 'act'],
  admin: ['read', 'act', 'admin'],
};

const makeTokens = ({ desk, clock, tokenOf }: ApiHouse): Record<TokenKind, string | null> => {
  const revoked = desk.issue({ name: 'old', kind: 'api', scopes: ['admin'] });
  desk.revoke(revoked.record.id);
  const expired = desk.issue({ name: 'past', kind: 'api', scopes: ['admin'], lifetimeMs: 1000 });
  clock.advance(1000);
  return {
    none: null,
    garbage: `ccm_${'A'.repeat(43)}`,
    revoked: revoked.secret,
    expired: expired.secret,
    link: desk.issueLink().secret,
    agent: desk.issueForAgent('agent-1').secret,
    read: tokenOf(['read']),
    act: tokenOf(['act']),
    admin: tokenOf(['admin']),
  };
};

const expected = (headers: Headers, access: Access, token: TokenKind): number | 'in' => {
  if (!goodHosts.has(headers.host) || !goodOrigins.has(headers.origin) || !goodSites.has(headers.site)) return 403;
  if (access === 'open' || mayDo[token].includes(access)) return 'in';
  return mayDo[token].length === 0 ? 401 : 403;
};

const pathOf = (url: string): string => url.replaceAll(/:\w+/g, 'nobody').replaceAll('*', 'x');

const knock = async (house: ApiHouse, row: { method: string; url: string }, headers: Headers, token: string | null) => {
  const origin = origins[headers.origin];
  const site = sites[headers.site];
  return house.app.inject({
    method: row.method as 'GET',
    url: pathOf(row.url),
    headers: {
      host: hosts[headers.host],
      ...(origin === null ? {} : { origin: origin === 'own' ? `http://${hosts[headers.host]}` : origin }),
      ...(site === null ? {} : { 'sec-fetch-site': site }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      // A stream that is let in would never end: this mark is refused behind the gate.
      ...(row.url.endsWith('/events') ? { 'last-event-id': 'not a number' } : {}),
    },
  });
};

const check = async (
  house: ApiHouse,
  row: { method: string; url: string; access: Access | null },
  headers: Headers,
  kind: TokenKind,
  tokens: Record<TokenKind, string | null>,
) => {
  const reply = await knock(house, row, headers, tokens[kind]);
  const what = `${row.method} ${row.url} ${JSON.stringify(headers)} token ${kind}: ${reply.statusCode} ${reply.body.slice(0, 200)}`;
  const outcome = expected(headers, row.access ?? 'admin', kind);
  if (outcome === 'in') expect([401, 403], what).not.toContain(reply.statusCode);
  else expect(reply.statusCode, what).toBe(outcome);
  expect(reply.headers['access-control-allow-origin'], what).toBeUndefined();
  expect(reply.headers['set-cookie'], what).toBeUndefined();
  expect(reply.statusCode, what).toBeLessThan(500);
};

const good: Headers = { host: 'own', origin: 'none', site: 'none' };
const oneBad: Headers[] = [
  ...(['rebound', 'otherPort', 'noPort'] as const).map((host) => ({ ...good, host })),
  ...(['foreign', 'opaque', 'neighbour', 'prefix'] as const).map((origin) => ({ ...good, origin })),
  ...(['sameSite', 'crossSite'] as const).map((site) => ({ ...good, site })),
];

describe('law 13: nobody gets in', () => {
  it('every route, from every wrong place, with the best token', async () => {
    const house = await openApiHouse({ app: { limits: { perToken: 1e6, perAddress: 1e6 } } });
    const tokens = makeTokens(house);
    expect(house.app.routeTable.length).toBeGreaterThan(50);
    for (const row of house.app.routeTable) for (const headers of oneBad) await check(house, row, headers, 'admin', tokens);
    expect(house.stops).toEqual([]);
  });

  it('every route, with every kind of token', async () => {
    const house = await openApiHouse({ app: { limits: { perToken: 1e6, perAddress: 1e6 } } });
    const tokens = makeTokens(house);
    // Revoking and ending come last: what is let in may do what it does.
    for (const kind of tokenKinds) for (const row of house.app.routeTable) await check(house, row, good, kind, tokens);
  });

  it.each(['/healthz', '/api/v1/tasks', '/api/v1/report'])('%s: every combination', async (url) => {
    const house = await openApiHouse({ app: { limits: { perToken: 1e6, perAddress: 1e6 } } });
    const tokens = makeTokens(house);
    const row = house.app.routeTable.find((one) => one.url === url);
    if (!row) throw new Error(`${url} is gone`);
    for (const host of Object.keys(hosts) as Headers['host'][])
      for (const origin of Object.keys(origins) as Headers['origin'][])
        for (const site of Object.keys(sites) as Headers['site'][])
          for (const kind of tokenKinds) await check(house, row, { host, origin, site }, kind, tokens);
  });

  it('what is open stays a short list', async () => {
    const { app } = await openApiHouse();
    const open = app.routeTable.filter(({ access, hidden }) => access === 'open' && !hidden).map(({ method, url }) => `${method} ${url}`);
    expect(open.toSorted()).toEqual(['GET /healthz', 'GET /readyz', 'POST /api/v1/auth/redeem']);
  });

  it('a person who types localhost is sent to the one address; a program is answered where it asked', async () => {
    const { app } = await openApiHouse();
    const typed = await app.inject({
      url: '/tasks/abc?x=1',
      headers: { host: 'localhost:8765', 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none' },
    });
    expect([typed.statusCode, typed.headers.location]).toEqual([307, 'http://127.0.0.1:8765/tasks/abc?x=1']);
    expect((await app.inject({ url: '/healthz', headers: { host: 'localhost:8765' } })).statusCode).toBe(200);
  });

  it('a host of allowed_hosts is let in, on our port or the one it names', async () => {
    const { app } = await openApiHouse({ config: 'allowed_hosts = ["box.example", "tunnel.example:443"]' });
    const status = async (host: string) => (await app.inject({ url: '/healthz', headers: { host } })).statusCode;
    expect(
      await Promise.all(
        ['box.example', 'BOX.example:8765', 'tunnel.example:443', 'tunnel.example', 'sub.box.example', 'box.example:1'].map(status),
      ),
    ).toEqual([200, 200, 200, 403, 403, 403]);
  });

  it('a link opens once, within five minutes', async () => {
    const { ask, desk, clock } = await openApiHouse();
    const made = await ask('POST', '/api/v1/auth/link');
    const { url } = made.body.data as { url: string };
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:8765\/#k=k_[\w-]{43}$/);
    const key = url.split('#k=')[1] ?? '';
    const both = await Promise.all([0, 1].map(() => ask('POST', '/api/v1/auth/redeem', { token: null, body: { key } })));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
    const token = (both.find(({ status }) => status === 200)?.body.data as { token: string } | undefined)?.token ?? '';
    expect((await ask('GET', '/api/v1/status', { token })).status).toBe(200);
    const late = desk.issueLink().secret;
    clock.advance(5 * 60_000);
    expect((await ask('POST', '/api/v1/auth/redeem', { token: null, body: { key: late } })).status).toBe(401);
  });

  it('the last use of a token is shown, to the minute', async () => {
    const { ask, data, desk, clock } = await openApiHouse();
    const { record, secret } = desk.issue({ name: 'grafana', kind: 'api', scopes: ['read'] });
    const shown = async () =>
      (await data<{ id: string; lastUsedAt: number | null }[]>('GET', '/api/v1/tokens')).find(({ id }) => id === record.id)?.lastUsedAt;
    expect(await shown()).toBeNull();
    await ask('GET', '/api/v1/tasks', { token: secret });
    expect(await shown()).toBe(clock.now());
    clock.advance(60_000);
    await ask('GET', '/api/v1/tasks', { token: secret });
    expect(await shown()).toBe(clock.now());
  });

  it('no secret is stored: neither tokens nor kept answers that hold one', async () => {
    const { ask, house } = await openApiHouse();
    const made = await ask('POST', '/api/v1/tokens', { body: { name: 'grafana' }, headers: { 'idempotency-key': 'k1' } });
    const { token: secret } = made.body.data as { token: string };
    expect(secret).toMatch(/^ccm_/);
    const again = await ask('POST', '/api/v1/tokens', { body: { name: 'grafana' }, headers: { 'idempotency-key': 'k1' } });
    expect(again.body).toEqual(made.body);
    for (const name of readdirSync(house.temp.folder)) {
      if (name.startsWith('ccm.db')) expect(readFileSync(`${house.temp.folder}/${name}`).includes(secret), name).toBe(false);
    }
  });

  it('a decision from the window of an agent is refused, told or traced', async () => {
    let traced: string | null = null;
    const house = await openApiHouse({ answer: playedWorld, app: { insideAgent: async () => traced } });
    await house.data('POST', '/api/v1/projects', { path: project });
    const task = await house.data<{ id: string }>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'x' });
    const agent = await begin(house, task.id);
    const asked = await house.ask('POST', '/api/v1/report', {
      token: house.desk.issueForAgent(agent).secret,
      body: { report: 'ask', approval: true, text: 'May I?' },
    });
    const { approval } = asked.body.data as { approval: string };
    const decide = (path: string, headers: Record<string, string> = {}) => house.ask('POST', `/api/v1/${path}`, { body: {}, headers });
    expect(await decide(`approvals/${approval}/approve`, { 'ccm-agent': agent })).toMatchObject({
      status: 403,
      body: { code: 'CCM_FORBIDDEN' },
    });
    // Only a real connection has another end.
    const port = await house.listen();
    const knockFrom = async (path: string) =>
      (await fetch(`http://127.0.0.1:${port}/api/v1/${path}`, { method: 'POST', headers: { authorization: `Bearer ${house.token}` } }))
        .status;
    traced = agent;
    for (const path of [`approvals/${approval}/approve`, `approvals/${approval}/deny`, `actors/${approval}/approve`])
      expect(await knockFrom(path), path).toBe(403);
    // The mark of another house says nothing here.
    traced = 'agent-of-another-house';
    expect(await knockFrom(`approvals/${approval}/approve`)).toBe(200);
  });
});

it('a route that does not say what access it asks for cannot be built', async () => {
  const app = fastify();
  routeTable(app);
  app.get('/forgotten', () => 'hello');
  await expect(app.ready()).rejects.toThrow('GET /forgotten does not say what access it asks for');
});
