/** What the page weighs, and twenty tabs of it at once. */
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Figure } from '../measure.ts';
import { costMeter } from './cost.ts';
import { beforeStory, timed } from './visit.ts';

const TABS = 20;

/** Compressed bytes of everything that is not the API's, and when something was on the screen first. */
const weigh = async (page: Page, url: string, ready: string): Promise<{ kb: number; paint: number }> => {
  const bodies: Promise<number>[] = [];
  // What is still on its way to the page before does not count, and has no body any more.
  await page.goto('about:blank');
  page.on('response', (reply) => {
    if (!new URL(reply.url()).pathname.startsWith('/api')) bodies.push(reply.body().then((body) => gzipSync(body).length));
  });
  await page.goto(url);
  await page.locator(ready).first().waitFor();
  const paint = Number(await page.evaluate('performance.getEntriesByName("first-contentful-paint")[0]?.startTime'));
  const sizes = await Promise.all(bodies);
  return { kb: sizes.reduce((sum, size) => sum + size, 0) / 1024, paint };
};

/** Opens them and waits until each says `ready`. */
const openTabs = async (context: BrowserContext, url: string, ready: string): Promise<void> => {
  const pages = await Promise.all(Array.from({ length: TABS }, () => context.newPage()));
  await Promise.all(pages.map((one) => one.goto(url, { waitUntil: 'commit', timeout: 180_000 })));
  for (const one of pages) await one.getByText(ready, { exact: true }).waitFor({ timeout: 180_000 });
  await Promise.all(pages.map((one) => one.close()));
};

export const loading = async (browser: Browser): Promise<Figure[]> => {
  const { daemon, page, task, end } = await beforeStory(browser);
  const overview = await weigh(page, `${daemon.url}/`, '.card svg.mini');
  const other = await page.context().newPage();
  const agent = await weigh(other, daemon.url + task, '.sc [data-state].on');
  await other.close();
  const meter = await costMeter(browser, page);
  // The same number of tabs with a page of three words: what the browser itself takes for them.
  const context = page.context();
  await context.route('**/three-words', (route) => route.fulfill({ contentType: 'text/html', body: '<p>three words here</p>' }));
  const [bare, ours] = [[] as number[], [] as number[]];
  const cost = { bare: 0, ours: 0 };
  for (let round = 0; round < 2; round += 1) {
    const empty = await meter(() => timed(() => openTabs(context, `${daemon.url}/three-words`, 'three words here')));
    const full = await meter(() => timed(() => openTabs(context, daemon.url, 'live')));
    bare.push(empty.result);
    ours.push(full.result);
    cost.bare += empty.browser / 2;
    cost.ours += full.browser / 2;
  }
  await end();
  return [
    { name: 'Overview, all that is fetched for it', value: overview.kb, unit: 'KB gz', goal: { atMost: 60 } },
    { name: 'Overview, first contentful paint', value: overview.paint, unit: 'ms' },
    { name: 'Agent page, all that is fetched for it', value: agent.kb, unit: 'KB gz', goal: { atMost: 160 } },
    { name: `${TABS} tabs opened at once, until each is live`, value: Math.min(...ours), unit: 'ms' },
    { name: 'the same with a page of three words', value: Math.min(...bare), unit: 'ms' },
    {
      name: 'one of those tabs, time of the processor',
      value: cost.ours / TABS,
      unit: 'ms',
      note: `${Math.round(cost.bare / TABS)} ms with the three words: what the browser takes for any tab`,
    },
  ];
};
