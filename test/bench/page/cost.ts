/** What a page costs in time of the processor: other work on the machine changes how long it takes, hardly what it costs. */
import type { Browser, Page } from 'playwright-core';

/** Milliseconds of the page's main thread, and of all processes of the browser together. */
export type Cost = { main: number; script: number; layout: number; style: number; browser: number };

export const costMeter = async (browser: Browser, page: Page): Promise<<T>(work: () => Promise<T>) => Promise<Cost & { result: T }>> => {
  const own = await page.context().newCDPSession(page);
  await own.send('Performance.enable', { timeDomain: 'threadTicks' });
  const all = await browser.newBrowserCDPSession();
  const read = async (): Promise<Cost> => {
    const { metrics } = await own.send('Performance.getMetrics');
    const ms = (name: string): number => (metrics.find((one) => one.name === name)?.value ?? Number.NaN) * 1000;
    const { processInfo } = await all.send('SystemInfo.getProcessInfo');
    const browserMs = processInfo.reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0);
    return {
      main: ms('TaskDuration'),
      script: ms('ScriptDuration'),
      layout: ms('LayoutDuration'),
      style: ms('RecalcStyleDuration'),
      browser: browserMs,
    };
  };
  return async (work) => {
    const before = await read();
    const result = await work();
    const after = await read();
    const names = ['main', 'script', 'layout', 'style', 'browser'] as const;
    const spent = Object.fromEntries(names.map((name) => [name, after[name] - before[name]]));
    return { main: 0, script: 0, layout: 0, style: 0, browser: 0, ...spent, result };
  };
};
