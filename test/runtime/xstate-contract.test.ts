/**
 * What `durable.ts` and `edges.ts` take for granted about XState, most of it undocumented. If an update of the pinned version breaks one of
 * these, the runtime must change before the version does.
 */

import { describe, expect, test } from 'vitest';
import { assign, cancel, createActor, emit, fromPromise, log, raise, SimulatedClock, sendTo, setup, spawnChild } from 'xstate';
import { durable, type Step } from '../../src/runtime/durable.ts';
import { workerMachine } from '../support/tiny-kinds.ts';

const json = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const loose = { types: { context: {} as Record<string, unknown>, events: {} as { type: string } } };

describe('what a restart does by itself', () => {
  test('an `after` timer is lost: the runtime must keep it', () => {
    const machine = setup({}).createMachine({ initial: 'a', states: { a: { after: { 1000: 'b' } }, b: {} } });
    const before = new SimulatedClock();
    const saved = json(createActor(machine, { clock: before }).start().getPersistedSnapshot());
    const after = new SimulatedClock();
    const actor = createActor(machine, { clock: after, snapshot: saved }).start();
    after.increment(1_000_000);
    expect(actor.getSnapshot().value).toBe('a');
  });

  test('entry actions do not run again', () => {
    let entered = 0;
    const machine = setup({ actions: { enter: () => void (entered += 1) } }).createMachine({
      initial: 'a',
      states: { a: { entry: 'enter' } },
    });
    const saved = json(createActor(machine).start().getPersistedSnapshot());
    createActor(machine, { snapshot: saved }).start();
    expect(entered).toBe(1);
  });

  test('a renamed state is an error, a missing context field is not, a new substate is entered quietly', () => {
    const old = setup(loose).createMachine({ id: 'm', initial: 'old', context: {}, states: { old: {} } });
    const saved = json(createActor(old).start().getPersistedSnapshot());
    const renamed = setup(loose).createMachine({ id: 'm', initial: 'now', context: { added: 1 }, states: { now: {} } });
    const lost = createActor(renamed, { snapshot: saved });
    lost.subscribe({ error: () => undefined });
    expect(lost.start().getSnapshot().status).toBe('error');
    expect(() => renamed.resolveState({ value: 'old', context: {} })).toThrow(/does not exist/);
    const added = setup(loose).createMachine({ id: 'm', initial: 'old', context: { added: 1 }, states: { old: {} } });
    expect(createActor(added, { snapshot: saved }).start().getSnapshot().context).toEqual({});
    const nested = setup(loose).createMachine({
      id: 'm',
      initial: 'old',
      context: {},
      states: { old: { initial: 'k', states: { k: {} } } },
    });
    expect(createActor(nested, { snapshot: saved }).start().getSnapshot().value).toEqual({ old: 'k' });
  });

  test('a snapshot holds neither id nor version of its machine', () => {
    const saved = createActor(workerMachine, { input: { id: 'w' } })
      .start()
      .getPersistedSnapshot();
    expect(Object.keys(json(saved)).sort()).toEqual(['children', 'context', 'historyValue', 'status', 'value']);
  });

  test('history states survive JSON through createActor, and do not through resolveState', () => {
    const first = createActor(workerMachine, { input: { id: 'w' } }).start();
    for (const type of ['START', 'NEXT', 'PAUSE']) first.send({ type });
    const saved = json(first.getPersistedSnapshot());
    const again = createActor(workerMachine, { snapshot: saved, input: { id: 'w' } }).start();
    again.send({ type: 'RESUME' });
    expect(again.getSnapshot().value).toEqual({ working: 'second' });
  });
});

