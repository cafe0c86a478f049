/** The page in Chromium, against a daemon in memory: what it costs to load, how soon a step is seen, and what very much of everything does to it. */
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import type { Task } from '../../src/api/contract/task.ts';
import { buildApiHouse, project } from '../support/build-api-house.ts';
import { launchChromium, openPage } from '../support/chromium.ts';
import { pageDaemon } from '../support/page-daemon/index.ts';
import { tellStory } from '../support/page-daemon/story.ts';
import { begin, observe, playedWorld } from '../support/played-world.ts';
import { type Figure, quantile } from './measure.ts';

const dist = resolve(import.meta.dirname, '../../web/dist');
const [AGENTS, RATE, SECONDS] = [50, 20, 5];
const [TASKS, STEPS, TABS, THUMBNAILS] = [10_000, 100_000, 20, 200];

type Rows = { data: Record<string, unknown>[]; meta: object };

/** Compressed bytes of everything that is not the API's, and when something was on the screen first. */
const weigh = async (page: Page, url: string, ready: string): Promise<{ kb: number; paint: number }> => {
  const bodies: Promise<number>[] = [];
  page.on('response', (reply) => {
    if (!new URL(reply.url()).pathname.startsWith('/api')) bodies.push(reply.body().then((body) => gzipSync(body).length));
  });
  await page.goto(url);
  await page.locator(ready).first().waitFor();
  const paint = Number(await page.evaluate('performance.getEntriesByName("first-contentful-paint")[0]?.startTime'));
  const sizes = await Promise.all(bodies);
  return { kb: sizes.reduce((sum, size) => sum + size, 0) / 1024, paint };
};

/** Each step says its number: noted with the time at which a picture that shows it has been drawn. */
const watchPaint = `
  globalThis.seen = [];
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
    if (fresh.length > 0) drawn.port2.postMessage(fresh);
  })).observe(document.body, { subtree: true, childList: true, characterData: true });
`;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

export const benchWeb = async (): Promise<Figure[]> => {
  const browser = await launchChromium();
  try {
    return [...(await loading(browser)), ...(await following(browser)), ...(await thumbnails(browser)), ...(await much(browser))];
  } finally {
    await browser.close();
  }
};

