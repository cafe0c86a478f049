/** What comes late, or from afar: leases that ran out, orders of the day before, a machine that was away for months, decisions taken elsewhere. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { fakeHub } from '../../adapters/supabase/fake.ts';
import type { LinkFacts, SyncRow } from '../../src/ports/sync-store.ts';
import { cycle } from '../../src/sync/cycle.ts';
import { mutate } from '../../src/sync/mutate.ts';
import { orderDesk } from '../../src/sync/orders.ts';
import { patience } from '../../src/sync/patience.ts';
import { react } from '../../src/sync/react.ts';
import { noStamp } from '../../src/sync/stamp.ts';
import { readAnewAfterLong, reseed } from '../../src/sync/upkeep.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { tempStore } from '../support/temp-store.ts';

const DAY = 86_400_000;
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const newOp = () => crypto.randomUUID();
const { within } = patience(fakeClock());

const machine = () => {
  const temp = tempStore();
  onTestFinished(() => temp.remove());
  const store = temp.open();
  const system = crypto.randomUUID();
  const first: LinkFacts = { enabled: true, system, uid: null, epoch: null, cursor: 0, seen: null, stamp: noStamp, claim: null };
  store.commit(() => store.sync.setLink(first));
  return {
    store,
    sync: store.sync,
    system,
    link: () => store.sync.link() ?? first,
    commit: async <T>(work: () => T): Promise<T> => store.commit(work),
  };
};
const row = (given: Partial<SyncRow> & Pick<SyncRow, 'tbl' | 'id'>): SyncRow => ({
  seq: 5,
  del: false,
  doc: {},
  clk: {},
  state: {},
  mine: null,
  ...given,
});

describe('an order', () => {
  const obeyed = async (ageMs: number) => {
    const { store, sync, system, commit } = machine();
    const [task, order] = [crypto.randomUUID(), crypto.randomUUID()];
    store.commit(() => {
      sync.putRow(row({ tbl: 'task', id: task, state: { owner: system } }));
      sync.putRow(row({ tbl: 'order', id: order, doc: { task, verb: 'pause' }, state: { system: 'far', at: 1_000 } }));
    });
    const done: string[] = [];
    const obey = async ({ verb }: { verb: string }) => {
      done.push(verb);
      return { ok: true, final: true };
    };
    const desk = orderDesk({ store: sync, newOp, now: () => 1_000, obey, commit, hubNow: () => 1_000 + ageMs, within, log: quiet });
    for (let twice = 0; twice < 2; twice += 1) await desk.work();
    return { done, told: sync.openOf('order', order).map(({ arg }) => arg) };
  };
  test('is carried out once', async () => expect(await obeyed(DAY - 1)).toEqual({ done: ['pause'], told: [{ ok: true, final: true }] }));
  test('that was heard a day late is refused in words, and not carried out', async () =>
    expect(await obeyed(DAY + 1)).toMatchObject({ done: [], told: [{ ok: false, final: true, text: 'It was heard a day too late.' }] }));
});

describe('a machine that was away', () => {
  const away = (days: number) => {
    const { store, sync, system, link, commit } = machine();
    store.commit(() => {
      sync.setLink({ ...link(), epoch: 'e', cursor: 40, seen: { seq: 40, seal: 's' } });
      sync.putRow(row({ tbl: 'system', id: system, state: { lastSeen: 0 } }));
      sync.putRow(row({ tbl: 'project', id: 'theirs' }));
      sync.putRow(row({ tbl: 'project', id: 'ours' }));
    });
    const anew = store.commit(() => readAnewAfterLong(sync, link(), days * DAY));
    return { anew, store, sync, link, commit, system };
  };
  test('for 79 days goes on where it was', () => {
    const { anew, link } = away(79);
    expect([anew, link().cursor]).toEqual([false, 40]);
  });
  test('for 81 days reads everything anew: what is not there any more was deleted, what is ours is told again', () => {
    const { anew, store, sync, link, system } = away(81);
    expect(anew).toBe(true);
    expect(link()).toMatchObject({ epoch: 'e', cursor: 0, seen: null });
    // Nothing came for these rows: the tombstone is long gone.
    const back = store.commit(() => reseed({ store: sync, newOp, now: () => 1 }, ({ id }) => id === 'ours'));
    expect(back).toBe(2);
    expect(sync.row('project', 'theirs')).toBeNull();
    expect(sync.dirty(9)).toEqual([{ tbl: 'project', id: 'ours' }]);
    expect(sync.openOf('system', system)).toHaveLength(1);
  });
});

describe('a decision of another machine', () => {
  const heard = (decision: unknown, status = 'pending') => {
    const ask = row({ tbl: 'ask', id: 'ask', state: { system: 'here', decision } });
    const actor = { status, context: {}, view: { ended: status !== 'pending' } } as never;
    return react({ before: ask, after: ask }, { system: 'here', state: () => actor, nameOf: () => 'far', leaving: () => false }).map(
      ({ event }) => event,
    );
  };
  test.each([
    ['approve', null, { type: 'ALLOW' }],
    ['deny', 'too dangerous', { type: 'DENY', note: 'too dangerous' }],
    ['answer', 'green', { type: 'ANSWER', text: 'green' }],
  ])('%s is heard once, with who it was and where', (verb, text, event) => {
    const events = heard({ verb, text, by: 'cli', system: 'far' });
    expect(events).toMatchObject([{ ...event, by: 'cli on far', id: 'hub:ask:decision' }]);
  });
  test('comes too late when somebody here was first, and says nothing when it is none', () => {
    expect(heard({ verb: 'approve', by: 'cli', system: 'far' }, 'denied')).toEqual([]);
    for (const none of [null, { verb: 'dance' }, 'approve']) expect(heard(none)).toEqual([]);
  });
});

describe('a lease', () => {
  test('that ran out is given anew under another fence, to its own machine only; renewed, it holds', async () => {
    let now = 1_700_000_000_000;
    const fake = fakeHub({ now: () => now, newId: newOp });
    fake.addUser('a@example.org', 'pw');
    const enter = async () => {
      const one = machine();
      const hub = await fake.connect(
        { url: '', key: '' },
        { read: async () => null, write: async () => undefined, remove: async () => undefined },
      );
      await hub.signIn({ email: 'a@example.org', password: 'pw' });
      const say = (intent: Parameters<typeof mutate>[2]) =>
        one.store.commit(() => mutate({ store: one.sync, newOp, now: () => now }, one.link(), intent));
      const none = () => undefined;
      const round = () =>
        cycle({ hub, store: one.sync, now: () => now, commit: one.commit, changed: none, settled: none, stopped: () => false });
      say({ tbl: 'system', id: one.system, kind: 'set', set: { name: 'x' } });
      await round();
      const fences = async () => {
        const answer = await hub.claim(one.system, 5);
        return answer.ok ? answer.value.rows.map(({ state }) => state['fence']) : answer.trouble;
      };
      return { ...one, hub, say, round, fences };
    };
    const [asker, doer] = [await enter(), await enter()];
    const id = crypto.randomUUID();
    asker.say({ tbl: 'task', id, kind: 'offer', set: { title: 'x' }, arg: { target: doer.system } });
    await asker.round();
    expect(await doer.fences()).toEqual([2]);
    now += 60_000;
    expect(await doer.hub.renew(doer.system, id, 2)).toMatchObject({ value: true });
    now += 60_000;
    expect(await doer.fences(), 'renewed a minute ago').toEqual([]);
    now += 31_000;
    expect(await asker.fences(), 'another machine').toEqual([]);
    expect(await doer.fences()).toEqual([3]);
    expect(await doer.hub.renew(doer.system, id, 2)).toMatchObject({ value: false });
  });
});
