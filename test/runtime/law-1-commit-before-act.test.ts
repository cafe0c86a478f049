/** Law 1: nobody hears of a step, and no effect of it runs, before it is on disk. (Killed processes: crash-points.test.ts.) */
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { FeedRow } from '../../src/runtime/index.ts';
import { type Failing, failingStore } from '../support/failing-store.ts';
import { notingHandlers } from '../support/house.ts';
import { houseKeeper, refusal } from '../support/houses.ts';

const { open, reopen } = houseKeeper();

/** What another process reads from the file at this moment. */
const onDisk = (file: string) => {
  const db = new Sqlite(file, { readonly: true });
  try {
    return {
      steps: db.prepare<[], { count: number }>('select count(*) as count from journal').get()?.count ?? 0,
      running: db
        .prepare<[], { state: string }>('select state from outbox')
        .all()
        .map((row) => row.state),
    };
  } finally {
    db.close();
  }
};

describe('law 1: commit before act', () => {
  test('when a receipt, a viewer or a handler hears of a step, another process can read it', async () => {
    const heard: Array<[string, ReturnType<typeof onDisk>]> = [];
    const house = await open({
      handlers: (calls) =>
        notingHandlers(calls, () => {
          heard.push(['handler', onDisk(house.temp.file)]);
          return { outcomes: [] };
        }),
    });
    const { runtime, temp } = house;
    await runtime.create('worker', { id: 'w1' });
    runtime.feed.subscribe(null, () => void heard.push(['viewer', onDisk(temp.file)]));
    const sent = runtime.send('w1', { type: 'START' });
    expect(onDisk(temp.file).steps).toBe(1);
    await sent;
    heard.push(['receipt', onDisk(temp.file)]);
    await runtime.idle();
    expect(heard).toEqual([
      ['viewer', { steps: 2, running: ['pending'] }],
      ['receipt', { steps: 2, running: ['pending'] }],
      ['handler', { steps: 2, running: ['running'] }],
    ]);
    expect(onDisk(temp.file).running).toEqual(['done']);
  });

  test.each(['step', 'commit'] as const)('a failed %s tells nobody, and memory goes back to the disk', async (place) => {
    let failing: Failing | undefined;
    const house = await open({
      wrap: (store) => {
        failing = failingStore(store);
        return failing.store;
      },
    });
    const { runtime, calls } = house;
    await Promise.all([runtime.create('worker', { id: 'w1' }), runtime.create('worker', { id: 'w2' })]);
    const rows: FeedRow[] = [];
    runtime.feed.subscribe(null, (more) => void rows.push(...more));
    failing?.failWhere((where) => where === place);
    const errors = await Promise.all([
      refusal(runtime.send('w2', { type: 'NOTE', text: 'lost', id: 'n1' })),
      refusal(runtime.send('w1', { type: 'START', id: 'e1' })),
    ]);
    expect(errors.map((error) => error.code)).toEqual(['CCM_DISK_FULL', 'CCM_DISK_FULL']);
    expect([rows, calls, runtime.state('w1')?.value, runtime.state('w2')?.context['notes']]).toEqual([[], [], 'idle', []]);
    expect(house.fatal).toEqual([]);

    failing?.failWhere(() => false);
    // Not a duplicate: the first arrival left nothing behind.
    expect(await runtime.send('w1', { type: 'START', id: 'e1' })).toMatchObject({ seq: 2, gseq: 3, duplicate: false });
    await runtime.idle();
    expect(calls.map((call) => call.effectId)).toEqual(['w1:2:0']);
    expect(rows.map((row) => row.gseq)).toEqual([3]);
    expect(await runtime.verify()).toEqual([]);
  });

  test('the outcome of an effect survives a disk that is full when it arrives', async () => {
    let failing: Failing | undefined;
    const house = await open({
      wrap: (store) => {
        failing = failingStore(store);
        return failing.store;
      },
      handlers: (calls) =>
        notingHandlers(calls, () => {
          failing?.failWhere(() => true);
          return { outcomes: [{ event: { type: 'FINISHED' } }] };
        }),
    });
    const { runtime, clock, calls } = house;
    await runtime.create('worker', { id: 'w1' });
    await runtime.send('w1', { type: 'START' });
    while (house.runtime.stats().failedTurns === 0) await new Promise<void>((resolve) => void setImmediate(resolve));
    expect(runtime.state('w1')?.value).toEqual({ working: 'first' });
    failing?.failWhere(() => false);
    clock.advance(1_000);
    await runtime.idle();
    expect(runtime.state('w1')?.value).toBe('done');
    expect(calls).toHaveLength(1);
  });

  test('what was acknowledged is there after the process is gone', async () => {
    const first = await open();
    await first.runtime.create('counter', { id: 'c1' });
    const receipts = await Promise.all(Array.from({ length: 20 }, () => first.runtime.send('c1', { type: 'ADD' })));
    const second = await reopen(first);
    expect(second.runtime.state('c1')?.seq).toBe(receipts.at(-1)?.seq);
    expect(second.runtime.history('c1').map((row) => row.gseq)).toEqual([1, ...receipts.map((receipt) => receipt.gseq)]);
  });
});
