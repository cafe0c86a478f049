/** One task, from being asked for to its end: what a person follows. Its attempts are agents; this chart only hears what they say. */
import type { MachineKind, SavedSnapshot, View } from '../kind.ts';
import { finishing, running, starting, stopping } from './attempt.ts';
import { endings } from './endings.ts';
import { firstContext } from './rules.ts';
import { context, events, input, type TaskContext } from './schema.ts';
import { order, taskSetup } from './setup.ts';

const handOver = { target: '#task.delegating', actions: 'handOver' } as const;
const cancel = { target: 'cancelled', actions: 'judgeCancelled' } as const;

/** What ends a task whose agent is halted. */
const endOfHalted = {
  STOP: { target: '#task.stopping', actions: 'judgeCancelled' },
  KILL: { target: '#task.stopping.killing', actions: 'judgeCancelled' },
  AGENT_EXITED: { guard: 'thisAgent', target: '#task.finishing', actions: 'judgeExit' },
  AGENT_DONE: [
    { guard: 'saysSoOnly', actions: 'keepWord' },
    { guard: 'thisAgent', target: '#task.finishing', actions: ['keepWord', 'judgeWord'] },
  ],
  AGENT_FAILED: [
    { guard: 'saysSoOnly', actions: 'keepWord' },
    { guard: 'thisAgent', target: '#task.finishing', actions: ['keepWord', 'judgeWord'] },
  ],
} as const;

/** Halted while its program was being started: what comes up is halted, too. */
const stillHalted = { AGENT_STATE: { guard: 'works', actions: order('SUSPEND') } } as const;

export const taskMachine = taskSetup.createMachine({
  id: 'task',
  version: '4',
  context: ({ input }) => firstContext(input),
  initial: 'routing',
  on: { WATCH_END: { actions: 'addDependent' }, SET_PRIORITY: { actions: 'setPriority' }, SET_BUDGET: { actions: 'setBudget' } },
  states: {
    routing: {
      always: [
        { guard: 'isRemote', target: 'delegating' },
        { guard: 'isLater', target: 'scheduled' },
        { guard: 'waits', target: 'blocked' },
        { target: 'queued' },
      ],
    },
    scheduled: {
      on: {
        START_NOW: { target: 'routing', actions: 'forgetStart' },
        PAUSE: 'paused',
        HAND_OVER: handOver,
        STOP: cancel,
        KILL: cancel,
        DEPENDENCY_ENDED: { actions: 'noteDependency' },
      },
      after: { startDelay: { target: 'routing', actions: 'forgetStart' } },
    },
    // A dependent of a task that failed is not failed with it: it waits, visibly, until that one is retried or a person decides.
    blocked: {
      initial: 'waiting',
      entry: 'watchOthers',
      on: {
        START_NOW: { target: 'queued', actions: 'forgetWaits' },
        HAND_OVER: handOver,
        PAUSE: 'paused',
        STOP: cancel,
        KILL: cancel,
        DEPENDENCY_ENDED: [
          { guard: 'ended', target: 'queued', actions: 'noteDependency' },
          { guard: 'oneLess', target: '.waiting', actions: 'noteDependency' },
          { target: '.stuck', actions: 'noteDependency' },
        ],
      },
      states: { waiting: { always: { guard: 'stuck', target: 'stuck' } }, stuck: {} },
    },
    queued: {
      tags: 'queued',
      entry: 'stamp',
      on: { GRANTED: { target: 'starting', actions: 'beginAttempt' }, PAUSE: 'paused', HAND_OVER: handOver, STOP: cancel, KILL: cancel },
    },
    starting,
    running,
    paused: {
      initial: 'held',
      on: { STOP: cancel, KILL: cancel, DEPENDENCY_ENDED: { actions: 'noteDependency' } },
      states: {
        held: { on: { HAND_OVER: handOver, RESUME: { target: '#task.routing', actions: 'stamp' } } },
        /** Its agent is halted, never killed: a person lets it go on, raises the budget, or stops it. */
        overBudget: {
          tags: ['occupies', 'person'],
          entry: order('SUSPEND'),
          on: {
            RESUME: { target: '#task.running.last', actions: ['waive', order('CONTINUE')] },
            SET_BUDGET: [
              { guard: 'suffices', target: '#task.running.last', actions: ['setBudget', 'forgetOverrun', order('CONTINUE')] },
              { actions: 'setBudget' },
            ],
            ...endOfHalted,
            ...stillHalted,
          },
        },
        suspended: {
          tags: 'occupies',
          entry: order('SUSPEND'),
          on: {
            RESUME: { target: '#task.running.last', actions: order('CONTINUE') },
            ...endOfHalted,
            ...stillHalted,
          },
        },
      },
    },
    stopping,
    finishing,
    delegating: {
      initial: 'held',
      on: {
        // Whether its time has come is asked of the clock of today.
        RUN_HERE: { target: 'routing', actions: ['runHere', 'stamp'] },
        STOP: cancel,
        KILL: cancel,
        HUB_TAKEN_OVER: { target: 'superseded', actions: 'takenOver' },
        HUB_ENDED: [
          { guard: 'hubSucceeded', target: 'succeeded', actions: 'judgeHub' },
          { guard: 'hubFailed', target: 'failed', actions: 'judgeHub' },
          { guard: 'hubCancelled', target: 'cancelled', actions: 'judgeHub' },
          { target: 'interrupted', actions: 'judgeHub' },
        ],
      },
      states: {
        held: { on: { HUB_OFFERED: 'offered' } },
        offered: {
          on: { HUB_CLAIMED: 'claimed', HUB_RUNNING: 'remote' },
          after: { offerExpiry: { target: '#task.expired', actions: 'judgeExpired' } },
        },
        claimed: { on: { HUB_RUNNING: 'remote' } },
        remote: {},
      },
    },
    ...endings,
  },
});

