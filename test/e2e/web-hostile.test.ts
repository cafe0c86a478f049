/** What agents, tools and files say is text: it runs nothing, opens nothing, renames nothing, and the page's own policy holds with a terminal on it. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { visitPage } from '../support/visit-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** Markup that would tell of itself, and sequences that name windows, fill clipboards, link and clear. */
const evil = (where: string): string =>
  `${where}<img src=x onerror="harmed='${where}'"><script>harmed='${where}'</script><b>\u001b]0;owned\u0007\u001b[2J</b>"'\`{{1}}`;
const screen = [
  'before \u001b]0;owned\u0007\u001b]2;owned\u001b\\',
  `\u001b]52;c;${Buffer.from('owned').toString('base64')}\u0007`,
  '\u001b]8;;javascript:harmed="link"\u001b\\press me\u001b]8;;\u001b\\ \u001b]8;;https://owned.example\u001b\\or me\u001b]8;;\u001b\\',
  `\r\n<img src=x onerror="harmed='terminal'">\r\n`,
  '\u001b[48;2;0;200;90m          \u001b[0m\r\nafter retry',
].join('');

const harm = (page: Page) =>
  page.evaluate(`({ ran: globalThis.harmed ?? null, title: document.title.includes('owned') && !document.title.includes('<img'),
    made: document.querySelectorAll('main img, main iframe, main script, main object, main b').length })`);

/** Pixels of a colour on a picture of an element, counted in the page itself. */
const pixels = async (page: Page, selector: string, [r, g, b]: readonly [number, number, number]): Promise<number> => {
  const png = (await page.locator(selector).screenshot()).toString('base64');
  return page.evaluate(`new Promise((done) => {
    const picture = new Image();
    picture.onload = () => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [picture.width, picture.height];
      const brush = canvas.getContext('2d');
      brush.drawImage(picture, 0, 0);
      const { data } = brush.getImageData(0, 0, canvas.width, canvas.height);
      let found = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i] === ${r} && data[i + 1] === ${g} && data[i + 2] === ${b}) found += 1;
      done(found);
    };
    picture.src = 'data:image/png;base64,${png}';
  })`);
};

test('hostile text in every place is shown as text, and a terminal is drawn under the policy', async () => {
  const { page, story, open } = await visitPage(browser, { terminal: screen, permissions: ['clipboard-read', 'clipboard-write'] });
  const id = story.ask({ title: evil('name'), prompt: evil('prompt') });
  const agent = story.start(id);
  story.progress(agent, evil('progress'));
  const ask = { type: 'ASKED', expiresAt: null, source: 'hook', observedAt: story.clock.now, by: 'hook' };
  story.world.send(agent, { ...ask, approval: 'hostile-1', kind: 'approval', text: evil('command'), tool: evil('tool'), choices: [] });
  story.world.send(agent, {
    ...ask,
    approval: 'hostile-2',
    kind: 'question',
    text: evil('question'),
    tool: null,
    choices: [evil('choice')],
  });
  const short = story.world.find(id)?.short;
  await page.route('**/diff*', (route) =>
    route.fulfill({
      json: {
        data: {
          text: `diff --git a/${evil('file')} b/${evil('file')}\n--- a/${evil('file')}\n+++ b/${evil('file')}\n@@ -1 +1 @@\n-${evil('old')}\n+${evil('new')}\n`,
          truncated: false,
          stat: { files: 1, insertions: 1, deletions: 1 },
        },
        meta: {},
      },
    }),
  );
  const opened: string[] = [];
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => opened.push('dialog')));
  page.context().on('page', () => opened.push('page'));
  const calm = { ran: null, title: false, made: 0 };
  await open('/');
  await page.evaluate("navigator.clipboard.writeText('mine')");
  for (const where of ['name', 'progress', 'command', 'tool', 'question', 'choice']) await page.getByText(`${where}<img`).first().waitFor();
  expect(await harm(page)).toEqual(calm);
  await open('/?view=table');
  await page.getByRole('row', { name: 'name<img' }).waitFor();
  await open(`/tasks/${short}`);
  const rows = page.locator('.xterm-rows');
  await rows.getByText('after retry').waitFor();
  await rows.getByText('press me').click({ force: true });
  await rows.getByText('or me').click({ force: true });
  expect(await pixels(page, '.terminal-host', [0, 200, 90])).toBeGreaterThan(500);
  const search = page.getByLabel('Search the terminal');
  await search.fill('after retry');
  await search.press('Enter');
  await search.fill('nowhere to be found');
  await page.locator('.terminal-search.missed').waitFor();
  for (const [tab, words] of Object.entries({
    Messages: 'prompt<img',
    Changes: 'new<img',
    Why: 'progress<img',
    Snapshot: 'progress<img',
    Events: 'progress<img',
  })) {
    await page.getByRole('tab', { name: tab }).click();
    await page.locator('#tab-panel').getByText(words).first().waitFor({ state: 'attached' });
    expect(await harm(page), tab).toEqual(calm);
  }
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe('mine');
  await open('/events');
  await page.getByText('progress<img').first().waitFor();
  expect(await harm(page)).toEqual(calm);
  await page.keyboard.press('Control+k');
  await page.getByRole('option').first().waitFor();
  expect(await harm(page)).toEqual(calm);
  expect(opened).toEqual([]);
}, 90_000);