const inside = async (browser: Browser, more: (story: ReturnType<typeof tellStory>) => void = () => undefined) => {
  const story = tellStory(Date.now());
  more(story);
  const daemon = await pageDaemon(story, dist);
  const { page, close } = await openPage(browser, { viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(120_000);
  await page.goto(daemon.link());
  await page.getByText('live', { exact: true }).waitFor();
  const task = `/tasks/${story.world.find(story.names.retry)?.short}`;
  const end = async () => {
    await close();
    await daemon.stop();
  };
  return { story, daemon, page, task, end };
};

const loading = async (browser: Browser): Promise<Figure[]> => {
  const { daemon, page, task, end } = await inside(browser);
  const overview = await weigh(page, `${daemon.url}/`, '.card svg.mini');
  const other = await page.context().newPage();
  const agent = await weigh(other, daemon.url + task, '.sc [data-state].on');
  const tabs = await timed(async () => {
    const pages = await Promise.all(Array.from({ length: TABS }, () => page.context().newPage()));
    await Promise.all(pages.map((one) => one.goto(daemon.url, { waitUntil: 'commit', timeout: 120_000 })));
    for (const one of pages) await one.getByText('live', { exact: true }).waitFor({ timeout: 120_000 });
  });
  await end();
  return [
    { name: 'Overview, all that is fetched for it', value: overview.kb, unit: 'KB gz', goal: { atMost: 60 } },
    { name: 'Overview, first contentful paint', value: overview.paint, unit: 'ms' },
    { name: 'Agent page, all that is fetched for it', value: agent.kb, unit: 'KB gz', goal: { atMost: 160 } },
    { name: `${TABS} tabs opened at once, until each is live`, value: tabs, unit: 'ms' },
  ];
};

/** The real interface over a real database, with agents whose program is played. */
const atWork = async (browser: Browser, count: number) => {
  const house = await buildApiHouse({ app: { webRoot: dist }, answer: playedWorld });
  await house.data('POST', '/api/v1/projects', { path: project });
  const agents: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const { id } = await house.data<Task>('POST', '/api/v1/tasks', { project: 'shop', title: `Agent ${i}`, prompt: 'Go on' });
    const agent = await begin(house, id);
    await observe(house, agent, 'busy', 'Bash(npm test)', 'hook');
    agents.push(agent);
  }
  const port = await house.listen();
  const { page, close } = await openPage(browser, { viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(120_000);
  await page.addInitScript(`localStorage.setItem('ccm.token', ${JSON.stringify(house.token)})`);
  await page.goto(`http://localhost:${port}/`);
  await page
    .locator('.card svg.mini')
    .nth(count - 1)
    .waitFor();
  const end = async () => {
    await close();
    await house.close();
  };
  return { house, agents, page, end };
};

const following = async (browser: Browser): Promise<Figure[]> => {
  const { house, agents, page, end } = await atWork(browser, AGENTS);
  await page.evaluate(watchPaint);
  const committed = new Map<number, number>();
  const followed = house.runtime.feed.subscribe(null, (rows) => {
    for (const { event } of rows) committed.set(Number(String(event['detail']).slice(5)), Date.now());
  });
  const began = performance.now();
  let sent = 0;
  while (performance.now() - began < SECONDS * 1000) {
    const due = Math.floor(((performance.now() - began) / 1000) * AGENTS * RATE);
    for (; sent < due; sent += 1) {
      house.clock.advance(1);
      const told = { fact: 'progress', source: 'report', observedAt: house.clock.now(), detail: `step ${sent + 1}` };
      void house.runtime.send(agents[sent % AGENTS] ?? '', { type: 'OBSERVED', launch: null, ...told });
    }
    await pause(5);
  }
  await pause(1000);
  const drawn: [step: number, at: number][] = await page.evaluate('globalThis.seen');
  const seen = drawn.map(([step, at]) => at - (committed.get(step) ?? Number.NaN));
  followed.close();
  await end();
  const note = `${sent} steps in ${SECONDS} s to ${AGENTS} cards; of steps of one card within a frame the newest is drawn (${seen.length} in all)`;
  return [
    { name: 'A step is committed → painted, median', value: quantile(seen, 0.5), unit: 'ms' },
    { name: 'A step is committed → painted, 95 of 100 within', value: quantile(seen, 0.95), unit: 'ms', goal: { atMost: 100 }, note },
  ];
};

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

/** Every card's thumbnail is lit anew in every picture: frames for five seconds. */
const thumbnails = async (browser: Browser): Promise<Figure[]> => {
  const { daemon, page, end } = await inside(browser);
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
  const rate: number = await page.evaluate(`new Promise((done) => {
    const began = performance.now();
    let frames = 0;
    const step = () => {
      frames += 1;
      const value = { running: frames % 2 === 0 ? 'working' : 'limited' };
      const rows = Array.from({ length: ${THUMBNAILS} }, (_, i) => ({
        gseq: ++head, actor: 't' + i, kind: 'message', seq: frames, at: 0, type: 'X', by: null, transitions: [], value, status: 'x', attention: 0, title: '',
      }));
      wire.dispatchEvent(new MessageEvent('message', { data: JSON.stringify({ type: 'rows', rows }) }));
      const ms = performance.now() - began;
      if (ms < ${SECONDS} * 1000) requestAnimationFrame(step);
      else done((frames * 1000) / ms);
    };
    requestAnimationFrame(step);
  })`);
  await end();
  return [
    { name: `${THUMBNAILS} thumbnails, all of them lit anew in every picture`, value: rate, unit: 'frames/s', goal: { atLeast: 55 } },
  ];
};

/** An agent that has said very much: its own steps again and again. */
const lengthen = ({ world, names }: ReturnType<typeof tellStory>): void => {
  const task = world.find(names.retry);
  const agent = task && world.find(String(world.saved(task).context['agent']));
  if (!agent) throw new Error('the story has no agent');
  const own = [...agent.history];
  for (let seq = agent.seq + 1; seq <= STEPS; seq += 1) {
    const told = own[seq % own.length];
    if (told) agent.history.push({ ...told, row: { ...told.row, seq, gseq: world.journal.length + seq } });
  }
  agent.seq = STEPS;
};

const much = async (browser: Browser): Promise<Figure[]> => {
  const { story, daemon, page, task, end } = await inside(browser);
  await page.route('**/api/v1/tasks?*', async (route) => {
    const body: Rows = await (await route.fetch()).json();
    const data = Array.from({ length: TASKS }, (_, i) => ({
      ...body.data[i % body.data.length],
      id: `t${i}`,
      short: `x${i}`,
      title: `Task ${i}`,
    }));
    await route.fulfill({ json: { ...body, data } });
  });
  const list = await timed(async () => {
    await page.goto(`${daemon.url}/?view=table`);
    await page.getByRole('row').nth(60).waitFor();
  });
  const search = await timed(async () => {
    await page.locator('#search').fill('Task 9999');
    await page.getByRole('row').nth(60).waitFor({ state: 'detached' });
  });
  await page.unroute('**/api/v1/tasks?*');
  lengthen(story);
  const here = page.locator('.timeline-here');
  const line = await timed(async () => {
    await page.goto(daemon.url + task);
    await here.waitFor();
  });
  const whole = await timed(async () => {
    await page.getByRole('button', { name: /^Load [\d,]+ earlier$/ }).click();
    await page.evaluate(`new Promise((done) => {
      const all = () => Number(/of (\\d+)/.exec(document.querySelector('.timeline-here').textContent)[1]);
      const look = () => (all() >= ${STEPS} ? done(null) : setTimeout(look, 20));
      look();
    })`);
  });
  const steps: number[] = [];
  for (let i = 0; i < 20; i += 1) {
    // Counted in the page: what is measured is the page.
    steps.push(
      await page.evaluate(`new Promise((done) => {
        const place = () => Number(/^(\\d+) of/.exec(document.querySelector('.timeline-here').textContent)[1]);
        const [before, began] = [place(), performance.now()];
        const look = () => (place() < before ? requestAnimationFrame(() => done(performance.now() - began)) : setTimeout(look));
        document.querySelector('[data-key="["]').click();
        look();
      })`),
    );
  }
  await end();
  return [
    {
      name: `${TASKS} tasks: the table stands`,
      value: list,
      unit: 'ms',
      note: 'as far as the screen and a bit more; the rest when scrolled to',
    },
    { name: `${TASKS} tasks: a search narrows it`, value: search, unit: 'ms' },
    { name: `${STEPS} steps: the time line stands`, value: line, unit: 'ms', note: 'the newest 400' },
    { name: `${STEPS} steps: all of them on it`, value: whole, unit: 'ms', note: 'one press, a thousand at a time' },
    { name: `${STEPS} steps: one step back, 95 of 100 within`, value: quantile(steps, 0.95), unit: 'ms' },
  ];
};
