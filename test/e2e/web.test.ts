/** The page in a real Chromium, over real sockets, against the page daemon (true charts, a written story). */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { until } from '../support/until.ts';
import { visitPage } from '../support/visit-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const visit = (options: Parameters<typeof visitPage>[1] = {}) => visitPage(browser, options);
const focused = (page: Page): Promise<string> => page.evaluate('document.activeElement?.textContent ?? ""');
const search = (page: Page): string => new URL(page.url()).search;

describe('coming in', () => {
  test('a link is redeemed, leaves the address, and opens once', async () => {
    const { page, daemon } = await visit();
    expect(page.url()).toBe(`${daemon.url}/`);
    expect(await page.evaluate('localStorage.getItem("ccm.token")')).toBe(daemon.token);
    expect(await page.evaluate('document.cookie')).toBe('');
    await page.getByRole('heading', { name: 'Tasks' }).waitFor();
    const link = daemon.link();
    // In an open page this changes the fragment only; the link is redeemed all the same.
    await page.goto(link);
    await page.waitForURL(`${daemon.url}/`);
    await page.getByText('live', { exact: true }).waitFor();
    await page.evaluate('localStorage.clear()');
    await page.goto('about:blank');
    await page.goto(link);
    await page.getByRole('heading', { name: 'This link was already used' }).waitFor();
  });

  test('without a token there is a page that says how to get in, and nothing is asked of the daemon', async () => {
    const { page, daemon } = await visit();
    await page.evaluate('localStorage.clear()');
    await page.goto(daemon.url);
    await page.getByRole('heading', { name: 'You need a link to come in' }).waitFor();
    expect(await page.locator('.door-command').textContent()).toContain('ccm open');
  });

  test('an empty home ticks what is there, offers what can begin, and the project page the form that goes on', async () => {
    const { page } = await visit({ empty: true });
    await page.getByRole('heading', { name: 'Give an agent its first task' }).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'tmux is running' }).getByText('done', { exact: true }).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'There is a project' }).getByText('to do', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Watch the demo agent work' }).waitFor();
    // Somebody installs it while the page is open: it is ticked without a reload.
    const found = page.getByRole('button', { name: 'Give codex a task' });
    expect(await found.count()).toBe(0);
    await page.route('**/api/v1/profiles', async (route) => {
      const body: { data: { available: boolean }[] } = await (await route.fetch()).json();
      await route.fulfill({ json: { ...body, data: body.data.map((one) => ({ ...one, available: true })) } });
    });
    await found.click();
    await page.getByText('No project yet').waitFor();
    await page.getByLabel('Folder on this machine').fill('/nowhere');
    await page.getByRole('button', { name: 'Add project' }).click();
    await page.getByRole('alert').filter({ hasText: 'There is no folder /nowhere' }).waitFor();
  });
});

