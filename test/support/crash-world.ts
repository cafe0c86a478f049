/**
 * A small world that is killed again and again: a seeded plan of events, handlers that leave a line outside the database for each run,
 * and a client that writes down each receipt and sends again what it got none for. `examine` says what must be true afterwards.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, type SqliteStore } from '../../adapters/sqlite/index.ts';
import type { HandlerResult } from '../../machines/effects.ts';
import { CcmError } from '../../src/errors.ts';
import { type Store, StoreFailure } from '../../src/ports/store.ts';
import { type CrashPoint, createRuntime, type HandlerTable, type Runtime } from '../../src/runtime/index.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';
import { seededIds, seededRandom } from './seeded.ts';
import { expectOk } from './temp-store.ts';
import { tinyEffects, tinyKinds } from './tiny-kinds.ts';

export type Op = { id: string; to: string; event: { type: string; [field: string]: unknown } } | { id: string; create: string };

const kinds = [
  'START',
  'START',
  'NEXT',
  'PAUSE',
  'RESUME',
  'FINISHED',
  'NOTE',
  'TYPE',
  'TYPE',
  'LAUNCH',
  'STOP',
  'TELL',
  'CHILD',
  'RELAY',
  'BOOM',
  'UNKNOWN',
];

/** The same for the same seed. */
export const planOf = (seed: number, length: number): Op[] => {
  const random = seededRandom(seed);
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const names = ['w0', 'w1', 'w2', 'w3'];
  const ops: Op[] = names.map((name) => ({ id: `create-${name}`, create: name }));
  for (let index = 0; index < length; index += 1) {
    const type = pick(kinds) ?? 'NOTE';
    const [to = 'w0', other = 'w1'] = [pick(names), pick(names)];
    ops.push({
      id: `op${index}`,
      to,
      event: { type, text: `t${index}`, to: other, left: Math.floor(random() * 4), child: `${to}-c${index}` },
    });
  }
  return ops;
};

export type World = { folder: string; seed: number; length: number };
const fileOf = (world: World) => join(world.folder, 'ccm.db');
const lines = (world: World, name: string): string[][] => {
  const file = join(world.folder, name);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' '));
};
const note = (world: World, name: string, ...parts: Array<string | number>) =>
  appendFileSync(join(world.folder, name), `${parts.join(' ')}\n`);

const numberOf = (text: string) => Buffer.from(text).reduce((sum, byte) => (sum * 31 + byte) >>> 0, 7);

/** Each run leaves a line; what it answers depends only on the effect. */
const handlersOf = (world: World, life: Life): HandlerTable => {
  const handler =
    (name: string) =>
    async (params: Record<string, unknown>, meta: { effectId: string; attempt: number }): Promise<HandlerResult> => {
      if (life.over) return new Promise<HandlerResult>(() => undefined);
      note(world, 'runs.log', meta.effectId, name, JSON.stringify(params).replaceAll(' ', '_'));
      const chance = numberOf(meta.effectId) % 10;
      await new Promise<void>((resolve) => void setImmediate(resolve));
      if (tinyEffects[name]?.repeat === 'safe' && chance < 2 && meta.attempt < 3)
        return { problem: { code: 'CCM_TMUX_LOST', detail: 'again' }, retry: true };
      if (chance === 2) return { problem: { code: 'CCM_TMUX_LOST', detail: 'for good' }, retry: false };
      if (name === 'job.start' && chance < 6) return { outcomes: [{ event: { type: 'FINISHED' } }] };
      return { outcomes: [{ event: { type: 'NOTE', text: name } }, { to: 'w0', event: { type: 'NOTE', text: 'copy' } }] };
    };
  return Object.fromEntries(Object.keys(tinyEffects).map((name) => [name, handler(name)]));
};

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export type Opened = { store: SqliteStore; runtime: Runtime; clock: FakeClock; life: Life };

/** A process played inside this one: when it is over, it leaves no more traces. */
export type Life = { over: boolean };
export type OpenOptions = {
  life?: Life;
  crash?: (point: CrashPoint) => void;
  wrap?: (store: SqliteStore) => Store;
  onFatal?: (error: Error) => void;
};

/** Starts a process of this world: every one is another terminal generation, and another run of the machine. */
export const openWorld = async (world: World, { crash, wrap, onFatal, life = { over: false } }: OpenOptions = {}): Promise<Opened> => {
  const run = lines(world, 'runs-of-the-process.log').length;
  note(world, 'runs-of-the-process.log', run);
  const clock = fakeClock(Date.UTC(2026, 0, 1) + run * 10_000_000, `boot-${run}`);
  const store = expectOk(openStore({ file: fileOf(world), now: clock.now() }));
  const runtime = createRuntime({
    kinds: tinyKinds,
    store: wrap?.(store) ?? store,
    clock,
    ids: seededIds(world.seed * 1000 + run),
    random: seededRandom(world.seed + run),
    log: quiet,
    effects: tinyEffects,
    generation: () => `g${run}`,
    limits: { pool: 3 },
    onFatal:
      onFatal ??
      ((error) => {
        throw error;
      }),
    ...(crash ? { crash } : {}),
  });
  await runtime.boot(handlersOf(world, life));
  return { store, runtime, clock, life };
};