describe('what XState hands to the executor', () => {
  const everything = setup({
    ...loose,
    actors: { job: fromPromise(async () => 1) },
    actions: { mine: (_unused: unknown, _params: { a: number }) => undefined },
    delays: { d: 5 },
  }).createMachine({
    id: 'm',
    context: {},
    initial: 'a',
    states: {
      a: { on: { GO: 'b' } },
      b: {
        after: { d: 'c' },
        entry: [
          { type: 'mine', params: { a: 1 } },
          raise({ type: 'LATER' }, { delay: 9, id: 'r1' }),
          raise({ type: 'NOW' }),
          emit({ type: 'E' }),
          log('x'),
        ],
        on: { NOW: { actions: { type: 'mine', params: { a: 2 } } }, OUT: 'c' },
      },
      c: { entry: cancel('r1') },
    },
  });
  const recorded = () => {
    const steps: Step[] = [];
    const actor = createActor(
      durable(everything, (step) => void steps.push(step)),
      { input: undefined },
    ).start();
    return { steps, actor };
  };

  test('named actions are effects in order, delayed raises and `after` are timers, the rest is nothing', () => {
    const { steps, actor } = recorded();
    actor.send({ type: 'GO' });
    expect(steps[1]?.effects).toEqual([
      { type: 'mine', params: { a: 1 } },
      { type: 'mine', params: { a: 2 } },
    ]);
    expect(steps[1]?.timers).toEqual([
      { set: { id: 'r1', event: { type: 'LATER' }, delay: 9 } },
      { set: { id: 'xstate.after.d.m.b', event: { type: 'xstate.after.d.m.b' }, delay: 5 } },
    ]);
  });

  test('leaving a state cancels its timers, in the order asked', () => {
    const { steps, actor } = recorded();
    actor.send({ type: 'GO' });
    actor.send({ type: 'OUT' });
    expect(steps[2]?.timers).toEqual([{ cancel: 'xstate.after.d.m.b' }, { cancel: 'r1' }]);
  });

  test('a state entered and left in one step asks for its timer first and its end second', () => {
    const machine = setup({ ...loose, delays: { d: 5 } }).createMachine({
      id: 'm',
      context: {},
      initial: 'a',
      states: { a: { on: { GO: 'b' } }, b: { after: { d: 'a' }, always: 'c' }, c: {} },
    });
    const steps: Step[] = [];
    const actor = createActor(
      durable(machine, (step) => void steps.push(step)),
      { input: undefined },
    ).start();
    actor.send({ type: 'GO' });
    expect(steps[1]?.timers.map((change) => Object.keys(change)[0])).toEqual(['set', 'cancel']);
  });
});

describe('durable', () => {
  const begin = (commit: (step: Step) => void) => createActor(durable(workerMachine, commit), { input: { id: 'w' } });

  test('commit comes before anything that listens', () => {
    const order: string[] = [];
    const actor = begin(() => void order.push('commit'));
    actor.subscribe(() => void order.push('subscriber'));
    actor.start();
    actor.send({ type: 'START' });
    expect(order).toEqual(['commit', 'subscriber', 'commit', 'subscriber']);
  });

  test('a commit that throws leaves the actor in error, without a step', () => {
    let full = false;
    const errors: unknown[] = [];
    const actor = begin(() => {
      if (full) throw new Error('full');
    });
    actor.subscribe({ error: (error) => void errors.push(error) });
    actor.start();
    full = true;
    actor.send({ type: 'START' });
    expect(errors).toEqual([new Error('full')]);
    expect(actor.getSnapshot().status).toBe('error');
  });

  test('stopping commits nothing, though a bare actor would persist it', () => {
    let commits = 0;
    const actor = begin(() => void (commits += 1)).start();
    actor.stop();
    expect(commits).toBe(1);
    const bare = createActor(workerMachine, { input: { id: 'w' } }).start();
    bare.stop();
    expect(bare.getPersistedSnapshot()).toMatchObject({ status: 'stopped' });
  });

  test('restoring commits nothing, and the restored actor goes on', () => {
    const steps: Step[] = [];
    const first = begin((step) => void steps.push(json(step))).start();
    first.send({ type: 'START' });
    const saved = steps[1]?.saved;
    if (!saved) throw new Error('no step');
    const again = createActor(
      durable(workerMachine, (step) => void steps.push(step)),
      { snapshot: first.getPersistedSnapshot(), input: null },
    ).start();
    expect(steps).toHaveLength(2);
    again.send({ type: 'FINISHED' });
    expect(steps[2]?.saved.value).toBe('done');
  });

  test('an event sent from inside a commit waits its turn', () => {
    const order: string[] = [];
    const actor = begin((step) => {
      const value = JSON.stringify(step.saved.value);
      order.push(`> ${value}`);
      if (value === '{"working":"first"}') actor.send({ type: 'FINISHED' });
      order.push(`< ${value}`);
    });
    actor.start();
    order.length = 0;
    actor.send({ type: 'START' });
    expect(order).toEqual(['> {"working":"first"}', '< {"working":"first"}', '> "done"', '< "done"']);
  });

  test('a first step that fails throws its error, it does not commit it', () => {
    let commits = 0;
    const broken = setup(loose).createMachine({
      context: () => {
        throw new Error('no context');
      },
    });
    const actor = createActor(
      durable(broken, () => void (commits += 1)),
      { input: undefined },
    );
    expect(actor.getSnapshot()).toMatchObject({ status: 'error', error: new Error('no context') });
    expect(commits).toBe(0);
  });

  test.each([
    ['invoke', setup({ ...loose, actors: { job: fromPromise(async () => 1) } }).createMachine({ context: {}, invoke: { src: 'job' } })],
    [
      'spawnChild',
      setup({ ...loose, actors: { job: fromPromise(async () => 1) } }).createMachine({ context: {}, entry: spawnChild('job') }),
    ],
    ['sendTo', setup(loose).createMachine({ context: {}, entry: sendTo(({ self }) => self, { type: 'X' }) })],
    ['a delayed raise without an id', setup(loose).createMachine({ context: {}, entry: raise({ type: 'X' }, { delay: 5 }) })],
  ])('%s is refused: it does not outlive a restart', (_, machine) => {
    let commits = 0;
    const actor = createActor(
      durable(machine, () => void (commits += 1)),
      { input: undefined },
    );
    expect(actor.getSnapshot().status).toBe('error');
    expect(commits).toBe(0);
  });
});

