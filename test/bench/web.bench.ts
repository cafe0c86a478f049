/**
 * The page in Chromium: what it costs to load, how soon a step is seen, and what very much of everything does to it. Other work on the machine makes all
 * of it slower; beside how long it took stands what it cost.
 */
import { launchChromium } from '../support/chromium.ts';
import type { Figure } from './measure.ts';
import { following } from './page/following.ts';
import { loading } from './page/loading.ts';
import { longHistory, manyRows } from './page/much.ts';
import { thumbnails } from './page/thumbnails.ts';

const parts = { loading, following, thumbnails, manyRows, longHistory };
/** One of them: CCM_BENCH_PART. */
const only = process.env['CCM_BENCH_PART'];

export const benchWeb = async (): Promise<Figure[]> => {
  const browser = await launchChromium();
  const figures: Figure[] = [];
  try {
    for (const [name, part] of Object.entries(parts)) {
      if (only === undefined || only === name) figures.push(...(await part(browser)));
    }
    return figures;
  } finally {
    await browser.close();
  }
};
