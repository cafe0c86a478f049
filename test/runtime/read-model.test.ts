/** Lists, short ids and memory: all of it can be thrown away. */
import { describe, expect, test } from 'vitest';
import { shortOf } from '../../src/ports/system.ts';
import { houseKeeper } from '../support/houses.ts';

const { open, reopen } = houseKeeper();

describe('the read model', () => {
  test('can be dropped and made again from the actors', async () => {
    const { runtime, store } = await open();
    for (const id of ['w1', 'w2', 'w3']) await runtime.create('worker', { id });
    await runtime.send('w2', { type: 'START' });
    await runtime.send('w3', { type: 'STOP' });
    await runtime.send('w1', { type: 'CHILD', child: 'w4' });
    const before = runtime.list();
    expect(before).toHaveLength(4);
    store.views.clear();
    expect(runtime.list()).toEqual([]);
    expect(await runtime.rebuildViews()).toBe(4);
    expect(runtime.list()).toEqual(before);
  });

  test('follows each change: also of the columns an index holds, and after the actor was forgotten', async () => {
    const { runtime } = await open({ limits: { live: 1 } });
    await Promise.all(['w1', 'w2'].map((id) => runtime.create('worker', { id })));
    await runtime.send('w1', { type: 'START' });
    expect(runtime.list({ ended: false }).map((row) => row.id)).toEqual(['w2', 'w1']);
    await runtime.send('w1', { type: 'STOP' });
    await runtime.send('w2', { type: 'START' });
    await runtime.send('w2', { type: 'NEXT' });
    expect(runtime.list({ ended: true })).toMatchObject([{ id: 'w1', status: 'stopped' }]);
    await runtime.send('w1', { type: 'START' });
    expect(runtime.list({ ended: true })).toEqual([]);
    expect(runtime.stats().live).toBe(1);
  });

  test('a view the store refuses costs its row, not the turn', async () => {
    const { worker } = (await import('../support/tiny-kinds.ts')).tinyKinds;
    const broken = { ...worker, view: () => ({ ...worker.view({ value: 'idle', context: {}, status: 'active' }), priority: Number.NaN }) };
    const { runtime, fatal, log } = await open({ kinds: { worker: broken } });
    expect(await runtime.create('worker', { id: 'w1' })).toMatchObject({ handled: true });
    expect([runtime.list(), fatal]).toEqual([[], []]);
    expect(log.lines.map((line) => line.message)).toContain('the view of an actor cannot be stored');
  });
});

describe('short ids', () => {
  test('are unique per home: a taken one gets another character, and new ids avoid it', async () => {
    const taken = '00000000-0000-7000-8000-0000000abcde';
    const twin = '00000000-0000-7000-8000-0100000abcde'.replace('0100000', '0200000');
    expect(shortOf(taken)).toBe(shortOf(twin));
    const fresh = '00000000-0000-7000-8000-0000000abcdf';
    const queue = [twin, twin, fresh];
    const { runtime } = await open({ ids: { next: () => queue.shift() ?? 'x' } });
    await runtime.create('counter', { id: taken });
    expect(runtime.newId()).toBe(fresh);
    await runtime.create('counter', { id: twin });
    const shorts = runtime.list().map((row) => row.short);
    expect(new Set(shorts).size).toBe(2);
    expect(shorts.map((short) => short.length)).toEqual([6, 5]);
    expect(runtime.find(shortOf(taken)).map((row) => row.id)).toEqual([taken]);
  });
});

describe('memory', () => {
  test('holds a bounded number of actors, and a forgotten one goes on where it was', async () => {
    const { runtime } = await open({ limits: { live: 3 } });
    const ids = Array.from({ length: 20 }, (_, index) => `c${index}`);
    await Promise.all(ids.map((id) => runtime.create('counter', { id })));
    for (let round = 0; round < 3; round += 1) for (const id of ids) await runtime.send(id, { type: 'ADD' });
    expect(runtime.stats().live).toBeLessThanOrEqual(3);
    expect(ids.map((id) => runtime.state(id)?.context['n'])).toEqual(ids.map(() => 3));
    expect(await runtime.verify()).toEqual([]);
  });

  test('a start loads no actor that has nothing to do', async () => {
    const first = await open();
    await Promise.all(Array.from({ length: 50 }, (_, index) => first.runtime.create('counter', { id: `c${index}` })));
    const { runtime, report } = await reopen(first);
    expect(report.actors).toBe(50);
    expect(runtime.stats().live).toBe(0);
  });
});
