/** A daemon with a story and a page that came in by its link; every error of the page fails the test. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { openPage } from './chromium.ts';
import { pageDaemon } from './page-daemon/index.ts';
import { type Story, tellStory } from './page-daemon/story.ts';

const dist = resolve(import.meta.dirname, '../../web/dist');

export const visitPage = async (
  browser: Browser,
  { empty = false, before, terminal, ...options }: BrowserContextOptions & { empty?: boolean; before?: string; terminal?: string } = {},
) => {
  if (!existsSync(join(dist, 'index.html'))) throw new Error('web/dist is not built: node web/build.ts');
  const story = tellStory(Date.now());
  const daemon = await pageDaemon(empty ? null : story, dist, terminal);
  const { page, errors, close } = await openPage(browser, options);
  onTestFinished(async () => {
    await close();
    await daemon.stop();
    expect(errors).toEqual([]);
  });
  // What runs in the page before anything of it.
  if (before !== undefined) await page.addInitScript(before);
  await page.goto(daemon.link());
  await page.getByText('live', { exact: true }).waitFor();
  const open = async (path: string): Promise<void> => {
    await page.goto(daemon.url + path);
    await page.getByText('live', { exact: true }).waitFor();
  };
  const shortOf = (id: string): string => story.world.find(id)?.short ?? '';
  return { story, daemon, page, open, task: (name: keyof Story['names']) => `/tasks/${shortOf(story.names[name])}` };
};
