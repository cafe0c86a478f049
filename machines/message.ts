/**
 * One message to an agent, with receipts: queued → typing → submitted → accepted → turnStarted → answered. Typed at most once: when
 * nobody can tell whether it was typed it waits for a sign of life, and is never typed a second time by itself.
 */
import { setup } from 'xstate';
import { z } from 'zod';
import { type EffectParams, named, pane, profile } from './effects.ts';
import { effectTrouble, envelope, event, problem } from './events.ts';
import type { MachineKind, SavedSnapshot, View } from './kind.ts';
import { titleOf } from './title-of.ts';

const input = z.strictObject({ ...envelope, agent: z.string(), task: z.string(), text: z.string().min(1) });
const context = input.omit({ at: true, by: true }).extend({
  /** Times it was given to the terminal. */
  attempt: z.int(),
  delivery: z.strictObject({ pane, profile }).nullable(),
  /** What is typed instead of the text: the conversation has that already, and was broken off by a limit. */
  nudge: z.string().nullable(),
  /** Attempts before the present text was to be typed. */
  before: z.int(),
  answer: z.string().nullable(),
  reason: z.string().nullable(),
  /** When each receipt came, ms since 1970. */
  receipts: z.record(z.string(), z.int()),
});
const events = z.discriminatedUnion('type', [
  event('CANCEL', {}),
  event('DELIVER', { pane, profile }),
  /** It goes in with the start of the program. */
  event('GIVEN', {}),
  /** The turn it began was broken off: the program is told to go on with it. */
  event('NUDGE', { pane, profile, text: z.string().min(1) }),
  event('SUBMITTED', { attempt: z.int() }),
  event('TYPE_FAILED', { attempt: z.int(), problem }),
  event('ACCEPTED', {}),
  event('TURN_STARTED', {}),
  event('ANSWERED', { text: z.string().nullable() }),
  event('AGENT_LEFT', {}),
  /** It ended in the middle and is started again. */
  event('AGENT_RETURNS', {}),
  ...effectTrouble,
]);
type Context = z.infer<typeof context>;
type Event = z.infer<typeof events>;

const base = setup({
  types: { context: {} as Context, events: {} as Event, input: {} as z.infer<typeof input> },
  actions: named('actor.send', 'agent.type'),
  guards: {
    thisAttempt: ({ context, event }) => 'attempt' in event && event.attempt === context.attempt,
    mayTryAgain: ({ context, event }) =>
      event.type === 'TYPE_FAILED' && event.attempt === context.attempt && context.attempt - context.before < 3,
    typeTrouble: ({ event }) => 'effect' in event && event.effect === 'agent.type',
  },
  delays: { retryDelay: 1_000 },
});
const messageSetup = base.extend({
  actions: {
    receipt: base.assign(({ context, event }) => ({ receipts: { ...context.receipts, [event.type]: event.at } })),
    beginTyping: base.assign(({ context, event }) => ({
      attempt: context.attempt + 1,
      delivery: event.type === 'DELIVER' || event.type === 'NUDGE' ? { pane: event.pane, profile: event.profile } : context.delivery,
      ...(event.type === 'NUDGE' ? { nudge: event.text, before: context.attempt } : {}),
    })),
    forgetNudge: base.assign(({ context }) => ({ nudge: null, before: context.attempt })),
    keepAnswer: base.assign(({ event }) => (event.type === 'ANSWERED' ? { answer: event.text } : {})),
    keepReason: base.assign(({ event }) => {
      if ('problem' in event) return { reason: event.problem.detail };
      return { reason: event.type === 'AGENT_LEFT' ? 'the agent ended before it answered' : 'nobody can tell whether it was typed' };
    }),
  },
});

const toAgent = (type: 'DEQUEUE' | 'MESSAGE_FAILED') => ({
  type: 'actor.send' as const,
  params: ({ context }: { context: Context }) => ({ to: context.agent, event: { type, message: context.id } }),
});
const left = { AGENT_LEFT: { target: '#message.failed', actions: 'keepReason' } } as const;
const returns = { AGENT_RETURNS: { target: '#message.queued', actions: ['receipt', 'forgetNudge'] } } as const;
const answered = { ANSWERED: { target: '#message.answered', actions: ['receipt', 'keepAnswer'] } } as const;
const nudged = { NUDGE: { target: '#message.typing', reenter: true, actions: 'receipt' } } as const;
const turn = { TURN_STARTED: { target: '#message.turnStarted', actions: 'receipt' } } as const;

