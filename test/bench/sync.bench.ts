/** The link to a hub on a real PostgreSQL with fsync, over a proxy that adds 100 ms to every round trip. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from '@supabase/supabase-js';
import { connectHub } from '../../adapters/supabase/index.ts';
import type { Account, Hub } from '../../src/ports/hub.ts';
import { cycle } from '../../src/sync/cycle.ts';
import { mutate } from '../../src/sync/mutate.ts';
import { noStamp } from '../../src/sync/stamp.ts';
import { type FaultProxy, faultProxy } from '../support/fault-proxy.ts';
import { type Gateway, startGateway } from '../support/hub/gateway.ts';
import { startPostgres } from '../support/hub/postgres.ts';
import { LiveHome } from '../support/live-daemon.ts';
import { tempStore } from '../support/temp-store.ts';
import { account, connect, linkState, type Machine, signUp, untilLink } from '../support/two-machines.ts';
import { until } from '../support/until.ts';
import { localWrites } from './local-writes.ts';
import { type Figure, median, quantile } from './measure.ts';

const ONE_WAY_MS = 50;
const OPS = 1_000;
const ROWS = 10_000;
const connected = new Set(['online', 'executing', 'syncing']);

const nowhere = { read: async () => null, write: async () => undefined, remove: async () => undefined };
const took = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

const device = async (url: string, key: string) => {
  const temp = tempStore();
  const store = temp.open();
  const hub: Hub & Account = await connectHub({ url, key }, nowhere);
  const signed = await hub.signIn(account);
  if (!signed.ok) throw new Error(signed.trouble.evidence);
  const system = randomUUID();
  const writer = { store: store.sync, newOp: () => randomUUID(), now: () => Date.now() };
  const link = () => {
    const found = store.sync.link();
    if (!found) throw new Error('no link');
    return found;
  };
  store.commit(() =>
    store.sync.setLink({ enabled: true, system, uid: null, epoch: null, cursor: 0, seen: null, stamp: noStamp, claim: null }),
  );
  const edit = (tbl: 'system' | 'project', id: string, set: Record<string, unknown>) =>
    mutate(writer, link(), { tbl, id, kind: 'set', set });
  store.commit(() => edit('system', system, { name: system.slice(0, 5) }));
  const round = async () => {
    const done = await cycle({
      hub,
      store: store.sync,
      now: () => Date.now(),
      commit: async (work) => store.commit(work),
      changed: () => undefined,
      settled: () => undefined,
      stopped: () => false,
    });
    if (!done.ok) throw new Error(`${done.trouble.reason}: ${done.trouble.evidence}`);
  };
  const end = () => {
    hub.close();
    temp.remove();
  };
  return { store, hub, edit, round, end };
};

/** Edits at one machine until they are known at the other, which hears the doorbell and reads. */
const overTheBell = async (proxy: FaultProxy, key: string): Promise<number[]> => {
  const [a, b] = [await device(proxy.url, key), await device(proxy.url, key)];
  await a.round();
  await b.round();
  let rung = Promise.withResolvers<void>();
  const joined = Promise.withResolvers<void>();
  const stop = b.hub.listen({ ring: () => rung.resolve(), joined: () => joined.resolve(), lost: () => undefined });
  await joined.promise;
  const samples: number[] = [];
  for (let n = 0; n < 40; n += 1) {
    const id = randomUUID();
    rung = Promise.withResolvers<void>();
    samples.push(
      await took(async () => {
        a.store.commit(() => a.edit('project', id, { name: `n${n}` }));
        await Promise.all([a.round(), rung.promise.then(b.round)]);
        while (b.store.sync.row('project', id) === null) await b.round();
      }),
    );
  }
  stop();
  a.end();
  b.end();
  return samples;
};

const plain = `create table public.plain (id uuid primary key, name text); grant select, insert, update on public.plain to authenticated;`;
const rowByRow = async (gateway: Gateway, proxy: FaultProxy): Promise<number> => {
  const client = createClient(proxy.url, gateway.key, { auth: { persistSession: false } });
  await client.auth.signInWithPassword(account);
  const count = 50;
  const ms = await took(async () => {
    for (let n = 0; n < count; n += 1) {
      const { error } = await client.from('plain').upsert({ id: randomUUID(), name: `n${n}` });
      if (error) throw new Error(error.message);
    }
  });
  return (count / ms) * 1000;
};

const atRest = async ({ live }: Machine): Promise<boolean> => {
  const { state, pending }: { state: string; pending: number } = (await live.api('GET', '/sync')).body.data;
  return ['online', 'executing'].includes(state) && pending === 0;
};

const machine = async (): Promise<Machine> => {
  const live = await LiveHome.make();
  await live.up();
  return { live, dir: mkdtempSync(join(tmpdir(), 'ccm-bench-')), name: 'bench' };
};

