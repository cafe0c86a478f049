/** Law 2: an event counts once, an effect happens effectively once: what may have half happened is repeated only where that is harmless. */
import { describe, expect, test } from 'vitest';
import type { HandlerResult } from '../../machines/effects.ts';
import { type Call, notingHandlers } from '../support/house.ts';
import { houseKeeper, refusal } from '../support/houses.ts';

const { open, reopen } = houseKeeper();
const never = () => new Promise<HandlerResult>(() => undefined);
const hanging = (calls: Call[]) => notingHandlers(calls, never);
const ask = { type: 'TYPE', text: 'hello' };

/** A home whose process ended while the handler of `event`'s effect was running. */
const halfRun = async (event: { type: string; [field: string]: unknown }, generation?: string) => {
  const house = await open({ handlers: hanging, ...(generation === undefined ? {} : { generation: () => generation }) });
  await house.runtime.create('worker', { id: 'w1' });
  await house.runtime.send('w1', event);
  while (house.calls.length === 0) await new Promise<void>((resolve) => void setImmediate(resolve));
  return house;
};

describe('law 2: events', () => {
  test('an id counts once per home, also after a restart, also when nobody handled it', async () => {
    const first = await open();
    await Promise.all([first.runtime.create('counter', { id: 'c1' }), first.runtime.create('counter', { id: 'c2' })]);
    await first.runtime.send('c1', { type: 'ADD', id: 'e1' });
    await first.runtime.send('c1', { type: 'NOBODY', id: 'e2' });
    const { runtime } = await reopen(first);
    for (const to of ['c1', 'c2']) {
      expect(await runtime.send(to, { type: 'ADD', id: 'e1' })).toMatchObject({ duplicate: true, gseq: 3 });
      expect(await runtime.send(to, { type: 'ADD', id: 'e2' })).toMatchObject({ duplicate: true, gseq: null });
    }
    expect([runtime.state('c1')?.context['n'], runtime.state('c2')?.context['n']]).toEqual([1, 0]);
  });

  test('twice in the same turn is once', async () => {
    const { runtime } = await open();
    await runtime.create('counter', { id: 'c1' });
    await Promise.all([runtime.send('c1', { type: 'ADD', id: 'e1' }), runtime.send('c1', { type: 'ADD', id: 'e1' })]);
    expect(runtime.state('c1')?.context['n']).toBe(1);
  });

  test('what was refused does not count: it can be sent again', async () => {
    const { runtime } = await open();
    await runtime.create('worker', { id: 'w1' });
    await refusal(runtime.send('w1', { type: 'BOOM', id: 'e1' }));
    expect(runtime.parked()).toHaveLength(1);
    await refusal(runtime.send('w1', { type: 'BOOM', id: 'e1' }));
    expect(runtime.parked()).toMatchObject([{ attempts: 2 }]);
  });
});

describe('law 2: half-run effects at start', () => {
  test('`safe` runs again under the same id', async () => {
    const first = await halfRun({ type: 'START' });
    const { runtime, calls, report } = await reopen(first);
    await runtime.idle();
    expect(calls).toEqual([{ name: 'job.start', params: { n: 1 }, effectId: 'w1:2:0', attempt: 2 }]);
    expect(report).toMatchObject({ again: 1, unsure: 0 });
  });

  test('`ask` does not run: the chart decides', async () => {
    const first = await halfRun(ask);
    const { runtime, calls, report } = await reopen(first);
    await runtime.idle();
    expect(calls).toEqual([]);
    expect(report).toMatchObject({ again: 0, unsure: 1 });
    expect(runtime.history('w1').at(-1)?.event).toMatchObject({
      type: 'EFFECT_UNSURE',
      effect: 'job.type',
      params: { text: 'hello' },
      id: 'w1:2:0/unsure',
    });
    expect(runtime.outbox()).toMatchObject([{ state: 'unsure' }]);
    // And once: a second restart has nothing left to ask.
    expect((await reopen(await open({ temp: first.temp, fake: first.clock }))).report).toMatchObject({ unsure: 0 });
  });

  test.each([
    ['the same generation', 'tmux 1', 'tmux 1', 1],
    ['another generation', 'tmux 1', 'tmux 2', 0],
    ['no generation any more', 'tmux 1', null, 0],
  ])('`generation` in %s', async (_, started, now, again) => {
    const first = await halfRun({ type: 'LAUNCH' }, started);
    const { runtime, calls, report } = await reopen(first, { generation: () => now });
    await runtime.idle();
    expect(calls).toHaveLength(again);
    expect(report).toMatchObject({ again, unsure: 1 - again });
  });

  test('`generation` tried again while the process lives: never by another terminal server than the first try', async () => {
    for (const [now, tries] of [
      ['tmux 1', 2],
      ['tmux 2', 1],
    ] as const) {
      let generation = 'tmux 1';
      const { runtime, clock, calls } = await open({
        generation: () => generation,
        handlers: (noted) =>
          notingHandlers(noted, () => {
            const first = noted.length === 1;
            generation = now;
            return first ? { problem: { code: 'CCM_TMUX_LOST', detail: 'x' }, retry: true } : { outcomes: [] };
          }),
      });
      await runtime.create('worker', { id: 'w1' });
      await runtime.send('w1', { type: 'LAUNCH' });
      while (runtime.outbox({ actor: 'w1' }).every(({ problem }) => problem === null))
        await new Promise<void>((go) => void setImmediate(go));
      clock.advance(60_000);
      await runtime.idle();
      expect([now, calls.length]).toEqual([now, tries]);
    }
  });

  test('one that was only waiting runs, whatever its repeat rule', async () => {
    const first = await open({ handlers: hanging, limits: { pool: 1 } });
    await Promise.all([first.runtime.create('worker', { id: 'w1' }), first.runtime.create('worker', { id: 'w2' })]);
    await first.runtime.send('w1', ask);
    await first.runtime.send('w2', ask);
    while (first.calls.length === 0) await new Promise<void>((resolve) => void setImmediate(resolve));
    const { runtime, calls } = await reopen(first);
    await runtime.idle();
    expect(calls.map((call) => call.effectId)).toEqual(['w2:2:0']);
  });

  test('an outcome and the end of its effect are one commit: a finished one never repeats', async () => {
    const first = await open({
      handlers: (calls) => notingHandlers(calls, () => ({ outcomes: [{ event: { type: 'FINISHED', id: 'mine' } }] })),
    });
    await first.runtime.create('worker', { id: 'w1' });
    await first.runtime.send('w1', { type: 'START' });
    await first.runtime.idle();
    // Its id comes from the effect, whatever the handler says.
    expect(first.runtime.history('w1').at(-1)?.event).toMatchObject({ type: 'FINISHED', id: 'w1:2:0/0', by: 'effect' });
    const second = await reopen(first);
    await second.runtime.idle();
    expect(second.calls).toEqual([]);
    expect(second.runtime.state('w1')?.value).toBe('done');
  });
});
