/** What is it doing? A belief drawn from evidence by the table of `../evidence.ts`; conflict goes to `detecting`, never to an end. */
import { and } from 'xstate';
import type { AgentContext } from './schema.ts';
import { agentSetup, tellState, tellTask } from './setup.ts';

const probe = {
  type: 'agent.probe',
  params: ({ context }: { context: AgentContext }) => ({
    agent: context.id,
    launch: context.launch,
    pane: context.pane,
    profile: context.profile,
  }),
} as const;
const done = ['note', tellTask((c) => ({ type: 'AGENT_DONE', summary: c.summary }))] as const;
const failed = ['note', tellTask((c) => ({ type: 'AGENT_FAILED', summary: c.summary }))] as const;
/** Its task heard nothing while it was halted. */
const toldAgain = (state: string) => ({ CONTINUED: { guard: 'thisLaunch', actions: tellState(state) } }) as const;
const letGo = agentSetup.raise(({ event }) => ({ type: 'LET_GO', id: `${event.id}/letGo`, at: event.at }));

export const conversationRegion = agentSetup.createStateConfig({
  initial: 'closed',
  on: {
    OBSERVED: [
      { guard: 'ignorable' },
      { guard: 'conflicts', target: '.detecting', actions: 'noteDoubt' },
      // A person has said more meanwhile: the turn is over, the work is not.
      { guard: and(['saysEnd', 'hasQueued']), target: '.ready', actions: 'noteTurn' },
      { guard: 'saysDone', target: '.ready', actions: [...done] },
      { guard: 'saysFailed', target: '.ready', actions: [...failed] },
      { guard: 'isBusy', target: '.busy', actions: ['note', 'startTurn'] },
      { guard: 'isReady', target: '.ready', actions: 'note' },
      { guard: 'isAsking', target: '.needsAnswer', actions: 'note' },
      { guard: 'isApproval', target: '.needsApproval', actions: 'note' },
      { guard: 'isLimited', target: '.limited', actions: 'note' },
      { guard: 'isInterrupted', target: '.interrupted', actions: 'note' },
    ],
    ASKED: [
      { guard: 'wantsApproval', target: '.needsApproval', actions: 'openAsk' },
      { target: '.needsAnswer', actions: 'openAsk' },
    ],
    DECIDED: [
      { guard: 'othersAsk', actions: 'closeAsk' },
      { guard: 'lastAsk', target: '.busy', actions: 'closeAsk' },
    ],
    PROCESS_EXITED: { guard: 'thisLaunch', target: '.closed' },
    PROCESS_GONE: { guard: 'thisLaunch', target: '.closed' },
    LAUNCH_FAILED: { guard: 'thisLaunch', target: '.closed' },
    ENQUEUE: { actions: 'enqueueMessage' },
    DEQUEUE: { actions: 'dequeueMessage' },
    TASK_ENDED: { actions: 'taskEnded' },
    TASK_REOPENED: { actions: 'taskReopened' },
  },
  states: {
    closed: {
      entry: ['hangUp', 'withdrawAsks'],
      on: {
        LAUNCHED: [
          { guard: and(['thisLaunch', 'oneshot']), target: 'busy', actions: ['beginTurn', 'tellGiven'] },
          { guard: 'thisLaunch', target: 'booting', actions: 'tellGiven' },
        ],
        // Heard late, of a program that has ended: worth keeping, nothing to change.
        OBSERVED: [
          { guard: and(['over', 'saysDone']), actions: [...done] },
          { guard: and(['over', 'saysFailed']), actions: [...failed] },
          { guard: 'over', actions: 'note' },
        ],
        ASKED: { guard: 'over' },
        DECIDED: { actions: 'closeAsk' },
      },
    },
    booting: {
      entry: tellState('booting'),
      on: toldAgain('booting'),
      after: {
        bootTimeout: [
          { guard: 'watchesScreen', target: 'detecting' },
          { target: 'ready', actions: 'assumeReady' },
        ],
      },
    },
    ready: {
      tags: 'ready',
      entry: ['finishTurn', 'withdrawAsks', tellState('ready')],
      always: { guard: 'hasQueued', target: 'busy', actions: 'deliverNext' },
      on: {
        ...toldAgain('ready'),
        OBSERVED: [
          { guard: 'saysDone', actions: [...done] },
          { guard: 'saysFailed', actions: [...failed] },
          { guard: 'isReady', actions: 'note' },
        ],
        // The idle time counts from the end of the task.
        TASK_ENDED: { target: 'ready', reenter: true, actions: 'taskEnded' },
      },
      after: { idleTime: { guard: 'mayLetGo', actions: letGo } },
    },
    busy: {
      entry: tellState('busy'),
      on: {
        ...toldAgain('busy'),
        OBSERVED: { guard: 'isBusy', actions: ['note', 'startTurn'] },
        MESSAGE_FAILED: { target: 'detecting', actions: 'doubtTyping' },
      },
    },
    needsApproval: {
      tags: 'person',
      entry: tellState('needsApproval'),
      on: { ...toldAgain('needsApproval'), OBSERVED: { guard: 'isApproval', actions: 'note' } },
    },
    needsAnswer: {
      tags: 'person',
      entry: tellState('needsAnswer'),
      on: { ...toldAgain('needsAnswer'), OBSERVED: { guard: 'isAsking', actions: 'note' } },
    },
    interrupted: {
      entry: ['finishTurn', tellState('interrupted')],
      on: {
        ...toldAgain('interrupted'),
        OBSERVED: { guard: 'isInterrupted', actions: 'note' },
        ENQUEUE: { target: 'busy', actions: ['enqueueMessage', 'deliverNext'] },
      },
    },
    limited: {
      entry: tellState('limited'),
      // What counts then is what is seen from now on, not the limit that is over.
      on: {
        ...toldAgain('limited'),
        // A new word of it may name another time.
        OBSERVED: { guard: 'isLimited', target: 'limited', reenter: true, actions: 'note' },
        RESUME_NOW: [
          { guard: 'canBeTold', target: 'busy', actions: 'nudge' },
          { target: 'detecting', actions: 'beginDoubt' },
        ],
      },
      after: {
        limitReset: [
          { guard: and(['resumesItself', 'canBeTold']), target: 'busy', actions: 'nudge' },
          { guard: 'resumesItself', target: 'detecting', actions: 'beginDoubt' },
          // Switched off: a person says when.
        ],
      },
    },
    detecting: {
      tags: 'doubt',
      entry: [probe, tellState('detecting')],
      // Weak signs are gathered until the doubt settles; a strong one ends it at once.
      on: { ...toldAgain('detecting'), OBSERVED: { guard: 'isWeak', actions: 'note' } },
      after: {
        settleTime: [
          { guard: 'settlesBusy', target: 'busy' },
          { guard: 'settlesReady', target: 'ready' },
          { guard: 'settlesApproval', target: 'needsApproval' },
          { guard: 'settlesLimited', target: 'limited' },
          { guard: 'settlesInterrupted', target: 'interrupted' },
          // Nothing tells: a person looks.
          { target: 'needsAnswer' },
        ],
      },
    },
  },
});
