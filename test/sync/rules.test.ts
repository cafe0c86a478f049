/** The protocol's rules by themselves, on a real SQLite file and the hub in memory. */
import Sqlite from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fakeHub } from '../../adapters/supabase/fake.ts';
import type { Account, Hub, HubTrouble } from '../../src/ports/hub.ts';
import type { LinkFacts } from '../../src/ports/sync-store.ts';
import { applyPage } from '../../src/sync/apply.ts';
import { nextBatch } from '../../src/sync/batch.ts';
import { cycle, partRows } from '../../src/sync/cycle.ts';
import { merge } from '../../src/sync/merge.ts';
import { mutate } from '../../src/sync/mutate.ts';
import { settle } from '../../src/sync/settle.ts';
import { nextStamp, noStamp } from '../../src/sync/stamp.ts';
import { tempStore } from '../support/temp-store.ts';

const epoch0: LinkFacts = { enabled: true, system: '', uid: null, epoch: null, cursor: 0, seen: null, stamp: noStamp, claim: null };
const opened = () => {
  const temp = tempStore();
  onTestFinished(() => temp.remove());
  return { store: temp.open(), file: temp.file };
};
const hubOf = (now: () => number) => {
  const hub = fakeHub({ now, newId: () => crypto.randomUUID() });
  hub.addUser('a@example.org', 'pw');
  return hub;
};
const device = async (fake: ReturnType<typeof hubOf>, now: () => number) => {
  const { store } = opened();
  const system = crypto.randomUUID();
  const hub: Hub & Account = await fake.connect(
    { url: '', key: '' },
    { read: async () => null, write: async () => undefined, remove: async () => undefined },
  );
  await hub.signIn({ email: 'a@example.org', password: 'pw' });
  store.commit(() => store.sync.setLink({ ...epoch0, system }));
  const writer = { store: store.sync, newOp: () => crypto.randomUUID(), now };
  const edit = (tbl: 'system' | 'project', id: string, set: Record<string, unknown>) =>
    store.commit(() => mutate(writer, store.sync.link() ?? { ...epoch0, system }, { tbl, id, kind: 'set', set }));
  edit('system', system, { name: system.slice(0, 4) });
  const round = () =>
    cycle({
      hub,
      store: store.sync,
      now,
      commit: async (work) => store.commit(work),
      changed: () => undefined,
      settled: () => undefined,
      stopped: () => false,
    });
  return { store, hub, system, edit, round, name: (id: string) => store.sync.row('project', id)?.doc['name'] };
};

describe('stamps', () => {
  test('I5: an edit made after another was seen sorts behind it, whatever the clock says', () => {
    const seen = nextStamp(noStamp, 2_000_000, 'aaaaaaaa');
    expect(nextStamp(seen, 1_000_000, 'bbbbbbbb') > seen).toBe(true);
  });
});

describe('merging', () => {
  test('each column keeps its later edit, and the same twice changes nothing', () => {
    const [old, late] = [nextStamp(noStamp, 10, 'aaaaaaaa'), nextStamp(noStamp, 20, 'bbbbbbbb')];
    const mine = { doc: { name: 'mine', agent: 'x' }, clk: { name: late, agent: old } };
    const theirs = { doc: { name: 'theirs', agent: 'y' }, clk: { name: old, agent: late } };
    const once = merge(mine, theirs);
    expect(once.doc).toEqual({ name: 'mine', agent: 'y' });
    expect(merge(once, theirs).changed).toEqual([]);
  });
});

