/** What a caller of the runtime can rely on, on the real store. */
import { describe, expect, test } from 'vitest';
import type { House } from '../support/house.ts';
import { houseKeeper, refusal } from '../support/houses.ts';
import { tinyKinds } from '../support/tiny-kinds.ts';

const { open } = houseKeeper();

describe('create and send', () => {
  test('a step is answered when it is on disk, and can be read', async () => {
    const { runtime } = await open();
    expect(await runtime.create('worker', { id: 'w1' })).toEqual({ actor: 'w1', gseq: 1, seq: 1, handled: true, duplicate: false });
    expect(await runtime.send('w1', { type: 'START' })).toEqual({ actor: 'w1', gseq: 2, seq: 2, handled: true, duplicate: false });
    const state = runtime.state('w1');
    expect(state?.value).toEqual({ working: 'first' });
    expect(state?.legal.map((move) => move.verb)).toEqual(['stop', 'pause']);
    expect(runtime.list({ kind: 'worker' })).toMatchObject([{ id: 'w1', status: 'working', priority: 1 }]);
    expect(await runtime.verify()).toEqual([]);
  });

  test('an event nobody handles makes no step, and its id is remembered', async () => {
    const { runtime } = await open();
    await runtime.create('worker', { id: 'w1' });
    const event = { type: 'UNKNOWN', id: 'e1' };
    expect(await runtime.send('w1', event)).toMatchObject({ handled: false, duplicate: false, gseq: null });
    expect(await runtime.send('w1', event)).toMatchObject({ handled: false, duplicate: true, gseq: null });
    expect(await runtime.send('w1', { type: 'NOTHING' })).toMatchObject({ handled: false });
    expect(runtime.history('w1')).toHaveLength(1);
  });

  test('the same event twice is one step, and the second gets the receipt of the first', async () => {
    const { runtime } = await open();
    await runtime.create('counter', { id: 'c1' });
    const first = await runtime.send('c1', { type: 'ADD', id: 'e1' });
    expect(await runtime.send('c1', { type: 'ADD', id: 'e1' })).toEqual({ ...first, duplicate: true });
    expect(runtime.state('c1')?.context['n']).toBe(1);
  });

  test('creating the same actor twice is a duplicate; another kind under its id is a conflict', async () => {
    const { runtime } = await open();
    await runtime.create('counter', { id: 'c1' });
    expect(await runtime.create('counter', { id: 'c1' })).toMatchObject({ duplicate: true, seq: 1 });
    expect((await refusal(runtime.create('worker', { id: 'c1' }))).code).toBe('CCM_CONFLICT');
  });

  test('what is wrong is refused in words and leaves nothing behind', async () => {
    const { runtime } = await open();
    await runtime.create('worker', { id: 'w1' });
    expect((await refusal(runtime.send('nobody', { type: 'START' }))).code).toBe('CCM_NOT_FOUND');
    expect((await refusal(runtime.create('nothing', { id: 'x' }))).code).toBe('CCM_BAD_INPUT');
    expect((await refusal(runtime.create('worker', { id: 'a b' }))).code).toBe('CCM_BAD_INPUT');
    expect((await refusal(runtime.create('worker', { id: 'x', parent: 7 }))).message).toContain('parent');
    expect((await refusal(runtime.send('w1', { type: 'EFFECT_FAILED' }))).message).toContain('not for use from outside');
    expect((await refusal(runtime.send('w1', { type: 'xstate.after.patience.worker.working' }))).code).toBe('CCM_BAD_INPUT');
    expect(runtime.history('w1')).toHaveLength(1);
  });

  test('events sent in one turn of the event loop share one transaction, in order', async () => {
    const { runtime } = await open();
    const before = runtime.stats().turns;
    const all = [runtime.create('counter', { id: 'c1' }), ...Array.from({ length: 50 }, () => runtime.send('c1', { type: 'ADD' }))];
    const receipts = await Promise.all(all);
    expect(receipts.map((receipt) => receipt.seq)).toEqual(Array.from({ length: 51 }, (_, index) => index + 1));
    expect(runtime.stats().turns - before).toBe(1);
  });

  test('nobody sees a step before its transaction is on disk', async () => {
    const { runtime } = await open();
    await runtime.create('counter', { id: 'c1' });
    const pending = runtime.send('c1', { type: 'ADD' });
    expect(runtime.state('c1')?.context['n']).toBe(0);
    await pending;
    expect(runtime.state('c1')?.context['n']).toBe(1);
  });
});

