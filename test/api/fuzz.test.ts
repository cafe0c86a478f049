/** Whatever is sent, the answer is a success or a problem in words: never a 500, never silence. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openApiHouse, project } from '../support/api-house.ts';
import { playedWorld } from '../support/played-world.ts';

const seed = Number(process.env['CCM_FUZZ_SEED'] ?? 20261122);
const numRuns = Number(process.env['CCM_FUZZ_RUNS'] ?? 40);

const words = [
  'shop',
  'x',
  '',
  ' ',
  '/nowhere',
  project,
  'claude',
  'demo',
  'stop',
  'zzzzz',
  '../..',
  '%00',
  '\u0000',
  '\u001b[31m',
  '😀'.repeat(50),
  '\ud800',
  'a'.repeat(5000),
];
const scalar = fc.oneof(
  fc.constantFrom(...words),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const keys = [
  'prompt',
  'project',
  'path',
  'title',
  'agent',
  'priority',
  'after',
  'at',
  'system',
  'text',
  'note',
  'name',
  'scopes',
  'days',
  'trusted',
  'report',
  'choices',
  'approval',
  'key',
  'id',
  'agents',
  'reason',
  '__proto__',
  'constructor',
];
const value = fc.oneof(
  { maxDepth: 3 },
  scalar,
  fc.array(scalar, { maxLength: 4 }),
  fc.dictionary(fc.constantFrom(...keys), scalar, { maxKeys: 3 }),
);
const body = fc.oneof(fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 8 }), value);

/** Bodies of the right shape with wild contents get past the first check more often. */
const wildText = fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }));
const taskBody = fc.record(
  {
    project: fc.constant('shop'),
    prompt: wildText,
    title: wildText,
    agent: fc.constantFrom('claude', 'demo', 'cluade'),
    priority: fc.integer({ min: -11, max: 11 }),
    at: fc.oneof(fc.integer({ min: 0, max: 4e12 }), fc.constantFrom('2030-01-01T00:00:00Z', 'soon')),
  },
  { requiredKeys: ['project', 'prompt'] },
);

describe('fuzz', () => {
  it('every route that takes something, with anything', async () => {
    const house = await openApiHouse({ answer: playedWorld, app: { limits: { perToken: 1e9, perAddress: 1e9 } } });
    await house.data('POST', '/api/v1/projects', { path: project });
    const task = await house.data<{ id: string }>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'x' });
    const agentToken = house.desk.issueForAgent('nobody').secret;
    const rows = house.app.routeTable.filter(({ method, hidden }) => (method === 'POST' || method === 'DELETE') && !hidden);
    expect(rows.length).toBeGreaterThan(20);
    const part = fc.oneof(
      fc.constantFrom(task.id, 'shop', 'zzzzz', 'stop', 'retry', 'priority'),
      fc.string({ minLength: 1, maxLength: 20 }).map(encodeURIComponent),
      fc.constantFrom('%00', '..', 'a'.repeat(400)),
    );
    for (const { method, url, access } of rows) {
      await fc.assert(
        fc.asyncProperty(
          fc.array(part, { minLength: 3, maxLength: 3 }),
          body,
          fc.constantFrom('', '?dry_run=true', '?dry_run=maybe', '?x=1'),
          async (parts, sent, query) => {
            let next = 0;
            const path = url.replaceAll(/:\w+/g, () => parts[next++] ?? 'x');
            const reply = await house.app.inject({
              method: method as 'POST',
              url: `${path}${query}`,
              headers: {
                host: '127.0.0.1:8765',
                authorization: `Bearer ${access === 'report' ? agentToken : house.token}`,
                'content-type': 'application/json',
              },
              payload: JSON.stringify(sent),
            });
            expect(reply.statusCode, `${method} ${path}${query} ${JSON.stringify(sent)}: ${reply.body}`).toBeLessThan(500);
            expect(reply.body.length).toBeGreaterThan(1);
            if (reply.statusCode >= 400)
              expect(reply.json()).toMatchObject({
                code: expect.stringMatching(/^CCM_/),
                detail: expect.stringMatching(/./),
                status: reply.statusCode,
              });
          },
        ),
        { seed, numRuns },
      );
    }
  });

  it('tasks of the right shape with wild contents', async () => {
    const house = await openApiHouse({ app: { limits: { perToken: 1e9, perAddress: 1e9 } } });
    await house.data('POST', '/api/v1/projects', { path: project });
    let made = 0;
    await fc.assert(
      fc.asyncProperty(taskBody, async (sent) => {
        const reply = await house.ask('POST', '/api/v1/tasks', { body: sent });
        expect(reply.status, `${JSON.stringify(sent)}: ${reply.text}`).toBeLessThan(500);
        if (reply.status !== 200) return;
        made += 1;
        const shown = reply.body.data as { prompt: string; title: string };
        expect(shown.prompt.replaceAll(/[^\P{Cc}\n\t]/gu, '')).toBe(shown.prompt);
        expect(shown.title).toMatch(/^[^\p{Cc}]+$/u);
      }),
      { seed, numRuns: numRuns * 3 },
    );
    expect(made).toBeGreaterThan(numRuns / 8);
    expect(house.house.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('reading: any id and any query', async () => {
    const house = await openApiHouse({ app: { limits: { perToken: 1e9, perAddress: 1e9 } } });
    const rows = house.app.routeTable.filter(({ method, hidden, url }) => method === 'GET' && !hidden && !url.endsWith('/events'));
    const query = fc.dictionary(
      fc.constantFrom('limit', 'cursor', 'after', 'before', 'status', 'q', 'kind', 'actor', 'max', 'lines', 'wait', 'all'),
      fc.oneof(fc.constantFrom('0', '1', '-1', '1e9', 'NaN', '', '%', "'", '_'), fc.string()),
      { maxKeys: 3 },
    );
    for (const { url } of rows) {
      await fc.assert(
        fc.asyncProperty(fc.string({ minLength: 1, maxLength: 30, unit: 'binary' }), query, async (id, asked) => {
          // A lone surrogate cannot be written in a URL.
          const path = url.replaceAll(/:\w+/g, encodeURIComponent(id.toWellFormed()));
          const reply = await house.ask('GET', `${path}?${new URLSearchParams(asked).toString()}`);
          expect(reply.status, `${path} ${JSON.stringify(asked)}: ${reply.text}`).toBeLessThan(500);
        }),
        { seed, numRuns: Math.ceil(numRuns / 2) },
      );
    }
  });
});
