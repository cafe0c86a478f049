/** Older copies: a hub that was restored from its backup and tells nobody, a machine that was. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { type FakeHub, fakeHub } from '../../adapters/supabase/fake.ts';
import type { Account, Doc, Hub } from '../../src/ports/hub.ts';
import type { LinkFacts } from '../../src/ports/sync-store.ts';
import { applyPage } from '../../src/sync/apply.ts';
import { claimOffers } from '../../src/sync/claim.ts';
import { cycle } from '../../src/sync/cycle.ts';
import { mutate } from '../../src/sync/mutate.ts';
import { noStamp } from '../../src/sync/stamp.ts';
import { reseed } from '../../src/sync/upkeep.ts';
import { tempStore } from '../support/temp-store.ts';

const email = 'a@example.org';
const now = () => 1_700_000_000_000;
const hubOf = () => {
  const hub = fakeHub({ now, newId: () => crypto.randomUUID() });
  hub.addUser(email, 'pw');
  return hub;
};
const box = { read: async () => null, write: async () => undefined, remove: async () => undefined };
const machine = async (fake: FakeHub) => {
  const temp = tempStore();
  onTestFinished(() => temp.remove());
  const store = temp.open();
  const { sync } = store;
  const hub: Hub & Account = await fake.connect({ url: '', key: '' }, box);
  await hub.signIn({ email, password: 'pw' });
  const system = crypto.randomUUID();
  const first: LinkFacts = { enabled: true, system, uid: null, epoch: null, cursor: 0, seen: null, stamp: noStamp, claim: null };
  store.commit(() => sync.setLink(first));
  const writer = { store: sync, newOp: () => crypto.randomUUID(), now };
  const link = () => sync.link() ?? first;
  const say = (intent: Parameters<typeof mutate>[2]) => store.commit(() => mutate(writer, link(), intent));
  say({ tbl: 'system', id: system, kind: 'set', set: { name: system.slice(0, 4) } });
  const commit = async <T>(work: () => T): Promise<T> => store.commit(work);
  const round = async () => {
    const done = await cycle({ hub, store: sync, now, commit, changed: () => undefined, settled: () => undefined, stopped: () => false });
    expect(done).toMatchObject({ ok: true });
    await commit(() => reseed(writer, ({ id }) => id === system));
  };
  const project = (name: string) => {
    const id = crypto.randomUUID();
    say({ tbl: 'project', id, kind: 'set', set: { name } });
    return id;
  };
  await round();
  const names = () => sync.rows('project').map(({ doc }) => String(doc['name']));
  return { store, sync, hub, system, say, round, project, link, names, writer, commit };
};
const onHub = (fake: FakeHub) =>
  [...(fake.user(email)?.rows.values() ?? [])].filter(({ tbl }) => tbl === 'project').map(({ doc }) => String(doc['name']));

/** Takes what is offered, and begins none of it. `begun`: the fences; `heard`: what it would begin. */
const taking = ({ writer, hub, commit }: Awaited<ReturnType<typeof machine>>) => {
  const begun: number[] = [];
  const heard: Doc[] = [];
  const take = () =>
    claimOffers({
      ...writer,
      hub,
      state: () => null,
      commit: (work) => commit(() => work({ create: () => undefined, send: () => undefined } as never)),
      prepare: async ({ state, doc }) => {
        begun.push(Number(state['fence']));
        heard.push(doc);
        return { ok: true, value: { create: () => undefined, plan: { project: '', profile: {} as never, isolated: false } } };
      },
      nameOf: () => 'two',
    });
  return { take, begun, heard };
};