/** One word for a configuration: the innermost state where a person would ask for it. */
export const taskStatus = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const [outer, inner] = Object.entries(value as Record<string, string>)[0] ?? ['routing', ''];
  if (outer === 'running' || outer === 'delegating') return inner;
  return inner === 'stuck' || inner === 'overBudget' ? inner : outer;
};

const attention: Readonly<Record<string, View['attention']>> = {
  needsApproval: 2,
  needsAnswer: 2,
  stuck: 2,
  overBudget: 2,
  limited: 1,
  failed: 1,
  interrupted: 1,
  expired: 1,
};
const ended = new Set(['succeeded', 'failed', 'cancelled', 'interrupted', 'expired', 'superseded']);

const view = (saved: SavedSnapshot): View => {
  const { title, project, priority } = saved.context as TaskContext;
  const status = taskStatus(saved.value);
  return { status, attention: attention[status] ?? 0, ended: ended.has(status), title, project, parent: null, priority };
};

export const taskKind: MachineKind = {
  kind: 'task',
  machine: taskMachine,
  version: 4,
  input,
  events,
  context,
  upcasters: {
    3: (saved) => ({ ...saved, context: { ...saved.context, from: null } }),
    2: (saved) => ({ ...saved, context: { ...saved.context, budget: null, overrun: null, waived: [] } }),
    1: (saved) => ({ ...saved, context: { ...saved.context, profile: { ...(saved.context['profile'] as object), autoResume: true } } }),
  },
  commands: {
    START_NOW: { verb: 'start', label: 'Start now' },
    PAUSE: { verb: 'pause', label: 'Pause' },
    RESUME: { verb: 'resume', label: 'Resume' },
    RETRY: { verb: 'retry', label: 'Retry' },
    RUN_HERE: { verb: 'run-here', label: 'Run here instead' },
    SET_BUDGET: { verb: 'budget', label: 'Set its budget', needs: ['budget'] },
    SET_PRIORITY: { verb: 'priority', label: 'Set priority', needs: ['priority'] },
    STOP: { verb: 'stop', label: 'Stop', danger: true },
    KILL: { verb: 'kill', label: 'Kill', danger: true },
  },
  wallDelays: ['startDelay', 'offerExpiry'],
  view,
};
