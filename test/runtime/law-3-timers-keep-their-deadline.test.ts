/** Law 3: a timer keeps its deadline over restarts; patience stands still while the machine sleeps, deadlines on the wall do not. */
import { describe, expect, test } from 'vitest';
import { type Failing, failingStore } from '../support/failing-store.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { houseKeeper, refusal } from '../support/houses.ts';

const { open, reopen } = houseKeeper();
const PATIENCE = 30_000;
const DEADLINE = 60_000;

const working = async () => {
  const house = await open();
  await house.runtime.create('worker', { id: 'w1' });
  await house.runtime.send('w1', { type: 'START' });
  await house.runtime.idle();
  return house;
};
const tired = async () => {
  const house = await working();
  house.clock.advance(PATIENCE);
  await house.runtime.idle();
  expect(house.runtime.state('w1')?.value).toBe('tired');
  return house;
};

describe('law 3: timers keep their deadline', () => {
  test('not lost and not begun again by a restart half way', async () => {
    const first = await working();
    first.clock.advance(PATIENCE - 10_000);
    const { runtime, clock, report } = await reopen(first);
    expect(report.overdue).toBe(0);
    clock.advance(9_999);
    await runtime.idle();
    expect(runtime.state('w1')?.value).toEqual({ working: 'first' });
    clock.advance(1);
    await runtime.idle();
    expect(runtime.state('w1')?.value).toBe('tired');
  });

  test('patience that was moved by a sleep is moved again when the commit that moved it failed', async () => {
    const disk: { failing?: Failing } = {};
    const house = await open({
      wrap: (inner) => {
        disk.failing = failingStore(inner);
        return disk.failing.store;
      },
    });
    const { runtime, clock } = house;
    await runtime.create('worker', { id: 'w1' });
    await runtime.send('w1', { type: 'START' });
    clock.sleep(20_000);
    disk.failing?.failWhere((place) => place === 'commit');
    expect((await refusal(runtime.send('w1', { type: 'NOTE', text: 'awake' }))).code).toBe('CCM_DISK_FULL');
    disk.failing?.failWhere(() => false);
    clock.advance(PATIENCE - 1);
    await runtime.idle();
    expect(runtime.state('w1')?.value).toEqual({ working: 'first' });
    clock.advance(1);
    await runtime.idle();
    expect(runtime.state('w1')?.value).toBe('tired');
  });

  test('those that came due while nothing ran ring at start, oldest first, before any effect', async () => {
    const first = await open();
    const order: string[] = [];
    for (const id of ['w1', 'w2', 'w3']) {
      await first.runtime.create('worker', { id });
      await first.runtime.send(id, { type: 'START' });
      first.clock.advance(1_000);
      await first.runtime.idle();
    }
    first.crash();
    first.clock.restart();
    first.clock.advance(10 * PATIENCE);
    const second = await open({ temp: first.temp, fake: first.clock });
    expect(second.report.overdue).toBe(3);
    second.runtime.feed.subscribe(6, (rows) => void order.push(...rows.map((row) => row.actor)));
    await second.runtime.idle();
    expect(order).toEqual(['w1', 'w2', 'w3']);
  });

  test('what happened meanwhile is heard before an overdue timer rings', async () => {
    const first = await working();
    first.crash();
    first.clock.restart();
    first.clock.advance(10 * PATIENCE);
    const second = await open({
      temp: first.temp,
      fake: first.clock,
      drain: async (runtime) => void (await runtime.send('w1', { type: 'FINISHED' })),
    });
    expect(second.report.overdue).toBe(0);
    expect(second.runtime.state('w1')?.value).toBe('done');
  });

  test('leaving the state takes its timer away in the same commit; entering it again sets it anew', async () => {
    const { runtime, clock } = await working();
    await runtime.send('w1', { type: 'PAUSE' });
    expect(runtime.timers('w1')).toEqual([]);
    clock.advance(5_000);
    await runtime.send('w1', { type: 'RESUME' });
    expect(runtime.timers('w1')).toMatchObject([{ due: clock.now() + PATIENCE }]);
  });

  test('a guard that says no does not make it ring for ever', async () => {
    const { runtime, clock } = await working();
    await runtime.send('w1', { type: 'FINISHED' });
    await runtime.send('w1', { type: 'WAIT' });
    const before = runtime.stats().turns;
    clock.advance(60_000);
    await runtime.idle();
    expect(runtime.timers('w1')).toEqual([]);
    expect(runtime.state('w1')?.value).toBe('waiting');
    expect(runtime.stats().turns - before).toBe(1);
  });

  test('one whose event makes the chart throw is parked, not rung again', async () => {
    const { runtime, clock, store } = await working();
    store.timers.set({ actor: 'w1', id: 'bad', event: '{"type":"BOOM"}', due: clock.now() + 1_000, clock: 'awake' });
    clock.advance(20_000);
    await runtime.idle();
    expect(runtime.timers('w1').map((row) => row.id)).toEqual(['xstate.after.patience.worker.working']);
    expect(runtime.parked()).toMatchObject([{ actor: 'w1', attempts: 1 }]);
  });
});

