/**
 * axe-core on every page in both themes: no violations. What stands on several pages is judged where it stands first; of lists, the first rows are judged.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { judgePage } from '../support/judge-page.ts';
import { visitPage } from '../support/visit-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const visit = async () => {
  const visited = await visitPage(browser, { colorScheme: 'light', viewport: { width: 1280, height: 900 } });
  const found: Record<string, string[]> = {};
  const look = async (name: string, part: string | null = null): Promise<void> => {
    const violations = await judgePage(visited.page, part);
    if (violations.length > 0) found[name] = violations;
  };
  const lit = (id: string): Promise<void> => visited.page.locator(`[data-state="${id}"].on`).waitFor();
  return { ...visited, found, look, lit };
};

test('no violations on the overview and the page of a task', async () => {
  const { page, open, task, found, look, lit } = await visit();
  await page.locator('.card').first().waitFor();
  await look('overview');
  await open('/?view=table');
  await page.getByRole('table').waitFor();
  await look('table', '.tasks');
  await open(task('orders'));
  await lit('agent.conversation.needsApproval');
  await look('task');
  for (const tab of ['Why', 'Messages', 'Result', 'Snapshot', 'Changes']) {
    await page.getByRole('tab', { name: tab }).click();
    await look(`task, ${tab}`, '.tabs');
  }
  await page.getByRole('button', { name: 'More' }).click();
  await look('more commands', '.task-head');
  await page.getByRole('button', { name: 'Fork' }).click();
  await page.getByLabel('What shall be done another way?').waitFor();
  await look('fork', 'dialog[open]');
  await page.keyboard.press('Escape');
  await open(`${task('retry')}?chart=task&wide=chart&tab=changes`);
  await lit('task.running.working');
  await page.locator('.dl').first().waitFor();
  await look('diff and task chart', 'main');
  await page.getByRole('button', { name: 'List', exact: true }).click();
  await look('chart as a list', '.chart-panel');
  await page.keyboard.press('[');
  await page.getByText('Looking at the past.').waitFor();
  await look('the past', 'main');
  expect(found).toEqual({});
}, 240_000);

test('no violations on the other pages, on the way in, and where something is missing', async () => {
  const { page, open, daemon, story, found, look } = await visit();
  for (const [path, heading] of Object.entries({
    '/projects': 'Projects',
    '/machines': 'Machines',
    '/events': 'Events',
    '/settings': 'Settings',
    '/sync': 'Sync',
  })) {
    await open(path);
    await page.getByRole('heading', { name: heading, exact: true }).waitFor();
    await look(path, 'main');
  }
  await page.getByRole('button', { name: 'Connect a hub' }).click();
  await page.getByLabel('URL of the project').waitFor();
  await look('connect a hub', 'dialog[open]');
  await page.keyboard.press('Escape');
  const one = { kind: 'claude', mode: 'interactive', command: ['x'], available: true, lacks: null };
  const lacks = { sentence: 'It is not signed in.', next: 'Run `gemini` once.' };
  await page.route('**/api/v1/profiles', (route) => {
    const demo = ['claude', 'gemini', 'lint-bot'].map((name) => ({ ...one, name, kind: 'demo' }));
    return route.fulfill({ json: { data: [...demo, { ...one, name: 'other' }, { ...one, name: 'unready', lacks }], meta: {} } });
  });
  await open('/');
  await page.getByRole('region', { name: 'Next steps' }).getByRole('button', { name: 'Give other a task' }).waitFor();
  await look('next steps', '.next');
  await page.route('**/api/v1/tasks?*', (route) => route.fulfill({ json: { data: [], meta: { head: 1, next: null } } }));
  await open('/');
  await page.getByRole('button', { name: 'Watch the demo agent work' }).waitFor();
  await look('first steps', 'main');
  await page.unroute('**/api/v1/tasks?*');
  story.connect();
  await open('/sync');
  await page.getByText('rm -r /tmp/screws').waitFor();
  await look('sync with a hub');
  await open('/nowhere');
  await look('no such page', 'main');
  await page.keyboard.press('n');
  await page.getByLabel('Machine').waitFor();
  await look('new task', 'dialog[open]');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('option').first().waitFor();
  await look('palette', 'dialog[open]');
  await page.keyboard.press('Escape');
  await daemon.stop();
  await page.getByRole('alert').waitFor();
  await look('daemon gone', '.gone');
  await daemon.start();
  await page.evaluate('localStorage.clear()');
  await page.goto(daemon.url);
  await page.locator('.door h1').waitFor();
  await look('no token');
  expect(found).toEqual({});
}, 240_000);
