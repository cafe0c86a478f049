/** Law 12: older snapshots load through upcasters, newer ones are set aside untouched, today's rows can be executed again. */
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { assign, setup } from 'xstate';
import { z } from 'zod';
import type { MachineKind } from '../../machines/kind.ts';
import { houseKeeper, refusal } from '../support/houses.ts';
import { counter, tinyKinds, worker } from '../support/tiny-kinds.ts';

const { open, reopen } = houseKeeper();
const PATIENCE = 30_000;

/** `working` is called `busy` now, and the context knows a colour. */
const nextMachine = setup({
  types: { context: {} as { id: string; colour: string; notes: string[] }, events: {} as { type: string }, input: {} as { id: string } },
  delays: { patience: PATIENCE },
}).createMachine({
  id: 'worker',
  context: ({ input }) => ({ id: input.id, colour: 'green', notes: [] }),
  initial: 'idle',
  states: {
    idle: { on: { START: 'busy' } },
    busy: { after: { patience: 'tired' }, on: { NOTE: { actions: assign({ notes: ({ context }) => [...context.notes, 'new'] }) } } },
    tired: {},
    deep: { initial: 'er', states: { er: {} } },
  },
});
const next = {
  ...worker,
  machine: nextMachine,
  version: 2,
  context: z.object({ id: z.string(), colour: z.string(), notes: z.array(z.string()) }),
  upcasters: {
    1: (saved) => ({
      ...saved,
      value: typeof saved.value === 'object' ? 'busy' : saved.value,
      context: { id: saved.context['id'], notes: saved.context['notes'], colour: 'grey' },
      historyValue: {},
    }),
  },
  view: (saved) => ({ ...worker.view({ ...saved, context: { ...saved.context, parent: null, starts: 1 } }) }),
  timerRenames: { 1: { 'xstate.after.patience.worker.working': 'xstate.after.patience.worker.busy' } },
} satisfies MachineKind;

const lived = async () => {
  const house = await open();
  await house.runtime.create('worker', { id: 'w1' });
  await house.runtime.send('w1', { type: 'START' });
  await house.runtime.send('w1', { type: 'NOTE', text: 'old' });
  await house.runtime.create('counter', { id: 'c1' });
  await house.runtime.idle();
  return house;
};

