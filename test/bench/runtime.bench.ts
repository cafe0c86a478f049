/** What durability costs. Alone: `node test/bench/runtime.bench.ts`. The goals are against SQLite itself on the same disk, not absolute. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { createActor } from 'xstate';
import { openStore, type SqliteStore } from '../../adapters/sqlite/index.ts';
import { systemClock, systemIds } from '../../adapters/system/index.ts';
import type { Log } from '../../src/ports/system.ts';
import { createRuntime, type Runtime } from '../../src/runtime/index.ts';
import { expectOk } from '../support/temp-store.ts';
import { counter, counterMachine } from '../support/tiny-kinds.ts';
import { type Figure, median, table } from './measure.ts';

const quiet: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const fatal = (error: Error) => {
  throw error;
};
const milliseconds = () => Number(process.hrtime.bigint()) / 1e6;
const cpuMicros = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

const inFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'ccm-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
const house = (folder: string, name = 'ccm.db'): { store: SqliteStore; runtime: Runtime } => {
  const store = expectOk(openStore({ file: join(folder, name), now: Date.now() }));
  const runtime = createRuntime({
    kinds: { counter },
    store,
    clock: systemClock(),
    ids: systemIds(),
    random: Math.random,
    log: quiet,
    effects: {},
    onFatal: fatal,
  });
  return { store, runtime };
};

/** Something that is measured in slices between the others, since a shared machine is faster in one minute than in the next. */
type Subject = { slice(): Promise<number>; close(): Promise<void> };
type Rate = { perSecond: number; cpu: number };
const WARM = 10_000;

