/** What the simulation found, each as short as it could be made. */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { LinkFacts, SyncRow } from '../../src/ports/sync-store.ts';
import { leaving } from '../../src/sync/leaving.ts';
import { mutate } from '../../src/sync/mutate.ts';
import { react } from '../../src/sync/react.ts';
import { settle } from '../../src/sync/settle.ts';
import { machineOf, noStamp } from '../../src/sync/stamp.ts';
import { takeBack } from '../../src/sync/take-back.ts';
import { chanceOf } from '../simulation/sync/world.ts';
import { calmMachines } from '../support/calm-machines.ts';
import { tempStore } from '../support/temp-store.ts';

const desk = () => {
  const temp = tempStore();
  onTestFinished(() => temp.remove());
  const store = temp.open();
  const { sync } = store;
  const commit = <T>(work: () => T): T => store.commit(work);
  const link: LinkFacts = {
    enabled: true,
    system: crypto.randomUUID(),
    uid: null,
    epoch: 'e',
    cursor: 0,
    seen: null,
    stamp: noStamp,
    claim: null,
  };
  commit(() => sync.setLink(link));
  let now = 1_000;
  const id = crypto.randomUUID();
  const edit = (set: Record<string, unknown>) =>
    commit(() =>
      mutate({ store: sync, newOp: () => crypto.randomUUID(), now: () => now }, sync.link() ?? link, {
        tbl: 'project',
        id,
        kind: 'set',
        set,
      }),
    );
  return { sync, commit, link, id, edit, at: (ms: number) => void (now = ms) };
};

describe('the outbox', () => {
  test('a column that is not edited again is not stamped anew by the edit of another', () => {
    const { sync, edit, id, at } = desk();
    edit({ name: 'monday' });
    at(5_000);
    edit({ agent: 'wednesday' });
    const stamps = new Map(sync.due(9).map(({ set, hlc }) => [Object.keys(set).join(), hlc.slice(0, 15)]));
    expect(Object.fromEntries(stamps)).toEqual({ name: '000000000001000', agent: '000000000005000' });
    expect(sync.row('project', id)?.clk['name']).toContain('000000000001000');
  });

  test('a row whose first operation was refused is told whole by the next', () => {
    const { sync, commit, edit } = desk();
    const op = edit({ name: 'x'.repeat(300), path: '/p' });
    commit(() => sync.mark(op ?? '', 'rejected', { error: '23514' }));
    edit({ name: 'short' });
    expect(sync.due(9).map(({ set }) => set)).toEqual([{ name: 'short', path: '/p' }]);
  });

  test('what is taken back is not so any more, and the hub’s own value is read again', () => {
    const { sync, commit, edit, id, link } = desk();
    edit({ name: 'hub' });
    const [first] = sync.due(1);
    commit(() => {
      sync.mark(first?.op ?? '', 'applied', { epoch: 'e' });
      sync.putRow({ ...(sync.row('project', id) ?? expect.fail('no row')), seq: 7 });
      sync.setLink({ ...(sync.link() ?? link), cursor: 9 });
    });
    edit({ name: 'mine' });
    const [second] = sync.due(1);
    if (!second) return expect.fail('nothing waits');
    commit(() => takeBack(sync, second));
    expect(sync.row('project', id)?.doc).toEqual({});
    expect(sync.link()?.cursor).toBe(6);
    expect(sync.pending()).toBe(0);
  });

  test('edits of a clock that was ahead keep their order when they are stamped anew', () => {
    const { sync, commit, edit, link } = desk();
    const ops = [edit({ name: 'a' }), sync.due(9).forEach(({ op }) => sync.mark(op, 'sent', {})), edit({ name: 'b' })];
    for (const { op } of sync.due(9)) commit(() => sync.mark(op, 'sent', {}));
    const batch = sync.due(9);
    expect([ops.length, batch.length]).toEqual([3, 2]);
    const verdicts = batch.map(({ op }) => ({ op, is: 'clock' as const }));
    commit(() => settle(sync, sync.link() ?? link, batch, 'e', { epoch: 'e', head: 0, now: 500, resync: false, verdicts }, 1_000));
    const [one, two] = sync.due(9);
    expect((one?.hlc ?? '') < (two?.hlc ?? '')).toBe(true);
  });

  test('an edit stands behind the one it replaces, even one that a clock ahead had stamped', () => {
    const { sync, commit, edit, id, link, at } = desk();
    at(900_000);
    edit({ name: 'ahead' });
    const before = sync.row('project', id)?.clk['name'] ?? '';
    // Another operation was stamped by the hub's time meanwhile.
    commit(() => sync.setLink({ ...(sync.link() ?? link), stamp: `000000000000500-000000-${machineOf(link.system)}` }));
    at(1_000);
    edit({ name: 'later' });
    expect((sync.row('project', id)?.clk['name'] ?? '') > before).toBe(true);
  });
});

