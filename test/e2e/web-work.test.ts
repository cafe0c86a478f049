/** Work done in the page: the palette, a review with comments, merging, and notices outside the page. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { until } from '../support/until.ts';
import { visitPage } from '../support/visit-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

test('the palette: a place, a task, a command with its consequence; what cannot be taken back needs Enter twice', async () => {
  const { page, story } = await visitPage(browser);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('webhook');
  await page
    .getByRole('option', { name: /Add a retry to the webhook sender/ })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Add a retry to the webhook sender' }).waitFor();
  const task = story.world.find(story.names.retry);
  if (!task) throw new Error('no task');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('stop webhook');
  await page.locator('.palette-told', { hasText: 'is taken at once' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Enter again:').waitFor();
  expect(story.world.view(task).status).toBe('working');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await until('the task to be told to stop', () => Promise.resolve(story.world.view(task).status === 'stopping' ? true : undefined));
}, 60_000);

test('comments on lines become one message; keys typed into a comment are no commands', async () => {
  const { page, story, open, task } = await visitPage(browser);
  await open(`${task('retry')}?tab=changes`);
  await page.getByRole('button', { name: 'Comment on line 2 of src/webhook/send.ts' }).click();
  await page.keyboard.type('take the shared retry, not a new one');
  await page.getByRole('button', { name: 'Comment on line 4 of test/webhook/send.test.ts' }).click();
  await page.keyboard.type('name what it gives up on');
  expect(await page.getByRole('button', { name: 'Locked' }).count()).toBe(1);
  await page.locator('.dl .syn-kwd').first().waitFor();
  await page.getByRole('button', { name: 'Send to the agent' }).click();
  await page.getByText('Your comments were sent.').waitFor();
  const said = String(story.world.saved(story.world.of('message').at(-1) ?? expect.fail('no message')).context['text']);
  expect(said).toMatch(/^2 comments on your changes:[^]*src\/webhook\/send\.ts:2\n> \+import[^]*take the shared retry[^]*send\.test\.ts:4/);
}, 60_000);

test('merging tells what it would do, asks once, and says what was done', async () => {
  const { page, open, task } = await visitPage(browser);
  await open(task('bundle'));
  const merge = page.locator('.commands').getByRole('button', { name: 'Merge' });
  await merge.hover();
  await page.locator('.foretold', { hasText: 'Merge brings' }).waitFor();
  await merge.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Merge' }).click();
  await page.getByText('Merged into main as 8be0f12c77.').waitFor();
}, 60_000);

test('after a command the keyboard is where it was: on its button, or at the commands when that is gone', async () => {
  const { page, open, task } = await visitPage(browser);
  const focused = (what: string) => page.waitForFunction((wanted) => document.activeElement?.matches(wanted), what);
  await open(task('bundle'));
  await page.locator('.commands').getByRole('button', { name: 'Merge' }).focus();
  await page.locator('.foretold', { hasText: 'Merge brings' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Merge' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Merged into main as 8be0f12c77.').waitFor();
  await focused('.commands button.primary');

  await open(task('retry'));
  const stop = page.locator('.commands .buttons').getByRole('button', { name: 'Stop', exact: true });
  await stop.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).focus();
  await page.keyboard.press('Enter');
  await stop.waitFor({ state: 'detached' });
  await focused('.commands .buttons');
}, 60_000);

test('a pull request says where it is; a fork leads to the new task, from now and from a moment of the past', async () => {
  const { page, open, task, story } = await visitPage(browser);
  await open(task('bundle'));
  await page.getByRole('button', { name: 'Open pull request' }).click();
  await page.getByRole('dialog').getByText('is pushed to the remote').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Open pull request' }).click();
  const link = page.getByRole('link', { name: 'See the pull request into main' });
  expect(await link.getAttribute('href')).toBe('https://github.com/ada/shop/pull/7');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Fork' }).click();
  await page.getByRole('dialog').getByText('The memory of its agent is not copied').waitFor();
  await page.getByLabel('What shall be done another way?').fill('Without the map');
  await page.getByRole('dialog').getByRole('button', { name: 'Fork' }).click();
  await page.getByRole('heading', { name: 'Without the map' }).waitFor();
  expect(await page.getByRole('link', { name: 'Reduce the bundle below 150 KB' }).getAttribute('href')).toBe(task('bundle'));
  await open(task('retry'));
  await page.locator('.event').first().waitFor();
  for (let i = 0; i < 3; i++) await page.keyboard.press('[');
  await page.getByRole('button', { name: 'Fork from here' }).click();
  await page.getByRole('dialog').getByText('starts from it').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Fork' }).click();
  await page.getByText(/forked from .* as of \d/).waitFor();
  const made = story.world.of('task').at(-1);
  const from = made && story.world.saved(made).context['from'];
  expect(from).toMatchObject({ task: story.names.retry, before: expect.any(Number) });
}, 60_000);

test('a budget is given with a new task, and set on a running one', async () => {
  const { page, open, task, story } = await visitPage(browser);
  await page.keyboard.press('n');
  await page.getByLabel('What shall be done?').fill('Cheaply');
  await page.getByText('Priority, budget, order and time').click();
  await page.getByLabel('Budget in dollars').fill('2.5');
  await page.getByRole('button', { name: 'Start task' }).click();
  await page.getByText('budget $2.50').waitFor();
  await open(task('retry'));
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Set its budget' }).click();
  await page.getByLabel(/Dollars it may use/).fill('3');
  await page.getByRole('dialog').getByRole('button', { name: 'Set its budget' }).click();
  await page.getByText('budget $3.00').waitFor();
  const made = story.world.find(story.names.retry);
  expect(made && story.world.saved(made).context['budget']).toBe(3_000_000);
}, 60_000);

/** Stands in for the browser's own, which a test cannot see. */
const fakeNotices = `
  globalThis.notices = [];
  globalThis.Notification = class extends EventTarget {
    static permission = 'granted';
    static requestPermission = async () => 'granted';
    constructor(title, options) { super(); this.title = title; this.body = options.body; this.open = true; globalThis.notices.push(this); }
    close() { this.open = false; }
  };
  localStorage.setItem('ccm.notify', 'on');
  Object.defineProperty(document, 'visibilityState', { get: () => globalThis.looking === true ? 'visible' : 'hidden' });
`;

test('who waits is told by the title and by a notification, which goes away when another channel has answered', async () => {
  const { page, story } = await visitPage(browser, { before: fakeNotices });
  const sees = (fact: string) => until(fact, async () => ((await page.evaluate(fact)) === true ? true : undefined));
  await sees('document.title.startsWith("(3)")');
  const task = story.world.find(story.ask({ title: 'Another one', prompt: 'Another one' }));
  if (!task) throw new Error('no task');
  const agent = story.start(task.id);
  const ask = {
    approval: 'approval-new',
    kind: 'approval',
    text: 'rm -r build',
    tool: 'Bash',
    choices: [],
    expiresAt: null,
    source: 'hook',
  };
  story.world.send(agent, { type: 'ASKED', ...ask, observedAt: story.clock.now, by: 'hook' });
  await sees('globalThis.notices.length === 1 && document.title.startsWith("(4)")');
  expect(await page.evaluate('globalThis.notices[0].title + ": " + globalThis.notices[0].body + globalThis.notices[0].open')).toBe(
    'Permission: Another one: rm -r buildtrue',
  );
  story.world.send('approval-new', { type: 'ALLOW', by: 'cli' });
  await sees('globalThis.notices[0].open === false && document.title.startsWith("(3)")');
}, 60_000);
