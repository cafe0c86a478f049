/** Tasks: asked for, listed, shown, commanded. */

import type { z } from 'zod';
import type { AgentContext } from '../../machines/agent/schema.ts';
import type { TaskContext } from '../../machines/task/schema.ts';
import type { Consequence, Meta } from '../api/contract/envelope.ts';
import type { CreateTask, listTasks, Task, TaskLog } from '../api/contract/task.ts';
import { fail, ok, type Result } from '../errors.ts';
import type { ViewPlace, ViewQuery } from '../ports/store.ts';
import type { ActorState, Transaction } from '../runtime/types.ts';
import type { HerePlan } from '../sync/claim.ts';
import type { AgentService } from './agents.ts';
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
export type Adopt = (
  wanted: CreateTask & { projectName?: string | undefined },
  id: string,
  by: string,
) => Promise<Result<{ create: (step: Transaction) => void; plan: HerePlan }>>;

export type TaskService = {
  adopt: Adopt;
  create(wanted: CreateTask, caller: Caller, dry: boolean): Promise<Result<Task | Consequence>>;
  /** From a checked plan. */
  createFrom(input: TaskPlan['input'], notes: readonly string[], caller: Caller): Promise<Result<Task>>;
  list(query: z.output<typeof listTasks>): Result<{ tasks: Task[]; meta: Meta }>;
  get(text: string): Result<Task>;
  /** The text of its agent's window, or of the attempt that is named; from another machine at most every few seconds. */
  log(text: string, lines: number, agent: string | null, caller: Caller): Promise<Result<TaskLog>>;
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
  agents: Pick<AgentService, 'log'>;
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
  agents,
}: Deps): TaskService => {
  const present = (state: ActorState, whole = true): Task => {
    const { project, agent } = state.context as TaskContext;
    const agentState = agent === null ? null : runtime.state(agent);
    const faring = elsewhere?.faring(state.id) ?? null;
    const meant = elsewhere?.meant(state) ?? null;
    return presentTask(state, {
      projectName: store.projects.get(project)?.name ?? meant?.project ?? project,
      system: faring?.system ?? meant?.system ?? null,
      hereInstead: elsewhere && meant ? twinOf(state, meant.project) : null,
      standing: elsewhere?.standing(state) ?? null,
      faring,
      agent: agentState ? summariseAgent(agentState, since, limitOf(agentState, runtime.timers(agentState.id))) : null,
      usage: usage.of({ task: state.id }),
      notes: marks.notes(state.id),
      removed: marks.removed(state.id),
      from: originOf(state),
      whole,
    });
  };
  /** The project of the same name here, where the machine that shall do it is away and has not begun. */
  const twinOf = (state: ActorState, projectName: string): Task['hereInstead'] => {
    if (!['held', 'offered'].includes(state.status) || elsewhere?.away(String(state.context['system'])) !== true) return null;
    const own = store.projects.get((state.context as TaskContext).project);
    const found = projects.find(own?.name ?? projectName);
    return found.ok ? { id: found.value.id, name: found.value.name } : null;
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

  const adopt: Adopt = async ({ projectName, agent, ...rest }, id, by) => {
    const same = projects.find(rest.project ?? '');
    // Another machine's project is meant here by its name.
    const project = same.ok || projectName === undefined ? rest.project : projectName;
    const here = { ...rest, ...(project === undefined ? {} : { project }) };
    const asked = agent === undefined ? null : await plan({ ...here, agent });
    // An agent that only the other machine has: this one's usual agent does it.
    const planned = asked?.ok ? asked : await plan(here);
    if (!planned.ok) return planned;
    const { input, notes } = planned.value;
    const name = projectName ?? project ?? '';
    if (input.system !== null)
      return fail('CCM_NOT_FOUND', `This machine has no project "${name}".`, {
        next: `Add a clone of it here: \`ccm project add PATH --name ${name}\`.`,
      });
    const at = clock.now();
    return ok({
      plan: { project: input.project, profile: input.profile, isolated: input.isolated },
      create: (step) => {
        step.create('task', { ...input, id, at, by }, by);
        marks.setNotes(id, notes);
      },
    });
  };

  const farOf = ({ all, status, project, q, attention }: FarFilter): Task[] => {
    const wanted = status?.split(',').map((one) => one.trim());
    return (elsewhere?.far.list({ ended: all || status !== undefined, project, text: q || undefined }) ?? []).filter(
      (task) => (!attention || task.attention === 2) && (wanted === undefined || wanted.includes(task.status)),
    );
  };

  const list: TaskService['list'] = ({ status, project, attention, q, all, here, limit, cursor }) => {
    const query: ViewQuery = { kind: 'task', order: 'urgency' };
    if (status !== undefined)
      query.status = status
        .split(',')
        .slice(0, 20)
        .map((one) => one.trim());
    else if (!all) query.ended = false;
    if (attention) query.attention = 2;
    if (q !== undefined && q !== '') query.text = q;
    let strange = false;
    if (project !== undefined) {
      const found = projects.find(project);
      // A project that only another machine has.
      strange = !found.ok && !here && farOf({ all: true, project, attention: false }).length > 0;
      if (!found.ok && !strange) return found;
      if (found.ok) query.project = found.value.id;
    }
    const place = cursor === undefined ? null : placeOf(cursor);
    if (place && !place.ok) return place;
    const after = place ? place.value : null;
    const rows = strange ? [] : runtime.list({ ...query, limit: limit + 1, ...(after ? { after } : {}) });
    const far = here ? [] : farOf({ all, status, project, q, attention });
    const behind = far.filter((task) => after === null || byUrgency(task, after) > 0);
    const local = rows.flatMap((row) => {
      const state = runtime.state(row.id);
      return state ? [{ row, task: () => present(state, false) }] : [];
    });
    const both = [...local, ...behind.map((task) => ({ row: task, task: () => task }))].toSorted((a, b) => byUrgency(a.row, b.row));
    const page = both.slice(0, limit);
    const last = page.at(-1)?.row;
    const total = (strange ? 0 : store.views.count(query)) + far.length;
    return ok({ tasks: page.map(({ task }) => task()), meta: { total, next: both.length > limit && last ? cursorOf(last) : null } });
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
      if (found.ok) return ok(present(found.value));
      const there = elsewhere?.has(found, text) ?? null;
      if (!elsewhere || !there) return found;
      return there.ok ? ok(elsewhere.far.get(there.value)) : there;
    },
    log: async (text, lines, named, caller) => {
      const found = resolve.task(text);
      const there = elsewhere?.has(found, text) ?? null;
      if (elsewhere && there) return there.ok ? elsewhere.far.log(there.value, lines, caller) : there;
      if (!found.ok) return found;
      const agent = named ?? (found.value.context as TaskContext).agent;
      if (agent === null) return ok({ text: '', live: false });
      const state = resolve.agent(agent);
      return state.ok ? agents.log(state.value, lines) : state;
    },
    command: async (text, verb, fields, caller, dry) => {
      const found = resolve.task(text);
      const there = elsewhere?.has(found, text) ?? null;
      if (there && !there.ok) return there;
      if (!found.ok) return elsewhere && there ? elsewhere.far.command(there.value, verb, fields, caller, dry) : found;
      if (elsewhere && there && !found.value.legal.some((move) => move.verb === verb)) {
        const told = await elsewhere.far.tell(there.value, verb, fields, caller, dry);
        if (!told.ok) return told;
        if ('consequence' in told.value) return ok(told.value.consequence);
        const { waits } = told.value;
        const task = present(runtime.state(found.value.id) ?? found.value);
        return ok(waits === null ? task : { ...task, notes: [...task.notes, waits] });
      }
      if (verb === 'run-here' && there?.ok && !found.value.view.ended) {
        const where = present(found.value, false).system ?? 'Another machine';
        const words = `${where} has it already. \`ccm reassign\` takes it away from there.`;
        return fail('CCM_ILLEGAL_MOVE', words, { state: found.value.status, legal: present(found.value, false).commands });
      }
      if (verb === 'run-here' && !dry && elsewhere && 'RUN_HERE' in runHereOf(found.value)) {
        const { prompt, title, project, profile } = found.value.context as TaskContext;
        const projectName = elsewhere.meant(found.value)?.project ?? store.projects.get(project)?.name;
        const planned = await adopt({ project, projectName, prompt, title, agent: profile.name }, found.value.id, caller.by);
        if (!planned.ok) return planned;
        const here = await elsewhere.runHere(found.value.id, planned.value.plan, caller);
        if (!here.ok || here.value) return here.ok ? shown(found.value.id) : here;
        const waits = '`run-here` waits for the hub: it may have the offer already, and gives it back first.';
        const task = shown(found.value.id);
        return task.ok ? ok({ ...task.value, notes: [...task.value.notes, waits] }) : task;
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

type FarFilter = Pick<z.output<typeof listTasks>, 'all' | 'status' | 'project' | 'q' | 'attention'>;

/** The order of lists: what waits for a person, then what goes on, then what has ended; the latest first. */
const byUrgency = (a: ViewPlace, b: ViewPlace): number =>
  b.attention - a.attention || Number(a.ended) - Number(b.ended) || b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

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
