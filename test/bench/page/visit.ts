/** A page for a measurement: before the page daemon with its story, or before the real interface with a real database. */
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { type ApiHouseOptions, buildApiHouse } from '../../support/build-api-house.ts';
import { openPage } from '../../support/chromium.ts';
import { pageDaemon } from '../../support/page-daemon/index.ts';
import { tellStory } from '../../support/page-daemon/story.ts';

const dist = resolve(import.meta.dirname, '../../../web/dist');
const size = { viewport: { width: 1280, height: 900 } };
const patience = 180_000;

export const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

export const beforeStory = async (browser: Browser) => {
  const story = tellStory(Date.now());
  const daemon = await pageDaemon(story, dist);
  const { page, close } = await openPage(browser, size);
  page.setDefaultTimeout(patience);
  await page.goto(daemon.link());
  await page.getByText('live', { exact: true }).waitFor();
  const task = `/tasks/${story.world.find(story.names.retry)?.short}`;
  const end = async (): Promise<void> => {
    await close();
    await daemon.stop();
  };
  return { story, daemon, page, task, end };
};

/** @returns `go`: opens a place of it with the token in hand. */
export const beforeHouse = async (browser: Browser, options: ApiHouseOptions) => {
  const house = await buildApiHouse({ ...options, app: { webRoot: dist, limits: { perToken: 1e9, perAddress: 1e9 } } });
  const port = await house.listen();
  const { page, close } = await openPage(browser, size);
  page.setDefaultTimeout(patience);
  await page.addInitScript(`localStorage.setItem('ccm.token', ${JSON.stringify(house.token)})`);
  const go = (path: string): ReturnType<Page['goto']> => page.goto(`http://localhost:${port}${path}`);
  const end = async (): Promise<void> => {
    await close();
    await house.close();
  };
  return { house, page, go, end };
};