describe('errands', () => {
  test('a message to another actor and the birth of a child are in the same commit as the step that asked', async () => {
    const { runtime } = await open();
    await Promise.all([runtime.create('worker', { id: 'w1' }), runtime.create('worker', { id: 'w2' })]);
    const before = runtime.stats().turns;
    await runtime.send('w1', { type: 'TELL', to: 'w2', id: 'tell' });
    await runtime.send('w1', { type: 'CHILD', child: 'w3' });
    expect(runtime.stats().turns - before).toBe(2);
    expect(runtime.history('w2').at(-1)?.event).toMatchObject({ type: 'NOTE', id: 'w1:2:0', by: 'actor:w1' });
    expect(runtime.state('w3')?.context).toMatchObject({ parent: 'w1' });
    expect(runtime.list({ parent: 'w1' }).map((row) => row.id)).toEqual(['w3']);
  });

  test('an errand nobody can take is parked with its reason, and the step that asked stays', async () => {
    const { runtime } = await open();
    await runtime.create('worker', { id: 'w1' });
    await runtime.send('w1', { type: 'TELL', to: 'nobody' });
    expect(runtime.parked()).toMatchObject([{ actor: 'nobody', eventId: 'w1:2:0' }]);
    expect(runtime.parked()[0]?.error).toContain('CCM_NOT_FOUND');
    await runtime.create('worker', { id: 'nobody' });
    await runtime.retryParked(runtime.parked()[0]?.id ?? 0);
    expect(runtime.state('nobody')?.context['notes']).toEqual(['told']);
    expect(runtime.parked()).toEqual([]);
  });

  test('an event that goes round for ever is stopped with a clear error', async () => {
    const { runtime } = await open();
    await Promise.all([runtime.create('worker', { id: 'w1' }), runtime.create('worker', { id: 'w2' })]);
    await runtime.send('w1', { type: 'RELAY', to: 'w2', left: 1000 });
    expect(runtime.stats().steps).toBe(2 + 65);
    expect(runtime.parked()[0]?.error).toContain('more than 64 actors');
    expect(await runtime.verify()).toEqual([]);
  });
});

describe('a chart with a bug', () => {
  test('its event is parked, the caller told, the actor goes on from its last commit, the others are untouched', async () => {
    const { runtime } = await open();
    await Promise.all([runtime.create('worker', { id: 'w1' }), runtime.create('worker', { id: 'w2' })]);
    const settled = await Promise.allSettled([
      runtime.send('w1', { type: 'NOTE', text: 'a' }),
      runtime.send('w1', { type: 'BOOM', id: 'boom' }),
      runtime.send('w1', { type: 'NOTE', text: 'b' }),
      runtime.send('w2', { type: 'NOTE', text: 'c' }),
    ]);
    expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(runtime.state('w1')?.context['notes']).toEqual(['a', 'b']);
    expect(runtime.parked()).toMatchObject([{ actor: 'w1', eventId: 'boom', attempts: 1 }]);
    await refusal(runtime.retryParked(runtime.parked()[0]?.id ?? 0));
    expect(runtime.parked()).toMatchObject([{ attempts: 2 }]);
    expect(await runtime.verify()).toEqual([]);
  });
});

