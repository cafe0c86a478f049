/** Tasks: asked for, listed, shown, commanded. */

import type { z } from 'zod';
import type { AgentContext } from '../../machines/agent/schema.ts';
import type { TaskContext } from '../../machines/task/schema.ts';
import type { Consequence, Meta } from '../api/contract/envelope.ts';
import type { CreateTask, listTasks, Task } from '../api/contract/task.ts';
import { fail, ok, type Result } from '../errors.ts';
import type { ViewQuery } from '../ports/store.ts';
import type { ActorState, Transaction } from '../runtime/types.ts';
import type { Caller } from './caller.ts';
import { cursorOf, placeOf } from './cursor.ts';
import type { ServiceDeps } from './deps.ts';
import type { Marks } from './marks.ts';
import type { PlanTask, TaskPlan } from './new-task.ts';
import type { Fields, Orders } from './orders.ts';
import { limitOf, summariseAgent } from './present-agent.ts';
import { presentTask } from './present-task.ts';
import type { ProjectService } from './projects.ts';
import type { Resolver } from './resolve.ts';
import type { SinceBook } from './since.ts';
import type { UsageService } from './usage.ts';

/** A task that another machine asked for, as this one would begin it. */
export type Adopt = (wanted: CreateTask, id: string, by: string) => Promise<Result<{ create: (step: Transaction) => void }>>;

export type TaskService = {
  adopt: Adopt;
  create(wanted: CreateTask, caller: Caller, dry: boolean): Promise<Result<Task | Consequence>>;
  /** From a checked plan. */
  createFrom(input: TaskPlan['input'], notes: readonly string[], caller: Caller): Promise<Result<Task>>;
  list(query: z.output<typeof listTasks>): Result<{ tasks: Task[]; meta: Meta }>;
  get(text: string): Result<Task>;
  /** A command of the task's chart, or `interrupt`, which goes to its agent. */
  command(text: string, verb: string, fields: Fields, caller: Caller, dry: boolean): Promise<Result<Task | Consequence>>;
  present(state: ActorState, whole?: boolean): Task;
};

type Deps = Pick<ServiceDeps, 'elsewhere' | 'runtime' | 'store' | 'clock'> & {
  plan: PlanTask;
  orders: Orders;
  resolve: Resolver;
  since: SinceBook;
  marks: Marks;
  projects: ProjectService;
  usage: Pick<UsageService, 'of'>;
};

