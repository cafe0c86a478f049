/** The sync page: without a hub it is calm, with one it shows what waits, and its deeds reach the daemon. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { until } from '../support/until.ts';
import { visitPage } from '../support/visit-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const lit = (page: Page, state: string) => page.locator(`[data-state="sync-link.${state}"].on`).waitFor();
const commands = (page: Page) => page.getByRole('list', { name: 'Commands' }).getByRole('button').allTextContents();
const connected = async (options: Parameters<typeof visitPage>[1] = {}) => {
  const visit = await visitPage(browser, options);
  visit.story.connect();
  return visit;
};

test('without a hub one sentence says that nothing is contacted and how to connect, and no list is asked for', async () => {
  const { page, open } = await visitPage(browser);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await open('/sync');
  await lit(page, 'localOnly');
  await page.getByText('No hub is connected, so nothing is contacted').waitFor();
  await page.getByText('ccm init').waitFor();
  expect(await page.getByRole('list', { name: 'Commands' }).count()).toBe(0);
  expect(asked.filter((path) => path.startsWith('/api/v1/sync/'))).toEqual([]);
});

test('the link says why it is away and when it tries again, and offers what is legal, each with its effect', async () => {
  const { page, open, story } = await connected();
  await open('/sync');
  await lit(page, 'queuing');
  await page.getByText('The hub cannot be reached from here.').waitFor();
  await page.getByText('the connection was cut').waitFor();
  await page.getByText('fetch failed: UND_ERR_SOCKET').waitFor();
  await page.getByText(/^in \d+ (s|min)$/).waitFor();
  expect(await commands(page)).toEqual(['Sync now', 'Pause', 'Sign out', 'Disable sync']);
  await page.getByRole('button', { name: 'Pause' }).click();
  await lit(page, 'paused');
  await page.getByRole('button', { name: 'Resume' }).waitFor();
  expect(await commands(page)).toEqual(['Resume', 'Sign out', 'Disable sync']);
  expect(await page.getByText(/^in \d+ (s|min)$/).count()).toBe(0);
  await page.getByRole('button', { name: 'Resume' }).click();
  await lit(page, 'offline');
  await page.getByRole('button', { name: 'Disable sync' }).click();
  expect(story.hub()?.status().state).toBe('offline');
  await page.getByRole('dialog').getByText('All data stays here').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Disable sync' }).click();
  await lit(page, 'localOnly');
  await page.getByText('2 changes kept').waitFor();
}, 60_000);

test('the outbox stands in order, and only what may be taken back can be; machines and their tasks are named', async () => {
  const { page, open } = await connected();
  await open('/sync');
  const rows = page.getByRole('region', { name: 'Outbox' }).getByRole('listitem');
  await rows.first().waitFor();
  expect((await rows.allTextContents()).map((text) => /webhook|shed|shop/.exec(text)?.[0])).toEqual(['webhook', 'shed', 'shop']);
  expect(await rows.nth(0).getByRole('button').count()).toBe(0);
  await rows.nth(2).getByText('The hub knows a newer name').waitFor();
  await rows
    .nth(1)
    .getByRole('button', { name: /^Cancel “Offer task Paint the shed”$/ })
    .click();
  await rows.filter({ hasText: 'shed' }).waitFor({ state: 'detached' });
  expect(await rows.count()).toBe(2);
  const here = page.getByRole('row').filter({ hasText: 'this machine' });
  expect(await here.count()).toBe(1);
  expect(await here.textContent()).toContain('desk');
  const far = page.getByRole('region', { name: 'Tasks of other machines' }).getByRole('listitem');
  expect(await far.filter({ hasText: 'Sort the screws' }).textContent()).toMatch(/unreachable.*on workshop/);
  expect(await page.getByRole('region', { name: 'Conflicts' }).getByRole('listitem').textContent()).toMatch(
    /Kept, the newer one5Replaced, from this machine2/,
  );
}, 60_000);

test('what is asked elsewhere is decided here; tasks are handed over, moved and ended', async () => {
  const { page, open, story } = await connected();
  await open('/sync');
  const asks = page.getByRole('region', { name: 'Asked elsewhere' });
  await asks.getByText('rm -r /tmp/screws').waitFor();
  await asks.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('No agent on another machine waits for you.').waitFor();
  const far = page.getByRole('region', { name: 'Tasks of other machines' }).getByRole('listitem').filter({ hasText: 'Sort the screws' });
  await far.getByRole('combobox').selectOption({ label: 'desk' });
  await far.getByRole('button', { name: /^Move/ }).click();
  await far.getByRole('button', { name: /^End it/ }).click();
  const waiting = page.getByRole('region', { name: 'Waiting here' }).getByRole('listitem').filter({ hasText: 'Update the dependencies' });
  await waiting.getByRole('combobox').selectOption({ label: 'workshop' });
  await waiting.getByRole('button', { name: /^Hand over/ }).click();
  const hub = story.hub();
  await until('all four to arrive', () => (hub?.moves.length === 4 ? true : undefined));
  expect(hub?.moves.map((move) => move.replace(/task-\S+/, 'TASK'))).toEqual([
    'decide far-ask-1 {"verb":"approve"}',
    'reassign far-1 {"system":"system-1"}',
    'cancel far-1 {}',
    'handoff TASK {"system":"system-2"}',
  ]);
}, 60_000);

test('on a phone nothing lies beside the screen, and a list that cannot be read says so in its place', async () => {
  const { page, open } = await connected({ viewport: { width: 390, height: 844 }, hasTouch: true, colorScheme: 'dark' });
  const body = {
    type: 'x',
    title: 'The list cannot be read',
    status: 500,
    detail: 'Odd.',
    code: 'CCM_INTERNAL',
    next: 'Look again.',
    instance: '',
  };
  await page.route('**/api/v1/sync/systems', (route) => route.fulfill({ status: 500, json: body }));
  await open('/sync');
  await lit(page, 'queuing');
  await page.getByRole('region', { name: 'Systems' }).getByRole('alert').getByText('The list cannot be read').waitFor();
  await page.getByText('Paint the shed', { exact: true }).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
});

