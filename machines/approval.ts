/**
 * One decision a person is asked for: a permission (allow or deny) or a question (an answer). The first authorised answer wins, from any
 * channel; a later one is refused and told who decided. Without an answer it expires to a denial.
 */
import { setup } from 'xstate';
import { z } from 'zod';
import { named } from './effects.ts';
import { effectTrouble, envelope, event, problem } from './events.ts';
import type { MachineKind, SavedSnapshot, View } from './kind.ts';
import { titleOf } from './title-of.ts';

/** What a rule of the person's policy says about it. `ask`: that a person decides. */
export const ruling = z.strictObject({
  decision: z.enum(['allow', 'deny', 'ask']),
  /** The rule in words. */
  rule: z.string(),
  reason: z.string().nullable(),
});

const input = z.strictObject({
  ...envelope,
  agent: z.string(),
  task: z.string(),
  project: z.string(),
  kind: z.enum(['approval', 'question']),
  text: z.string().min(1),
  tool: z.string().nullable(),
  choices: z.array(z.string()),
  expiresAt: z.int().nullable(),
  policy: ruling.nullable().default(null),
});
const context = input.omit({ at: true, by: true }).extend({
  askedAt: z.int(),
  decision: z.enum(['allow', 'deny', 'answer', 'expire', 'withdraw']).nullable(),
  answer: z.string().nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: z.int().nullable(),
  /** The asker has it. */
  delivered: z.boolean(),
  policy: ruling.nullable(),
  reason: z.string().nullable(),
});
const events = z.discriminatedUnion('type', [
  event('ALLOW', { note: z.string().max(2000).optional() }),
  event('DENY', { note: z.string().max(2000).optional() }),
  event('ANSWER', { text: z.string().min(1).max(100_000) }),
  /** The asker is gone, or the answer was given in its own window. */
  event('WITHDRAW', {}),
  event('DELIVERED', {}),
  event('DELIVERY_FAILED', { problem }),
  ...effectTrouble,
]);
type Context = z.infer<typeof context>;
type Event = z.infer<typeof events>;

const base = setup({
  types: { context: {} as Context, events: {} as Event, input: {} as z.infer<typeof input> },
  actions: named('actor.send', 'approval.deliver'),
  guards: {
    isPermission: ({ context }) => context.kind === 'approval',
    isQuestion: ({ context }) => context.kind === 'question',
    policyAllows: ({ context }) => context.kind === 'approval' && context.policy?.decision === 'allow',
    policyDenies: ({ context }) => context.kind === 'approval' && context.policy?.decision === 'deny',
    expires: ({ context }) => context.expiresAt !== null,
  },
  delays: {
    expiry: ({ context }) => (context.expiresAt === null ? Number.POSITIVE_INFINITY : Math.max(0, context.expiresAt - context.askedAt)),
  },
});
const approvalSetup = base.extend({
  actions: {
    allow: base.assign(({ event }) => ({
      decision: 'allow' as const,
      answer: 'note' in event ? (event.note ?? null) : null,
      decidedBy: event.by ?? null,
      decidedAt: event.at,
    })),
    deny: base.assign(({ event }) => ({
      decision: 'deny' as const,
      answer: 'note' in event ? (event.note ?? null) : null,
      decidedBy: event.by ?? null,
      decidedAt: event.at,
    })),
    /** Decided in advance: in the very commit in which it is asked. */
    byPolicy: base.assign(({ context }) =>
      context.policy === null || context.policy.decision === 'ask'
        ? {}
        : { decision: context.policy.decision, answer: context.policy.reason, decidedBy: 'policy', decidedAt: context.askedAt },
    ),
    answer: base.assign(({ event }) => ({
      decision: 'answer' as const,
      answer: event.type === 'ANSWER' ? event.text : null,
      decidedBy: event.by ?? null,
      decidedAt: event.at,
    })),
    expire: base.assign(({ context, event }) => ({
      decision: 'expire' as const,
      decidedBy: 'timer',
      decidedAt: event.at ?? context.expiresAt,
    })),
    withdraw: base.assign(({ event }) => ({ decision: 'withdraw' as const, decidedBy: event.by ?? null, decidedAt: event.at })),
    delivered: base.assign({ delivered: true, reason: null }),
    notDelivered: base.assign(({ event }) => ({
      reason: 'problem' in event ? event.problem.detail : 'nobody can tell whether the answer arrived',
    })),
    /** Hand it to the asker and tell the agent's chart. */
    deliver: base.enqueueActions(({ context, enqueue }) => {
      const { id: approval, agent, decision, answer: text } = context;
      if (!decision) return;
      if (decision !== 'withdraw') enqueue({ type: 'approval.deliver', params: { approval, agent, decision, text } });
      enqueue({ type: 'actor.send', params: { to: agent, event: { type: 'DECIDED', approval, decision } } });
    }),
  },
});

const decided = approvalSetup.createStateConfig({
  tags: 'ended',
  entry: 'deliver',
  on: {
    DELIVERED: { actions: 'delivered' },
    DELIVERY_FAILED: { actions: 'notDelivered' },
    EFFECT_FAILED: { actions: 'notDelivered' },
    EFFECT_UNSURE: { actions: 'notDelivered' },
  },
});

export const approvalMachine = approvalSetup.createMachine({
  id: 'approval',
  version: '2',
  context: ({ input: { at, by: _by, ...rest } }) => ({
    ...rest,
    askedAt: at,
    decision: null,
    answer: null,
    decidedBy: null,
    decidedAt: null,
    delivered: false,
    reason: null,
  }),
  initial: 'pending',
  states: {
    pending: {
      tags: 'person',
      always: [
        { guard: 'policyAllows', target: 'allowed', actions: 'byPolicy' },
        { guard: 'policyDenies', target: 'denied', actions: 'byPolicy' },
      ],
      on: {
        ALLOW: { guard: 'isPermission', target: 'allowed', actions: 'allow' },
        DENY: { target: 'denied', actions: 'deny' },
        ANSWER: { guard: 'isQuestion', target: 'answered', actions: 'answer' },
        WITHDRAW: { target: 'withdrawn', actions: 'withdraw' },
      },
      after: { expiry: { guard: 'expires', target: 'expired', actions: 'expire' } },
    },
    allowed: decided,
    denied: decided,
    answered: decided,
    expired: decided,
    withdrawn: decided,
  },
});

const view = (saved: SavedSnapshot): View => {
  const { text, task, project } = saved.context as Context;
  const status = String(saved.value);
  const pending = status === 'pending';
  return { status, attention: pending ? 2 : 0, ended: !pending, title: titleOf(text, 120), project, parent: task, priority: 0 };
};

export const approvalKind: MachineKind = {
  kind: 'approval',
  machine: approvalMachine,
  version: 2,
  input,
  events,
  context,
  upcasters: { 1: (saved) => ({ ...saved, context: { ...saved.context, policy: null } }) },
  commands: {
    ALLOW: { verb: 'approve', label: 'Approve' },
    DENY: { verb: 'deny', label: 'Deny' },
    ANSWER: { verb: 'answer', label: 'Answer', needs: ['text'] },
  },
  wallDelays: ['expiry'],
  view,
};
export type ApprovalContext = Context;