describe('the transitions a step took', () => {
  const machine = setup({ ...loose, guards: { no: () => false, yes: () => true } }).createMachine({
    id: 'm',
    context: { n: 0 },
    type: 'parallel',
    states: {
      left: {
        initial: 'a',
        states: {
          a: {
            on: {
              GO: [
                { guard: 'no', target: 'c' },
                { guard: 'yes', target: 'b' },
              ],
            },
          },
          b: { always: 'c' },
          c: {},
        },
      },
      right: { initial: 'a', states: { a: { on: { '*': 'b' } }, b: { on: { GO: {} } } } },
    },
    on: { COUNT: { actions: assign({ n: 1 }) } },
  });
  const edges = (...events: string[]) => {
    const steps: Step[] = [];
    const actor = createActor(
      durable(machine, (step) => void steps.push(step)),
      { input: undefined },
    ).start();
    for (const type of events) actor.send({ type });
    return steps.slice(1).map((step) => step.transitions);
  };

  test('are edge ids: source, descriptor as written, index among its siblings; also `always` and `*`', () => {
    expect(edges('GO')).toEqual([['m.left.a|GO|1', 'm.right.a|*|0', 'm.left.b||0']]);
  });
  test('a transition without target is one', () => {
    expect(edges('GO', 'COUNT')[1]).toEqual(['m|COUNT|0']);
  });
  test('an edge that does nothing is none, and its event makes no step', () => {
    expect(edges('GO', 'GO')).toHaveLength(1);
  });
  test('entering the first states is no edge', () => {
    const steps: Step[] = [];
    createActor(
      durable(machine, (step) => void steps.push(step)),
      { input: undefined },
    ).start();
    expect(steps.map((step) => step.transitions)).toEqual([[]]);
  });
  test('the chart drawn from the definition has the same edges', () => {
    const parse = (value: unknown) => JSON.parse(JSON.stringify(value)) as { states: { left: { states: { a: { on: unknown } } } } };
    expect(parse(machine.definition).states.left.states.a.on).toMatchObject({
      GO: [
        { source: '#m.left.a', eventType: 'GO' },
        { source: '#m.left.a', eventType: 'GO' },
      ],
    });
  });
});
