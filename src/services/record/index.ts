/** The flight recorder: gathers what happened and what is left of it, takes secrets out, chains and seals it. */
import { homedir } from 'node:os';
import type { TaskContext } from '../../../machines/task/schema.ts';
import type { Agent } from '../../api/contract/agent.ts';
import type { Recording } from '../../api/contract/recording.ts';
import type { Task, TaskDiff } from '../../api/contract/task.ts';
import { fail, ok, type Result } from '../../errors.ts';
import { inSlices } from '../../lib/in-slices.ts';
import { everyRow } from '../../runtime/every-row.ts';
import type { ActorService } from '../actors.ts';
import type { AgentService } from '../agents.ts';
import type { ServiceDeps } from '../deps.ts';
import type { MessageService } from '../messages.ts';
import type { ProjectService } from '../projects.ts';
import type { Resolver } from '../resolve.ts';
import type { SystemService } from '../system.ts';
import type { TaskService } from '../tasks.ts';
import type { WorkService } from '../work.ts';
import { chained, sealed } from './chain.ts';
import { gatherer } from './gather.ts';
import { redactor } from './redact.ts';

/** Newest rows kept; more would make a file no browser likes. */
const rowLimit = 20_000;
/** Tasks of a whole home, those that moved last; how many are left out is told. */
const taskLimit = 500;
const screenLines = 1000;
const diffBytes = 256 * 1024;

export type RecordService = {
  /** `about`: a task, an agent (its task is taken) or any other actor; null = the whole home. `CCM_NOT_FOUND`. */
  make(about: string | null): Promise<Result<Recording>>;
};

type Deps = Pick<ServiceDeps, 'runtime' | 'store' | 'clock' | 'secrets' | 'daemon'> & {
  resolve: Resolver;
  actors: ActorService;
  tasks: TaskService;
  agents: AgentService;
  messages: MessageService;
  projects: ProjectService;
  system: SystemService;
  work: WorkService;
};

export const recordService = (deps: Deps): RecordService => {
  const { runtime, clock, resolve, daemon } = deps;
  const gather = gatherer({ runtime, actors: deps.actors, most: rowLimit });

  /** All actors of a task: itself, its agents, what was said and asked. */
  const family = (task: string): string[] => {
    const state = runtime.state(task);
    const agents = state?.kind === 'task' ? (state.context as TaskContext).agents : [];
    const below = [task, ...agents].flatMap((parent) =>
      (['message', 'approval'] as const).flatMap((kind) => everyRow(runtime, { kind, parent }).map(({ id }) => id)),
    );
    return [...new Set([task, ...agents, ...below])];
  };
  const ownSecrets = async (): Promise<Result<string[]>> => {
    const names = await deps.secrets.names();
    if (!names.ok) return names;
    const values: string[] = [];
    for (const name of names.value) {
      const value = await deps.secrets.get(name);
      if (!value.ok) return value;
      if (value.value !== null) values.push(value.value);
    }
    return ok(values);
  };
  /** Without its commands: a recording can be looked at, not told what to do. */
  const still = <T extends { commands: unknown[] }>(view: T): T => ({ ...view, commands: [] });

  return {
    make: async (about) => {
      const found = about === null ? null : resolve.any(about);
      if (found && !found.ok) return found;
      const named = found?.ok ? found.value : null;
      const subject = named && named.kind !== 'task' && named.view.parent ? (runtime.state(named.view.parent) ?? named) : named;
      const root = subject && subject.kind === 'agent' && subject.view.parent ? (runtime.state(subject.view.parent) ?? subject) : subject;

      const taskIds =
        root === null
          ? runtime.list({ kind: 'task', order: 'updated', limit: taskLimit }).map(({ id }) => id)
          : root.kind === 'task'
            ? [root.id]
            : [];
      const actors =
        root === null
          ? [...(await inSlices(taskIds, family)).flat(), ...runtime.list({ kind: 'sync-link', limit: 1 }).map(({ id }) => id)]
          : family(root.id);
      const { rows, leftOut } = await gather(actors);
      if (rows.length === 0) return fail('CCM_NOT_FOUND', 'Nothing has happened yet: there is nothing to record.');

      const tasks: Task[] = [];
      const agents: Agent[] = [];
      const messages: Recording['messages'] = [];
      const diffs: Record<string, TaskDiff> = {};
      const screens: Record<string, string> = {};
      for (const id of taskIds) {
        const task = deps.tasks.get(id);
        if (!task.ok) continue;
        tasks.push(still(task.value));
        const said = deps.messages.list(id);
        if (said.ok) messages.push(...said.value.map(still));
        const diff = await deps.work.diff(id, diffBytes);
        if (diff.ok) diffs[id] = diff.value;
        for (const agentId of task.value.agents) {
          const agent = deps.agents.get(agentId);
          const state = runtime.state(agentId);
          if (!agent.ok || !state) continue;
          agents.push({ ...still(agent.value), pane: null, attach: [] });
          const log = await deps.agents.log(state, screenLines);
          if (log.ok) screens[agentId] = log.value.text;
        }
      }
      const verified = await deps.system.verify(root?.id);
      // Unreadable secrets cannot be looked for: no recording then, rather than one that may hold them.
      const known = await ownSecrets();
      if (!known.ok) return known;
      const clean = redactor(known.value, homedir());
      const content = clean.clean({
        about: root?.id ?? null,
        title: root?.view.title ?? 'Everything',
        tasks,
        agents,
        messages,
        projects: (await deps.projects.list()).filter(({ id }) => root === null || tasks.some((task) => task.project.id === id)),
        screens,
        diffs,
        verified: verified.ok ? verified.value : { checked: 0, findings: [] },
      });
      // Hashes look like secrets and are none.
      const cleaned = await inSlices(rows, (row) => ({ ...clean.clean(row), origin: row.origin }));
      return ok(
        await sealed({
          format: 'ccm-recording',
          formatVersion: 1,
          madeAt: clock.now(),
          program: daemon.version,
          ...content,
          rows: await chained(cleaned),
          leftOut,
          tasksLeftOut: root === null ? Math.max(0, deps.store.views.count({ kind: 'task' }) - taskIds.length) : 0,
          redactions: clean.counts(),
        }),
      );
    },
  };
};