describe('rounds', () => {
  test('I1: two devices end with the same rows; an edit made before a newer one was seen is kept as a conflict', async () => {
    let now = 1_700_000_000_000;
    const fake = hubOf(() => now);
    const [a, b] = [await device(fake, () => now), await device(fake, () => now)];
    const id = crypto.randomUUID();
    a.edit('project', id, { name: 'first' });
    for (const one of [a, b]) expect(await one.round()).toMatchObject({ ok: true });
    a.edit('project', id, { name: 'by a' });
    now += 1_000;
    b.edit('project', id, { name: 'by b' });
    await b.round();
    // a pushes its older edit first and then learns of the newer one.
    fake.fault((call) => (call === 'push' ? { reason: 'hubDown', evidence: 'x' } : null));
    await a.round();
    const page = await a.hub.pull(a.store.sync.link()?.epoch ?? null, a.store.sync.link()?.cursor ?? 0, 100);
    if (!page.ok) throw new Error('no page');
    const link = a.store.sync.link();
    if (!link) throw new Error('no link');
    a.store.commit(() => applyPage(a.store.sync, link, { epoch: link.epoch, after: link.cursor }, page.value, now));
    expect(a.store.sync.conflicts(5)).toMatchObject([{ column: 'name', lost: 'by a', kept: 'by b' }]);
    fake.fault(null);
    for (const one of [a, b, a]) await one.round();
    expect([a.name(id), b.name(id)]).toEqual(['by b', 'by b']);
    expect(a.store.sync.pending()).toBe(0);
  });

  test('I7: a large page is kept in parts, each with its cursor: local work waits for a part only, and after a fall the rest is read', async () => {
    const fake = hubOf(() => 1_700_000_000_000);
    const [a, b] = [await device(fake, () => 1_700_000_000_000), await device(fake, () => 1_700_000_000_000)];
    const ids = Array.from({ length: 2 * partRows + 30 }, () => crypto.randomUUID());
    for (const id of ids) a.edit('project', id, { name: id.slice(0, 5) });
    await a.round();
    const parts: number[] = [];
    const read = (fallsAt: number) =>
      cycle({
        hub: b.hub,
        store: b.store.sync,
        now: () => 1_700_000_000_000,
        commit: async (work) => {
          const before = b.store.sync.rows('project').length;
          const value = b.store.commit(work);
          const kept = b.store.sync.rows('project').length - before;
          if (kept > 0) parts.push(kept);
          if (parts.length === fallsAt) throw new Error('the machine falls');
          return value;
        },
        changed: () => undefined,
        settled: () => undefined,
        stopped: () => false,
      });
    await expect(read(2)).rejects.toThrow('falls');
    expect(Math.max(...parts)).toBeLessThanOrEqual(partRows);
    const there = b.store.sync.rows('project');
    expect(Math.max(...there.map(({ seq }) => seq))).toBe(b.store.sync.link()?.cursor);
    parts.length = 0;
    expect(await read(99)).toMatchObject({ ok: true });
    expect(parts).toEqual([ids.length - there.length]);
    expect(new Set(b.store.sync.rows('project').map(({ id }) => id))).toEqual(new Set(ids));
  });

  test('I3: a lost answer sends again and counts once', async () => {
    const fake = hubOf(() => 1_700_000_000_000);
    const a = await device(fake, () => 1_700_000_000_000);
    a.edit('project', crypto.randomUUID(), { name: 'x' });
    fake.fault((call) => (call === 'push' ? 'lostReply' : null));
    expect(await a.round()).toMatchObject({ ok: false });
    expect(a.store.sync.pending()).toBe(2);
    fake.fault(null);
    const head = fake.user('a@example.org')?.seq;
    await a.round();
    expect(a.store.sync.pending()).toBe(0);
    expect(fake.user('a@example.org')?.seq).toBe(head);
  });

  test.each([
    ['one that began meanwhile', 'new', 'old', 'old'],
    ['one that it begins itself', 'old', 'old', 'new'],
  ])('I16: an answer of another history counts for nothing: %s', async (_what, present, sentIn, answered) => {
    const a = await device(
      hubOf(() => 1),
      () => 1,
    );
    const { sync } = a.store;
    const link = { ...epoch0, system: a.system, epoch: present, cursor: 9, seen: { seq: 9, seal: 's' } };
    a.store.commit(() => sync.setLink(link));
    const batch = sync.due(9);
    for (const { op } of batch) a.store.commit(() => sync.mark(op, 'sent', {}));
    const verdicts = batch.map(({ op }) => ({ op, is: 'ok' as const }));
    const answer = { epoch: answered, head: 12, seal: 't', now: 1, resync: false, verdicts };
    const { applied } = a.store.commit(() => settle(sync, link, batch, sentIn, answer, 1));
    expect([batch.length, applied.length, sync.pending()]).toEqual([1, 0, 1]);
    expect(sync.link()).toMatchObject({ epoch: 'new', cursor: present === 'new' ? 9 : 0 });
  });

  test('I9: an operation that cannot be applied is put aside and delays no other', async () => {
    const fake = hubOf(() => 1_700_000_000_000);
    const a = await device(fake, () => 1_700_000_000_000);
    const good = crypto.randomUUID();
    a.edit('project', crypto.randomUUID(), { name: 7 });
    a.edit('project', crypto.randomUUID(), { note: 'x'.repeat(70_000) });
    a.edit('project', good, { name: 'good' });
    await a.round();
    expect(fake.user('a@example.org')?.rows.get(`project ${good}`)?.doc['name']).toBe('good');
    expect(a.store.sync.ops({ open: true, limit: 10 }).map(({ state }) => state)).toEqual(['rejected', 'rejected']);
  });

  test('I7 I16: a page that answers an older question has no effect', async () => {
    const fake = hubOf(() => 1_700_000_000_000);
    const a = await device(fake, () => 1_700_000_000_000);
    await a.round();
    const link = a.store.sync.link();
    if (!link) throw new Error('no link');
    const page = { epoch: link.epoch, head: 99, now: 0, reset: false, rows: [] };
    expect(applyPage(a.store.sync, link, { epoch: link.epoch, after: link.cursor - 1 }, page, 0)).toBeNull();
    expect(applyPage(a.store.sync, link, { epoch: crypto.randomUUID(), after: link.cursor }, page, 0)).toBeNull();
  });

  test('I13: a hub restored from an older copy gets back what it had taken since; nothing is lost', async () => {
    const fake = hubOf(() => 1_700_000_000_000);
    const a = await device(fake, () => 1_700_000_000_000);
    await a.round();
    const restore = fake.backup();
    const id = crypto.randomUUID();
    a.edit('project', id, { name: 'after the copy' });
    await a.round();
    restore();
    expect(fake.user('a@example.org')?.rows.has(`project ${id}`)).toBe(false);
    await a.round();
    await a.round();
    expect(fake.user('a@example.org')?.rows.get(`project ${id}`)?.doc['name']).toBe('after the copy');
    expect(a.store.sync.pending()).toBe(0);
  });

  test.each(['networkLost', 'portal', 'throttled', 'hubPaused', 'hubDown', 'signedOut'] satisfies HubTrouble['reason'][])(
    'law 7: %s keeps everything that waits',
    async (reason) => {
      const fake = hubOf(() => 1_700_000_000_000);
      const a = await device(fake, () => 1_700_000_000_000);
      const before = a.store.sync.pending();
      fake.fault(() => ({ reason, evidence: 'x' }));
      expect(await a.round()).toMatchObject({ ok: false, trouble: { reason } });
      expect(a.store.sync.pending()).toBe(before);
    },
  );
});