describe('a hub that was put back to an older copy', () => {
  test('and has come further again since is noticed by a machine that wrote: what it had told is told again', async () => {
    const fake = hubOf();
    const [one, two] = [await machine(fake), await machine(fake)];
    const restore = fake.backup();
    one.project('lost');
    await one.round();
    restore();
    const before = fake.user(email)?.epoch;
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      two.project(name);
      await two.round();
    }
    expect(fake.user(email)?.seq).toBeGreaterThan(one.link().cursor);
    for (const each of [one, one, two, two]) await each.round();
    expect(fake.user(email)?.epoch).not.toBe(before);
    for (const names of [onHub(fake), one.names(), two.names()]) expect(names.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'lost']);
    expect([one.sync.pending(), two.sync.pending()]).toEqual([0, 0]);
  });

  test('is noticed by a machine that only read: it believes in nothing the hub does not have', async () => {
    const fake = hubOf();
    const [one, two] = [await machine(fake), await machine(fake)];
    const restore = fake.backup();
    one.project('gone with its machine');
    await one.round();
    await two.round();
    restore();
    const three = await machine(fake);
    for (const name of ['a', 'b', 'c']) {
      three.project(name);
      await three.round();
    }
    await two.round();
    await two.round();
    expect(two.names().toSorted()).toEqual(['a', 'b', 'c']);
  });

  test('gives no task to a machine that saw more, and what was taken before is offered anew', async () => {
    const fake = hubOf();
    const [one, two] = [await machine(fake), await machine(fake)];
    const id = crypto.randomUUID();
    two.say({ tbl: 'task', id, kind: 'offer', set: { title: 'x' }, arg: { target: one.system } });
    await two.round();
    await one.round();
    const restore = fake.backup();
    const { take, begun } = taking(one);
    expect(await take()).toMatchObject({ value: 1 });
    restore();
    const other = crypto.randomUUID();
    two.say({ tbl: 'task', id: other, kind: 'offer', set: { title: 'y' }, arg: { target: one.system } });
    await two.round();
    // It saw the claim: this hub did not.
    one.store.commit(() => {
      const row = two.sync.row('task', other);
      if (row) one.sync.putRow({ ...row, state: { owner: one.system, exec: 'offered', fence: 1 } });
    });
    expect(await take()).toMatchObject({ value: 0 });
    expect(begun).toEqual([2]);
    await one.round();
    expect(fake.user(email)?.rows.get(`task ${id}`)?.state).toMatchObject({ exec: 'offered', fence: 1 });
    expect(one.sync.row('task', id)?.state).toMatchObject({ exec: 'offered' });
  });

  test('takes nothing from what is known of a task when it gives it out and knows less', async () => {
    const fake = hubOf();
    const [one, two] = [await machine(fake), await machine(fake)];
    const id = crypto.randomUUID();
    two.say({ tbl: 'task', id, kind: 'offer', set: { title: 'x', prompt: 'do it' }, arg: { target: one.system } });
    await two.round();
    await one.round();
    const row = fake.user(email)?.rows.get(`task ${id}`);
    if (!row) throw new Error('it was not offered');
    Object.assign(row, { doc: { title: 'x' }, clk: { title: row.clk['title'] } });
    const { take, heard } = taking(one);
    expect(await take()).toMatchObject({ value: 1 });
    expect(heard).toEqual([{ title: 'x', prompt: 'do it' }]);
    expect(one.sync.row('task', id)).toMatchObject({ doc: { title: 'x', prompt: 'do it' }, state: { exec: 'claimed' } });
  });

  test('a hub with nothing in it at all, of any history, is told everything again', async () => {
    const one = await machine(hubOf());
    one.project('kept');
    await one.round();
    const { epoch, cursor } = one.link();
    const page = { epoch: null, head: null, seal: null, now: 0, reset: true, lost: true, rows: [] };
    one.store.commit(() => applyPage(one.sync, one.link(), { epoch, after: cursor }, page, 0));
    expect(one.link()).toMatchObject({ epoch: null, cursor: 0, seen: null });
    expect(one.sync.due(9).map(({ tbl }) => tbl)).toEqual(['system', 'project']);
  });

  test('an empty hub is told everything again', async () => {
    const fake = hubOf();
    const restore = fake.backup();
    const one = await machine(fake);
    one.project('kept');
    await one.round();
    restore();
    // Its tables are as new: nobody is known there.
    expect(fake.user(email)).toBeUndefined();
    await one.round();
    await one.round();
    expect(onHub(fake)).toEqual(['kept']);
    expect(one.sync.pending()).toBe(0);
  });
});

describe('a machine that was put back to an older copy', () => {
  test('never says something else under the id of what is on its way', async () => {
    const one = await machine(hubOf());
    const id = one.project('first');
    const [copied] = one.sync.due(9);
    one.say({ tbl: 'project', id, kind: 'set', set: { name: 'second' } });
    expect(one.sync.due(9).map(({ set }) => set)).toEqual([{ name: 'second' }]);
    // In the copy the older text still stands under the older id; the hub may have heard either.
    expect(one.sync.due(9)[0]?.op).not.toBe(copied?.op);
  });
});