describe('overview', () => {
  test('an approval is given in place: the daemon has it, and the card moves on', async () => {
    const { page, story } = await visit();
    const ask = page.locator('.ask-approval');
    await ask.getByRole('button', { name: 'Approve' }).click();
    await ask.waitFor({ state: 'detached' });
    const decided = story.world.of('approval').at(-2);
    expect(decided && story.world.view(decided).status).toBe('allowed');
    await page.locator('.card', { hasText: 'Replace the legacy orders table' }).getByText('working').waitFor();
  });

  test('who answers second is told that somebody else was first, and what was decided', async () => {
    const { page, story } = await visit();
    const ask = page.locator('.ask-approval');
    await ask.waitFor();
    const approval = story.world.of('approval').find((one) => story.world.view(one).status === 'pending');
    await page.route('**/deny', async (route) => {
      story.world.send(approval?.id ?? '', { type: 'ALLOW', by: 'cli' });
      await route.continue();
    });
    await ask.getByRole('button', { name: 'Deny' }).click();
    await ask.waitFor({ state: 'detached' });
    await page.getByText('your answer came second').waitFor();
    await page.getByRole('button', { name: 'I have seen it' }).click();
    await page.getByText('your answer came second').waitFor({ state: 'detached' });
  });

  test('a question is answered by one of its choices', async () => {
    const { page, story } = await visit();
    await page.getByRole('button', { name: '22 November 2026' }).click();
    await page.locator('.ask-question').waitFor({ state: 'detached' });
    expect(story.world.of('approval').map((a) => story.world.saved(a).context['answer'])).toContain('22 November 2026');
  });

  test('steps appear by themselves, and tasks stand in attention order', async () => {
    const { page, story } = await visit();
    const cards = page.locator('.card h2');
    expect(await cards.first().textContent()).toContain('Replace the legacy orders table');
    const agent = story.world.find(story.names.retry);
    story.progress(String(agent && story.world.saved(agent).context['agent']), 'All 42 tests pass');
    await page.getByText('All 42 tests pass').waitFor();
  });

  test('search and filters live in the address and survive a reload', async () => {
    const { page } = await visit();
    await page.keyboard.press('/');
    await page.keyboard.type('webhook');
    await until('one card', async () => ((await page.locator('.card').count()) === 1 ? true : undefined));
    await page.getByRole('button', { name: 'Active' }).click();
    expect(search(page)).toBe('?q=webhook&show=active');
    await page.reload();
    await until('one card', async () => ((await page.locator('.card').count()) === 1 ? true : undefined));
    await page.getByRole('searchbox').fill('no such words');
    await page.getByRole('button', { name: 'Clear search and filters' }).click();
    expect(search(page)).toBe('');
  });

  test('a new task is asked for in the dialog and opened, also before the projects are known', async () => {
    const { page, open, story } = await visit();
    const asked = Promise.withResolvers<void>();
    await page.route('**/api/v1/projects', async (route) => {
      await asked.promise;
      await route.continue();
    });
    await open('/');
    await page.keyboard.press('n');
    await page.getByLabel('What shall be done?').fill('Count the open issues');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Starting …' }).waitFor();
    asked.resolve();
    await page.getByRole('heading', { name: 'Count the open issues' }).waitFor();
    expect(page.url()).toMatch(/\/tasks\/\w{5}$/);
    const made = story.world.of('task').at(-1);
    expect(made && story.world.saved(made).context['project']).toBe('shop');
  });
});

