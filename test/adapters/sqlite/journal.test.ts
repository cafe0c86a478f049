/** Rows are linked backwards with a milestone now and then: every one is found, whatever lies between. */
import { expect, test } from 'vitest';
import { houseKeeper } from '../../support/houses.ts';

const { open } = houseKeeper();
const oneTo = (last: number, first = 1) => Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);

test('each row, each page and each end of a long journal, between the rows of others', async () => {
  const { runtime, store } = await open();
  await Promise.all(['a', 'b', 'c'].map((id) => runtime.create('counter', { id })));
  const last = 64 * 4 + 9;
  for (let step = 2; step <= last; step += 1) await Promise.all(['a', 'c', 'b'].map((id) => runtime.send(id, { type: 'ADD' })));
  for (const seq of oneTo(last)) expect(runtime.at('b', seq)).toMatchObject({ actor: 'b', seq, snapshot: { context: { n: seq - 1 } } });
  expect([runtime.at('b', 0), runtime.at('b', last + 1), runtime.at('z', 1)]).toEqual([null, null, null]);
  for (const limit of [1, 63, 64, 65, 1000]) {
    for (const after of [0, 1, 62, 63, 64, 65, 127, 128, 129, last - 65, last - 64, last - 1, last]) {
      expect(runtime.history('b', { after, limit }).map((row) => row.seq)).toEqual(oneTo(Math.min(last, after + limit), after + 1));
    }
  }
  expect(store.commit(() => store.journal.fold('b', 0))).toEqual({ folded: 0, floor: 0 });
  expect(runtime.history('b')).toHaveLength(last);
});

test('folding leaves a row to go on from, at any place between milestones', async () => {
  const { runtime, clock } = await open();
  await runtime.create('counter', { id: 'a' });
  const cuts: number[] = [];
  for (let step = 2; step <= 200; step += 1) {
    clock.advance(1_000);
    await runtime.send('a', { type: 'ADD' });
    if ([3, 63, 64, 65, 130, 199].includes(step)) cuts.push(clock.now() + 1);
  }
  const kept: number[] = [];
  for (const cut of cuts) {
    await runtime.compact(cut);
    const rows = runtime.history('a').map((row) => row.seq);
    kept.push(rows[0] ?? 0);
    expect(rows).toEqual(oneTo(200, rows[0]));
    expect(await runtime.verify()).toEqual([]);
  }
  expect(kept).toEqual([3, 63, 64, 65, 130, 199]);
});
