/** In every state of every chart the page offers what the chart accepts, no more and no less, and tells beforehand what then happens. */
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kinds } from '../../machines/index.ts';
import type { Kind } from '../../machines/kind.ts';
import type { JournalRow } from '../../src/api/contract/actor.ts';
import { LINK_ID } from '../../src/sync/link-events.ts';
import { noStamp } from '../../src/sync/stamp.ts';
import { openApiHouse } from '../support/api-house.ts';
import { launchChromium, openPage } from '../support/chromium.ts';
import { acceptedBy, fieldsOf } from '../support/every-state.ts';
import { linkPaths } from '../support/link-paths.ts';
import { beginWalk, type Place, type Seen, walkPages } from '../support/page-walk.ts';
import { plant } from '../support/planted.ts';
import { type Field, field, type Plot } from '../support/planted-field.ts';

const dist = resolve(import.meta.dirname, '../../web/dist');

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** A real daemon's interface over actors that stand in every state, and a page that looks at all of them. */
const lookAt = async ({ seeds, plots }: Field, placeOf: (plot: Plot) => Place) => {
  const house = await openApiHouse({ app: { webRoot: dist }, temp: await plant(seeds) });
  await house.runtime.rebuildViews();
  const port = await house.listen();
  const { page, errors, close } = await openPage(browser, { viewport: { width: 900, height: 700 } });
  const seen = await walkPages(page, `http://localhost:${port}`, house.token, plots.map(placeOf));
  await close();
  expect(errors).toEqual([]);
  return { house, seen };
};
type House = Awaited<ReturnType<typeof lookAt>>['house'];

const labelsOf = (kind: Kind, types: readonly string[]): string[] => types.map((type) => kinds[kind].commands[type]?.label ?? type);

/** Gives the command to an untouched twin, and compares what was told with what the journal then says. */
const comesTrue = async (house: Pick<House, 'runtime' | 'data'>, kind: Kind, twin: string, type: string, seen: Seen): Promise<void> => {
  const command = kinds[kind].commands[type];
  const told = seen.told.find(({ label }) => label === command?.label);
  const before = house.runtime.state(twin);
  const given = Object.fromEntries((command?.needs ?? []).map((name) => [name, fieldsOf[name]]));
  await house.data('POST', `/api/v1/actors/${twin}/${command?.verb}`, given);
  const rows = await house.data<JournalRow[]>('GET', `/api/v1/actors/${twin}/history?after=${before?.seq}`);
  const row = rows.find((one) => one.type === type);
  const where = `${type} in ${JSON.stringify(before?.value)}`;
  expect(row, where).toBeDefined();
  expect(told?.words, where).toContain(before?.status === row?.status ? `${before?.status}` : `from ${before?.status} to ${row?.status}`);
  expect(told?.transitions, where).toEqual(row?.transitions);
  // What the picture lights is what the step took.
  for (const edges of told?.lit ?? [])
    expect(
      edges.split(' ').some((edge) => row?.transitions.includes(edge)),
      `${where}: ${edges}`,
    ).toBe(true);
};

test('a task, in every state', async () => {
  const ground = field('task');
  const { house, seen } = await lookAt(ground, ({ task, name, standing }) => ({
    path: `/tasks/${task}?chart=task&tab=result`,
    heading: name,
    rest: labelsOf('task', standing.accepts),
    asks: [],
    group: '[aria-label="Commands"]',
    sentence: '#foretold',
  }));
  for (const [i, { standing, twins }] of ground.plots.entries()) {
    const shown = seen[i];
    if (!shown) throw new Error('a page was left out');
    expect(shown.buttons, JSON.stringify(standing.saved.value)).toEqual(labelsOf('task', standing.accepts).sort());
    for (const [type, twin] of twins) await comesTrue(house, 'task', twin, type, shown);
  }
  // The picture does light something: at least the plainest move.
  expect(seen.some(({ told }) => told.some(({ label, lit }) => label === 'Pause' && lit.length > 0))).toBe(true);
}, 120_000);