const cli = { by: 'cli', token: null, requestId: null };

describe('tasks for other machines', () => {
  test.each([
    'new task for another machine, run here',
    'new task for another machine, set priority, stop',
    'new task for another machine, set priority, take back',
    'new task for another machine, take back, reassign',
    'new task for another machine, reassign, run here, handoff',
    'new task for another machine, stop, reassign',
    'new task for another machine, handoff',
    'new task for another machine, handoff, take back, handoff',
    'new task, grant, stop, handoff, take back, grant',
  ])('while nothing was sent: %s', async (names) => {
    // One machine does these things, one after the other, and hears nothing of the hub before the end.
    const { act, comesToRest } = await calmMachines();
    for (const [index, name] of names.split(', ').entries()) await act(name, { chance: chanceOf(1_000 + index) });
    await comesToRest();
  });

  test('a task that was told of, and of which no page has come back yet, is handed over and not offered again', async () => {
    const { world, one, lifeOf, during, act, comesToRest } = await calmMachines();
    const life = lifeOf(one);
    await act('new task', { chance: chanceOf(77) });
    await world.pass(4_000);
    for (const leg of ['request', 'reply']) {
      const flight = world.net.flights().find((each) => each.device === 0 && each.call === 'push' && each.leg === leg);
      if (!flight) throw new Error(`no push ${leg}`);
      await world.net.land(flight);
      await world.drain();
    }
    const [row] = life.sync.rows('task');
    const far = life.sync.rows('system').find(({ id }) => id !== life.sync.link()?.system);
    expect(row?.seq).toBe(0);
    await during(life.service.remote.handoff(row?.id ?? '', far?.id ?? '', cli));
    await comesToRest();
    expect(world.user()?.rows.get(`task ${row?.id}`)?.state['owner']).toBe(far?.id);
  });

  test.each([[['reassign']], [['reassign', 'cancel']]])(
    'a hand-over that waited is taken back after its task was stopped: %s',
    async (given) => {
      const { world, one, lifeOf, during, act, comesToRest } = await calmMachines();
      const life = lifeOf(one);
      const { remote } = life.service;
      // A round is on its way: what is wanted now waits behind it.
      life.engine.kick();
      await world.drain();
      await act('new task', { chance: chanceOf(77) });
      const [row] = life.sync.rows('task');
      const far = life.sync.rows('system').find(({ id }) => id !== life.sync.link()?.system);
      const id = row?.id ?? '';
      await during(remote.handoff(id, far?.id ?? '', cli));
      await during(life.runtime.command(id, { type: 'STOP', by: 'cli' }));
      for (const kind of given) {
        const op = life.sync.openOf('task', id).find((each) => each.kind === kind);
        await during(remote.cancelOp(op?.op ?? ''));
      }
      expect(life.sync.openOf('task', id).map(({ kind }) => kind)).toEqual(
        given.length > 1 ? ['set', 'report'] : ['set', 'report', 'cancel'],
      );
      await comesToRest();
      expect(world.user()?.rows.get(`task ${id}`)?.state).toMatchObject({ exec: 'cancelled' });
    },
  );

  /** One machine has asked the other for something; that one has taken it, and the hub's answer is on its way. */
  const untilTaken = async () => {
    const { world, one, two, lifeOf, during, act, picking, comesToRest } = await calmMachines();
    const asker = lifeOf(one);
    await act('new task for another machine', { chance: picking(two) });
    const claimed = () => [...(world.user()?.rows.values() ?? [])].find(({ state }) => state['exec'] === 'claimed');
    for (let round = 0; round < 60 && !claimed(); round += 1) {
      const [flight] = world.net.flights();
      if (flight) await world.net.land(flight);
      else await world.pass(1_000);
      await world.drain();
    }
    const task = claimed();
    const answer = world.net.flights().find(({ call, leg }) => call === 'claim' && leg === 'reply');
    if (!task || !answer) throw new Error('nothing was taken');
    world.net.drop(answer);
    return { world, asker, two, task, during, comesToRest, lose: () => answer.fail({ reason: 'networkLost', evidence: 'lost' }) };
  };

  test('what was claimed, never begun because the answer was lost, and then cancelled, comes to an end', async () => {
    const { world, asker, task, during, comesToRest } = await untilTaken();
    await during(asker.runtime.command(task.id, { type: 'STOP', by: 'cli' }));
    await comesToRest();
    expect(world.user()?.rows.get(`task ${task.id}`)?.state).toMatchObject({ exec: 'cancelled' });
  });

  test.each(['the line comes back', 'the machine falls'])('a claim whose answer was lost waits for no lease: %s', async (what) => {
    const { world, two, task, lose, comesToRest } = await untilTaken();
    if (what === 'the machine falls') two.kill();
    else lose();
    world.net.fluent(true);
    await world.drain();
    if (!two.life()) await world.boot(two);
    await world.pass(10_000);
    expect(two.life()?.runtime.state(task.id)?.status).toBe('queued');
    expect(two.life()?.sync.row('task', task.id)?.mine).toMatchObject({ fence: 2 });
    expect(two.life()?.sync.link()?.claim).toBeNull();
    await comesToRest();
  });
});