export const messageMachine = messageSetup.createMachine({
  id: 'message',
  version: '3',
  context: ({ input: { at, by: _by, ...rest } }) => ({
    ...rest,
    attempt: 0,
    delivery: null,
    nudge: null,
    before: 0,
    answer: null,
    reason: null,
    receipts: { queued: at },
  }),
  initial: 'queued',
  states: {
    queued: {
      on: {
        DELIVER: { target: 'typing', actions: 'receipt' },
        GIVEN: { target: 'submitted', actions: 'receipt' },
        CANCEL: { target: 'cancelled', actions: toAgent('DEQUEUE') },
        ...left,
      },
    },
    typing: {
      entry: [
        'beginTyping',
        messageSetup.enqueueActions(({ context, enqueue }) => {
          if (!context.delivery) return;
          const params: EffectParams['agent.type'] = {
            agent: context.agent,
            message: context.id,
            attempt: context.attempt,
            text: context.nudge ?? context.text,
            ...context.delivery,
          };
          enqueue({ type: 'agent.type', params });
        }),
      ],
      on: {
        SUBMITTED: { guard: 'thisAttempt', target: 'submitted', actions: 'receipt' },
        // The program may be quicker than our own word that it was typed.
        ACCEPTED: { target: 'accepted', actions: 'receipt' },
        TYPE_FAILED: [
          { guard: 'mayTryAgain', target: 'waiting', actions: 'keepReason' },
          { guard: 'thisAttempt', target: 'failed', actions: ['keepReason', toAgent('MESSAGE_FAILED')] },
        ],
        EFFECT_FAILED: { guard: 'typeTrouble', target: 'failed', actions: ['keepReason', toAgent('MESSAGE_FAILED')] },
        // Half typed when the daemon ended: never again by itself.
        EFFECT_UNSURE: { guard: 'typeTrouble', target: 'submitted', actions: 'keepReason' },
        EFFECT_CANCELLED: { guard: 'typeTrouble', target: 'failed', actions: 'keepReason' },
        ...turn,
        ...answered,
        ...left,
        ...returns,
      },
    },
    /** Nothing reached the program: the same text is tried again. */
    waiting: {
      after: { retryDelay: 'typing' },
      on: { CANCEL: { target: 'cancelled', actions: toAgent('MESSAGE_FAILED') }, ...left, ...returns },
    },
    submitted: {
      on: {
        ACCEPTED: { target: 'accepted', actions: 'receipt' },
        // Typed, and the program never took it: typing it again could make two of it.
        TYPE_FAILED: { guard: 'thisAttempt', target: 'failed', actions: ['keepReason', toAgent('MESSAGE_FAILED')] },
        ...turn,
        ...answered,
        ...left,
        ...returns,
        ...nudged,
      },
    },
    accepted: { on: { ...turn, ...answered, ...left, ...returns, ...nudged } },
    turnStarted: { on: { ...answered, ...left, ...returns, ...nudged } },
    answered: { tags: 'ended' },
    // A sign that it was taken after all brings it back. That the agent is idle is none: nothing was answered.
    failed: { tags: 'ended', on: { ...turn } },
    cancelled: { tags: 'ended' },
  },
});

const view = (saved: SavedSnapshot): View => {
  const { text, agent } = saved.context as Context;
  const status = String(saved.value);
  const ended = status === 'answered' || status === 'failed' || status === 'cancelled';
  return { status, attention: status === 'failed' ? 1 : 0, ended, title: titleOf(text, 80), project: null, parent: agent, priority: 0 };
};

export const messageKind: MachineKind = {
  kind: 'message',
  machine: messageMachine,
  version: 3,
  input,
  events,
  context,
  upcasters: {
    // What version 3 changed is a way, not what is kept.
    2: (saved) => saved,
    1: (saved) => {
      const { delivery } = saved.context;
      const profiled = typeof delivery === 'object' && delivery !== null && 'profile' in delivery;
      const fresh = profiled ? { ...delivery, profile: { ...(delivery.profile as object), autoResume: true } } : null;
      return { ...saved, context: { ...saved.context, delivery: fresh, nudge: null, before: 0 } };
    },
  },
  commands: { CANCEL: { verb: 'cancel', label: 'Cancel' } },
  wallDelays: [],
  view,
};
export type MessageContext = Context;
