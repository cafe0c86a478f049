/** The web interface as files: its page with a nonce for every address, its assets cached, nothing else of the disk. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openApiHouse } from '../support/api-house.ts';
import { tempFolder } from '../support/temp-folder.ts';

const built = async () => {
  const webRoot = join(await tempFolder(), 'dist');
  for (const folder of ['assets', 'charts']) mkdirSync(join(webRoot, folder), { recursive: true });
  writeFileSync(
    join(webRoot, 'index.html'),
    '<html><head><meta property="csp-nonce" nonce="__CCM_NONCE__"><script nonce="__CCM_NONCE__" src="/assets/a.js"></script>',
  );
  writeFileSync(join(webRoot, 'assets', 'a.js'), 'export {}');
  writeFileSync(join(webRoot, '.env'), 'SECRET=1');
  writeFileSync(join(webRoot, '..', 'outside.txt'), 'outside');
  const chart = {
    kind: 'task',
    version: 1,
    definition: { id: 'task', root: 'task', states: [], edges: [] },
    layout: { w: 1, h: 1, boxes: [], routes: [] },
    folded: {},
  };
  writeFileSync(join(webRoot, 'charts', 'task.json'), JSON.stringify(chart));
  return openApiHouse({ app: { webRoot } });
};
const open = (house: Awaited<ReturnType<typeof built>>, url: string, accept = 'text/html') =>
  house.ask('GET', url, { token: null, headers: { accept } });

it('every page has a nonce of its own, the one its policy names', async () => {
  const house = await built();
  const seen = new Set<string>();
  for (const url of ['/', '/tasks/abcde', '/agents/x?at=12']) {
    const page = await open(house, url);
    const nonces = [...page.text.matchAll(/nonce="([^"]+)"/g)].map((match) => match[1]);
    const policy = page.headers['content-security-policy'] ?? '';
    expect([page.status, new Set(nonces).size, nonces.length]).toEqual([200, 1, 2]);
    expect(policy).toContain(`script-src 'self' 'nonce-${nonces[0]}'`);
    expect(policy).toContain(`style-src 'self' 'nonce-${nonces[0]}'`);
    expect(policy).not.toMatch(/unsafe|https?:/);
    expect(policy).toContain("default-src 'none'");
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    expect(page.headers['strict-transport-security']).toBeUndefined();
    seen.add(nonces[0] ?? '');
  }
  expect(seen.size).toBe(3);
});

it('assets are files: kept for ever, not found when they are not there', async () => {
  const house = await built();
  expect(await open(house, '/assets/a.js', '*/*')).toMatchObject({
    status: 200,
    text: 'export {}',
    headers: { 'cache-control': 'public, max-age=31536000, immutable' },
  });
  expect((await open(house, '/assets/b.js')).status).toBe(404);
  expect((await open(house, '/charts/task.json', '*/*')).headers['cache-control']).toBe('no-cache');
});

it.each([
  '/.env',
  '/../outside.txt',
  '/%2e%2e/outside.txt',
  '/assets/..%2f..%2foutside.txt',
  '/assets/%2e%2e/%2e%2e/outside.txt',
  '/index.html/../../outside.txt',
])('%s shows nothing of the disk', async (url) => {
  const house = await built();
  const reply = await open(house, url, '*/*');
  expect(reply.status).toBeGreaterThanOrEqual(400);
  expect(reply.text).not.toMatch(/SECRET|outside$/);
});

it('without a build there is a page that says so, and the interface works', async () => {
  const house = await openApiHouse();
  const page = await open(house, '/');
  expect([page.status, page.text.includes('npm run build:web')]).toEqual([200, true]);
  expect(await house.data('GET', '/api/v1/charts')).toEqual([]);
});

it('charts are read from the build', async () => {
  const house = await built();
  expect(await house.data('GET', '/api/v1/charts/task')).toMatchObject({ kind: 'task', layout: { w: 1 } });
  expect(await house.ask('GET', '/api/v1/charts/nothing')).toMatchObject({ status: 404, body: { code: 'CCM_NOT_FOUND' } });
});

it('the interface describes itself to a browser without a token', async () => {
  const house = await built();
  const docs = await open(house, '/docs');
  expect([docs.status, docs.text.includes('swagger-ui')]).toEqual([200, true]);
  expect((await open(house, '/docs/static/swagger-ui-bundle.js', '*/*')).status).toBe(200);
  expect((await open(house, '/docs/json', '*/*')).body).toMatchObject({ openapi: '3.1.0' });
});