describe('law 3: sleep', () => {
  test('patience keeps its remaining awake time over a sleep; a deadline on the wall does not wait', async () => {
    const asleep = await working();
    asleep.clock.advance(PATIENCE - 10_000);
    asleep.clock.sleep(8 * 3_600_000);
    asleep.clock.advance(9_000);
    await asleep.runtime.idle();
    expect(asleep.runtime.state('w1')?.value).toEqual({ working: 'first' });
    asleep.clock.advance(11_000);
    await asleep.runtime.idle();
    expect(asleep.runtime.state('w1')?.value).toBe('tired');

    // `deadline` is a wall delay: it passes during the sleep and rings within one look of the alarm.
    asleep.clock.sleep(DEADLINE);
    asleep.clock.advance(10_000);
    await asleep.runtime.idle();
    expect(asleep.runtime.state('w1')?.value).toBe('stopped');
  });

  test('an event right after the waking finds the patience already moved, and its own timer is not', async () => {
    const { runtime, clock } = await working();
    clock.sleep(3_600_000);
    await runtime.send('w1', { type: 'NEXT' });
    expect(runtime.timers('w1')).toMatchObject([{ due: clock.now() + PATIENCE }]);
    await runtime.send('w1', { type: 'PAUSE' });
    await runtime.send('w1', { type: 'RESUME' });
    expect(runtime.timers('w1')).toMatchObject([{ due: clock.now() + PATIENCE }]);
  });

  test('a clock set back does not make patience longer', async () => {
    const { runtime, clock } = await working();
    clock.sleep(-3_600_000);
    clock.advance(PATIENCE + 10_000);
    await runtime.idle();
    expect(runtime.state('w1')?.value).toBe('tired');
  });

  test('small corrections of the clock are no sleep, but add up', async () => {
    const { runtime, clock, store } = await working();
    const due = () => store.timers.ofActor('w1')[0]?.due ?? 0;
    const before = due();
    for (let step = 0; step < 3; step += 1) {
      clock.sleep(600);
      await runtime.send('w1', { type: 'NOTE' });
    }
    expect(due()).toBe(before);
    clock.sleep(600);
    await runtime.send('w1', { type: 'NOTE' });
    expect(due()).toBe(before + 2_400);
  });

  test('a sleep while no daemon ran, on the same run of the machine, is seen exactly', async () => {
    const first = await working();
    first.clock.advance(10_000);
    first.crash();
    first.clock.sleep(3_600_000);
    first.clock.restart();
    first.clock.advance(5_000);
    const second = await open({ temp: first.temp, fake: first.clock });
    expect(second.report).toMatchObject({ overdue: 0, shifted: 3_600_000 });
    expect(second.runtime.timers('w1')).toMatchObject([{ due: second.clock.now() + PATIENCE - 15_000 }]);
  });

  test('after a restart of the machine nothing can be compared: the deadline stays', async () => {
    const first = await working();
    const [timer] = first.runtime.timers('w1');
    first.crash();
    const clock = fakeClock(first.clock.now() + 10_000, 'boot-2');
    const second = await open({ temp: first.temp, fake: clock });
    expect(second.report).toMatchObject({ overdue: 0, shifted: 0 });
    expect(second.runtime.timers('w1')).toEqual([timer]);
    // And from now on this run of the machine is the measure.
    clock.sleep(7_200_000);
    const third = await reopen(second);
    expect(third.report.shifted).toBe(7_200_000);
  });

  test('a deadline counts from when the fact happened, patience from when we heard of it', async () => {
    const { runtime, clock } = await tired();
    await runtime.send('w1', { type: 'START' });
    const late = clock.now() - 20_000;
    await runtime.send('w1', { type: 'PAUSE' });
    await runtime.send('w1', { type: 'RESUME', at: late });
    expect(runtime.timers('w1')).toMatchObject([{ clock: 'awake', due: clock.now() + PATIENCE }]);
    clock.advance(PATIENCE);
    await runtime.idle();
    expect(runtime.timers('w1')).toMatchObject([{ clock: 'wall', due: clock.now() + DEADLINE }]);
  });
});
