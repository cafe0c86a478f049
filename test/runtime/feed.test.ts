/** Viewers: what is stored first, then live, without gap or double. */
import { describe, expect, test } from 'vitest';
import type { FeedRow } from '../../src/runtime/index.ts';
import { houseKeeper } from '../support/houses.ts';

const { open, reopen } = houseKeeper();
const soon = () => new Promise<void>((resolve) => void setImmediate(resolve));
const counted = async (steps: number) => {
  const house = await open();
  await house.runtime.create('counter', { id: 'c1' });
  await Promise.all(Array.from({ length: steps }, () => house.runtime.send('c1', { type: 'ADD' })));
  return house;
};
const oneTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('the feed', () => {
  test('gives stored rows behind the mark, then live ones, each once, while steps go on', async () => {
    const { runtime } = await counted(1_999);
    const rows: number[] = [];
    const subscription = runtime.feed.subscribe(100, (more) => {
      expect(more.length).toBeLessThanOrEqual(500);
      rows.push(...more.map((row) => row.gseq));
    });
    expect(subscription).toMatchObject({ head: 2_000, compacted: false });
    while (rows.length < 1_950) {
      await runtime.send('c1', { type: 'ADD' });
      await soon();
    }
    expect(rows).toEqual(oneTo(runtime.stats().head, 101));
  });

  test('a mark at the head, or none, means live only; a closed viewer hears nothing more', async () => {
    const { runtime } = await counted(5);
    const rows: number[][] = [[], []];
    const none = runtime.feed.subscribe(null, (more) => void rows[0]?.push(...more.map((row) => row.gseq)));
    const head = runtime.feed.subscribe(6, (more) => void rows[1]?.push(...more.map((row) => row.gseq)));
    await runtime.send('c1', { type: 'ADD' });
    none.close();
    await runtime.send('c1', { type: 'ADD' });
    head.close();
    await runtime.send('c1', { type: 'ADD' });
    expect(rows).toEqual([[7], [7, 8]]);
  });

  test('a row has what a list and a chart need', async () => {
    const { runtime } = await open();
    await runtime.create('worker', { id: 'w1' });
    const rows: FeedRow[] = [];
    runtime.feed.subscribe(0, (more) => void rows.push(...more));
    await runtime.send('w1', { type: 'START', id: 'e1', by: 'cli' });
    await soon();
    expect(rows[1]).toMatchObject({
      gseq: 2,
      actor: 'w1',
      kind: 'worker',
      version: 1,
      seq: 2,
      event: { type: 'START', id: 'e1', by: 'cli' },
      transitions: ['worker.idle|START|0'],
      value: { working: 'first' },
      view: { id: 'w1', status: 'working', short: runtime.state('w1')?.short },
    });
    // Stored and live rows are the same.
    const again: FeedRow[] = [];
    runtime.feed.subscribe(0, (more) => void again.push(...more));
    while (again.length < rows.length) await soon();
    expect(again).toEqual(rows);
  });

  test('a viewer that throws is closed; the others and the step are not harmed', async () => {
    const { runtime } = await counted(1);
    const rows: number[] = [];
    let calls = 0;
    runtime.feed.subscribe(null, () => {
      calls += 1;
      throw new Error('viewer bug');
    });
    runtime.feed.subscribe(null, (more) => void rows.push(...more.map((row) => row.gseq)));
    await runtime.send('c1', { type: 'ADD' });
    await runtime.send('c1', { type: 'ADD' });
    expect([calls, rows]).toEqual([1, [3, 4]]);
  });

  test('a mark that is no longer kept is told so, and so is one from another life of the home', async () => {
    const { runtime, clock } = await counted(10);
    clock.advance(1_000);
    await runtime.compact(clock.now());
    await runtime.send('c1', { type: 'ADD' });
    const rows: number[] = [];
    expect(runtime.feed.subscribe(3, (more) => void rows.push(...more.map((row) => row.gseq)))).toMatchObject({
      compacted: true,
      head: 12,
    });
    expect(runtime.feed.subscribe(99, () => undefined)).toMatchObject({ compacted: true });
    expect(runtime.feed.subscribe(10, () => undefined)).toMatchObject({ compacted: false });
    await runtime.send('c1', { type: 'ADD' });
    expect(rows).toEqual([13]);
  });
});

describe('compaction', () => {
  test('folds old steps into one per actor; chain, state, numbers and later steps stay', async () => {
    const first = await counted(20);
    const { runtime, clock } = first;
    await runtime.create('counter', { id: 'c2' });
    clock.advance(60_000);
    const cut = clock.now();
    await Promise.all(oneTo(5).map(() => runtime.send('c1', { type: 'ADD' })));
    expect(await runtime.compact(cut)).toMatchObject({ folded: 20 });
    expect(runtime.history('c1').map((row) => row.seq)).toEqual(oneTo(26, 21));
    expect(runtime.history('c2')).toHaveLength(1);
    expect([runtime.at('c1', 20), runtime.at('c1', 21)?.seq]).toEqual([null, 21]);
    expect(await runtime.verify()).toEqual([]);
    expect(await runtime.compact(cut)).toMatchObject({ folded: 0 });

    const second = await reopen(first);
    expect(second.runtime.state('c1')?.context['n']).toBe(25);
    expect(await second.runtime.send('c1', { type: 'ADD' })).toMatchObject({ seq: 27 });
    clock.advance(60_000);
    await second.runtime.compact(clock.now());
    expect(second.runtime.history('c1').map((row) => row.seq)).toEqual([27]);
    expect(await second.runtime.verify()).toEqual([]);
    expect(second.store.journal.base('c1')).toMatchObject({ seq: 27, folded: 26 });
  });

  test('forgets seen ids, finished effects and replies from before, and nothing younger or unfinished', async () => {
    const { runtime, clock, store } = await open();
    await runtime.create('worker', { id: 'w1' });
    await runtime.send('w1', { type: 'START', id: 'old' });
    store.idempotency.put({ key: 'k', token: 't', request: 'r', bodyHash: 'b', status: 200, reply: '', at: clock.now() });
    await runtime.idle();
    clock.advance(1_000);
    const cut = clock.now();
    await runtime.send('w1', { type: 'TYPE', text: 'x', id: 'young' });
    expect(await runtime.compact(cut)).toMatchObject({ seen: 2, outbox: 1, replies: 1 });
    expect(store.seen.get('old')).toBeUndefined();
    expect(store.seen.get('young')).toBe(3);
    await runtime.idle();
    expect(runtime.outbox().map((row) => [row.name, row.state])).toEqual([['job.type', 'done']]);
  });

  test('a viewer that is far behind when rows are folded is not given a gap in silence', async () => {
    const { runtime, clock } = await counted(3_000);
    clock.advance(1_000);
    const rows: number[] = [];
    const gaps: number[] = [];
    runtime.feed.subscribe(
      0,
      (more) => void rows.push(...more.map((row) => row.gseq)),
      () => {
        gaps.push(rows.length);
      },
    );
    await soon();
    await runtime.compact(clock.now());
    while (gaps.length === 0) await soon();
    const before = rows.length;
    expect(rows).toEqual(oneTo(before));
    await runtime.send('c1', { type: 'ADD' });
    expect([gaps, rows.slice(before)]).toEqual([[before], [3_002]]);
  });
});
