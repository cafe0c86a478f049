/** Machines with every shape the drawing has to cope with: three levels, a parallel part, a parallel root, guards, delays, self transitions. */
import { setup } from 'xstate';

const nothing = () => undefined;

export const sampleLink = setup({
  types: { events: {} as { type: string } },
  guards: { hasToken: () => true, hasConflicts: () => false, queueEmpty: () => true, underRetryLimit: () => true },
  actions: { storeRemote: nothing, enqueue: nothing, dropToken: nothing, stampSeen: nothing, recordConflict: nothing },
  delays: { authTimeout: 10_000, backoff: 5_000, staleAfter: 30_000 },
}).createMachine({
  id: 'syncLink',
  initial: 'localOnly',
  on: { DISABLED: '.localOnly' },
  states: {
    localOnly: { on: { CONFIGURE: { target: 'syncing', actions: 'storeRemote' } } },
    syncing: {
      initial: 'authenticating',
      on: { NETWORK_LOST: 'offline', PAUSE: 'suspended' },
      states: {
        authenticating: {
          on: { AUTHENTICATED: 'pulling', REJECTED: { target: '#syncLink.revoked', actions: 'dropToken' } },
          after: { authTimeout: '#syncLink.offline' },
        },
        pulling: {
          on: { PAGE: { actions: 'stampSeen' }, PULLED: [{ guard: 'hasConflicts', target: 'resolving' }, { target: 'pushing' }] },
        },
        resolving: { on: { RESOLVED: { target: 'pushing', actions: 'recordConflict' }, RETRY: { target: 'resolving', reenter: true } } },
        pushing: { on: { PUSHED: '#syncLink.online', CONFLICT: 'pulling' } },
      },
    },
    online: {
      type: 'parallel',
      on: { NETWORK_LOST: 'offline', PAUSE: 'suspended', REVOKED: 'revoked' },
      states: {
        work: {
          initial: 'idle',
          states: {
            idle: { on: { COMMAND: 'executing', LOCAL_CHANGE: '#syncLink.syncing.pushing' } },
            executing: { on: { DONE: 'idle', PROGRESS: { actions: 'stampSeen' } } },
          },
        },
        heartbeat: {
          initial: 'fresh',
          states: {
            fresh: { on: { PING: { target: 'fresh', reenter: true } }, after: { staleAfter: 'stale' } },
            stale: { on: { PING: 'fresh' }, after: { authTimeout: '#syncLink.offline' } },
          },
        },
      },
    },
    offline: {
      initial: 'waiting',
      on: { NETWORK_FOUND: 'syncing', PAUSE: 'suspended' },
      states: {
        waiting: {
          on: { LOCAL_CHANGE: { target: 'queuing', actions: 'enqueue' } },
          after: { backoff: { guard: 'underRetryLimit', target: '#syncLink.syncing' } },
        },
        queuing: {
          on: { LOCAL_CHANGE: { actions: 'enqueue' } },
          always: { guard: 'queueEmpty', target: 'waiting' },
          after: { backoff: '#syncLink.syncing' },
        },
      },
    },
    suspended: { on: { RESUME: [{ guard: 'hasToken', target: 'syncing' }, { target: 'localOnly' }] } },
    revoked: { on: { CONFIGURE: { target: 'syncing', actions: 'storeRemote' } } },
  },
});

/** The root is parallel, one event moves both regions, and one state has an id of its own. */
export const sampleAgent = setup({
  types: { events: {} as { type: string } },
  guards: { canRestart: () => true, hasQueue: () => false },
  actions: { spawnWindow: nothing, killWindow: nothing, appendOutput: nothing, notify: nothing, sendNext: nothing },
  delays: { bootTimeout: 20_000, killGrace: 5_000, resetsAt: 3_600_000 },
}).createMachine({
  id: 'agent',
  type: 'parallel',
  on: { PANIC: { target: ['.process.stopping', '.conversation.idle'], actions: 'killWindow' } },
  states: {
    process: {
      initial: 'notStarted',
      states: {
        notStarted: { on: { START: { target: 'starting', actions: 'spawnWindow' } } },
        starting: { on: { PROMPT_SEEN: 'running' }, after: { bootTimeout: 'crashed' } },
        running: {
          initial: 'attached',
          on: { EXITED: 'crashed', STOP: 'stopping' },
          states: {
            attached: { on: { OUTPUT: { actions: 'appendOutput' }, WINDOW_LOST: 'detached' } },
            detached: { on: { WINDOW_FOUND: 'attached' }, after: { bootTimeout: '#agent.process.crashed' } },
          },
        },
        stopping: { on: { EXITED: 'stopped' }, after: { killGrace: { target: 'stopped', actions: 'killWindow' } } },
        crashed: { on: { RESTART: { guard: 'canRestart', target: 'starting' } } },
        stopped: { on: { START: 'starting' } },
      },
    },
    conversation: {
      initial: 'idle',
      on: { ASK: '.needsInput', FINISHED: [{ guard: 'hasQueue', target: '.working', actions: 'sendNext' }, { target: '.review' }] },
      states: {
        idle: { on: { SEND: 'working' } },
        working: {
          initial: 'thinking',
          on: { INTERRUPT: 'idle', LIMIT_HIT: 'limited' },
          states: {
            thinking: { on: { TOOL_CALL: 'usingTool', TOKEN: { actions: 'appendOutput' } } },
            usingTool: { id: 'tool', on: { TOOL_RESULT: 'thinking' } },
          },
        },
        needsInput: { entry: 'notify', on: { ANSWER: 'working' } },
        limited: { after: { resetsAt: 'working' }, on: { SWITCH_ACCOUNT: 'working' } },
        review: { on: { ACCEPT: 'idle', REQUEST_CHANGES: 'working' } },
      },
    },
  },
});