export const taskService = ({
  elsewhere,
  runtime,
  store,
  clock,
  plan,
  orders,
  resolve,
  since,
  marks,
  projects,
  usage,
}: Deps): TaskService => {
  const present = (state: ActorState, whole = true): Task => {
    const { project, agent } = state.context as TaskContext;
    const agentState = agent === null ? null : runtime.state(agent);
    return presentTask(state, {
      projectName: store.projects.get(project)?.name ?? elsewhere?.faring(state.id)?.project ?? project,
      faring: elsewhere?.faring(state.id) ?? null,
      agent: agentState ? summariseAgent(agentState, since, limitOf(agentState, runtime.timers(agentState.id))) : null,
      usage: usage.of({ task: state.id }),
      notes: marks.notes(state.id),
      removed: marks.removed(state.id),
      from: originOf(state),
      whole,
    });
  };
  const originOf = ({ context }: ActorState): Task['from'] => {
    const { from } = context as TaskContext;
    const source = from === null ? null : runtime.state(from.task);
    return from && source ? { id: source.id, short: source.short, title: source.view.title, before: from.before } : null;
  };
  const shown = (id: string): Result<Task> => {
    const state = runtime.state(id);
    return state ? ok(present(state)) : fail('CCM_NOT_FOUND', `There is no task ${id}.`);
  };

  const create: TaskService['create'] = async (wanted, caller, dry) => {
    const before = caller.requestId === null ? null : marks.madeBy(caller.requestId);
    if (before !== null) return shown(before);
    const planned = await plan(wanted);
    if (!planned.ok) return planned;
    const { input, notes, project } = planned.value;
    return dry ? ok(beforehand(input, project.name)) : createFrom(input, notes, caller);
  };

  const createFrom: TaskService['createFrom'] = async (input, notes, caller) => {
    const id = runtime.newId();
    const at = clock.now();
    await runtime.transaction((step) => {
      step.create('task', { ...input, id, at, by: caller.by }, caller.by);
      marks.setNotes(id, notes);
      if (caller.requestId !== null) marks.setMadeBy(caller.requestId, id, at);
    });
    return shown(id);
  };

  const adopt: Adopt = async (wanted, id, by) => {
    const planned = await plan(wanted);
    if (!planned.ok) return planned;
    const { input, notes } = planned.value;
    const at = clock.now();
    return ok({
      create: (step) => {
        step.create('task', { ...input, id, at, by }, by);
        marks.setNotes(id, notes);
      },
    });
  };

  const list: TaskService['list'] = ({ status, project, attention, q, all, limit, cursor }) => {
    const query: ViewQuery = { kind: 'task', order: 'urgency' };
    if (status !== undefined)
      query.status = status
        .split(',')
        .slice(0, 20)
        .map((one) => one.trim());
    else if (!all) query.ended = false;
    if (attention) query.attention = 2;
    if (q !== undefined && q !== '') query.text = q;
    if (project !== undefined) {
      const found = projects.find(project);
      if (!found.ok) return found;
      query.project = found.value.id;
    }
    const place = cursor === undefined ? null : placeOf(cursor);
    if (place && !place.ok) return place;
    const rows = runtime.list({ ...query, limit: limit + 1, ...(place ? { after: place.value } : {}) });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const tasks = page.flatMap(({ id }) => {
      const state = runtime.state(id);
      return state ? [present(state, false)] : [];
    });
    return ok({ tasks, meta: { total: store.views.count(query), next: rows.length > limit && last ? cursorOf(last) : null } });
  };

  /** Esc is pressed in a window, so it is the agent's command; people give it to the task they see. */
  const receiver = (task: ActorState, verb: string): Result<ActorState> => {
    if (verb !== 'interrupt') return ok(task);
    const { agent } = task.context as TaskContext;
    const state = agent === null ? null : runtime.state(agent);
    return state
      ? ok(state)
      : fail('CCM_ILLEGAL_MOVE', `The task is ${task.status} and has no agent to interrupt.`, {
          state: task.status,
          legal: task.legal.map(({ verb: name }) => name),
        });
  };

  return {
    adopt,
    create,
    createFrom,
    list,
    present,
    get: (text) => {
      const found = resolve.task(text);
      return found.ok ? ok(present(found.value)) : found;
    },
    command: async (text, verb, fields, caller, dry) => {
      const found = resolve.task(text);
      if (!found.ok) return found;
      if (verb === 'run-here' && !dry && elsewhere && 'RUN_HERE' in runHereOf(found.value)) {
        const here = await elsewhere.runHere(found.value.id, caller);
        return here.ok ? shown(found.value.id) : here;
      }
      const target = receiver(found.value, verb);
      if (!target.ok) return target;
      const outcome = await orders.give(target.value, verb, fields, caller, dry);
      if (!outcome.ok) return outcome;
      if ('consequence' in outcome.value) return ok(outcome.value.consequence);
      return shown(found.value.id);
    },
  };
};

/** Asked of the hub first, where it may know of the task: the chart alone cannot know whether the other machine has begun. */
const runHereOf = ({ legal }: ActorState): Record<string, true> => Object.fromEntries(legal.map(({ type }) => [type, true]));

/** What would become of a task that does not exist yet. */
const beforehand = (
  { title, startAt, after, profile }: { title: string; startAt: number | null; after: readonly string[]; profile: AgentContext['profile'] },
  project: string,
): Consequence => {
  const becomes = startAt !== null ? 'scheduled' : after.length > 0 ? 'blocked' : 'queued';
  const how = {
    scheduled: 'waits for its time',
    blocked: `waits for ${after.length} other tasks`,
    queued: 'starts as soon as there is a place',
  }[becomes];
  return {
    dryRun: true,
    legal: true,
    consequence: `A new task "${title}" in the project "${project}" for the agent "${profile.name}" is ${becomes}: it ${how}.`,
    becomes,
    effects: [],
    timers: [],
    transitions: [],
  };
};