describe('agent view', () => {
  test('terminal bytes appear; keys go through only while it is unlocked, and what is drawn is acknowledged', async () => {
    const { page, open, task, daemon } = await visit();
    await open(task('retry'));
    const rows = page.locator('.xterm-rows');
    await rows.getByText('I will add a retry').waitFor();
    const below = `document.querySelector('.xterm-rows').lastElementChild.getBoundingClientRect().bottom - document.querySelector('.terminal-host').getBoundingClientRect().bottom`;
    expect(await page.evaluate(below), 'the last row is not cut').toBeLessThanOrEqual(0);
    const typed = (): string =>
      daemon.heard.flatMap((f) => (f.type === 'input' ? [Buffer.from(f.data, 'base64').toString()] : [])).join('');
    await page.locator('.terminal-host').click();
    await page.keyboard.type('nobody hears this');
    await page.getByRole('button', { name: 'Locked' }).click();
    await page.keyboard.type('hello agent');
    await rows.getByText('hello agent').waitFor();
    expect(typed()).toBe('hello agent');
    // A colour of 24 bits is drawn although the content policy refuses style attributes.
    expect(await rows.getByText('●').first().getAttribute('style')).toMatch(/rgb\(200, 120, 220\)|#c878dc/);
    await until('acknowledged bytes', () => (daemon.heard.some((f) => f.type === 'ack' && f.bytes > 0) ? true : undefined));
    await page.keyboard.press('Control+Shift+L');
    await page.getByRole('button', { name: 'Locked' }).waitFor();
    await page.keyboard.type('nor this');
    expect(typed()).toBe('hello agent');
  });

  test('the chart lights what is active, and follows the steps', async () => {
    const { page, open, task, story } = await visit();
    await open(task('orders'));
    const active = page.locator('[data-state="agent.conversation.needsApproval"]');
    await active.waitFor();
    expect(await active.getAttribute('aria-selected')).toBe('true');
    const approval = story.world
      .of('approval')
      .findLast((a) => story.world.view(a).status === 'pending' && story.world.saved(a).context['kind'] === 'approval');
    story.world.send(approval?.id ?? '', { type: 'ALLOW', by: 'cli' });
    await page.locator('[data-state="agent.conversation.busy"].on').waitFor();
    expect(await active.getAttribute('aria-selected')).toBe('false');
    await page.getByText('Agent: busy, after decided').waitFor({ state: 'attached' });
    // A jump that has no line of its own passes behind boxes and words: none of them is crossed out.
    await page.locator('.sc .jump[d^="M"]').waitFor({ state: 'attached' });
    const before = `[...document.querySelectorAll('.sc .st.leaf, .sc .lb, .sc .head')].filter((one) => !(document.querySelector('.sc .jump').compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING)).length`;
    expect(await page.evaluate(before)).toBe(0);
  });

  test('resting on a command tells its consequence and shows it on the chart', async () => {
    const { page, open, task } = await visit();
    await open(`${task('retry')}?chart=task`);
    await page.locator('[data-state="task.running.working"].on').waitFor();
    await page.getByRole('button', { name: 'Stop', exact: true }).focus();
    await page.getByText('“stop” is taken at once').waitFor();
    await page.locator('[data-state="task.stopping"].ghost').waitFor();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Stop' }).click();
    await page.locator('.task-title .pill', { hasText: 'stopping' }).waitFor();
  });

  test('going back in time shows the state then, freezes the keys, and comes back', async () => {
    const { page, open, task } = await visit();
    await open(`${task('orders')}?tab=snapshot`);
    await page.locator('[data-state="agent.conversation.needsApproval"].on').waitFor();
    for (let i = 0; i < 4; i++) await page.keyboard.press('[');
    await page.getByText('Looking at the past.').waitFor();
    await page.waitForURL(/at=\d+/u);
    await page.locator('[data-state="agent.conversation.busy"].on').waitFor();
    expect(await page.locator('.terminal button', { hasText: 'Locked' }).isDisabled()).toBe(true);
    expect(await page.getByRole('group', { name: 'Commands' }).count()).toBe(0);
    await page.getByText(/After step \d+/).waitFor();
    // The address follows the moment when there is time, and another tab at once.
    await page.getByRole('tab', { name: 'Why' }).click();
    await page.getByRole('tab', { name: 'Snapshot' }).click();
    await page.reload();
    await page.locator('[data-state="agent.conversation.busy"].on').waitFor();
    await page.keyboard.press('l');
    await page.locator('[data-state="agent.conversation.needsApproval"].on').waitFor();
    await page.waitForURL(({ search: now }) => now === '?tab=snapshot');
    // Before its first step it was in no state at all.
    await open(`${task('orders')}?at=0`);
    await page.locator('.past-bar', { hasText: 'Before anything happened' }).waitFor();
    await page.locator('.task-title [data-status="notYet"]').waitFor();
    await page.getByText(/^0 of \d+, before the first$/).waitFor();
  });

  test('an address of a moment before all that was read leads to that moment', async () => {
    const { page, open, task, story } = await visit();
    const being = story.world.find(story.names.retry);
    const agent = String(being && story.world.saved(being).context['agent']);
    const early = story.world.find(agent)?.history.find(({ row }) => row.status === 'needsApproval');
    for (let i = 0; i < 450; i += 1) story.progress(agent, `Step ${i}`);
    await open(`${task('retry')}?at=${early?.row.gseq}`);
    await page.locator('[data-state="agent.conversation.needsApproval"].on').waitFor();
    await page.locator('.past-bar', { hasText: 'after “asked”' }).waitFor();
  });

  test('messages, changes and the evidence are shown', async () => {
    const { page, open, task } = await visit();
    await open(`${task('retry')}?tab=changes`);
    await page.getByText("import { retry } from '../lib/retry.ts';").waitFor();
    await page.getByRole('tab', { name: 'Why' }).click();
    await page.getByRole('cell', { name: 'PreToolUse Read src/webhook/send.ts' }).waitFor();
    await page.getByRole('tab', { name: 'Messages' }).click();
    await page.getByLabel('Message to the agent').fill('Please also test the time-out');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('.messages li', { hasText: 'Please also test the time-out' }).waitFor();
  });
});

test('the daemon goes and comes back while somebody looks: said at once, nothing lost, nothing twice', async () => {
  const { page, open, task, daemon, story } = await visit();
  await open(task('retry'));
  await page.locator('.xterm-rows').getByText('I will add a retry').waitFor();
  const before = await page.locator('.event').count();
  await daemon.stop();
  await page.getByRole('alert').filter({ hasText: 'The daemon is not answering' }).waitFor();
  await page.getByText(/What you see was true at \d/).waitFor();
  expect(await page.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(true);
  const being = story.world.find(story.names.retry);
  const agent = String(being && story.world.saved(being).context['agent']);
  story.progress(agent, 'Said while nobody listened');
  story.progress(agent, 'And once more');
  // It comes back with another page than the one that is open.
  await page.route(`${daemon.url}/`, (route) => route.fulfill({ body: '<script type="module" src="/assets/another.js"></script>' }));
  await daemon.start();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await page.getByRole('status').filter({ hasText: 'The daemon was updated' }).waitFor();
  await page.getByText('progress: Said while nobody listened').waitFor();
  await page.getByText('progress: And once more').waitFor();
  expect(await page.locator('.event').count()).toBe(before + 2);
  await page.locator('.xterm-rows').getByText('I will add a retry').waitFor();
  const auths = daemon.heard.filter((f) => f.type === 'auth').length;
  expect(daemon.heard.filter((f) => f.type === 'subscribe').length).toBe(auths);
});

/** In the page: words that no scrolling brings into view. Where a box hides what sticks out of it, the page is not wider for it. */
const cutOff = `[...document.querySelectorAll('main *')]
  .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1)
  .filter((one) => {
    for (let box = one; box; box = box.parentElement) {
      const { overflowX, textOverflow } = getComputedStyle(box);
      if (overflowX === 'auto' || overflowX === 'scroll' || textOverflow === 'ellipsis') return false;
    }
    return true;
  })
  .map((one) => one.className + ': ' + one.textContent.trim().slice(0, 40))`;

test('on a phone the inbox comes first, in one column, with nothing beside the screen', async () => {
  const { page, open, task } = await visit({ viewport: { width: 390, height: 844 }, hasTouch: true });
  const inbox = await page.getByRole('heading', { name: /Needs you/ }).boundingBox();
  const tasks = await page.getByRole('heading', { name: 'Tasks' }).boundingBox();
  expect(inbox && tasks && inbox.y < tasks.y).toBe(true);
  for (const path of ['/', '/?view=table', task('orders'), '/projects', '/sync', '/machines', '/events', '/settings']) {
    await open(path);
    await page.locator('main h1').waitFor();
    for (const width of [320, 390]) {
      await page.setViewportSize({ width, height: 844 });
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), `${path} at ${width} px`).toBeLessThanOrEqual(0);
      expect(await page.evaluate(cutOff), `${path} at ${width} px`).toEqual([]);
    }
  }
  // A token is taken away by the second press.
  await page.getByRole('button', { name: 'Revoke grafana' }).click();
  const asked = page.waitForRequest((request) => request.method() === 'DELETE');
  await page.getByRole('button', { name: 'Really revoke grafana' }).click();
  expect((await asked).url()).toContain('/api/v1/tokens/');
});

