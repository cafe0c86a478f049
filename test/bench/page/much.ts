/** Very many tasks, and a very long history. */
import type { Browser, Page } from 'playwright-core';
import type { tellStory } from '../../support/page-daemon/story.ts';
import { plant } from '../../support/planted.ts';
import { field } from '../../support/planted-field.ts';
import { type Figure, quantile } from '../measure.ts';
import { costMeter } from './cost.ts';
import { beforeHouse, beforeStory, timed } from './visit.ts';

const [TASKS, STEPS] = [10_000, 100_000];

/** Tasks in every state, again and again. */
const manyTasks = () => {
  const { seeds } = field('task');
  return Array.from({ length: TASKS }, (_, i) => {
    const seed = seeds[i % seeds.length];
    if (!seed) throw new Error('there is no task');
    const id = `task-${String(i).padStart(6, '0')}`;
    const saved = { ...seed.saved, context: { ...seed.saved.context, id, title: `Task ${i}` } };
    return { ...seed, id, input: { ...seed.input, id }, saved };
  });
};

const rowsDrawn = (page: Page) => page.getByRole('row').count();

export const manyRows = async (browser: Browser): Promise<Figure[]> => {
  const { house, page, go, end } = await beforeHouse(browser, { temp: await plant(manyTasks()) });
  await house.runtime.rebuildViews();
  const meter = await costMeter(browser, page);
  const row = page.locator('.task-table [data-row]').first();
  const stands = await meter(() =>
    timed(async () => {
      await go('/?view=table');
      await row.waitFor();
    }),
  );
  const search = await meter(() =>
    timed(async () => {
      await page.locator('#search').fill('Task 9987');
      await page.getByRole('link', { name: 'Task 9987' }).waitFor();
    }),
  );
  await page.locator('#search').fill('');
  await page.evaluate(`new Promise((done) => {
    const all = () => Number(document.querySelector('.task-table').getAttribute('aria-rowcount'));
    const look = () => {
      scrollTo(0, document.documentElement.scrollHeight);
      if (all() > ${TASKS}) done(null);
      else requestAnimationFrame(look);
    };
    look();
  })`);
  const scrolled = await meter(() =>
    page.evaluate<number>(`new Promise((done) => {
      scrollTo(0, 0);
      const began = performance.now();
      let frames = 0;
      const step = () => {
        frames += 1;
        scrollBy(0, 300);
        if (performance.now() - began < 4000) requestAnimationFrame(step);
        else done(frames);
      };
      requestAnimationFrame(step);
    })`),
  );
  const drawn = await rowsDrawn(page);
  const narrowed = await meter(async () => {
    await page.locator('#search').fill('Task 9899');
    await page.getByRole('link', { name: 'Task 9899' }).waitFor();
  });
  await end();
  const perPicture = scrolled.main / scrolled.result;
  return [
    {
      name: `${TASKS} tasks: the table stands`,
      value: stands.result,
      unit: 'ms',
      note: `${Math.round(stands.main)} ms of its main thread`,
    },
    {
      name: `${TASKS} tasks: a title is found that was not read yet`,
      value: search.result,
      unit: 'ms',
      note: `${Math.round(search.main)} ms of its main thread`,
    },
    {
      name: `${TASKS} tasks, all read: one picture while scrolling, time of the processor on the main thread`,
      value: perPicture,
      unit: 'ms',
      goal: { atMost: 1000 / 60 },
      note: `${Math.round(scrolled.result / 4)} frames/s; ${drawn} rows drawn`,
    },
    { name: `${TASKS} tasks, all read: a search narrows them, time of the processor on the main thread`, value: narrowed.main, unit: 'ms' },
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

export const longHistory = async (browser: Browser): Promise<Figure[]> => {
  const { story, daemon, page, task, end } = await beforeStory(browser);
  lengthen(story);
  const meter = await costMeter(browser, page);
  const here = page.locator('.timeline-here');
  const line = await meter(() =>
    timed(async () => {
      await page.goto(daemon.url + task);
      await here.waitFor();
    }),
  );
  const whole = await meter(() =>
    timed(async () => {
      await page.getByRole('button', { name: /^Load [\d,]+ earlier$/ }).click();
      await page.evaluate(`new Promise((done) => {
        const all = () => Number(/of ([\\d,]+)/.exec(document.querySelector('.timeline-here').textContent)[1].replaceAll(',', ''));
        const look = () => (all() >= ${STEPS} ? done(null) : setTimeout(look, 20));
        look();
      })`);
    }),
  );
  const times: number[] = [];
  const steps = await meter(async () => {
    for (let i = 0; i < 20; i += 1) {
      // Counted in the page: what is measured is the page.
      times.push(
        await page.evaluate(`new Promise((done) => {
          const place = () => Number(/^([\\d,]+) of/.exec(document.querySelector('.timeline-here').textContent)[1].replaceAll(',', ''));
          const [before, began] = [place(), performance.now()];
          const look = () => (place() < before ? requestAnimationFrame(() => done(performance.now() - began)) : setTimeout(look));
          document.querySelector('[data-key="["]').click();
          look();
        })`),
      );
    }
  });
  await end();
  return [
    {
      name: `${STEPS} steps: the time line stands`,
      value: line.result,
      unit: 'ms',
      note: `the newest 400; ${Math.round(line.main)} ms of its main thread`,
    },
    {
      name: `${STEPS} steps: all of them on it`,
      value: whole.result,
      unit: 'ms',
      note: `one press, a thousand at a time; ${Math.round(whole.main)} ms of its main thread`,
    },
    { name: `${STEPS} steps: one step back, 95 of 100 within`, value: quantile(times, 0.95), unit: 'ms', goal: { atMost: 100 } },
    {
      name: 'one step back, time of the processor on the main thread',
      value: steps.main / times.length,
      unit: 'ms',
      note: `script ${(steps.script / times.length).toFixed(1)}, style ${(steps.style / times.length).toFixed(1)}, layout ${(steps.layout / times.length).toFixed(1)} ms`,
    },
  ];
};
