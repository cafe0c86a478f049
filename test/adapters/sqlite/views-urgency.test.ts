import { expect, it, onTestFinished } from 'vitest';
import type { ViewPlace, ViewQuery, ViewRow } from '../../../src/ports/store.ts';
import { seededRandom } from '../../support/seeded.ts';
import { tempStore } from '../../support/temp-store.ts';

const row = (id: string, more: Partial<ViewRow> = {}): ViewRow => ({
  id,
  short: id.slice(0, 5),
  kind: 'task',
  status: 'queued',
  attention: 0,
  ended: false,
  title: id,
  project: null,
  parent: null,
  priority: 0,
  createdAt: 1,
  updatedAt: 1,
  ...more,
});
const open = () => {
  const temp = tempStore();
  onTestFinished(() => temp.remove());
  return temp.open();
};

it('pages by urgency give every row once, in one order, whatever the ties', () => {
  const store = open();
  const random = seededRandom(7);
  const pick = (n: number) => Math.floor(random() * n);
  store.commit(() => {
    for (let i = 0; i < 200; i += 1) {
      store.views.put(row(`t${i}`, { attention: ([0, 1, 2] as const)[pick(3)] ?? 0, ended: pick(2) === 1, updatedAt: pick(5) }));
    }
  });
  const query: ViewQuery = { kind: 'task', order: 'urgency' };
  const whole = store.views.list({ ...query, limit: 1000 });
  const paged: ViewRow[] = [];
  for (let after: ViewPlace | undefined; ; after = paged.at(-1)) {
    const page = store.views.list({ ...query, limit: 7, ...(after ? { after } : {}) });
    if (page.length === 0) break;
    paged.push(...page);
  }
  expect(paged.map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
  expect(whole).toHaveLength(200);
  const key = ({ attention, ended, updatedAt }: ViewRow) => `${2 - attention}${ended ? 1 : 0}${9 - updatedAt}`;
  expect(whole.map(key)).toEqual(whole.map(key).toSorted());
});

it('filters by several statuses and by text, literally; counts the whole; finds an exact short first', () => {
  const store = open();
  store.commit(() => {
    store.views.put(row('a', { status: 'paused', title: '100% sure' }));
    store.views.put(row('b', { status: 'queued', title: 'under_score' }));
    store.views.put(row('c', { status: 'working', title: 'plain' }));
    for (let i = 0; i < 60; i += 1) store.views.put(row(`x${i}`, { kind: 'agent', title: 'short one', createdAt: 10 + i }));
    store.views.put(row('the-one', { short: 'short', createdAt: 0, title: 'else' }));
  });
  const ids = (query: ViewQuery) =>
    store.views
      .list({ order: 'urgency', ...query })
      .map(({ id }) => id)
      .toSorted();
  expect(ids({ status: ['paused', 'working'] })).toEqual(['a', 'c']);
  expect([ids({ text: '%' }), ids({ text: '_' }), ids({ text: 'PLAIN' })]).toEqual([['a'], ['b'], ['c']]);
  expect(store.views.count({ kind: 'agent', limit: 5 })).toBe(60);
  expect(store.views.statuses('task')).toEqual([
    { status: 'paused', count: 1 },
    { status: 'queued', count: 2 },
    { status: 'working', count: 1 },
  ]);
  expect(store.views.find('short', 50)[0]?.id).toBe('the-one');
});