/** Sends what has no receipt yet, in waves, and lets time pass between them. */
export const play = async (world: World, { runtime, clock, life }: Opened): Promise<void> => {
  const answered = new Set(lines(world, 'receipts.log').map(([id]) => id));
  const random = seededRandom(world.seed ^ answered.size);
  const rest = planOf(world.seed, world.length).filter((op) => !answered.has(op.id));
  const perform = async (op: Op) => {
    try {
      const receipt =
        'create' in op ? await runtime.create('worker', { id: op.create }) : await runtime.send(op.to, { ...op.event, id: op.id });
      if (!life.over) note(world, 'receipts.log', op.id, receipt.gseq ?? 'unhandled');
    } catch (error) {
      if (!(error instanceof CcmError) && !life.over) throw error;
      // The store could not: nothing happened, so it is sent again.
      if (error instanceof StoreFailure) rest.push(op);
      if (error instanceof StoreFailure || life.over) return;
      note(world, 'receipts.log', op.id, error instanceof CcmError ? error.code : 'CCM_INTERNAL');
    }
  };
  while (rest.length > 0 && !life.over) {
    await Promise.all(rest.splice(0, 1 + Math.floor(random() * 5)).map(perform));
    clock.advance(Math.floor(random() * 12_000));
    if (random() < 0.3) await breathe(5);
  }
  if (!life.over) await comeToRest({ runtime, clock });
};

const breathe = async (turns: number) => {
  for (let turn = 0; turn < turns; turn += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
};

/** Lets time pass until effects, back-offs and patience have run out. */
export const comeToRest = async ({ runtime, clock }: Pick<Opened, 'runtime' | 'clock'>): Promise<void> => {
  let quiet = 0;
  for (let round = 0; round < 5_000 && quiet < 4; round += 1) {
    await breathe(5);
    const { queued, running, waiting } = runtime.stats();
    if (queued + running + waiting > 0) {
      quiet = 0;
      clock.advance(1_000);
    } else {
      quiet += 1;
      clock.advance(65_000);
    }
  }
};

const TIMER_OF: Record<string, string | undefined> = { working: 'patience', tired: 'deadline' };

/** Everything that is wrong with the world now; [] is what it should be. All of the plan must have been played. */
export const examine = async (world: World, { store, runtime }: Opened): Promise<string[]> => {
  const wrong: string[] = [];
  const actors = store.actors.page('', 10_000);
  const journal = actors.flatMap((actor) => runtime.history(actor.id, { limit: 100_000 }));
  const byEvent = Map.groupBy(journal, (row) => String(row.event['id']));
  for (const [id, rows] of byEvent) if (rows.length > 1) wrong.push(`event ${id} made ${rows.length} steps`);

  for (const [id = '', said = ''] of lines(world, 'receipts.log')) {
    const gseq = Number(said);
    const rows = id.startsWith('create-') ? journal.filter((row) => row.gseq === gseq) : (byEvent.get(id) ?? []);
    if (Number.isInteger(gseq) && rows[0]?.gseq !== gseq)
      wrong.push(`${id} was acknowledged as step ${said}, which is ${rows[0]?.gseq ?? 'gone'}`);
    if (said === 'unhandled' && store.seen.get(id) !== null) wrong.push(`${id} was acknowledged as unhandled and is forgotten`);
    if (said === 'CCM_INTERNAL' && !runtime.parked().some((row) => row.eventId === id)) wrong.push(`${id} was parked and is gone`);
  }

  const outbox = runtime.outbox({ limit: 100_000 });
  const rowOf = new Map(outbox.map((row) => [`${row.actor}:${row.seq}:${row.idx}`, row]));
  const runs = Map.groupBy(lines(world, 'runs.log'), ([id]) => id ?? '');
  for (const [id, times] of runs) {
    const row = rowOf.get(id);
    const same = times.every(([, name, params]) => row?.name === name && row?.params.replaceAll(' ', '_') === params);
    if (!row || !same) wrong.push(`effect ${id} ran, but the disk knows another or none`);
    else if (tinyEffects[row.name]?.repeat !== 'safe' && times.length > 1)
      wrong.push(`effect ${id} (${row.name}) ran ${times.length} times`);
  }
  for (const [id, row] of rowOf) {
    const times = runs.get(id)?.length ?? 0;
    if (row.state === 'pending' || row.state === 'running') wrong.push(`effect ${id} is still ${row.state}`);
    if (row.state === 'done' && times === 0) wrong.push(`effect ${id} is done and never ran`);
    if (row.state === 'unsure' && !byEvent.has(`${id}/unsure`)) wrong.push(`nobody was asked about effect ${id}`);
    if (row.state === 'failed' && !byEvent.has(`${id}/0`)) wrong.push(`nobody heard that effect ${id} failed`);
  }

  for (const actor of actors) {
    const status = runtime.state(actor.id)?.status ?? '';
    const expected = TIMER_OF[status];
    const timers = runtime.timers(actor.id).map((timer) => timer.id.split('.')[2]);
    if (timers.join() !== (expected ?? '')) wrong.push(`${actor.id} is ${status} with the timers [${timers.join()}]`);
  }
  const listed = JSON.stringify(runtime.list({ limit: 1000 }));
  await runtime.rebuildViews();
  if (listed !== JSON.stringify(runtime.list({ limit: 1000 }))) wrong.push('the list differs from the actors');
  for (const finding of await runtime.verify()) wrong.push(`${finding.actor} step ${finding.seq}: ${finding.reason}`);
  return wrong;
};
