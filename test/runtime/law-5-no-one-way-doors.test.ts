/** Law 5, as far as the runtime answers for it: no chart can end its actor for good, every effect comes to an end, nothing blocks `stop`. */

import { describe, expect, test } from 'vitest';
import { setup } from 'xstate';
import type { HandlerResult } from '../../machines/effects.ts';
import { notingHandlers } from '../support/house.ts';
import { houseKeeper, refusal } from '../support/houses.ts';
import { counter } from '../support/tiny-kinds.ts';

const { open } = houseKeeper();
const soon = () => new Promise<void>((resolve) => void setImmediate(resolve));

describe('law 5: no one-way doors', () => {
  test('a chart with a final state at its root is not taken', async () => {
    const machine = setup({}).createMachine({ id: 'm', initial: 'a', states: { a: { on: { END: 'z' } }, z: { type: 'final' } } });
    await expect(open({ kinds: { m: { ...counter, machine } } })).rejects.toThrow(/"m.z" at the root ends the actor for good/);
  });

  test('an urgent effect overtakes what is due before it, and the chart is told what was dropped', async () => {
    const gates: Array<(result: HandlerResult) => void> = [];
    const { runtime, calls } = await open({
      handlers: (noted) =>
        notingHandlers(noted, ({ name }) =>
          name === 'job.kill' ? { outcomes: [] } : new Promise<HandlerResult>((resolve) => void gates.push(resolve)),
        ),
    });
    await runtime.create('worker', { id: 'w1' });
    await runtime.send('w1', { type: 'TYPE', text: 'one' });
    await runtime.send('w1', { type: 'TYPE', text: 'two' });
    await runtime.send('w1', { type: 'TYPE', text: 'three' });
    while (calls.length === 0) await soon();
    await runtime.send('w1', { type: 'STOP' });
    while (!runtime.outbox().some((row) => row.name === 'job.kill' && row.state === 'done')) await soon();
    // The first was running and hangs still: the kill did not wait for it.
    expect(calls.map((call) => call.params)).toEqual([{ text: 'one' }, { n: 0 }]);
    expect(runtime.outbox().map((row) => row.state)).toEqual(['done', 'cancelled', 'cancelled', 'running']);
    const told = runtime.history('w1').slice(-2);
    expect(told.map((row) => row.event)).toMatchObject([
      { type: 'EFFECT_CANCELLED', effect: 'job.type', params: { text: 'two' } },
      { type: 'EFFECT_CANCELLED', effect: 'job.type', params: { text: 'three' } },
    ]);
    for (const open of gates) open({ outcomes: [] });
    await runtime.idle();
    expect(runtime.outbox().map((row) => row.state)).toEqual(['done', 'cancelled', 'cancelled', 'done']);
  });

  test('an effect that waits for another try gives way too', async () => {
    const { runtime, clock, calls } = await open({
      handlers: (noted) =>
        notingHandlers(noted, ({ name }) =>
          name === 'job.kill' ? { outcomes: [] } : { problem: { code: 'CCM_TMUX_LOST', detail: 'later' }, retry: true },
        ),
    });
    await runtime.create('worker', { id: 'w1' });
    await runtime.send('w1', { type: 'TYPE', text: 'one' });
    await runtime.idle();
    await runtime.send('w1', { type: 'STOP' });
    clock.advance(3_600_000);
    await runtime.idle();
    expect(calls.map((call) => call.name)).toEqual(['job.type', 'job.kill']);
  });

  test('an effect that keeps failing has failed after its tries, and the next of its lane runs', async () => {
    const { runtime, clock, calls } = await open({
      limits: { attempts: 3 },
      handlers: (noted) =>
        notingHandlers(noted, ({ params }) =>
          params['text'] === 'bad' ? { problem: { code: 'CCM_TMUX_LOST', detail: 'gone' }, retry: true } : { outcomes: [] },
        ),
    });
    await runtime.create('worker', { id: 'w1' });
    await runtime.send('w1', { type: 'TYPE', text: 'bad' });
    await runtime.send('w1', { type: 'TYPE', text: 'good' });
    for (let tries = 0; tries < 5; tries += 1) {
      await runtime.idle();
      clock.advance(60_000);
    }
    await runtime.idle();
    expect(calls.map((call) => [call.params['text'], call.attempt])).toEqual([
      ['bad', 1],
      ['bad', 2],
      ['bad', 3],
      ['good', 1],
    ]);
    expect(runtime.history('w1').at(-1)?.event).toMatchObject({
      type: 'EFFECT_FAILED',
      effect: 'job.type',
      params: { text: 'bad' },
      problem: { code: 'CCM_TMUX_LOST', detail: 'gone' },
    });
  });

  test('a handler that throws, or is not there, ends its effect with CCM_INTERNAL', async () => {
    const { runtime, log } = await open({
      handlers: (noted) => ({
        ...notingHandlers(noted),
        'job.type': async () => {
          throw new Error('bug');
        },
        'job.launch': undefined,
      }),
    });
    await runtime.create('worker', { id: 'w1' });
    await runtime.send('w1', { type: 'TYPE', text: 'x' });
    await runtime.send('w1', { type: 'LAUNCH' });
    await runtime.idle();
    const failures = runtime.history('w1').filter((row) => row.event.type === 'EFFECT_FAILED');
    expect(failures.map((row) => row.event['problem'])).toEqual([
      { code: 'CCM_INTERNAL', detail: 'bug' },
      { code: 'CCM_INTERNAL', detail: 'Nothing carries out job.launch' },
    ]);
    expect(log.lines.some((line) => line.message.startsWith('a handler threw') && String(line.fields['stack']).includes('bug'))).toBe(true);
  });

  test('a handler that never ends does not block the shutdown', async () => {
    const { runtime, clock, calls } = await open({
      handlers: (noted) => notingHandlers(noted, () => new Promise<HandlerResult>(() => undefined)),
    });
    await runtime.create('worker', { id: 'w1' });
    await runtime.send('w1', { type: 'START' });
    while (calls.length === 0) await soon();
    const down = runtime.shutdown();
    clock.advance(5_000);
    await down;
    expect((await refusal(runtime.send('w1', { type: 'STOP' }))).code).toBe('CCM_STOPPING');
  });
});
