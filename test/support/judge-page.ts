/** axe-core over a page in both themes: WCAG A and AA in light; in dark, where only the colours are others, its colours. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** Alike with those before them; and what a program draws in its terminal is its own choice. */
const alike = [
  '.event:nth-child(n+6)',
  '.journal li:nth-child(n+6)',
  '.machine-table tr:nth-child(n+8)',
  '.dl:nth-child(n+14)',
  '.xterm-rows',
];
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const run = async (page: Page, part: string | null, colours: boolean): Promise<string[]> => {
  // Brought in once for each page; and there are no frames: no second page is needed to gather from them.
  const there = await page.evaluate('typeof axe === "object"');
  const axe = new AxeBuilder({ page, ...(there ? { axeSource: ';' } : {}) }).setLegacyMode(true);
  // Of what passes, nothing need be written down.
  axe.options({
    runOnly: colours ? { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } : { type: 'tag', values: tags },
    resultTypes: ['violations'],
  });
  if (part !== null) axe.include(part);
  for (const one of alike) axe.exclude(one);
  const { violations } = await axe.analyze();
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`);
};

/** @param part selector of what is new on it; null: all of it. */
export const judgePage = async (page: Page, part: string | null = null): Promise<string[]> => {
  const light = await run(page, part, false);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await run(page, part, true);
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light, ...dark.map((one) => `dark, ${one}`)];
};
