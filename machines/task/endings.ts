/** How a task ends. None is final: every end can be retried or taken up again. */
import { taskSetup } from './setup.ts';

/** Ended without an agent of ours: somewhere else, or nowhere. */
const endedElsewhere = taskSetup.createStateConfig({
  tags: 'ended',
  entry: ['closeAttempt', 'announceEnd'],
  on: {
    RETRY: { target: 'routing', actions: 'stamp' },
    FOLLOW_UP: { target: 'routing', actions: 'keepFollowUp' },
    HAND_OVER: { target: '#task.delegating', actions: 'handOver' },
    WATCH_END: { actions: ['addDependent', 'answerWatcher'] },
  },
});

const ended = {
  ...endedElsewhere,
  on: {
    ...endedElsewhere.on,
    REOPEN: { guard: 'hasAgent', target: '#task.running', actions: 'reopen' },
    AGENT_EXITED: { guard: 'thisAgent', actions: 'keepExit' },
  },
} as const;

export const endings = {
  concluding: taskSetup.createStateConfig({
    always: [
      { guard: 'verdictSucceeded', target: 'succeeded' },
      { guard: 'verdictFailed', target: 'failed' },
      { guard: 'verdictCancelled', target: 'cancelled' },
      { target: 'interrupted' },
    ],
  }),
  succeeded: ended,
  failed: { ...ended, on: { ...ended.on, RESUME: { guard: 'brokeOff', target: 'routing', actions: 'keepGoingOn' } } },
  cancelled: ended,
  /** Ended without a verdict: the program was lost, or its status is unknown. A report that comes late still counts. */
  interrupted: {
    ...ended,
    on: {
      ...ended.on,
      RESUME: { guard: 'mayGoOn', target: 'routing', actions: 'keepGoingOn' },
      AGENT_DONE: { guard: 'wasLost', target: 'finishing', actions: ['keepWord', 'judgeWord'] },
      AGENT_FAILED: { guard: 'wasLost', target: 'finishing', actions: ['keepWord', 'judgeWord'] },
    },
  },
  expired: endedElsewhere,
  superseded: endedElsewhere,
} as const;
