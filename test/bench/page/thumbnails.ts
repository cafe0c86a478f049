/** Two hundred thumbnails, every one lit anew in every picture. */
import type { Browser } from 'playwright-core';
import type { Figure } from '../measure.ts';
import { costMeter } from './cost.ts';
import { beforeStory } from './visit.ts';

const [THUMBNAILS, SECONDS] = [200, 5];

/** The socket of the page, so that steps can be put into it as fast as pictures are drawn. */
const tapSocket = `
  const Socket = WebSocket;
  globalThis.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      globalThis.wire = this;
      this.addEventListener('message', ({ data }) => {
        const frame = JSON.parse(data);
        globalThis.head = frame.type === 'rows' ? frame.rows.at(-1).gseq : (frame.head ?? globalThis.head);
      });
    }
  };
`;

type Rows = { data: Record<string, unknown>[]; meta: object };

export const thumbnails = async (browser: Browser): Promise<Figure[]> => {
  const { daemon, page, end } = await beforeStory(browser);
  await page.addInitScript(tapSocket);
  await page.route('**/api/v1/tasks?*', async (route) => {
    const body: Rows = await (await route.fetch()).json();
    const open = body.data.filter((task) => task['ended'] === false);
    const data = Array.from({ length: THUMBNAILS }, (_, i) => ({ ...open[i % open.length], id: `t${i}`, short: `x${i}` }));
    await route.fulfill({ json: { ...body, data } });
  });
  await page.goto(daemon.url);
  await page
    .locator('.card svg.mini')
    .nth(THUMBNAILS - 1)
    .waitFor();
  const meter = await costMeter(browser, page);
  const { result: frames, ...spent } = await meter(() =>
    page.evaluate<number>(`new Promise((done) => {
      const began = performance.now();
      let frames = 0;
      const step = () => {
        frames += 1;
        const value = { running: frames % 2 === 0 ? 'working' : 'limited' };
        const rows = Array.from({ length: ${THUMBNAILS} }, (_, i) => ({
          gseq: ++head, actor: 't' + i, kind: 'message', seq: frames, at: 0, type: 'X', by: null, transitions: [], value, status: 'x', attention: 0, title: '',
        }));
        wire.dispatchEvent(new MessageEvent('message', { data: JSON.stringify({ type: 'rows', rows }) }));
        if (performance.now() - began < ${SECONDS} * 1000) requestAnimationFrame(step);
        else done(frames);
      };
      requestAnimationFrame(step);
    })`),
  );
  await end();
  return [
    {
      name: `${THUMBNAILS} thumbnails, all of them lit anew in every picture`,
      value: frames / SECONDS,
      unit: 'frames/s',
      goal: { atLeast: 55 },
    },
    {
      name: 'one such picture, time of the processor on the main thread',
      value: spent.main / frames,
      unit: 'ms',
      goal: { atMost: 1000 / 55 },
      note: `script ${(spent.script / frames).toFixed(1)} (half of it the bench’s own), style ${(spent.style / frames).toFixed(1)}, layout ${(spent.layout / frames).toFixed(1)} ms; ${(spent.browser / frames).toFixed(1)} ms in all processes`,
    },
  ];
};
