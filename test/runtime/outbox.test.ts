/** Effects: in order per actor and lane, actors beside each other, patient with what may pass. */
import { describe, expect, test } from 'vitest';
import type { HandlerResult } from '../../machines/effects.ts';
import { type Call, notingHandlers } from '../support/house.ts';
import { houseKeeper } from '../support/houses.ts';

const { open, reopen } = houseKeeper();
const soon = () => new Promise<void>((resolve) => void setImmediate(resolve));
/** Handlers that stay open until the test lets them end. */
const gated = () => {
  const open = new Map<string, (result: HandlerResult) => void>();
  const handlers = (calls: Call[]) => notingHandlers(calls, (call) => new Promise((resolve) => void open.set(call.effectId, resolve)));
  const end = (effectId: string) => {
    open.get(effectId)?.({ outcomes: [] });
    open.delete(effectId);
  };
  return { open, handlers, end };
};
const workers = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`);

describe('the outbox', () => {
  test('runs one effect per actor at a time, in order, and different actors beside each other', async () => {
    const gate = gated();
    const { runtime, calls } = await open({ handlers: gate.handlers });
    await Promise.all(workers(2).map((id) => runtime.create('worker', { id })));
    for (const id of workers(2)) for (const text of ['a', 'b']) await runtime.send(id, { type: 'TYPE', text });
    while (gate.open.size < 2) await soon();
    for (let turn = 0; turn < 20; turn += 1) await soon();
    expect(calls.map((call) => call.effectId)).toEqual(['w0:2:0', 'w1:2:0']);
    gate.end('w1:2:0');
    while (!gate.open.has('w1:3:0')) await soon();
    gate.end('w0:2:0');
    gate.end('w1:3:0');
    while (!gate.open.has('w0:3:0')) await soon();
    gate.end('w0:3:0');
    await runtime.idle();
    expect(calls).toHaveLength(4);
  });

  test('one that is cancelled in the very commit in which it was to wait for another try keeps nobody waiting', async () => {
    const tried = Promise.withResolvers<HandlerResult>();
    const { runtime, clock, calls } = await open({
      handlers: (noted) =>
        notingHandlers(noted, (call) => (call.params['text'] === 'a' ? tried.promise : Promise.resolve({ outcomes: [] }))),
    });
    await runtime.create('worker', { id: 'w1' });
    await runtime.send('w1', { type: 'TYPE', text: 'a' });
    while (calls.length < 1) await soon();
    tried.resolve({ problem: { code: 'CCM_TMUX_LOST', detail: 'not now' }, retry: true });
    // Its bookkeeping is queued by now, and these come into the same turn.
    for (let tick = 0; tick < 10; tick += 1) await Promise.resolve();
    const before = runtime.stats().turns;
    await Promise.all([runtime.send('w1', { type: 'STOP' }), runtime.send('w1', { type: 'TYPE', text: 'b' })]);
    expect(runtime.stats().turns - before).toBe(1);
    await runtime.idle();
    clock.advance(60_000);
    await runtime.idle();
    expect(calls.map(({ name, params }) => [name, params['text']])).toEqual([
      ['job.type', 'a'],
      ['job.kill', undefined],
      ['job.type', 'b'],
    ]);
  });

  test('keeps to its bound, and everybody gets a turn', async () => {
    const gate = gated();
    const { runtime } = await open({ handlers: gate.handlers, limits: { pool: 3 } });
    await Promise.all(workers(10).map((id) => runtime.create('worker', { id })));
    await Promise.all(workers(10).map((id) => runtime.send(id, { type: 'TYPE', text: 'x' })));
    let done = 0;
    while (done < 10) {
      while (gate.open.size < Math.min(3, 10 - done)) await soon();
      expect(runtime.stats().running).toBeLessThanOrEqual(3);
      for (const id of gate.open.keys()) {
        gate.end(id);
        done += 1;
      }
    }
    await runtime.idle();
    expect(runtime.outbox({ state: 'done' })).toHaveLength(10);
  });

  test('one whose turn has not come is asked again then: no attempt, no place in the pool, no generation of a terminal', async () => {
    let early = 20;
    const { runtime, clock, calls } = await open({
      limits: { attempts: 2, pool: 1 },
      handlers: (noted) =>
        notingHandlers(noted, (call) => {
          if (call.effectId !== 'w1:2:0') return { outcomes: [] };
          early -= 1;
          return early < 0 ? { outcomes: [] } : { later: 1_000 };
        }),
    });
    await Promise.all(workers(3).map((id) => runtime.create('worker', { id })));
    for (const id of workers(3)) await runtime.send(id, { type: 'TYPE', text: 'x' });
    await runtime.idle();
    expect(runtime.outbox({ state: 'done' })).toHaveLength(2);
    for (let turn = 0; turn < 20; turn += 1) {
      expect(runtime.outbox({ state: 'pending' })[0]).toMatchObject({ attempts: 0, generation: null, dueAt: clock.now() + 1_000 });
      clock.advance(1_000);
      await runtime.idle();
    }
    expect(calls.at(-1)).toMatchObject({ effectId: 'w1:2:0', attempt: 1 });
    expect(runtime.outbox({ state: 'done' })).toHaveLength(3);
  });

  test('back-off doubles under full jitter, and its cap holds', async () => {
    const { runtime, clock, calls } = await open({
      random: () => 0.999_999,
      limits: { attempts: 6, backoffBase: 1_000, backoffCap: 5_000 },
      handlers: (noted) => notingHandlers(noted, () => ({ problem: { code: 'CCM_TMUX_LOST', detail: 'x' }, retry: true })),
    });
    await runtime.create('worker', { id: 'w1' });
    await runtime.send('w1', { type: 'TYPE', text: 'x' });
    await runtime.idle();
    const waits: number[] = [];
    while (calls.length < 6) {
      const before = calls.length;
      const row = runtime.outbox()[0];
      waits.push((row?.dueAt ?? 0) - clock.now());
      expect(row?.problem).toContain('CCM_TMUX_LOST');
      clock.advance((waits.at(-1) ?? 0) - 1);
      await runtime.idle();
      expect(calls).toHaveLength(before);
      clock.advance(1);
      await runtime.idle();
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
    expect(runtime.outbox()).toMatchObject([{ state: 'failed', attempts: 6 }]);
  });

  test('back-off outlives a restart: what was put off is not tried before its time, nor what waits behind it, nor ever given up', async () => {
    const options: Parameters<typeof open>[0] = {
      random: () => 0.999_999,
      limits: { backoffBase: 40_000, backoffCap: 40_000 },
      handlers: (noted) => notingHandlers(noted, () => ({ problem: { code: 'CCM_TMUX_LOST', detail: 'x' }, retry: true })),
    };
    const before = await open(options);
    await before.runtime.create('worker', { id: 'w1' });
    for (const text of ['a', 'b']) await before.runtime.send('w1', { type: 'TYPE', text });
    await before.runtime.idle();
    before.clock.advance(10_000);
    const { runtime, clock, calls } = await reopen(before);
    await runtime.idle();
    clock.advance(29_999);
    await runtime.idle();
    expect(calls).toEqual([]);
    clock.advance(1);
    await runtime.idle();
    expect(calls).toMatchObject([
      { effectId: 'w1:2:0', attempt: 2 },
      { effectId: 'w1:3:0', attempt: 1 },
    ]);
  });

  test('a clock that was set back while nothing ran puts an effect off by one back-off at most', async () => {
    const before = await open({
      limits: { backoffBase: 1_000, backoffCap: 5_000 },
      handlers: (noted) => notingHandlers(noted, () => ({ problem: { code: 'CCM_TMUX_LOST', detail: 'x' }, retry: true })),
    });
    await before.runtime.create('worker', { id: 'w1' });
    await before.runtime.send('w1', { type: 'TYPE', text: 'a' });
    await before.runtime.idle();
    before.clock.sleep(-86_400_000);
    const { runtime, clock, calls } = await reopen(before, { limits: { backoffBase: 1_000, backoffCap: 5_000 } });
    clock.advance(5_000);
    await runtime.idle();
    expect(calls).toMatchObject([{ effectId: 'w1:2:0', attempt: 2 }]);
  });

  test('an outcome may be for another actor; one for nobody is parked, and the effect is done all the same', async () => {
    const { runtime } = await open({
      handlers: (noted) =>
        notingHandlers(noted, () => ({
          outcomes: [
            { to: 'w1', event: { type: 'NOTE', text: 'for w1' } },
            { to: 'nobody', event: { type: 'NOTE' } },
            { event: { type: 'NOTE', text: 'for me' } },
          ],
        })),
    });
    await Promise.all(workers(2).map((id) => runtime.create('worker', { id })));
    await runtime.send('w0', { type: 'TYPE', text: 'x' });
    await runtime.idle();
    expect(['w0', 'w1'].map((id) => runtime.state(id)?.context['notes'])).toEqual([['for me'], ['for w1']]);
    expect(runtime.parked()).toMatchObject([{ actor: 'nobody', eventId: 'w0:2:0/1' }]);
    expect(runtime.outbox()).toMatchObject([{ state: 'done' }]);
  });

  test('a chart that asks for an effect nobody knows has a bug: its event is parked', async () => {
    const { runtime } = await open({ effects: { 'job.type': { repeat: 'ask', lane: 'normal' } } });
    await runtime.create('worker', { id: 'w1' });
    await expect(runtime.send('w1', { type: 'LAUNCH' })).rejects.toThrow('"job.launch" is not in the catalogue of effects');
    expect(runtime.parked()).toHaveLength(1);
    expect(runtime.state('w1')?.seq).toBe(1);
  });

  test('shutdown lets what runs end, and starts nothing new', async () => {
    const gate = gated();
    const { runtime, store } = await open({ handlers: gate.handlers, limits: { pool: 1 } });
    await Promise.all(workers(2).map((id) => runtime.create('worker', { id })));
    await Promise.all(workers(2).map((id) => runtime.send(id, { type: 'TYPE', text: 'x' })));
    while (gate.open.size === 0) await soon();
    const down = runtime.shutdown();
    gate.end('w0:2:0');
    await down;
    expect(store.outbox.list({}).map((row) => [row.actor, row.state])).toEqual([
      ['w1', 'pending'],
      ['w0', 'done'],
    ]);
  });
});