describe('news of a task', () => {
  const [here, there] = [crypto.randomUUID(), crypto.randomUUID()];
  /** What the hub's word means for a task of this machine that stands so. */
  const told = (state: SyncRow['state'], status: string) => {
    const row: SyncRow = { tbl: 'task', id: 'task', seq: 19, del: false, doc: {}, clk: {}, state, mine: null };
    const actor = { status, context: { system: null }, view: { ended: status === 'succeeded' } } as never;
    const view = { system: here, state: () => actor, nameOf: () => 'far', leaving: () => false };
    return react({ before: row, after: row }, view).map(({ event }) => [event.type, Reflect.get(event, 'reason')]);
  };
  test('that came with its hand-over are heard too: no other word of it may come', () => {
    const events = told({ owner: there, exec: 'cancelled', cancel: true, facts: {} }, 'queued');
    expect(events.map(([type]) => type)).toEqual(['HAND_OVER', 'HUB_ENDED']);
  });
  test('that another machine has it by now end what runs of it here', () => {
    expect(told({ owner: there, exec: 'offered', facts: {} }, 'working')).toEqual([['STOP', 'taken over by far']]);
    expect(told({ owner: there, exec: 'offered', facts: {} }, 'succeeded'), 'it is over').toEqual([]);
  });
  test('that somebody cancelled it elsewhere end it here', () => {
    expect(told({ owner: here, exec: 'running', cancel: true, facts: {} }, 'working')).toEqual([['STOP', 'cancelled on another system']]);
    expect(told({ owner: here, exec: 'running', cancel: false, facts: {} }, 'working')).toEqual([]);
  });
});

describe('signing in and out', () => {
  test('a machine put back to a copy from before its sign-out says that nobody is signed in, on a dead line too', async () => {
    const { world, one, lifeOf, during, comesToRest } = await calmMachines();
    const back = one.backup();
    await during(lifeOf(one).service.command('logout', cli));
    one.kill();
    back();
    await world.boot(one);
    expect(world.net.flights().filter(({ device }) => device === 0)).toEqual([]);
    expect(one.life()?.runtime.state('sync-link')?.status).toBe('signedOut');
    await comesToRest();
  });

  test('share one session: whoever signs in first is not signed out by what was asked before', async () => {
    let status = 'signedOut';
    const done: string[] = [];
    const hub = { signOut: async () => void done.push('out'), close: () => void done.push('closed') } as never;
    const door = leaving({ hub: () => hub, status: () => status, quiet: () => void done.push('quiet') });
    const gate = Promise.withResolvers<void>();
    const entered = door.inTurn(async () => {
      await gate.promise;
      status = 'syncing';
    });
    const late = door.leave(true);
    gate.resolve();
    await Promise.all([entered, late]);
    expect(done).toEqual([]);
    status = 'signedOut';
    await door.leave(true);
    status = 'localOnly';
    await door.leave(false);
    expect(done).toEqual(['quiet', 'out', 'quiet', 'closed']);
  });

  test('a sign-out that comes late, behind a call nobody answers, ends no session of somebody who signed in meanwhile', async () => {
    const { world, one, lifeOf, during, comesToRest } = await calmMachines();
    const life = lifeOf(one);
    for (const verb of ['now', 'logout']) await during(life.service.command(verb, cli));
    expect(world.net.flights().map(({ call }) => call)).toContain('ping');
    const entered = life.service.login({ email: 'a@example.org', password: 'pw' });
    for (let rounds = 0; rounds < 9 && world.net.flights().some(({ call, leg }) => call === 'signIn' || leg !== 'ring'); rounds += 1) {
      await world.drain();
      // The first call stays without an answer; the ping that proves the new session is the second one.
      const [, ...later] = world.net.flights().filter(({ device, leg }) => device === 0 && leg !== 'ring');
      for (const flight of later) await world.net.land(flight);
      await world.drain();
    }
    expect(await entered).toMatchObject({ ok: true });
    await comesToRest();
    expect(life.runtime.state('sync-link')?.status).toBe('online');
  });
});