describe('law 12: every saved byte has a version', () => {
  test('an older actor is brought up to date at start: state, context, timers, list and journal', async () => {
    const first = await lived();
    first.clock.advance(10_000);
    const second = await reopen(first, { kinds: { ...tinyKinds, worker: next } });
    const { runtime, clock } = second;
    expect(second.report).toMatchObject({ upcast: 1, unreadable: [] });
    expect(runtime.state('w1')).toMatchObject({ version: 2, value: 'busy', context: { colour: 'grey', notes: ['old'] }, seq: 4 });
    expect(runtime.history('w1').at(-1)?.event).toMatchObject({ type: 'ccm.upcast', from: 1, to: 2 });
    expect(runtime.list({ kind: 'worker' })).toMatchObject([{ status: 'busy' }]);
    clock.advance(PATIENCE - 10_000);
    await runtime.idle();
    expect(runtime.state('w1')?.value).toBe('tired');
    expect(await runtime.verify()).toEqual([]);
    // Once: the next start finds nothing to do.
    expect((await reopen(second, { kinds: { ...tinyKinds, worker: next } })).report).toMatchObject({ upcast: 0 });
  });

  test('an actor of a newer version is set aside, untouched, with its alarms; the others go on; a newer program takes it up again', async () => {
    const first = await lived();
    const newer = await reopen(first, { kinds: { ...tinyKinds, worker: next } });
    const older = await reopen(newer);
    expect(older.report.unreadable).toMatchObject([{ actor: 'w1', reason: expect.stringContaining('written by version 2') }]);
    expect((await refusal(older.runtime.send('w1', { type: 'NOTE', id: 'n' }))).code).toBe('CCM_SNAPSHOT_UNREADABLE');
    expect(await older.runtime.send('c1', { type: 'ADD' })).toMatchObject({ handled: true });
    older.clock.advance(2 * PATIENCE);
    await older.runtime.idle();
    expect(older.runtime.timers('w1')).toHaveLength(1);
    expect(await older.runtime.verify()).toMatchObject([{ actor: 'w1', reason: expect.stringContaining('written by version 2') }]);
    const again = await reopen(older, { kinds: { ...tinyKinds, worker: next } });
    expect(again.report).toMatchObject({ upcast: 0, overdue: 1, unreadable: [] });
    expect(again.runtime.state('w1')?.value).toBe('tired');
    expect(await again.runtime.verify()).toEqual([]);
  });

  test.each([
    ['has no upcaster', { ...next, upcasters: {} }, 'nothing brings version 1 to 2'],
    ['lacks a field', { ...next, upcasters: { 1: (saved) => ({ ...saved, value: 'busy' }) } }, 'context.colour'],
    [
      'is in a state that is gone',
      { ...next, upcasters: { 1: (saved) => ({ ...next.upcasters[1](saved), value: 'gone' }) } },
      "'gone' does not exist",
    ],
    [
      'is in a state that has got substates',
      { ...next, upcasters: { 1: (saved) => ({ ...next.upcasters[1](saved), value: 'deep' }) } },
      'its state "deep" is only a part of one',
    ],
    ['was stopped', { ...next, upcasters: { 1: (saved) => ({ ...next.upcasters[1](saved), status: 'stopped' }) } }, 'status is "stopped"'],
  ] satisfies Array<[string, MachineKind, string]>)('an actor that %s is set aside with the reason', async (_, kind, reason) => {
    const first = await lived();
    const { report, runtime } = await reopen(first, { kinds: { ...tinyKinds, worker: kind } });
    expect(report.unreadable).toMatchObject([{ actor: 'w1', reason: expect.stringContaining(reason) }]);
    expect(runtime.state('c1')?.value).toBe('even');
  });

  test('an actor whose row was damaged is refused when it is needed, with its alarm kept; the daemon goes on', async () => {
    const first = await lived();
    const { runtime, temp, clock, fatal } = await reopen(first);
    const db = new Sqlite(temp.file);
    db.exec(`update journal set snapshot = replace(snapshot, 'working', 'walking') where actor = 'w1'`);
    db.close();
    clock.advance(2 * PATIENCE);
    await runtime.idle();
    // Its alarm rang once, in vain, and waits now for a program that can read the actor.
    const { turns } = runtime.stats();
    clock.advance(60_000);
    await runtime.idle();
    expect(runtime.stats().turns).toBe(turns);
    expect(runtime.timers('w1')).toHaveLength(1);
    expect((await refusal(runtime.send('w1', { type: 'NOTE' }))).code).toBe('CCM_SNAPSHOT_UNREADABLE');
    expect(runtime.state('w1')).toBeNull();
    expect(runtime.unreadable('w1')).toMatchObject({ code: 'CCM_SNAPSHOT_UNREADABLE', detail: expect.stringContaining('walking') });
    expect([runtime.unreadable('c1'), runtime.unreadable('nobody')]).toEqual([null, null]);
    expect(await runtime.send('c1', { type: 'ADD' })).toMatchObject({ handled: true });
    expect(fatal).toEqual([]);
  });

  test('each version of a machine leaves its definition, and every row names its own', async () => {
    const first = await lived();
    const { runtime, store } = await reopen(first, { kinds: { ...tinyKinds, worker: next } });
    const rows = store.journal.ofActor('w1', 0, 10);
    const machines = rows.map((row) => store.journal.machineText(row.machine));
    expect(machines.map((machine) => machine?.version)).toEqual([1, 1, 1, 2]);
    expect(JSON.parse(machines[0]?.definition ?? '')).toMatchObject({ id: 'worker', states: { working: {} } });
    expect(runtime.definition('worker')).toMatchObject({ version: 2, hash: machines[3]?.hash });
  });

  test('a chart changed without a new version is another definition: its old rows are not judged by it', async () => {
    const first = await lived();
    const changed = { ...counter, machine: counter.machine.provide({}), version: 1 };
    const { runtime, store } = await reopen(first, { kinds: { worker: { ...next, version: 1 }, counter: changed } });
    expect(store.journal.ofActor('w1', 0, 1)[0]?.machine).not.toBe(
      store.journal.machine({ hash: runtime.definition('worker')?.hash ?? '', kind: '', version: 0, text: '', at: 0 }),
    );
  });
});

describe('verify', () => {
  const tampered = async (sql: string) => {
    const { runtime, temp } = await lived();
    const db = new Sqlite(temp.file);
    db.exec(sql);
    db.close();
    return runtime.verify();
  };
  test.each([
    ['an event was changed', `update journal set event = replace(event, 'START', 'STOP!') where gseq = 2`, 2, 'hash'],
    ['a snapshot was changed', `update journal set snapshot = replace(snapshot, 'old', 'new') where gseq = 3`, 3, 'hash'],
    ['a row is gone', 'delete from journal where gseq = 2', 3, 'is missing before it'],
    ['the newest row is gone', 'delete from journal where gseq = 3', 3, 'not in the state of its newest step'],
    [
      'rows changed places',
      'update journal set seq = 9 where gseq = 2; update journal set seq = 2 where gseq = 3; update journal set seq = 3 where gseq = 2',
      2,
      'hash',
    ],
  ])('names the row when %s', async (_, sql, gseq, reason) => {
    const findings = await tampered(sql);
    expect(findings.filter((finding) => finding.actor === 'w1')).toContainEqual({
      actor: 'w1',
      seq: expect.any(Number),
      gseq,
      reason: expect.stringContaining(reason),
    });
  });

  test('finds a row whose chain is whole but which its event cannot have made', async () => {
    const first = await lived();
    const lying = { ...worker, machine: worker.machine.provide({ actions: { note: assign({ notes: ['other'] }) } }) };
    const { runtime } = await reopen(first, { kinds: { ...tinyKinds, worker: lying } });
    expect(await runtime.verify('w1')).toEqual([
      { actor: 'w1', seq: 3, gseq: 3, reason: 'executed again, its event leads to another snapshot' },
    ]);
  });
});
