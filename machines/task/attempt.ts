/** The part of the task chart in which an attempt exists: made ready, worked on, stopped, measured. */
import type { TaskContext } from './schema.ts';
import { order, taskSetup } from './setup.ts';

type Args = { context: TaskContext };

const exits = { AGENT_EXITED: { guard: 'thisAgent', target: '#task.finishing', actions: 'judgeExit' } } as const;
const words = {
  AGENT_DONE: [
    { guard: 'saysSoOnly', actions: 'keepWord' },
    { guard: 'thisAgent', target: '#task.finishing', actions: ['keepWord', 'judgeWord'] },
  ],
  AGENT_FAILED: [
    { guard: 'saysSoOnly', actions: 'keepWord' },
    { guard: 'thisAgent', target: '#task.finishing', actions: ['keepWord', 'judgeWord'] },
  ],
} as const;
const states = {
  AGENT_STATE: [
    { guard: 'needsApproval', target: '#task.running.needsApproval' },
    { guard: 'needsAnswer', target: '#task.running.needsAnswer' },
    { guard: 'limited', target: '#task.running.limited' },
    { guard: 'works', target: '#task.running.working' },
  ],
} as const;
const stops = {
  STOP: { target: '#task.stopping', actions: 'judgeCancelled' },
  KILL: { target: '#task.stopping.killing', actions: 'judgeCancelled' },
} as const;

export const starting = taskSetup.createStateConfig({
  initial: 'preparing',
  tags: 'occupies',
  states: {
    preparing: {
      entry: {
        type: 'workspace.prepare',
        params: ({ context }: Args) => ({
          task: context.id,
          project: context.project,
          attempt: context.attempt,
          title: context.title,
          reuse: context.followUp ? context.workspace : null,
          from: context.from?.commit ?? null,
        }),
      },
      on: {
        WORKSPACE_READY: { guard: 'thisAttempt', target: 'launching', actions: 'keepWorkspace' },
        WORKSPACE_FAILED: { guard: 'thisAttempt', target: '#task.failed', actions: 'judgeTrouble' },
        EFFECT_FAILED: { guard: 'prepareTrouble', target: '#task.failed', actions: 'judgeTrouble' },
        // No agent yet: nothing to wait for.
        STOP: { target: '#task.cancelled', actions: 'judgeCancelled' },
        KILL: { target: '#task.cancelled', actions: 'judgeCancelled' },
      },
    },
    launching: { entry: 'createAgent', on: { ...states, ...words, ...exits, ...stops } },
  },
});

export const running = taskSetup.createStateConfig({
  initial: 'working',
  tags: 'occupies',
  on: {
    ...states,
    ...words,
    ...exits,
    ...stops,
    PAUSE: '#task.paused.suspended',
    BUDGET_REACHED: { guard: 'overruns', target: '#task.paused.overBudget', actions: 'keepOverrun' },
  },
  states: {
    working: { on: { AGENT_STATE: { guard: 'works' } } },
    needsApproval: { tags: 'person' },
    needsAnswer: { tags: 'person' },
    /** Its agent goes on by itself when the limit is over; a person may try before. */
    limited: { on: { RESUME: { actions: order('RESUME_NOW') } } },
    last: { type: 'history' },
  },
});

export const stopping = taskSetup.createStateConfig({
  initial: 'asking',
  tags: 'occupies',
  on: {
    AGENT_EXITED: { guard: 'thisAgent', target: 'finishing', actions: 'keepExit' },
    AGENT_DONE: { guard: 'thisAgent', actions: 'keepWord' },
    AGENT_FAILED: { guard: 'thisAgent', actions: 'keepWord' },
  },
  // The agent's own chart goes on until it is ended for certain; the task does not wait for ever.
  after: { stopTimeout: 'finishing' },
  states: {
    asking: { entry: order('STOP'), on: { KILL: 'killing' } },
    killing: { entry: order('KILL') },
  },
});

export const finishing = taskSetup.createStateConfig({
  tags: 'occupies',
  entry: taskSetup.enqueueActions(({ context, enqueue }) => {
    if (!context.workspace) return;
    const { id: task, project, attempt, workspace } = context;
    enqueue({ type: 'workspace.measure', params: { task, project, attempt, workspace } });
  }),
  on: {
    WORKSPACE_MEASURED: { guard: 'thisAttempt', target: 'concluding', actions: 'keepMeasure' },
    EFFECT_FAILED: { guard: 'measureTrouble', target: 'concluding' },
    AGENT_EXITED: { guard: 'thisAgent', actions: 'keepExit' },
  },
  after: { measureTimeout: 'concluding' },
});
