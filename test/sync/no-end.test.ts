/**
 * A round has an end, whatever the hub answers and whatever hangs on this machine: every proof that comes later joins the round that is under way,
 * so one without end would keep the link away for ever.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import { ok } from '../../src/errors.ts';
import type { Account, Answer, Hub, HubRow, Page } from '../../src/ports/hub.ts';
import type { LinkFacts } from '../../src/ports/sync-store.ts';
import { claimOffers } from '../../src/sync/claim.ts';
import { cycle } from '../../src/sync/cycle.ts';
import { mutate } from '../../src/sync/mutate.ts';
import { orderDesk } from '../../src/sync/orders.ts';
import { patience } from '../../src/sync/patience.ts';
import { noStamp } from '../../src/sync/stamp.ts';
import { roundTurns } from '../../src/sync/turns.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { memoryFolder, tempStore } from '../support/temp-store.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const uuid = () => crypto.randomUUID();
const epoch = uuid();
const yes = <T>(value: T): Answer<T> => ({ ok: true, value });
const breathe = () => new Promise<void>((done) => void setImmediate(done));

const machine = () => {
  const temp = tempStore(memoryFolder());
  onTestFinished(() => temp.remove());
  const store = temp.open();
  const { sync } = store;
  const system = uuid();
  const first: LinkFacts = { enabled: true, system, uid: null, epoch, cursor: 0, seen: null, stamp: noStamp, claim: null };
  store.commit(() => sync.setLink(first));
  const writer = { store: sync, newOp: uuid, now: () => 1_000 };
  const commit = async <T>(work: () => T): Promise<T> => store.commit(work);
  const edit = (id: string) =>
    store.commit(() => mutate(writer, sync.link() ?? first, { tbl: 'project', id, kind: 'set', set: { name: id.slice(0, 5) } }));
  let calls = 0;
  const round = (answers: Partial<Pick<Hub, 'push' | 'pull'>>) => {
    const counted =
      <A extends unknown[], R>(call: (...args: A) => R) =>
      (...args: A): R => {
        calls += 1;
        if (calls > 2_000) throw new Error('it goes round for ever');
        return call(...args);
      };
    const never = async () => expect.fail('not asked in this test');
    const { push = never, pull = async () => yes(page([])) } = answers;
    const hub = { push: counted(push), pull: counted(pull), rewound: never };
    return cycle({ hub, store: sync, now: () => 1_000, commit, changed: () => undefined, settled: () => undefined, stopped: () => false });
  };
  return { store, sync, system, commit, writer, edit, round, calls: () => calls };
};
const projectAt = (seq: number): HubRow => ({ tbl: 'project', id: uuid(), seq, del: false, doc: {}, clk: {}, state: {} });
const page = (rows: HubRow[], more: Partial<Page> = {}): Page => ({
  epoch,
  head: rows.at(-1)?.seq ?? 0,
  seal: uuid(),
  now: 1_000,
  reset: false,
  lost: false,
  rows,
  ...more,
});
const stuck = { ok: false, trouble: { reason: 'hubDown', evidence: 'the hub answers, and nothing moves forward' } };

describe('a hub that answers without end', () => {
  test.each<[string, object]>([
    ['says nothing of what it was sent', { verdicts: [] }],
    ['begins another history with every answer', { resync: true }],
  ])('and %s is told as trouble, and nothing is lost', async (_, said) => {
    const { edit, round, sync } = machine();
    edit(uuid());
    const push: Hub['push'] = async () => yes({ epoch, head: 0, seal: null, now: 1_000, resync: false, verdicts: [], ...said });
    expect(await round({ push })).toEqual(stuck);
    expect(sync.pending()).toBe(1);
  });

  test('and finds our clock ahead for ever is told as trouble, and nothing is lost', async () => {
    const { edit, round, sync } = machine();
    edit(uuid());
    const push: Hub['push'] = async (_system, _epoch, ops) =>
      yes({ epoch, head: 0, seal: null, now: 1_000, resync: false, verdicts: ops.map(({ op }) => ({ op, is: 'clock' as const })) });
    expect(await round({ push })).toEqual(stuck);
    expect(sync.pending()).toBe(1);
  });

  test('and gives the same page again and again is told as trouble', async () => {
    const { round } = machine();
    const same = projectAt(3);
    expect(await round({ pull: async () => yes(page([same], { head: 9 })) })).toEqual(stuck);
  });

  test('and begins another history with every page is told as trouble', async () => {
    const { round } = machine();
    const pull: Hub['pull'] = async (_epoch, after) => yes(page([projectAt(after + 1)], { head: 9_999, epoch: uuid(), reset: true }));
    expect(await round({ pull })).toEqual(stuck);
  });

  test('but sends a thousand pages that lead on is read to its end', async () => {
    const { round, calls, sync } = machine();
    const pull: Hub['pull'] = async (_epoch, after) => yes(page([projectAt(after + 1)], { head: 1_000 }));
    expect(await round({ pull })).toMatchObject({ ok: true, value: { pulled: 1_000 } });
    expect([calls(), sync.link()?.cursor]).toEqual([1_000, 1_000]);
  });
});

test('a turn in which every round finds more answers those who wait, and says that it is not finished', async () => {
  let rounds = 0;
  const hub = (): (Hub & Account) | null => ({}) as Hub & Account;
  const once = async () => {
    rounds += 1;
    if (rounds > 1_000) throw new Error('it goes round for ever');
    return yes({ moved: 1, more: rounds < 30 });
  };
  const turns = roundTurns({ hub, once, unread: () => false, stopped: () => false, log: quiet });
  expect(await turns.run()).toEqual(yes(20));
  expect(turns.unfinished()).toBe(true);
  expect(await turns.run()).toEqual(yes(10));
  expect(turns.unfinished()).toBe(false);
});

test('an order whose carrying out hangs holds nobody up; it is not begun twice, and its outcome is told when there is one', async () => {
  const { store, sync, system, commit, writer } = machine();
  const clock = fakeClock();
  const [task, order, other] = [uuid(), uuid(), uuid()];
  const wanted = (id: string, verb: string) =>
    sync.putRow({ tbl: 'order', id, seq: 5, del: false, doc: { task, verb }, clk: {}, state: { system: 'far', at: 1_000 }, mine: null });
  store.commit(() => {
    sync.putRow({ tbl: 'task', id: task, seq: 5, del: false, doc: {}, clk: {}, state: { owner: system }, mine: null });
    wanted(order, 'log');
  });
  const answer = Promise.withResolvers<void>();
  const begun: string[] = [];
  const obey = async ({ verb }: { verb: string }) => {
    begun.push(verb);
    if (verb === 'log') await answer.promise;
    return { ok: true, final: true };
  };
  const { within } = patience(clock);
  const desk = orderDesk({ ...writer, obey, commit, hubNow: () => 1_000, within, log: quiet });
  const first = desk.work();
  await breathe();
  clock.advance(10_000);
  expect(await first).toBe(0);
  store.commit(() => wanted(other, 'pause'));
  expect([await desk.work(), begun]).toEqual([1, ['log', 'pause']]);
  expect(sync.openOf('order', order)).toEqual([]);
  answer.resolve();
  await breathe();
  expect(sync.openOf('order', order)).toMatchObject([{ kind: 'done', arg: { ok: true, final: true } }]);
  expect(clock.pending()).toBe(0);
});

test('a task whose project cannot be looked at is left until it can: the round goes on, and a later one begins it once', async () => {
  const { store, sync, system, commit, writer } = machine();
  const clock = fakeClock();
  const id = uuid();
  const offer: HubRow = { ...projectAt(5), tbl: 'task', id, state: { owner: system, exec: 'claimed', fence: 2, run: 1, origin: uuid() } };
  store.commit(() => sync.putRow({ ...offer, mine: null }));
  const { within } = patience(clock);
  const disk = Promise.withResolvers<void>();
  let created = 0;
  const claim = () =>
    claimOffers({
      ...writer,
      hub: { claim: async () => yes({ epoch, head: 5, seal: null, rows: [offer] }) },
      state: () => null,
      commit: (work) => commit(() => work({ create: () => undefined, send: () => undefined } as never)),
      prepare: (row) =>
        within(row.id, async () => {
          await disk.promise;
          return ok({ create: () => void (created += 1), plan: { project: '', profile: {} as never, isolated: false } });
        }),
      nameOf: () => 'far',
    });
  const first = claim();
  for (let n = 0; n < 10; n += 1) await breathe();
  clock.advance(10_000);
  expect(await first).toEqual(yes(0));
  // Under way still: nobody waits for it a second time.
  expect(await claim()).toEqual(yes(0));
  disk.resolve();
  await breathe();
  expect([await claim(), created]).toEqual([yes(1), 1]);
  expect([await claim(), created]).toEqual([yes(0), 1]);
});
