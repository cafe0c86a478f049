/** Trouble has one shape, and says what was wrong, where, and what to do. */
import { createConnection } from 'node:net';
import { describe, expect, it } from 'vitest';
import { openApiHouse, project } from '../support/api-house.ts';

describe('problem documents', () => {
  it('has every member of the shape, and nothing of the query', async () => {
    const { ask } = await openApiHouse();
    const reply = await ask('GET', '/api/v1/tasks/zzzzz?secret=1');
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(reply.body).toMatchInlineSnapshot(`
      {
        "code": "CCM_BAD_INPUT",
        "detail": ""secret" in the query is not known here.",
        "field": "secret",
        "fields": [
          {
            "field": "secret",
            "message": "is not known here",
          },
        ],
        "instance": "/api/v1/tasks/zzzzz",
        "next": "Correct the named field and send it again.",
        "status": 400,
        "title": "The request is not valid",
        "type": "urn:ccm:CCM_BAD_INPUT",
      }
    `);
    const unknown = await ask('GET', '/api/v1/tasks/zzzzz');
    expect(unknown.body).toMatchInlineSnapshot(`
      {
        "code": "CCM_NOT_FOUND",
        "detail": "There is no task "zzzzz".",
        "instance": "/api/v1/tasks/zzzzz",
        "next": "\`ccm ls --all\` lists tasks.",
        "status": 404,
        "title": "There is no such thing",
        "type": "urn:ccm:CCM_NOT_FOUND",
      }
    `);
  });

  it.each([
    ['malformed JSON', '{"prompt":', 'application/json'],
    ['not JSON', 'prompt=x', 'application/x-www-form-urlencoded'],
    ['text', '{}', 'text/plain'],
    ['a list', '[]', 'application/json'],
    ['null', 'null', 'application/json'],
    ['a prototype', '{"__proto__":{"x":1},"prompt":"x"}', 'application/json'],
    ['a wrong type', '{"prompt":1}', 'application/json'],
    ['an unknown field', '{"prompt":"x","promt":"y"}', 'application/json'],
    ['a wrong type in a list', '{"prompt":"x","after":["a",2]}', 'application/json'],
    ['an empty prompt', '{"prompt":" \\n ","project":"shop"}', 'application/json'],
    ['a NUL', '{"prompt":"a\\u0000b","project":"shop"}', 'application/json'],
    ['no project', '{"prompt":"x"}', 'application/json'],
    ['an unknown agent', '{"prompt":"x","project":"shop","agent":"cluade"}', 'application/json'],
    ['an unknown project', '{"prompt":"x","project":"shpo"}', 'application/json'],
    ['a time that is past', '{"prompt":"x","project":"shop","at":"2020-01-01T00:00:00Z"}', 'application/json'],
    ['another system', '{"prompt":"x","project":"shop","system":"laptop"}', 'application/json'],
    ['a dependency that is not there', '{"prompt":"x","project":"shop","after":["zzzzz"]}', 'application/json'],
    ['a relative path', '{"prompt":"x","path":"shop"}', 'application/json'],
    ['a path that is not there', '{"prompt":"x","path":"/nowhere"}', 'application/json'],
  ])('POST /tasks with %s', async (_what, payload, type) => {
    const { app, token, data } = await openApiHouse();
    await data('POST', '/api/v1/projects', { path: project });
    const reply = await app.inject({
      method: 'POST',
      url: '/api/v1/tasks',
      headers: { host: '127.0.0.1:8765', authorization: `Bearer ${token}`, 'content-type': type },
      payload,
    });
    const { code, detail, field } = reply.json();
    expect(`${reply.statusCode} ${code}${field === undefined ? '' : ` (${field})`}: ${detail}`).toMatchSnapshot();
  });

  it('lengths and bounds are told in words, not in those of a library', async () => {
    const { ask } = await openApiHouse();
    const told = async (body: unknown) => (await ask('POST', '/api/v1/tasks', { body })).body.detail;
    expect(await told({ prompt: 'x', title: 'y'.repeat(201) })).toBe('"title" in the body must have at most 200 characters.');
    expect(await told({ prompt: 'x', project: '' })).toBe('"project" in the body must not be empty.');
    expect(await told({ prompt: 'x', priority: 11 })).toBe('"priority" in the body must be at most 10.');
  });

  it('bodies and prompts that are too large are refused before they are read into anything', async () => {
    const { ask, data } = await openApiHouse();
    await data('POST', '/api/v1/projects', { path: project });
    const body = await ask('POST', '/api/v1/tasks', { body: { prompt: 'x'.repeat(2 * 1024 * 1024) } });
    expect(body).toMatchObject({ status: 413, body: { code: 'CCM_TOO_LARGE', detail: 'The body is larger than 2 MiB.' } });
    const prompt = await ask('POST', '/api/v1/tasks', { body: { project: 'shop', prompt: 'ü'.repeat(1024 * 512 + 1) } });
    expect(prompt).toMatchObject({ status: 413, body: { code: 'CCM_TOO_LARGE', field: 'prompt' } });
    expect((await ask('POST', '/api/v1/tasks', { body: { project: 'shop', prompt: 'ü'.repeat(1024 * 512) } })).status).toBe(200);
  });

  it('a path that takes other methods says which; one that is not there says so', async () => {
    const { ask } = await openApiHouse();
    const wrong = await ask('DELETE', '/api/v1/status');
    expect(wrong).toMatchObject({
      status: 405,
      headers: { allow: 'GET' },
      body: { code: 'CCM_METHOD', detail: 'DELETE is not possible here; this takes GET.' },
    });
    expect((await ask('PUT', '/api/v1/tasks/x')).headers['allow']).toBe('DELETE, GET');
    expect(await ask('GET', '/api/v1/nothing')).toMatchObject({
      status: 404,
      body: { code: 'CCM_NOT_FOUND', detail: 'There is nothing at /api/v1/nothing.' },
    });
    expect((await ask('OPTIONS', '/api/v1/tasks')).status).toBe(405);
    expect((await ask('GET', `/api/v1/tasks/${'y'.repeat(400)}`)).status).toBe(404);
  });

  it('a mistyped query parameter is told, not ignored', async () => {
    const { ask } = await openApiHouse();
    expect(await ask('GET', '/api/v1/tasks?limt=5')).toMatchObject({ status: 400, body: { code: 'CCM_BAD_INPUT' } });
    expect(await ask('GET', '/api/v1/tasks?limit=0')).toMatchObject({ status: 400, body: { field: 'limit' } });
    expect(await ask('GET', '/api/v1/tasks?cursor=abc')).toMatchObject({ status: 400, body: { field: 'cursor' } });
  });

  it('an id is found with blanks around it and in capitals', async () => {
    const { ask, data } = await openApiHouse();
    await data('POST', '/api/v1/projects', { path: project });
    const { short } = await data<{ short: string }>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'Fix one' });
    for (const typed of [` ${short} `, short.toUpperCase(), ' FIX '])
      expect(await ask('GET', `/api/v1/tasks/${encodeURIComponent(typed)}`)).toMatchObject({ status: 200, body: { data: { short } } });
  });

  it('an ambiguous name lists what it could mean', async () => {
    const { ask, data } = await openApiHouse();
    await data('POST', '/api/v1/projects', { path: project });
    for (const prompt of ['Fix one', 'Fix two']) await data('POST', '/api/v1/tasks', { project: 'shop', prompt });
    const reply = await ask('GET', '/api/v1/tasks/fix');
    expect(reply).toMatchObject({ status: 409, body: { code: 'CCM_AMBIGUOUS', detail: '2 match "fix".' } });
    expect((reply.body['matches'] as { title: string }[]).map(({ title }) => title).toSorted()).toEqual(['Fix one', 'Fix two']);
    expect(await data('GET', '/api/v1/tasks/fix%20o')).toMatchObject({ title: 'Fix one' });
  });

  it('too many requests are told when to come back', async () => {
    const { ask } = await openApiHouse({ app: { limits: { perToken: 3, perAddress: 2 } } });
    const statuses = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await ask('GET', '/api/v1/profiles')).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    const refused = await ask('GET', '/api/v1/profiles');
    expect(refused.body).toMatchObject({ code: 'CCM_RATE_LIMITED' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    // A guesser without a token is counted by address, before it is refused.
    const guesses = [];
    for (let i = 0; i < 3; i += 1) guesses.push((await ask('GET', '/api/v1/profiles', { token: `ccm_${i}` })).status);
    expect(guesses).toEqual([401, 401, 429]);
  });

  it('what breaks inside is logged once with its stack, and the answer tells nothing of it', async () => {
    const { ask, services, house } = await openApiHouse();
    services.profiles.list = () => Promise.reject(new Error('secret inner words'));
    const reply = await ask('GET', '/api/v1/profiles?');
    expect(reply).toMatchObject({ status: 500, body: { code: 'CCM_INTERNAL', detail: 'The request could not be carried out.' } });
    expect(reply.text).not.toContain('secret inner words');
    const errors = house.log.lines.filter(({ level }) => level === 'error');
    expect(errors).toMatchObject([
      {
        message: 'a request failed',
        fields: { method: 'GET', route: '/api/v1/profiles', stack: expect.stringContaining('secret inner words') },
      },
    ]);
  });

  it('what is not even HTTP gets an answer of the same shape', async () => {
    const { listen } = await openApiHouse();
    const port = await listen();
    const say = (text: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = createConnection(port, '127.0.0.1', () => socket.write(text));
        let heard = '';
        socket.on('data', (bytes) => {
          heard += bytes.toString();
        });
        socket.on('close', () => resolve(heard));
        socket.on('error', reject);
      });
    expect(await say('hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [^]*"code":"CCM_BAD_INPUT"/);
    expect(await say(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 [^]*"code":"CCM_TOO_LARGE"/,
    );
    expect(await say('GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 403 [^]*CCM_BAD_HOST/,
    );
    expect(await say(`GET /%zz HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 400 [^]*"code":"CCM_BAD_INPUT"/,
    );
  });
});
