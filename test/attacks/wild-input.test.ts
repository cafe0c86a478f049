/** What no well-meaning client sends: paths that lead out, deep and huge JSON, text that a shell or a terminal would obey, clients that dawdle. */
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { openApiHouse, project } from '../support/api-house.ts';
import { playedWorld } from '../support/played-world.ts';
import { until } from '../support/until.ts';

const limits = { perToken: 1e9, perAddress: 1e9 };

describe('paths that lead out', () => {
  const ways = [
    '../../../../etc/passwd',
    '..%2f..%2f..%2fetc%2fpasswd',
    '%2e%2e/%2e%2e/etc/passwd',
    '....//....//etc/passwd',
    '..\\..\\etc\\passwd',
    '%00/etc/passwd',
    '/etc/passwd%00.js',
    '.ccm/token',
    '.git/config',
  ];
  it.each([
    '/',
    '/assets/',
    '/charts/',
    '/docs/static/',
    '/api/v1/tasks/',
    '/api/v1/actors/',
    '/api/v1/projects/',
    '/api/v1/secrets/',
    '/api/v1/tokens/',
  ])('below %s', async (base) => {
    const { app, token } = await openApiHouse({ app: { limits } });
    for (const way of ways)
      for (const method of ['GET', 'DELETE'] as const) {
        const reply = await app.inject({ method, url: base + way, headers: { host: '127.0.0.1:8765', authorization: `Bearer ${token}` } });
        expect(reply.statusCode, `${method} ${base}${way}`).toBeGreaterThanOrEqual(400);
        expect(reply.statusCode, `${method} ${base}${way}`).toBeLessThan(500);
        expect(reply.body).not.toContain('root:');
      }
  });

  it('in the fields that hold a path: a backup and a project go nowhere relative or hidden by a NUL', async () => {
    const { ask } = await openApiHouse({ app: { limits } });
    for (const path of ['../x.db', 'x.db', '~/x.db', '/tmp/a\0b', '']) {
      expect((await ask('POST', '/api/v1/backup', { body: { path } })).status, path).toBe(400);
      expect((await ask('POST', '/api/v1/projects', { body: { path } })).status, path).toBe(400);
    }
  });
});

describe('JSON of a kind', () => {
  it.each([
    ['a hundred thousand brackets', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['a deep object', '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000)],
    ['more than two mebibytes', JSON.stringify({ project: 'shop', prompt: 'x'.repeat(3 << 20) })],
    ['a name that is special to JavaScript', '{"project":"shop","prompt":"x","__proto__":{"admin":true}}'],
    ['half a text', '{"project":"shop","prompt":"half'],
    ['a lone surrogate in a name', '{"project":"\ud800","prompt":"x"}'],
    ['numbers beyond all bounds', '{"project":"shop","prompt":"x","priority":1e999}'],
  ])('%s', async (_what, payload) => {
    const { app, token } = await openApiHouse();
    const began = performance.now();
    const reply = await app.inject({
      method: 'POST',
      url: '/api/v1/tasks',
      headers: { host: '127.0.0.1:8765', authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      payload,
    });
    expect(reply.statusCode).toBeGreaterThanOrEqual(400);
    expect(reply.statusCode).toBeLessThan(500);
    // Refused by its size before anything is made of it, not only by what a field allows.
    if (payload.length > 2 << 20) expect(reply.json()).toMatchObject({ status: 413, detail: 'The body is larger than 2 MiB.' });
    if (payload.endsWith('"half')) expect(reply.json()).toMatchObject({ detail: 'The body is not valid JSON.' });
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
  });
});

describe('text that somebody would obey', () => {
  const texts = [
    '$(touch /tmp/pwned)',
    '`id`',
    '; rm -rf ~',
    '#{pid} #(id) #[fg=red]',
    '-rf',
    '--',
    '\u001b]52;c;aGk=\u0007',
    '\u0000',
    "'; drop table tasks; --",
    '%s%n',
    '\r\nSet-Cookie: a=b',
  ];
  it.each(['prompt', 'title'] as const)('in the %s of a task is kept as text or refused, and nothing breaks', async (field) => {
    const house = await openApiHouse({ answer: playedWorld, app: { limits } });
    await house.data('POST', '/api/v1/projects', { path: project });
    for (const text of texts) {
      const made = await house.ask('POST', '/api/v1/tasks', { body: { project: 'shop', prompt: 'x', [field]: text } });
      expect([200, 400], `${text}: ${made.text}`).toContain(made.status);
      expect(made.headers['set-cookie']).toBeUndefined();
      if (made.status !== 200) continue;
      const { id } = made.body.data as { id: string };
      const shown = await house.data<{ title: string; prompt: string }>('GET', `/api/v1/tasks/${id}`);
      // Line ends are those of the house; every other byte is as it came.
      if (field === 'prompt') expect(shown.prompt).toBe(text.replaceAll('\r\n', '\n'));
    }
  });
});

it('the name of a token is plain text: it is printed wherever tokens are listed', async () => {
  const { ask } = await openApiHouse();
  for (const name of ['a\u001b[31mb', 'a\nb', 'a\u202eb', 'a\u0000'])
    expect((await ask('POST', '/api/v1/tokens', { body: { name } })).status, JSON.stringify(name)).toBe(400);
  expect((await ask('POST', '/api/v1/tokens', { body: { name: 'grafana in the büro' } })).status).toBe(200);
});

describe('clients that dawdle', () => {
  it('one that sends its headers a byte at a time is hung up on, and the others are served meanwhile', async () => {
    const house = await openApiHouse();
    const port = await house.listen();
    house.app.server.headersTimeout = 300;
    const slow = connect(port, '127.0.0.1');
    slow.on('error', () => undefined); // A reset is an end like any other.
    // It neither finishes its request nor takes notice of an answer.
    slow.pause();
    slow.write('GET /healthz HTTP/1.1\r\nHost: 127');
    const open = () => new Promise<number>((done) => house.app.server.getConnections((_error, count) => done(count)));
    await until('it to be let in', async () => ((await open()) === 1 ? true : undefined));
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { headers: { connection: 'close' } });
    expect(answer.status).toBe(200);
    await answer.text();
    await until('the slow one to be hung up on', async () => ((await open()) === 0 ? true : undefined), 25_000);
    slow.destroy();
  }, 60_000);

  it('one that never reads its answer loses it after a minute', async () => {
    const house = await openApiHouse();
    const port = await house.listen();
    let held: Socket | undefined;
    house.app.server.once('connection', (socket: Socket) => {
      held = socket;
    });
    const deaf = connect(port, '127.0.0.1');
    deaf.on('error', () => undefined); // A reset is an end like any other.
    deaf.pause();
    // Many answers on one connection, none of them read: what the system buffers is soon full.
    deaf.write(`GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`.repeat(400));
    await until('an answer to be stuck', () => (held?.writableNeedDrain === true ? true : undefined), 25_000);
    house.clock.advance(60_001);
    await until('it to be given up', () => (held?.destroyed === true ? true : undefined));
    deaf.destroy();
  }, 60_000);

  it('the patience with a caller is what docs say: headers ten seconds, a whole request thirty', async () => {
    const { server } = (await openApiHouse()).app;
    expect([server.headersTimeout, server.requestTimeout]).toEqual([10_000, 30_000]);
  });

  it('there is a bound on connections', async () => {
    expect((await openApiHouse()).app.server.maxConnections).toBe(1024);
  });
});
