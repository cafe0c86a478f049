/** What every hub does, whoever stands behind it: the one in memory and the real one on PostgreSQL. */
import { describe, expect, test } from 'vitest';
import type { Account, ConnectHub, Hub, HubRow, Op, OpKind, SyncTable } from '../../src/ports/hub.ts';

export type HubWorld = {
  connect: ConnectHub;
  address: { url: string; key: string };
  /** Makes an account. */
  addUser: (email: string, password: string) => Promise<void>;
};

const box = () => {
  let text: string | null = null;
  return {
    read: async () => text,
    write: async (given: string) => {
      text = given;
    },
    remove: async () => {
      text = null;
    },
  };
};
let counter = 0;
const uuid = () => crypto.randomUUID();
const stamp = (offset = 0, machine = '11111111') => {
  counter += 1;
  return `${String(Date.now() + offset).padStart(15, '0')}-${counter.toString(16).padStart(6, '0')}-${machine}`;
};
const op = (tbl: SyncTable, id: string, kind: OpKind, more: Partial<Op> = {}): Op => ({ op: uuid(), tbl, id, kind, hlc: stamp(), ...more });
const value = <T>(answer: { ok: true; value: T } | { ok: false; trouble: unknown }): T => {
  if (!answer.ok) throw new Error(JSON.stringify(answer.trouble));
  return answer.value;
};
/** Passwords are slow to prove by design, slower than a call may take where the machine is busy: asked again then. */
const signedIn = async (hub: Hub & Account, email: string) => {
  for (let tries = 1; ; tries += 1) {
    const answer = await hub.signIn({ email, password: 'correct horse battery' });
    if (answer.ok || answer.trouble.reason !== 'networkLost' || tries === 5) return value(answer);
  }
};

