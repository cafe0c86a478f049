/** `./run pictures`: the pages as pictures for the documentation, from the page daemon's story. Writes docs/pictures/*.png. */
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium, openPage } from '../support/chromium.ts';
import { pageDaemon } from '../support/page-daemon/index.ts';
import { tellStory } from '../support/page-daemon/story.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = resolve(root, 'docs/pictures');
await mkdir(folder, { recursive: true });

const story = tellStory(Date.now());
const full = await pageDaemon(story, resolve(root, 'web/dist'));
const bare = await pageDaemon(null, resolve(root, 'web/dist'));
const browser = await launchChromium();
const task = (name: keyof typeof story.names): string => `/tasks/${story.world.find(story.names[name])?.short}`;
const desktop = { viewport: { width: 1440, height: 900 } };
const laptop = { viewport: { width: 1280, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 };

type Picture = {
  name: string;
  path: string;
  look: BrowserContextOptions;
  ready: (page: Page) => Promise<unknown>;
  /** Of this part alone. */
  part?: string;
};
const state = (id: string) => (page: Page) => page.locator(`[data-state="${id}"].on`).waitFor();
const card = (page: Page) => page.locator('.card svg.mini').first().waitFor();
const terminal = (page: Page) =>
  page
    .locator('.xterm-rows')
    .getByText(/I will add a retry|Nothing reads orders_legacy/)
    .waitFor();

const pictures: readonly Picture[] = [
  { name: 'overview', path: '/', look: desktop, ready: card },
  { name: 'overview-dark', path: '/', look: { ...desktop, colorScheme: 'dark' }, ready: card },
  { name: 'overview-phone', path: '/', look: phone, ready: card },
  {
    name: 'agent',
    path: `${task('retry')}?tab=why`,
    look: { viewport: { width: 1440, height: 1330 } },
    ready: async (page) => {
      await terminal(page);
      await state('agent.conversation.busy')(page);
      await page.getByRole('table').waitFor();
    },
  },
  {
    name: 'approval-dark',
    path: task('orders'),
    look: { viewport: { width: 1440, height: 1100 }, colorScheme: 'dark' },
    ready: async (page) => {
      await terminal(page);
      await state('agent.conversation.needsApproval')(page);
    },
  },
  {
    name: 'going-back',
    path: `${task('orders')}?chart=task&tab=snapshot`,
    look: { viewport: { width: 1440, height: 1330 } },
    ready: async (page) => {
      await terminal(page);
      for (let i = 0; i < 5; i++) await page.keyboard.press('[');
      await page.getByText('Looking at the past.').waitFor();
      await page.getByText(/After step/).waitFor();
    },
  },
  {
    name: 'consequence',
    path: `${task('retry')}?chart=task&wide=chart`,
    look: desktop,
    ready: async (page) => {
      await state('task.running.working')(page);
      await page.getByRole('button', { name: 'Stop', exact: true }).hover();
      await page.locator('[data-state="task.stopping"].ghost').waitFor();
    },
  },
  {
    name: 'changes',
    path: `${task('retry')}?tab=changes`,
    look: { viewport: { width: 1440, height: 960 } },
    ready: async (page) => {
      await terminal(page);
      await page.locator('.dl .syn-kwd').first().waitFor();
      await page.getByRole('button', { name: 'Comment on line 7 of src/webhook/send.ts' }).click();
      await page.keyboard.type('Read this from the configuration, and say in the log which try it was.');
      await page.evaluate(`document.querySelector('.timeline').scrollIntoView(); scrollBy(0, -62)`);
    },
  },
  {
    name: 'new-task',
    path: '/',
    look: desktop,
    ready: async (page) => {
      await card(page);
      await page.keyboard.press('n');
      await page.getByLabel('What shall be done?').fill('Make the webhook sender log the request id, and cover it with a test');
    },
  },
  {
    name: 'palette',
    path: '/',
    look: desktop,
    ready: async (page) => {
      await card(page);
      await page.keyboard.press('Control+k');
      await page.keyboard.type('webhook');
      await page.getByRole('option', { name: /^Stop/ }).waitFor();
      for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowDown');
      await page.locator('.palette-told', { hasText: 'is taken at once' }).waitFor();
    },
  },
  {
    name: 'table',
    path: '/?view=table',
    look: laptop,
    ready: (page) => page.getByRole('table').waitFor(),
  },
  { name: 'projects', path: '/projects', look: desktop, ready: (page) => page.locator('.project').first().waitFor() },
  {
    name: 'limited',
    path: task('search'),
    look: { viewport: { width: 1280, height: 1080 } },
    ready: state('agent.conversation.limited'),
  },
  { name: 'machines', path: '/machines', look: laptop, ready: (page) => page.locator('.sc [data-state]').first().waitFor() },
  { name: 'events', path: '/events', look: laptop, ready: (page) => page.locator('main li').first().waitFor() },
  { name: 'settings', path: '/settings', look: laptop, ready: (page) => page.getByText('grafana').first().waitFor() },
];

const take = async ({ name, path, look, ready, part }: Picture, daemon = full): Promise<void> => {
  const { page, errors, close } = await openPage(browser, look);
  await page.goto(daemon.link());
  await page.getByText('live', { exact: true }).waitFor();
  await page.goto(daemon.url + path);
  await ready(page);
  await page.evaluate('document.fonts.ready');
  await (part ? page.locator(part) : page).screenshot({ path: resolve(folder, `${name}.png`), animations: 'disabled' });
  await close();
  console.log(`docs/pictures/${name}.png${errors.length > 0 ? `: ${errors.join('; ')}` : ''}`);
  if (errors.length > 0) process.exitCode = 1;
};
for (const picture of pictures) await take(picture);
await take(
  {
    name: 'first-steps',
    path: '/',
    look: laptop,
    ready: (page) => page.getByRole('button', { name: 'Watch the demo agent work' }).waitFor(),
  },
  bare,
);
// The last: the others are of a home without a hub.
story.connect();
const conflict = (page: Page) => page.getByText('Kept, the newer one').waitFor();
await take({ name: 'sync', path: '/sync', look: { viewport: { width: 1440, height: 1460 } }, ready: conflict });
await take({ name: 'conflict', path: '/sync', look: desktop, ready: conflict, part: '[aria-label="Conflicts"]' });
await browser.close();
await full.stop();
await bare.stop();
