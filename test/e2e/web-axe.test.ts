/**
 * axe-core, WCAG A and AA, on every page in both themes: no violations. What took a run of all pages minutes was the contrast of each of hundreds of
 * alike rows; of lists, the first rows are judged. Structure is the same in both themes, so the dark one is asked for its colours.
 */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { visitPage } from '../support/visit-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** Alike with those before them; and what a program draws in its terminal is its own choice. */
const alike = [
  '.event:nth-child(n+6)',
  '.journal li:nth-child(n+6)',
  '.machine-table tr:nth-child(n+8)',
  '.dl:nth-child(n+14)',
  '.xterm-rows',
];
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const judge = async (page: Page, colours: boolean): Promise<string[]> => {
  const axe = new AxeBuilder({ page });
  if (colours) axe.withRules(['color-contrast', 'link-in-text-block']);
  else axe.withTags(tags);
  for (const one of alike) axe.exclude(one);
  const { violations } = await axe.analyze();
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`);
};

test.each(['light', 'dark'] as const)(
  'no violations on any page, %s',
  async (colorScheme) => {
    const { page, open, task, daemon, story } = await visitPage(browser, { colorScheme, viewport: { width: 1280, height: 900 } });
    const found: Record<string, string[]> = {};
    const look = async (name: string): Promise<void> => {
      const violations = await judge(page, colorScheme === 'dark');
      if (violations.length > 0) found[name] = violations;
    };
    const lit = (id: string): Promise<void> => page.locator(`[data-state="${id}"].on`).waitFor();
    await page.locator('.card').first().waitFor();
    await look('overview');
    await open('/?view=table');
    await page.getByRole('table').waitFor();
    await look('table');
    await open(task('orders'));
    await lit('agent.conversation.needsApproval');
    for (const tab of ['Events', 'Why', 'Messages', 'Result', 'Snapshot', 'Changes']) {
      await page.getByRole('tab', { name: tab }).click();
      await look(`task, ${tab}`);
    }
    await page.getByRole('button', { name: 'More' }).click();
    await look('more commands');
    await page.getByRole('button', { name: 'Fork' }).click();
    await page.getByLabel('What shall be done another way?').waitFor();
    await look('fork');
    await page.keyboard.press('Escape');
    await open(`${task('retry')}?chart=task&wide=chart&tab=changes`);
    await lit('task.running.working');
    await page.locator('.dl').first().waitFor();
    await look('diff and task chart');
    await page.getByRole('button', { name: 'List', exact: true }).click();
    await look('chart as a list');
    await page.keyboard.press('[');
    await page.getByText('Looking at the past.').waitFor();
    await look('the past');
    for (const [path, heading] of Object.entries({
      '/projects': 'Projects',
      '/machines': 'Machines',
      '/events': 'Events',
      '/settings': 'Settings',
      '/sync': 'Sync',
    })) {
      await open(path);
      await page.getByRole('heading', { name: heading, exact: true }).waitFor();
      await look(path);
    }
    story.connect();
    await open('/sync');
    await page.getByText('rm -r /tmp/screws').waitFor();
    await look('sync with a hub');
    await open('/nowhere');
    await look('no such page');
    await page.keyboard.press('n');
    await page.getByLabel('What shall be done?').waitFor();
    await look('new task');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('option').first().waitFor();
    await look('palette');
    await page.keyboard.press('Escape');
    await daemon.stop();
    await page.getByRole('alert').waitFor();
    await look('daemon gone');
    await daemon.start();
    await page.evaluate('localStorage.clear()');
    await page.goto(daemon.url);
    await page.locator('.door h1').waitFor();
    await look('no token');
    expect(found).toEqual({});
  },
  240_000,
);