export const benchSync = async (): Promise<Figure[]> => {
  const postgres = await startPostgres({ durable: true });
  const gateway = await startGateway({ databaseUrl: postgres.url, alter: (sql) => `${sql}\n${plain}` });
  await signUp(gateway);
  const proxy = await faultProxy(gateway.url, Math.random);
  const far = () => proxy.weather({ delayMs: ONE_WAY_MS });
  const hole = await faultProxy(gateway.url, Math.random);
  const [one, alone, offline, paused, signedOut] = [await machine(), await machine(), await machine(), await machine(), await machine()];
  const figures: Figure[] = [];
  // The whole run takes minutes: what is known already is said.
  const tell = (figure: Figure) => {
    figures.push(figure);
    process.stderr.write(`  ${figure.name}: ${figure.value.toPrecision(3)} ${figure.unit}\n`);
  };
  try {
    far();
    const a = await device(proxy.url, gateway.key);
    await a.round();
    a.store.commit(() => {
      for (let n = 0; n < OPS; n += 1) a.edit('project', randomUUID(), { name: `queued ${n}` });
    });
    const drained = await took(a.round);
    const rate = (OPS / drained) * 1000;
    tell({
      name: `${OPS} queued operations sent`,
      value: drained / 1000,
      unit: 's',
      goal: { atMost: 4 },
      note: '100 ms round trip',
    });
    const upserts = await rowByRow(gateway, proxy);
    tell({
      name: 'the same, against supabase-js upserts one by one',
      value: rate / upserts,
      unit: '×',
      note: `${upserts.toFixed(1)} /s one by one`,
    });
    const bell = await overTheBell(proxy, gateway.key);
    tell({
      name: 'an edit at one machine known at another, median',
      value: median(bell),
      unit: 'ms',
      note: '100 ms round trip, doorbell',
    });
    tell({ name: 'the same, p95', value: quantile(bell, 0.95), unit: 'ms', goal: { atMost: 1000 } });

    await gateway.query(
      `insert into public.ccm_project (user_id, id, seq, system, doc, clk) select h.user_id, gen_random_uuid(), h.seq + n, gen_random_uuid(),
        jsonb_build_object('name', 'p' || n, 'agent', 'claude', 'path', repeat('x', 200)), '{"name":"000000000000001-000000-00000000"}'
        from public.ccm_head h, generate_series(1, ${ROWS}) n`,
    );
    await gateway.query(`update public.ccm_head set seq = seq + ${ROWS}`);
    const fresh = await device(proxy.url, gateway.key);
    const initial = await took(fresh.round);
    tell({
      name: `first reading of ${ROWS.toLocaleString('en-US')} rows`,
      value: initial / 1000,
      unit: 's',
      note: '100 ms round trip',
    });
    a.end();
    fresh.end();

    // The command itself waits for less than the first reading of so many rows may take.
    await connect({ url: proxy.url, key: gateway.key }, one);
    await until('the link to be online', async () => connected.has(await linkState(one)) || undefined, 120_000);
    // Each away in its own way, and all of them with what they wrote unsent.
    for (const [other, way] of [
      [offline, hole],
      [paused, proxy],
      [signedOut, proxy],
    ] as const) {
      await connect({ url: way.url, key: gateway.key }, other);
      await until('the link to be online', async () => connected.has(await linkState(other)) || undefined, 120_000);
    }
    hole.weather({ blackHole: true });
    await untilLink(offline, 'offline', 'queuing');
    await paused.live.ccm('sync', 'pause');
    await signedOut.live.ccm('logout');
    const linked = [
      ['online', one],
      ['offline and queuing', offline],
      ['paused', paused],
      ['signed out', signedOut],
    ] as const;
    for (const figure of await localWrites(alone, linked)) tell(figure);
    for (const [, other] of linked.slice(1)) await other.live.end();
    // Online at rest: what was written meanwhile is sent first, and its requests have a patience of their own.
    await until('all to be sent', async () => (await atRest(one)) || undefined, 120_000);
    await pause(6_000);
    const [aways, backs]: [number[], number[]] = [[], []];
    for (const holdMs of [0, 5_000, 20_000]) {
      aways.push(
        await took(async () => {
          proxy.weather({ blackHole: true });
          await until('the black hole to be noticed', async () => !connected.has(await linkState(one)) || undefined, 60_000);
        }),
      );
      await pause(holdMs);
      backs.push(
        await took(async () => {
          proxy.weather({ blackHole: false });
          await until('the link to be online', async () => connected.has(await linkState(one)) || undefined, 60_000);
        }),
      );
      // The doorbell joins again: it is what notices a silent line.
      await pause(6_000);
    }
    tell({
      name: 'a black hole is noticed, slowest of three',
      value: Math.max(...aways) / 1000,
      unit: 's',
      goal: { atMost: 10 },
      note: 'connections stay open, nothing comes',
    });
    tell({
      name: 'online again after the network is back, slowest of three',
      value: Math.max(...backs) / 1000,
      unit: 's',
      goal: { atMost: 5 },
      note: 'away for 0, 5 and 20 s after it was noticed',
    });
    return figures;
  } finally {
    for (const each of [one, alone, offline, paused, signedOut]) {
      await each.live.end();
      rmSync(each.dir, { recursive: true, force: true });
    }
    await proxy.close();
    await hole.close();
    await gateway.close();
    await postgres.stop();
  }
};