/** One-row commits with synchronous=FULL: as fast as this disk can make anything durable. */
const rawCommits = async (folder: string): Promise<Subject> => {
  const db = new Sqlite(join(folder, 'raw.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('create table t (id integer primary key, a text)');
  const insert = db.prepare('insert into t (a) values (?)');
  const text = 'x'.repeat(200);
  return {
    slice: async () => {
      for (let done = 0; done < 25; done += 1) {
        insert.run(text);
        // As ours: back to the event loop between two commits.
        await new Promise<void>((resolve) => void setImmediate(resolve));
      }
      return 25;
    },
    close: async () => void db.close(),
  };
};

/** `actors` actors, each waiting for its receipt before its next event. */
const durableSteps = async (folder: string, actors: number, rounds: number): Promise<Subject> => {
  const { store, runtime } = house(folder, `${actors}.db`);
  await runtime.boot({});
  const ids = Array.from({ length: actors }, (_, index) => `c${index}`);
  await Promise.all(ids.map((id) => runtime.create('counter', { id })));
  const round = () => Promise.all(ids.map((id) => runtime.send(id, { type: 'ADD' })));
  // The engine compiles what is hot only after some thousand steps; a daemon is warm for days.
  if (actors > 1) for (let warm = 0; warm < WARM / actors; warm += 1) await round();
  return {
    slice: async () => {
      for (let done = 0; done < rounds; done += 1) await round();
      return rounds * actors;
    },
    close: async () => {
      await runtime.shutdown();
      store.close();
    },
  };
};

/** Medians of the slices of each, taken in turn. */
const inTurn = async (subjects: readonly Subject[], slices: number): Promise<Rate[]> => {
  const samples = subjects.map(() => ({ rate: [] as number[], cpu: [] as number[] }));
  for (let slice = 0; slice < slices; slice += 1) {
    for (const [index, subject] of subjects.entries()) {
      const [began, cpu] = [milliseconds(), cpuMicros()];
      const count = await subject.slice();
      samples[index]?.cpu.push((cpuMicros() - cpu) / count);
      samples[index]?.rate.push((count * 1000) / (milliseconds() - began));
    }
  }
  for (const subject of subjects) await subject.close();
  return samples.map(({ rate, cpu }) => ({ perSecond: median(rate), cpu: median(cpu) }));
};

const bareXState = (count: number): Rate => {
  const actor = createActor(counterMachine, { input: { id: 'c' } }).start();
  const [began, cpu] = [milliseconds(), cpuMicros()];
  for (let done = 0; done < count; done += 1) actor.send({ type: 'ADD' });
  return { perSecond: (count * 1000) / (milliseconds() - began), cpu: (cpuMicros() - cpu) / count };
};

/** A home with this many actors and events, then a start from cold. */
const bootAndRestore = (actors: number, events: number): Promise<Figure[]> =>
  inFolder(async (folder) => {
    const first = house(folder);
    await first.runtime.boot({});
    const ids = Array.from({ length: actors }, (_, index) => `c${index}`);
    await Promise.all(ids.map((id) => first.runtime.create('counter', { id })));
    for (let done = 0; done < events; done += ids.length) await Promise.all(ids.map((id) => first.runtime.send(id, { type: 'ADD' })));
    await first.runtime.shutdown();
    first.store.close();

    const began = milliseconds();
    const { store, runtime } = house(folder);
    await runtime.boot({});
    const boot = milliseconds() - began;
    const restores = ids.map((id) => {
      const start = milliseconds();
      runtime.state(id);
      return milliseconds() - start;
    });
    await runtime.shutdown();
    store.close();
    const size = `${actors} actors, ${events.toLocaleString('en-US')} events`;
    return [
      { name: 'start from cold', value: boot, unit: 'ms', note: size, goal: { atMost: 1000 } },
      { name: 'load one actor and read its state', value: median(restores), unit: 'ms', note: 'median', goal: { atMost: 0.1 } },
    ];
  });

/** CPU and time per event as the journal grows. */
const growth = (marks: readonly number[]): Promise<Figure[]> =>
  inFolder(async (folder) => {
    const { store, runtime } = house(folder);
    await runtime.boot({});
    const ids = Array.from({ length: 200 }, (_, index) => `c${index}`);
    await Promise.all(ids.map((id) => runtime.create('counter', { id })));
    const round = () => Promise.all(ids.map((id) => runtime.send(id, { type: 'ADD' })));
    const costs: number[] = [];
    for (let warm = 0; warm < WARM / ids.length / 10; warm += 1) await round();
    for (const mark of marks) {
      while (runtime.stats().head < mark) await round();
      const cpu = cpuMicros();
      for (let sample = 0; sample < 20; sample += 1) await round();
      costs.push((cpuMicros() - cpu) / (20 * ids.length));
    }
    await runtime.shutdown();
    store.close();
    const [small = 1] = costs;
    return costs.map((value, index) => ({
      name: `CPU per step at ${(marks[index] ?? 0).toLocaleString('en-US')} rows`,
      value,
      unit: 'µs',
      note: `× ${(value / small).toFixed(2)} of the first`,
      ...(index === 0 ? {} : { goal: { atMost: small * 1.5 } }),
    }));
  });

export const benchRuntime = async ({ quick = false } = {}): Promise<Figure[]> => {
  const scale = quick ? 0.1 : 1;
  const times = (count: number) => Math.max(1, Math.round(count * scale));
  const [hundred, raw, one, thousand] = await inFolder(async (folder) =>
    inTurn(
      [
        // First the one that warms the engine for all.
        await durableSteps(folder, 100, 2),
        await rawCommits(folder),
        await durableSteps(folder, 1, 25),
        await durableSteps(folder, 1000, 1),
      ],
      times(80),
    ),
  );
  if (!raw || !one || !hundred || !thousand) throw new Error('nothing was measured');
  const bare = bareXState(times(200_000));
  return [
    { name: 'one-row FULL commits, better-sqlite3 alone', value: raw.perSecond, unit: '/s', note: `${raw.cpu.toFixed(0)} µs CPU each` },
    { name: 'XState alone, nothing durable', value: bare.perSecond, unit: '/s', note: `${bare.cpu.toFixed(1)} µs CPU each` },
    { name: 'durable steps, 1 actor', value: one.perSecond, unit: '/s', note: `${one.cpu.toFixed(0)} µs CPU each` },
    { name: 'the same, against the raw commits', value: one.perSecond / raw.perSecond, unit: '×', goal: { atLeast: 0.7 } },
    { name: 'durable steps, 100 actors', value: hundred.perSecond, unit: '/s' },
    { name: 'the same, against the raw commits', value: hundred.perSecond / raw.perSecond, unit: '×', goal: { atLeast: 6 } },
    { name: 'durable steps, 1,000 actors', value: thousand.perSecond, unit: '/s' },
    { name: 'CPU per durable step, 100 actors', value: hundred.cpu, unit: 'µs', note: 'median of rounds', goal: { atMost: 40 } },
    ...(await bootAndRestore(quick ? 100 : 1000, quick ? 1000 : 100_000)),
    ...(await growth(quick ? [1000, 10_000] : [1000, 100_000, 1_000_000])),
  ];
};

if (import.meta.main) console.log(table(await benchRuntime({ quick: process.argv.includes('--quick') })));
