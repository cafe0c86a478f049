/** The daemon itself: its state, its checks, its copies, its end. */
import { isAbsolute, join } from 'node:path';
import type { TaskContext } from '../../machines/task/schema.ts';
import type { MachineView } from '../api/contract/chart.ts';
import type { Consequence } from '../api/contract/envelope.ts';
import type { BackedUp, HandedOver, Panicked, ParkedRow, Status, Stopping, Verified } from '../api/contract/system.ts';
import type { Task } from '../api/contract/task.ts';
import type { OutboxRow } from '../api/contract/why.ts';
import { fail, ok, problemOf, type Result } from '../errors.ts';
import { everyRow } from '../runtime/every-row.ts';
import type { Caller } from './caller.ts';
import type { ServiceDeps } from './deps.ts';
import type { InboxService } from './inbox.ts';
import { openEffects, presentEffect } from './why.ts';

export type SystemService = {
  status(): Status;
  /** Every kind of actor, with the number of actors in each status. */
  machines(): MachineView[];
  /** The newest of each kind; `outboxSize` and `parkedSize` say how many there are. */
  outbox(): OutboxRow[];
  outboxSize(): number;
  parked(): ParkedRow[];
  parkedSize(): number;
  retryParked(id: string): Promise<Result<{ id: string; retried: true }>>;
  verify(id: string | undefined): Promise<Result<Verified>>;
  /** Without a path: a dated file in the home's `backups`. */
  backup(path: string | undefined): Promise<Result<BackedUp>>;
  shutdown(agents: 'keep' | 'stop'): Stopping;
  /** Another daemon takes our place; agents go on. CCM_TAKEOVER_FAILED, CCM_CONFLICT. */
  handOver(): Promise<Result<HandedOver>>;
  /** The demo agent carries a task out, in a project of its own. */
  demo(caller: Caller): Promise<Result<Task | Consequence>>;
  /** Every task that is not ended is killed, at once and without asking each. */
  panic(caller: Caller): Promise<Panicked>;
};

type Deps = Pick<ServiceDeps, 'runtime' | 'config' | 'clock' | 'daemon' | 'store' | 'kinds'> & { inbox: InboxService };

/** Milliseconds until processes are ended, whether the charts have heard of it or not. */
const panicPatienceMs = 5_000;
/** Unreadable actors that are named; how many there are is told. */
const namedAside = 20;

/** What was put aside keeps its problem whole; a person reads its sentence. */
const detailOf = (error: string): string => {
  try {
    const { detail } = JSON.parse(error) as { detail?: unknown };
    return typeof detail === 'string' ? detail : error;
  } catch {
    return error; // Rows of old are plain text.
  }
};

export const systemService = ({ runtime, store, config, clock, daemon, inbox, kinds }: Deps): SystemService => {
  const countBy = (kind: string): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const status of store.views.statuses(kind)) counts[status.status] = status.count;
    return counts;
  };
  const living = (kind: 'task' | 'agent'): string[] => everyRow(runtime, { kind, ended: false }).map(({ id }) => id);
  const unreadable = (): Status['unreadable'] => {
    const all = runtime.setAside();
    const first = all.slice(0, namedAside).map(({ actor, short, kind, reason }) => ({
      id: actor,
      short,
      kind,
      title: store.views.get(actor)?.title ?? '',
      reason,
    }));
    return { count: all.length, first };
  };
  return {
    status: () => ({
      version: daemon.version,
      pid: daemon.pid,
      home: config.home.root,
      url: daemon.url(),
      startedAt: daemon.startedAt,
      node: daemon.node,
      tmux: daemon.tmux(),
      counts: { tasks: countBy('task'), agents: countBy('agent'), attention: inbox.count() },
      sync: daemon.sync(),
      parked: runtime.stats().parked,
      unreadable: unreadable(),
      heldSince: runtime.stats().heldSince,
      limits: { concurrency: config.concurrency },
    }),
    machines: () =>
      Object.values(kinds).map(({ kind, version }) => {
        const statuses = store.views.statuses(kind);
        return { kind, version, statuses, actors: statuses.reduce((sum, { count }) => sum + count, 0) };
      }),
    outboxSize: () => store.outbox.due(),
    parkedSize: () => runtime.stats().parked,
    outbox: () => [...openEffects(runtime, null), ...runtime.outbox({ state: 'failed', limit: 200 })].map(presentEffect),
    parked: () =>
      runtime.parked().map(({ id, actor, event, error, at, attempts }) => ({
        id: String(id),
        kind: 'event',
        actor,
        type: typeOf(event),
        reason: detailOf(error),
        at,
        attempts,
      })),
    retryParked: async (text) => {
      const id = Number(text);
      if (!runtime.parked().some((row) => row.id === id)) return fail('CCM_NOT_FOUND', `Nothing is parked under "${text.slice(0, 40)}".`);
      try {
        await runtime.retryParked(id);
      } catch (thrown) {
        // It failed again and is parked again: told as what it is.
        return { ok: false, problem: problemOf(thrown) };
      }
      return ok({ id: text, retried: true });
    },
    verify: async (id) => {
      const state = id === undefined ? null : runtime.state(id);
      if (id !== undefined && !state && !runtime.unreadable(id)) return fail('CCM_NOT_FOUND', `There is no actor "${id.slice(0, 80)}".`);
      // A damaged page may be one that no history stands on, such as those the lists are made of.
      const damage = id === undefined ? store.damage() : [];
      if (damage.length > 0) return fail('CCM_DB_CORRUPT', damage.join('; '));
      const findings = await runtime.verify(id);
      return ok({
        checked: id === undefined ? store.journal.head() : (state?.seq ?? 0),
        findings: findings.map(({ actor, seq, reason }) => ({ actor, seq, problem: reason })),
      });
    },
    backup: async (path) => {
      if (path !== undefined && (!isAbsolute(path) || path.includes('\0'))) {
        return fail('CCM_BAD_INPUT', 'The path of a backup must be absolute.', { field: 'path' });
      }
      const stamp = new Date(clock.now()).toISOString().replaceAll(/[:.]/g, '-');
      return daemon.backup(path ?? join(config.home.backups, `ccm-${stamp}.db`));
    },
    shutdown: (agents) => {
      daemon.stop(agents);
      return { stopping: true, agents };
    },
    handOver: () => daemon.handOver(),
    demo: (caller) => daemon.demo(caller),
    panic: async (caller) => {
      const tasks: string[] = [];
      const kill = (id: string) => runtime.command(id, { type: 'KILL', by: caller.by });
      const told = async (): Promise<void> => {
        await Promise.allSettled(living('task').map(async (id) => kill(id).then(() => tasks.push(id))));
        // The task's chart passes it on; an agent whose task ended before is told here.
        const owned = new Set(tasks.map((id) => (runtime.state(id)?.context as TaskContext | undefined)?.agent));
        await Promise.allSettled(
          living('agent')
            .filter((id) => !owned.has(id))
            .map(kill),
        );
      };
      // Where nothing can be stored now, the charts hear of it as soon as it can; the processes end without.
      await Promise.race([told(), new Promise<void>((resolve) => void clock.after(panicPatienceMs, resolve))]);
      // The charts end what they know; this is for what left its window, and it is the proof.
      const { killed, left, sure } = await daemon.sweep();
      return { stopped: tasks.length, tasks, killed: killed.length, left, sure };
    },
  };
};

const typeOf = (event: string): string => {
  const parsed: unknown = JSON.parse(event);
  return typeof parsed === 'object' && parsed !== null && 'type' in parsed ? String(parsed.type) : 'unknown';
};
