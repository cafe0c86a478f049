/** One machine: the shipped store, runtime, charts, engine and services, on a file in memory. Its programs and its clock are played. */
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, type SqliteStore } from '../../../adapters/sqlite/index.ts';
import type { Profile } from '../../../machines/effects.ts';
import { kinds } from '../../../machines/index.ts';
import { ok } from '../../../src/errors.ts';
import type { ConnectHub } from '../../../src/ports/hub.ts';
import type { SyncStore } from '../../../src/ports/sync-store.ts';
import { type CrashPoint, createRuntime, type HandlerTable, type Runtime } from '../../../src/runtime/index.ts';
import { type SyncService, syncService } from '../../../src/services/sync/index.ts';
import { type Engine, syncEngine } from '../../../src/sync/engine.ts';
import { LINK_ID } from '../../../src/sync/link-events.ts';
import { profile as plainProfile } from '../../support/chart-events.ts';
import { type FakeClock, fakeClock } from '../../support/fake-clock.ts';
import { seededIds, seededRandom } from '../../support/seeded.ts';
import { expectOk } from '../../support/temp-store.ts';
import { playedAgent } from './played-agent.ts';

export const profile: Profile = { ...plainProfile, name: 'worker', mode: 'oneshot', prompt: 'argument', restart: 'never' };
const workspace = { dir: '/w', worktree: null, branch: null, base: null, notes: [] };
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const simKinds = { task: kinds.task, agent: playedAgent, approval: kinds.approval, 'sync-link': kinds['sync-link'] };

export type Start = { device: number; task: string; fence: number; attempt: number; effect: string };
export type DeviceHooks = {
  connect: (device: number, clock: FakeClock, alive: () => boolean) => ConnectHub;
  /** Watches what is written for the hub. */
  watch: (device: number, store: SqliteStore) => SqliteStore;
  started: (start: Start) => void;
  fatal: (words: string) => void;
};

type Life = { over: boolean; store: SqliteStore; sync: SyncStore; runtime: Runtime; engine: Engine; service: SyncService };
export type Device = {
  index: number;
  clock: FakeClock;
  /** Null while it is off. */
  life: () => Life | null;
  start(): Promise<void>;
  /** The process ends here and now; at a crash point, in the middle of what it does. */
  kill(): void;
  killAt(point: CrashPoint, passage: number): void;
  /** No trap is set any more. */
  spare(): void;
  /** The whole file as it is now; the returned function puts it back under a machine that is off. */
  backup(): () => void;
};

/** `template`: a fresh database, copied instead of made. */
export const device = (index: number, seed: number, folder: string, template: string, begin: number, hooks: DeviceHooks): Device => {
  const clock = fakeClock(begin, `boot-${index}`);
  const place = join(folder, `d${index}`);
  mkdirSync(place);
  const file = join(place, 'ccm.db');
  copyFileSync(template, file);
  let session: string | null = null;
  const box = {
    read: async () => session,
    write: async (text: string) => {
      session = text;
    },
    remove: async () => {
      session = null;
    },
  };
  let life: Life | null = null;
  let runs = 0;
  let backups = 0;
  let trap: { point: CrashPoint; passage: number } | null = null;

  const kill = () => {
    if (!life) return;
    life.over = true;
    life.store.close();
    life = null;
    trap = null;
    clock.restart();
  };

  const start = async () => {
    runs += 1;
    const store = expectOk(openStore({ file, now: clock.now() }));
    const watched = hooks.watch(index, store);
    const { sync } = watched;
    const alive = () => mine.life?.over === false;
    const mine: { life: Life | null } = { life: null };
    // What a dead process still wanted to do later is not done.
    const ours = { ...clock, after: (ms: number, call: () => void) => clock.after(ms, () => alive() && call()) };
    const runtime = createRuntime({
      kinds: simKinds,
      store: watched,
      clock: ours,
      ids: seededIds(seed * 64 + index * 1_000_003 + runs * 7_919),
      random: seededRandom(seed + index * 31 + runs),
      log: quiet,
      generation: () => 'g',
      limits: { pool: 8 },
      afterSteps: () => engine.afterSteps(),
      onFatal: (error) => {
        if (alive()) hooks.fatal(`device ${index}: ${error.stack}`);
      },
      crash: (point) => {
        if (trap?.point !== point || !alive()) return;
        trap.passage -= 1;
        if (trap.passage <= 0) kill();
      },
    });
    const engine = syncEngine({
      runtime,
      store: watched,
      clock: ours,
      random: seededRandom(seed * 3 + index + runs),
      log: { ...quiet, error: (fields, words) => alive() && hooks.fatal(`device ${index}: ${words} ${JSON.stringify(fields)}`) },
      facts: () => ({ load: 0 }),
      newOp: () => runtime.newId(),
      obey: async () => ({ ok: true, final: true }),
      prepare: async ({ id, doc }, by) => {
        const { title, prompt, project, priority } = doc;
        if (String(title).startsWith('impossible')) return { ok: false, problem: { code: 'CCM_NOT_FOUND', detail: 'no such project' } };
        const task = {
          id,
          at: clock.now(),
          by,
          title: String(title),
          prompt: String(prompt),
          project: String(project),
          profile,
          isolated: false,
        };
        return ok({
          plan: { project: task.project, profile, isolated: false },
          create: (step) => void step.create('task', { ...task, priority: Number(priority) }, by),
        });
      },
    });
    const service = syncService({
      runtime,
      store: watched,
      engine,
      connect: hooks.connect(index, clock, alive),
      address: ok,
      box,
      now: () => clock.now(),
      describe: () => ({ name: `device ${index}` }),
    });
    const handlers: HandlerTable = {
      ...engine.handlers,
      'workspace.prepare': async ({ task, attempt }: { task: string; attempt: number }, { effectId }) => {
        hooks.started({ device: index, task, attempt, fence: sync.row('task', task)?.mine?.fence ?? 0, effect: effectId });
        return { outcomes: [{ event: { type: 'WORKSPACE_READY', attempt, workspace } }] };
      },
      'workspace.measure': async ({ attempt }: { attempt: number }) => ({
        outcomes: [{ event: { type: 'WORKSPACE_MEASURED', attempt, diff: null } }],
      }),
      'approval.deliver': async () => ({ outcomes: [{ event: { type: 'DELIVERED' } }] }),
    };
    life = { over: false, store, sync, runtime, engine, service };
    mine.life = life;
    await service.resume();
    await runtime.boot(handlers);
    if (!runtime.state(LINK_ID)) await runtime.create('sync-link', { id: LINK_ID, at: clock.now() }, 'daemon');
    await engine.begin();
  };

  return {
    index,
    clock,
    life: () => life,
    start,
    kill,
    killAt: (point, passage) => {
      trap = { point, passage };
    },
    spare: () => {
      trap = null;
    },
    backup: () => {
      backups += 1;
      const ends = ['', '-wal'].filter((end) => existsSync(file + end));
      for (const end of ends) copyFileSync(file + end, join(place, `backup-${backups}${end}`));
      const saved = join(place, `backup-${backups}`);
      return () => {
        for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
        for (const end of ends) copyFileSync(saved + end, file + end);
      };
    },
  };
};