test('an agent, in every state, on the page of its task', async () => {
  const ground = field('agent');
  const own = labelsOf('task', acceptedBy('task', ground.working));
  const { house, seen } = await lookAt(ground, ({ id, task, name, standing }) => ({
    path: `/tasks/${task}?tab=result`,
    heading: name,
    rest: labelsOf('agent', standing.accepts).filter((label) => !own.includes(label)),
    asks: [`/agents/${id}`],
    group: '[aria-label="Commands"]',
    sentence: '#foretold',
  }));
  for (const [i, { standing, twins }] of ground.plots.entries()) {
    const shown = seen[i];
    if (!shown) throw new Error('a page was left out');
    const his = labelsOf('agent', standing.accepts);
    expect(shown.buttons, JSON.stringify(standing.saved.value)).toEqual([...new Set([...own, ...his])].sort());
    // Where both charts have a word, the task's goes first: it tells its agent.
    for (const [type, twin] of twins)
      if (!own.includes(labelsOf('agent', [type])[0] ?? '')) await comesTrue(house, 'agent', twin, type, shown);
  }
}, 120_000);

const places: Readonly<Record<'approval' | 'message', (plot: Plot) => Pick<Place, 'path' | 'heading' | 'asks' | 'group' | 'sentence'>>> = {
  approval: ({ id }) => ({ path: '/', heading: 'Tasks', asks: [], group: `.needs [data-row]:has(#told-${id})`, sentence: `#told-${id}` }),
  message: ({ id, task, name }) => ({
    path: `/tasks/${task}?tab=messages`,
    heading: name,
    asks: ['/messages'],
    group: '.messages ol',
    sentence: `#told-${id}`,
  }),
};

test.each(['approval', 'message'] as const)(
  'every %s, in every state',
  async (kind) => {
    const ground = field(kind);
    const { house, seen } = await lookAt(ground, (plot) => ({ ...places[kind](plot), rest: labelsOf(kind, plot.standing.accepts) }));
    for (const [i, { standing, twins }] of ground.plots.entries()) {
      const shown = seen[i];
      if (!shown) throw new Error('a page was left out');
      expect(shown.buttons, JSON.stringify(standing.saved.value)).toEqual(labelsOf(kind, standing.accepts).sort());
      for (const [type, twin] of twins) await comesTrue(house, kind, twin, type, shown);
    }
  },
  120_000,
);

test('the sync link, in every state it can come into, on one page that nobody reloads', async () => {
  const house = await openApiHouse({ app: { webRoot: dist } });
  const { runtime } = house;
  const { sync } = house.house.store;
  await runtime.create('sync-link', { id: LINK_ID, at: house.clock.now() }, 'daemon');
  const connected = { enabled: true, system: 'system-1', uid: 'u', epoch: null, cursor: 0, seen: null, stamp: noStamp, claim: null };
  /** Every way begins where nothing is connected. */
  const bring = async (status: string): Promise<void> => {
    sync.setLink(connected);
    if (runtime.state(LINK_ID)?.status !== 'localOnly') await runtime.send(LINK_ID, { type: 'DISABLE' });
    for (const { event, roundAgo } of ways.get(status) ?? []) {
      const { id: _, at: __, ...told } = event;
      const round = Number(runtime.state(LINK_ID)?.context['round']) - (roundAgo ?? 0);
      await runtime.send(LINK_ID, { ...told, ...(roundAgo === null ? {} : { round }) });
    }
    await runtime.idle();
    expect(runtime.state(LINK_ID)?.status).toBe(status);
  };
  const ways = linkPaths();
  expect([...ways.keys()].sort()).toEqual(Object.keys(kinds['sync-link'].machine.states).sort());
  const port = await house.listen();
  const { page, errors, close } = await openPage(browser, { viewport: { width: 900, height: 700 } });
  const look = await beginWalk(page, `http://localhost:${port}/sync`, house.token);
  for (const status of ways.keys()) {
    await bring(status);
    const accepts = runtime.state(LINK_ID)?.legal.map(({ type }) => type) ?? [];
    const rest = labelsOf('sync-link', accepts);
    await page.locator(`.page-head [data-status="${status}"]`).waitFor();
    const place = { path: '/sync', heading: 'Sync', rest, asks: [], group: '[aria-label="Commands"]', sentence: '#told-link' };
    const [shown] = await look([place]);
    if (!shown) throw new Error('the page was left out');
    expect(shown.buttons, status).toEqual(rest.toSorted());
    for (const type of accepts) {
      await bring(status);
      await comesTrue(house, 'sync-link', LINK_ID, type, shown);
    }
  }
  await close();
  expect(errors).toEqual([]);
}, 120_000);