export const hubContract = (name: string, make: () => Promise<HubWorld>) => {
  describe(`a hub (${name})`, () => {
    let people = 0;
    const open = async (
      email?: string,
    ): Promise<{ hub: Hub & Account; email: string; system: string; again: () => Promise<Hub & Account> }> => {
      const world = await make();
      people += 1;
      const mail = email ?? `user-${people}-${uuid().slice(0, 8)}@example.org`;
      if (email === undefined) await world.addUser(mail, 'correct horse battery');
      const enter = async () => {
        const hub = await world.connect(world.address, box());
        await signedIn(hub, mail);
        return hub;
      };
      const hub = await enter();
      const system = uuid();
      value(await hub.push(system, null, [op('system', system, 'set', { set: { name: `machine ${system.slice(0, 4)}` } })]));
      return { hub, email: mail, system, again: enter };
    };
    const all = async (hub: Hub): Promise<HubRow[]> => value(await hub.pull(null, 0, 1000)).rows;
    const row = async (hub: Hub, id: string) => (await all(hub)).find((one) => one.id === id);
    const claimed = async (hub: Hub, system: string, limit = 5) => value(await hub.claim(system, limit)).rows;
    const push = async (hub: Hub, system: string, ...ops: Op[]) => value(await hub.push(system, null, ops)).verdicts.map(({ is }) => is);

    test('knows who is there, and refuses who is not', async () => {
      const world = await make();
      const hub = await world.connect(world.address, box());
      expect(await hub.ping()).toMatchObject({ ok: false, trouble: { reason: 'signedOut' } });
      await world.addUser('known@example.org', 'correct horse battery');
      expect(await hub.signIn({ email: 'known@example.org', password: 'wrong' })).toMatchObject({
        ok: false,
        trouble: { reason: 'refused' },
      });
      const who = await signedIn(hub, 'known@example.org');
      expect(value(await hub.ping())).toMatchObject({ uid: 'uid' in who ? who.uid : '', schema: 2 });
      await hub.signOut();
      expect(hub.who()).toBeNull();
      hub.close();
    });

    test('I3: an operation counts once, and its repeat gets the first verdict', async () => {
      const { hub, system } = await open();
      const good = op('project', uuid(), 'set', { set: { name: 'shop' } });
      const bad = op('project', uuid(), 'set', { set: { name: 5 } });
      expect(await push(hub, system, good, bad, op('project', uuid(), 'set', { set: { name: 'after it' } }))).toEqual([
        'ok',
        'rejected',
        'ok',
      ]);
      const head = value(await hub.ping()).head;
      expect(await push(hub, system, good, bad)).toEqual(['ok', 'rejected']);
      expect(value(await hub.ping()).head).toBe(head);
      hub.close();
    });

    test('each column keeps its later edit; unknown columns are kept; a deletion stays', async () => {
      const { hub, system } = await open();
      const id = uuid();
      const [early, late] = [stamp(-5_000), stamp()];
      await push(hub, system, op('project', id, 'set', { set: { name: 'late', future: { x: 1 } }, hlc: late }));
      await push(hub, system, op('project', id, 'set', { set: { name: 'early', agent: 'claude' }, hlc: early }));
      expect((await row(hub, id))?.doc).toEqual({ name: 'late', future: { x: 1 }, agent: 'claude' });
      await push(hub, system, op('project', id, 'del'), op('project', id, 'set', { set: { name: 'again' } }));
      expect(await row(hub, id)).toMatchObject({ del: true });
      hub.close();
    });

    test('a stamp far ahead of its clock is not kept, and the same operation may come again', async () => {
      const { hub, system } = await open();
      const ahead = op('project', uuid(), 'set', { set: { name: 'x' }, hlc: stamp(300_000) });
      expect(await push(hub, system, ahead)).toEqual(['clock']);
      expect(await push(hub, system, { ...ahead, hlc: stamp() })).toEqual(['ok']);
      hub.close();
    });

    test('I7: pages follow each other without a gap, and another history begins at the beginning', async () => {
      const { hub, system } = await open();
      const ids: string[] = Array.from({ length: 7 }, uuid);
      for (const id of ids) await push(hub, system, op('project', id, 'set', { set: { name: id.slice(0, 5) } }));
      const { epoch } = value(await hub.pull(null, 0, 3));
      const seen: string[] = [];
      for (let after = 0, more = true; more; ) {
        const page = value(await hub.pull(epoch, after, 3));
        seen.push(...page.rows.map(({ id }) => id));
        after = page.rows.at(-1)?.seq ?? after;
        more = page.rows.length > 0 && after < (page.head ?? 0);
      }
      expect(seen.filter((id) => ids.includes(id)).toSorted()).toEqual(ids.toSorted());
      expect(new Set(seen).size).toBe(seen.length);
      expect(value(await hub.pull(uuid(), 1_000_000, 3))).toMatchObject({ reset: true });
      expect(value(await hub.push(system, uuid(), [op('project', uuid(), 'set')]))).toMatchObject({ resync: true, verdicts: [] });
      hub.close();
    });

    describe('a hub that is asked what it knows', () => {
      const told = async () => {
        const one = await open();
        const { epoch, head, seal } = value(await one.hub.push(one.system, null, [op('project', uuid(), 'set', { set: { name: 'x' } })]));
        return { ...one, epoch, seen: { seq: head, seal: seal ?? '' } };
      };
      test('names its newest commit, the same to all who ask, and knows it later', async () => {
        const { hub, system, epoch, seen } = await told();
        expect(value(await hub.pull(epoch, 0, 10, seen))).toMatchObject({ head: seen.seq, seal: seen.seal, lost: false });
        await push(hub, system, op('project', uuid(), 'set', { set: { name: 'y' } }));
        const page = value(await hub.pull(epoch, 0, 10, seen));
        expect(page).toMatchObject({ lost: false, reset: false });
        expect(page.seal).not.toBe(seen.seal);
        expect(value(await hub.rewound(epoch, seen))).toMatchObject({ epoch });
        expect(value(await hub.claim(system, 1, seen))).toMatchObject({ epoch, seal: page.seal });
        hub.close();
      });

      test('a sign of life puts no seal, it moves the last one on', async () => {
        const { hub, system, epoch, seen } = await told();
        const { head } = value(await hub.heartbeat(system, {}));
        expect(value(await hub.pull(epoch, 0, 10, { ...seen, seq: head }))).toMatchObject({ head, seal: seen.seal, lost: false });
        expect(value(await hub.pull(epoch, 0, 10, { ...seen, seq: head + 1 }))).toMatchObject({ lost: true });
        hub.close();
      });

      test('and does not know it, gives nothing out and begins another history, however far it came again', async () => {
        const { hub, system, epoch, seen } = await told();
        const strange = { seq: seen.seq - 1, seal: uuid() };
        const id = uuid();
        await push(hub, system, op('task', id, 'offer', { set: { title: 'x' }, arg: { target: system } }));
        expect(value(await hub.pull(epoch, 0, 10, strange))).toMatchObject({ lost: true });
        expect(value(await hub.claim(system, 5, strange))).toMatchObject({ seal: null, rows: [] });
        const late = op('project', uuid(), 'set', { set: { name: 'late' } });
        const anew = value(await hub.push(system, epoch, [late], { ...strange, seq: 900 }));
        expect(anew).toMatchObject({ resync: true, verdicts: [] });
        expect(anew.epoch).not.toBe(epoch);
        // What was known of the old one is known of the new one no more; its numbers begin behind all that was seen.
        expect(value(await hub.pull(anew.epoch, 0, 1000, seen))).toMatchObject({
          lost: true,
          head: 900,
          seal: expect.any(String),
        });
        expect(value(await hub.rewound(epoch, strange)).epoch, 'once for each history').toBe(anew.epoch);
        expect((await claimed(hub, system)).map((row) => row.id)).toEqual([id]);
        hub.close();
      });

      test('a machine that only reads tells it too', async () => {
        const { hub, epoch, seen } = await told();
        const anew = value(await hub.rewound(epoch, { ...seen, seal: uuid() }));
        expect(anew.epoch).not.toBe(epoch);
        expect(value(await hub.pull(epoch, 5, 10))).toMatchObject({ reset: true, epoch: anew.epoch });
        hub.close();
      });
    });

    test('I10: what another user has is not there, and their ids mean nothing', async () => {
      const mine = await open();
      const theirs = await open();
      const id = uuid();
      await push(mine.hub, mine.system, op('task', id, 'set', { set: { title: 'secret' } }));
      expect(await row(theirs.hub, id)).toBeUndefined();
      expect(
        await push(theirs.hub, theirs.system, op('task', id, 'cancel'), op('task', id, 'reassign', { arg: { target: theirs.system } })),
      ).toEqual(['rejected', 'rejected']);
      expect(await push(theirs.hub, mine.system, op('project', uuid(), 'set', { set: { name: 'x' } }))).toEqual(['rejected']);
      expect(await theirs.hub.claim(mine.system, 5)).toMatchObject({ ok: false });
      expect((await row(mine.hub, id))?.state).toMatchObject({ cancel: false, owner: mine.system });
      mine.hub.close();
      theirs.hub.close();
    });

    test('P1 P2 P6: an offer is claimed once under a new fence, and an old fence changes nothing', async () => {
      const { hub, system, again } = await open();
      const far = await again();
      const other = uuid();
      await push(far, other, op('system', other, 'set', { set: { name: 'far' } }));
      const id = uuid();
      await push(hub, system, op('task', id, 'offer', { set: { title: 'do it' }, arg: { target: other } }));
      expect(await claimed(hub, system)).toEqual([]);
      const [one] = await claimed(far, other);
      expect(one).toMatchObject({ id, state: { exec: 'claimed', owner: other } });
      expect(await claimed(far, other)).toEqual([]);
      const fence = Number(one?.state['fence']);
      const tell = (exec: string, run = 1, by = fence) =>
        op('task', id, 'report', { arg: { fence: by, run, exec, facts: { status: exec } } });
      expect(await push(hub, system, tell('running'))).toEqual(['rejected']);
      expect(await push(far, other, tell('running', 1, fence - 1))).toEqual(['rejected']);
      expect(await push(far, other, tell('running'), tell('claimed'), tell('ended'))).toEqual(['ok', 'rejected', 'ok']);
      // P3: forward only, and the end is the end of that run.
      expect(await push(far, other, tell('running'), tell('cancelled'), tell('running', 2))).toEqual(['rejected', 'rejected', 'ok']);
      await push(hub, system, op('task', id, 'reassign', { arg: { target: system } }));
      expect(await push(far, other, tell('ended', 2))).toEqual(['rejected']);
      const [back] = await claimed(hub, system);
      expect(Number(back?.state['fence'])).toBeGreaterThan(fence);
      hub.close();
      far.close();
    });

    test('a claim whose answer was lost is repeated under its key and gets the same; under another it is held by the lease', async () => {
      const { hub, system } = await open();
      const [first, second] = [uuid(), uuid()];
      const offer = (id: string) => push(hub, system, op('task', id, 'offer', { set: { title: 'x' }, arg: { target: system } }));
      const claim = async (key: string | null) =>
        value(await hub.claim(system, 5, null, key)).rows.map(({ id, state }) => [id, state['fence']]);
      await offer(first);
      const key = uuid();
      const taken = await claim(key);
      expect(taken).toEqual([[first, 2]]);
      const { head } = value(await hub.ping());
      expect(await claim(key)).toEqual(taken);
      expect(value(await hub.ping()).head, 'nothing has changed by it').toBe(head);
      for (const other of [uuid(), null]) expect(await claim(other)).toEqual([]);
      // What came meanwhile is taken with it; what has begun or is not wanted any more is not given again.
      await offer(second);
      expect(await claim(key)).toEqual([...taken, [second, 2]]);
      await push(hub, system, op('task', first, 'report', { arg: { fence: 2, run: 1, exec: 'running', facts: {} } }));
      await push(hub, system, op('task', second, 'cancel'));
      expect(await claim(key)).toEqual([]);
      hub.close();
    });

    test('P4: what was cancelled before it was claimed is never begun', async () => {
      const { hub, system } = await open();
      const id = uuid();
      await push(hub, system, op('task', id, 'offer', { set: { title: 'x' }, arg: { target: system } }), op('task', id, 'cancel'));
      expect(await claimed(hub, system)).toEqual([]);
      expect((await row(hub, id))?.state).toMatchObject({ exec: 'cancelled' });
      expect(await push(hub, system, op('task', id, 'cancel'))).toEqual(['rejected']);
      hub.close();
    });

    test('an offer nobody takes in time is expired', async () => {
      const { hub, system } = await open();
      const id = uuid();
      await push(hub, system, op('task', id, 'offer', { set: { title: 'x' }, arg: { target: system, ttl: -1 } }));
      expect(await claimed(hub, system)).toEqual([]);
      expect((await row(hub, id))?.state).toMatchObject({ exec: 'expired' });
      hub.close();
    });

    test('of two who decide, the first is heard and the second is told', async () => {
      const { hub, system, again } = await open();
      const far = await again();
      const other = uuid();
      await push(far, other, op('system', other, 'set', { set: { name: 'far' } }));
      const id = uuid();
      await push(hub, system, op('ask', id, 'set', { set: { text: 'may I?', status: 'pending' } }));
      const decide = (verb: string) => op('ask', id, 'decide', { arg: { verb, text: null, by: 'cli' } });
      expect(await push(far, other, decide('approve'))).toEqual(['ok']);
      expect(await push(hub, system, decide('deny'))).toEqual(['rejected']);
      expect((await row(hub, id))?.state['decision']).toMatchObject({ verb: 'approve', system: other });
      // What a machine says of itself, nobody else says.
      expect(await push(far, other, op('ask', id, 'set', { set: { status: 'allowed' } }))).toEqual(['rejected']);
      hub.close();
      far.close();
    });

    test('an order is given by anybody, answered only by the machine that has the task, and not after its last word', async () => {
      const { hub, system, again } = await open();
      const far = await again();
      const other = uuid();
      const [id, order] = [uuid(), uuid()];
      await push(far, other, op('system', other, 'set', { set: { name: 'far' } }), op('task', id, 'set', { set: { title: 'theirs' } }));
      await push(hub, system, op('order', order, 'set', { set: { task: id, verb: 'pause' } }));
      const done = (final: boolean) => op('order', order, 'done', { arg: { ok: true, final } });
      expect(await push(hub, system, done(true))).toEqual(['rejected']);
      expect(await push(far, other, op('order', order, 'set', { set: { verb: 'kill' } }))).toEqual(['rejected']);
      expect(await push(far, other, done(false), done(true), done(true))).toEqual(['ok', 'ok', 'rejected']);
      expect((await row(hub, order))?.state).toMatchObject({ system, outcome: { ok: true, final: true } });
      hub.close();
      far.close();
    });

    test('a lease is renewed by the holder of the fence only, and only before the task begins', async () => {
      const { hub, system } = await open();
      const id = uuid();
      await push(hub, system, op('task', id, 'offer', { set: { title: 'x' }, arg: { target: system } }));
      const [taken] = await claimed(hub, system, 1);
      const fence = Number(taken?.state['fence']);
      expect(value(await hub.renew(system, id, fence))).toBe(true);
      expect(value(await hub.renew(system, id, fence - 1))).toBe(false);
      expect(value(await hub.renew(uuid(), id, fence))).toBe(false);
      await push(hub, system, op('task', id, 'report', { arg: { fence, run: 1, exec: 'running', facts: {} } }));
      expect(value(await hub.renew(system, id, fence))).toBe(false);
      hub.close();
    });

    test('rings whoever listens, and says when a machine was seen', async () => {
      const { hub, system, again } = await open();
      const far = await again();
      const joined = Promise.withResolvers<void>();
      const rung = Promise.withResolvers<void>();
      const stop = far.listen({ ring: () => rung.resolve(), joined: () => joined.resolve(), lost: () => undefined });
      await joined.promise;
      await push(hub, system, op('project', uuid(), 'set', { set: { name: 'ding' } }));
      await rung.promise;
      stop();
      const { now } = value(await hub.heartbeat(system, { load: 0.5 }));
      const seen = (await row(hub, system))?.state;
      expect(seen).toMatchObject({ facts: { load: 0.5 } });
      expect(Math.abs(Number(seen?.['lastSeen']) - now)).toBeLessThan(5_000);
      hub.close();
      far.close();
    }, 20_000);
  });
};