describe('the outbox', () => {
  test('sends at most 60 at once', () => {
    const { store } = opened();
    const link = { ...epoch0, system: crypto.randomUUID() };
    const writer = { store: store.sync, newOp: () => crypto.randomUUID(), now: () => 1 };
    store.commit(() => {
      store.sync.setLink(link);
      for (let n = 0; n < 100; n += 1) mutate(writer, link, { tbl: 'project', id: crypto.randomUUID(), kind: 'set', set: { name: 'x' } });
    });
    expect(nextBatch(store.sync.due(100)).batch).toHaveLength(60);
  });

  test('edits before anything was sent are one operation; what was sent is never changed', () => {
    const { store } = opened();
    const link = { ...epoch0, system: crypto.randomUUID() };
    const writer = { store: store.sync, newOp: () => crypto.randomUUID(), now: () => 1 };
    const id = crypto.randomUUID();
    store.commit(() => {
      store.sync.setLink(link);
      for (const name of ['a', 'b']) mutate(writer, link, { tbl: 'project', id, kind: 'set', set: { name } });
      const [only] = store.sync.due(5);
      expect(store.sync.due(5)).toHaveLength(1);
      expect(only?.set).toEqual({ name: 'b' });
      store.sync.mark(only?.op ?? '', 'sent', {});
      mutate(writer, link, { tbl: 'project', id, kind: 'set', set: { name: 'c' } });
    });
    expect(store.sync.due(5).map(({ set }) => set['name'])).toEqual(['b', 'c']);
  });

  test('I6: rows are written with their operation or from a page, by nobody else', () => {
    const { store, file } = opened();
    store.commit(() => {
      store.sync.setLink({ ...epoch0, system: crypto.randomUUID() });
      store.sync.putRow({ tbl: 'task', id: 'x', seq: 1, del: false, doc: {}, clk: {}, state: {}, mine: null });
    });
    const db = new Sqlite(file);
    for (const statement of [
      `update sync_rows set doc = '{}'`,
      'delete from sync_rows',
      `insert into sync_rows select 'task', 'y', 0, 0, '', '', '', null`,
    ])
      expect(() => db.exec(statement)).toThrow(/written with their operation/);
    db.close();
  });
});