test('with the keyboard alone: rows, opening, places, dialogs, the chart', async () => {
  const { page } = await visit();
  await page.locator('.card').first().waitFor();
  for (let i = 0; i < 4; i++) await page.keyboard.press('j');
  expect(await focused(page)).toBe('Replace the legacy orders table');
  await page.keyboard.press('k');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Replace the legacy orders table' }).waitFor();
  await page.locator('[data-state="agent.conversation.needsApproval"]').focus();
  await page.keyboard.press('ArrowLeft');
  expect(await page.evaluate('document.activeElement.dataset.state')).toBe('agent.conversation');
  await until('one state can be reached', async () => ((await page.locator('.sc [tabindex="0"]').count()) === 1 ? true : undefined));
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await page.getByRole('heading', { name: 'Projects', exact: true }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await page.getByLabel('What shall be done?').waitFor();
  await page.keyboard.type('g o is text here');
  expect(await page.getByLabel('What shall be done?').inputValue()).toBe('g o is text here');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  // What was typed and not sent is there again.
  await page.reload();
  await page.getByRole('heading', { name: 'Projects', exact: true }).waitFor();
  await page.keyboard.press('n');
  expect(await page.getByLabel('What shall be done?').inputValue()).toBe('g o is text here');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Tasks' }).waitFor();
});