describe('commands', () => {
  test('an illegal one names what is legal and writes nothing', async () => {
    const { runtime } = await open();
    await runtime.create('worker', { id: 'w1' });
    const error = await refusal(runtime.command('w1', { type: 'RESUME', id: 'c1' }));
    expect(error.code).toBe('CCM_ILLEGAL_MOVE');
    expect(error.extra).toEqual({ state: 'idle', legal: ['start', 'stop'] });
    expect(error.message).toBe('A worker that is idle cannot resume; possible now: start, stop');
    expect(runtime.history('w1')).toHaveLength(1);
    // Nothing was written, so the same command can be given again when it is legal.
    await runtime.send('w1', { type: 'START' });
    await runtime.send('w1', { type: 'PAUSE' });
    expect(await runtime.command('w1', { type: 'RESUME', id: 'c1' })).toMatchObject({ handled: true, duplicate: false });
  });

  test('legality is judged at the moment the command is processed', async () => {
    const { runtime } = await open();
    await runtime.create('worker', { id: 'w1' });
    const [start, pause, again] = await Promise.allSettled([
      runtime.command('w1', { type: 'START' }),
      runtime.command('w1', { type: 'PAUSE' }),
      runtime.command('w1', { type: 'PAUSE' }),
    ]);
    expect([start.status, pause.status, again.status]).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  });

  test('a preview tells the consequence and writes nothing', async () => {
    const { runtime, calls } = await open();
    await runtime.create('worker', { id: 'w1' });
    const head = runtime.stats().head;
    expect(runtime.preview('w1', { type: 'START' })).toMatchObject({
      legal: true,
      value: { working: 'first' },
      view: { status: 'working' },
      effects: [{ type: 'job.start', params: { n: 1 } }],
      timers: [{ id: 'xstate.after.patience.worker.working', dueIn: 30_000 }],
      cancels: [],
      transitions: ['worker.idle|START|0'],
    });
    expect(runtime.preview('w1', { type: 'RESUME' })).toMatchObject({ legal: false, value: 'idle', effects: [] });
    await runtime.idle();
    expect([runtime.stats().head, calls, runtime.state('w1')?.value]).toEqual([head, [], 'idle']);
  });
});

describe('transaction', () => {
  test('plain writes and steps are one commit', async () => {
    const { runtime, store } = await open();
    await runtime.create('worker', { id: 'w1' });
    const project = { id: 'p1', name: 'a', path: '/a', agent: null, trusted: false, createdAt: 1, removedAt: null };
    await runtime.transaction((transaction) => {
      store.projects.add(project);
      transaction.send('w1', { type: 'NOTE', text: 'project' });
    });
    expect(store.projects.byName('a')).toEqual(project);
    const error = await refusal(
      runtime.transaction((transaction) => {
        transaction.send('w1', { type: 'NOTE', text: 'undone' });
        transaction.create('worker', { id: 'w2' });
        store.projects.add({ ...project, id: 'p2' });
      }),
    );
    expect(error.code).toBe('CCM_CONFLICT');
    expect(runtime.state('w1')?.context['notes']).toEqual(['project']);
    expect(runtime.state('w2')).toBeNull();
    expect(runtime.list().map((row) => row.id)).toEqual(['w1']);
    await runtime.send('w1', { type: 'NOTE', text: 'on' });
    expect(await runtime.verify()).toEqual([]);
  });
});

describe('admission', () => {
  test('is asked inside the transaction until it comes to rest', async () => {
    const asked: string[][] = [];
    const house: { current?: House } = {};
    house.current = await open({
      afterSteps: (touched) => {
        asked.push([...touched]);
        const idle = house.current?.runtime.list({ status: 'idle' }) ?? [];
        return idle.slice(0, 1).map((row) => ({ to: row.id, event: { type: 'START' } }));
      },
    });
    const { runtime } = house.current;
    const before = runtime.stats().turns;
    await Promise.all([runtime.create('worker', { id: 'w1' }), runtime.create('worker', { id: 'w2' })]);
    expect(runtime.stats().turns - before).toBe(1);
    expect(runtime.list({ status: 'working' })).toHaveLength(2);
    // The first time at the start: what waits may wait for nothing else.
    expect(asked).toEqual([Object.keys(tinyKinds), ['worker'], ['worker'], ['worker']]);
  });
});

test('after shutdown nothing is accepted and nothing says "stopped"', async () => {
  const { runtime, temp } = await open();
  await runtime.create('worker', { id: 'w1' });
  await runtime.shutdown();
  expect((await refusal(runtime.send('w1', { type: 'START' }))).code).toBe('CCM_STOPPING');
  expect(JSON.parse(temp.open().actors.get('w1')?.snapshot ?? '{}')).toMatchObject({ status: 'active' });
});
