/** Fifty agents that say something twenty times a second: how soon it is on the screen, and what that costs. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import type { Task } from '../../../src/api/contract/task.ts';
import { project } from '../../support/build-api-house.ts';
import { begin, observe, playedWorld } from '../../support/played-world.ts';
import { type Figure, quantile } from '../measure.ts';
import { costMeter } from './cost.ts';
import { beforeHouse } from './visit.ts';

const [AGENTS, RATE, SECONDS] = [50, 20, 5];

/** Each step says its number: noted with the time at which a picture that shows it has been drawn. */
const watchPaint = `
  globalThis.seen = [];
  globalThis.pictures = 0;
  const shown = new Map();
  const drawn = new MessageChannel();
  // Told in a frame, heard when the frame is out.
  drawn.port1.onmessage = ({ data }) => globalThis.seen.push(...data.map((step) => [step, Date.now()]));
  new MutationObserver(() => requestAnimationFrame(() => {
    const fresh = [];
    for (const line of document.querySelectorAll('.last-line')) {
      const step = Number(/^step (\\d+)$/.exec(line.textContent)?.[1] ?? 0);
      if (step > 0 && shown.get(line) !== step) fresh.push(step);
      shown.set(line, step);
    }
    globalThis.pictures += 1;
    if (fresh.length > 0) drawn.port2.postMessage(fresh);
  })).observe(document.body, { subtree: true, childList: true, characterData: true });
`;

export const following = async (browser: Browser): Promise<Figure[]> => {
  const { house, page, go, end } = await beforeHouse(browser, { answer: playedWorld });
  await house.data('POST', '/api/v1/projects', { path: project });
  const agents: string[] = [];
  for (let i = 0; i < AGENTS; i += 1) {
    const { id } = await house.data<Task>('POST', '/api/v1/tasks', { project: 'shop', title: `Agent ${i}`, prompt: 'Go on' });
    const agent = await begin(house, id);
    await observe(house, agent, 'busy', 'Bash(npm test)', 'hook');
    agents.push(agent);
  }
  await go('/');
  await page
    .locator('.card svg.mini')
    .nth(AGENTS - 1)
    .waitFor();
  const meter = await costMeter(browser, page);
  await page.evaluate(watchPaint);
  const committed = new Map<number, number>();
  const followed = house.runtime.feed.subscribe(null, (rows) => {
    for (const { event } of rows) committed.set(Number(String(event['detail']).slice(5)), Date.now());
  });
  const sent = await meter(async () => {
    const began = performance.now();
    let count = 0;
    while (performance.now() - began < SECONDS * 1000) {
      const due = Math.floor(((performance.now() - began) / 1000) * AGENTS * RATE);
      for (; count < due; count += 1) {
        house.clock.advance(1);
        const told = { fact: 'progress', source: 'report', observedAt: house.clock.now(), detail: `step ${count + 1}` };
        void house.runtime.send(agents[count % AGENTS] ?? '', { type: 'OBSERVED', launch: null, ...told });
      }
      await pause(5);
    }
    await pause(1000);
    return count;
  });
  const drawn: [step: number, at: number][] = await page.evaluate('globalThis.seen');
  const pictures = Number(await page.evaluate('globalThis.pictures'));
  const seen = drawn.map(([step, at]) => at - (committed.get(step) ?? Number.NaN));
  followed.close();
  await end();
  const note = `${sent.result} steps in ${SECONDS} s to ${AGENTS} cards; of steps of one card within a frame the newest is drawn (${seen.length} in all)`;
  return [
    { name: 'A step is committed → painted, median', value: quantile(seen, 0.5), unit: 'ms' },
    { name: 'A step is committed → painted, 95 of 100 within', value: quantile(seen, 0.95), unit: 'ms', goal: { atMost: 100 }, note },
    {
      name: 'one picture of those, time of the processor on the main thread',
      value: sent.main / pictures,
      unit: 'ms',
      note: `${pictures} pictures; script ${(sent.script / pictures).toFixed(1)}, style ${(sent.style / pictures).toFixed(1)}, layout ${(sent.layout / pictures).toFixed(1)} ms`,
    },
  ];
};