test('a hub is connected in the page: the password travels in a body, stands in no address, and is not kept', async () => {
  const { page, open } = await visitPage(browser);
  const sent: { path: string; body: string }[] = [];
  page.on('request', (request) => sent.push({ path: request.url(), body: request.postData() ?? '' }));
  await open('/sync');
  await page.getByRole('button', { name: 'Connect a hub' }).click();
  await page.getByLabel('URL of the project').fill('https://hub.example.org');
  await page.getByLabel('Publishable (anon) key').fill('sb_publishable_1');
  await page.getByLabel('Email').fill('ada@example.org');
  await page.getByLabel('Password').fill(' correct horse');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByLabel('Code of your authenticator app').fill('123456');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await lit(page, 'queuing');
  const wanted = { url: 'https://hub.example.org', key: 'sb_publishable_1', email: 'ada@example.org', password: ' correct horse' };
  const asked = sent.filter(({ path }) => path.endsWith('/sync/enable')).map(({ body }): unknown => JSON.parse(body));
  expect(asked).toEqual([wanted, { ...wanted, code: '123456' }]);
  expect(sent.filter(({ path }) => decodeURIComponent(path).includes('horse'))).toEqual([]);
  expect(await page.evaluate('JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }, history.state])')).not.toContain(
    'horse',
  );
});

test('a new task is given to another machine, which then offers its own projects and agents', async () => {
  const { page, open } = await connected();
  await open('/');
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What shall be done?').fill('Oil the hinges');
  await dialog.getByLabel('Machine').selectOption({ label: 'workshop, seen 6 min ago' });
  await dialog.getByLabel('Project on workshop').selectOption({ label: 'shed' });
  await dialog.getByLabel('Agent').selectOption('codex');
  await dialog.getByLabel('Priority').fill('2');
  expect(await dialog.getByLabel('Not before').count()).toBe(0);
  const asked = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/api/v1/tasks'));
  await page.keyboard.press('Control+Enter');
  expect(JSON.parse((await asked).postData() ?? '')).toEqual({
    prompt: 'Oil the hinges',
    project: 'p2',
    agent: 'codex',
    system: 'system-2',
    priority: 2,
  });
});

test('a queue of thousands is counted and turned page by page', async () => {
  const { page, open } = await connected();
  const same = { status: 'queued', kind: 'set', table: 'task', tries: 0, problem: null, createdAt: 0, settledAt: null, cancellable: true };
  const all = Array.from({ length: 230 }, (_, n) => ({ ...same, id: `op-${n}`, short: `o${n}`, row: `t-${n}`, title: `Task ${n}` }));
  await page.route('**/api/v1/sync/outbox?*', (route) => {
    const query = new URL(route.request().url()).searchParams;
    const [from, limit] = [Number(query.get('cursor') ?? 0), Number(query.get('limit'))];
    const next = from + limit < all.length ? String(from + limit) : null;
    return route.fulfill({ json: { data: all.slice(from, from + limit), meta: { total: all.length, next } } });
  });
  await open('/sync');
  const box = page.getByRole('region', { name: 'Outbox' });
  await box.getByText('1 to 100 of 230').waitFor();
  await box.getByRole('button', { name: 'Next' }).click();
  await box.getByRole('button', { name: 'Next' }).click();
  await box.getByText('201 to 230 of 230').waitFor();
  await box.getByText('Task 229', { exact: true }).waitFor();
  expect(await box.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
  await box.getByRole('button', { name: 'Back' }).click();
  await box.getByText('Task 100', { exact: true }).waitFor();
  // It drains: what was on this page is gone, so the first one is shown.
  all.splice(40);
  await page.getByRole('button', { name: 'Sync now' }).click();
  await box.getByText('Task 0', { exact: true }).waitFor();
  expect(await box.getByRole('button', { name: 'Next' }).count()).toBe(0);
}, 60_000);

test('what other machines did is no step of this one: when the hub brought something, lists and inbox are read again', async () => {
  const { page, open } = await connected();
  let heard = 1;
  let told = 0;
  const asked = new Map<string, number>();
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    asked.set(pathname, (asked.get(pathname) ?? 0) + 1);
  });
  await page.route('**/api/v1/status', async (route) => {
    const reply = await route.fetch();
    const body = (await reply.json()) as { data: { sync: Record<string, unknown> } };
    Object.assign(body.data.sync, { heard });
    await route.fulfill({ response: reply, json: body });
    told += 1;
  });
  const times = (path: string) => asked.get(`/api/v1/${path}`) ?? 0;
  await page.clock.install();
  await open('/');
  await page.getByRole('heading', { name: 'Tasks' }).waitFor();
  await until('the first look', () => (told > 0 && times('inbox') > 0 && times('tasks') > 0 ? true : undefined));
  const before = [times('inbox'), times('tasks')];
  heard = 2;
  await page.clock.runFor(5_000);
  await until(
    'lists and inbox to be read again',
    () => (times('inbox') > Number(before[0]) && times('tasks') > Number(before[1])) || undefined,
    20_000,
  );
}, 60_000);
