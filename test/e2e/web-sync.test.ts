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
