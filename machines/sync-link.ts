/**
 * The link between this machine and an optional hub. Online is a proof, never a memory: the state is entered only by PROVEN, and after a
 * restart the link begins offline and proves itself again. Nothing here touches local work; what cannot be sent is a visible row.
 */
import { setup } from 'xstate';
import { z } from 'zod';
import { named } from './effects.ts';
import { effectTrouble, envelope, event } from './events.ts';
import type { MachineKind, SavedSnapshot, View } from './kind.ts';

export const linkReasons = ['networkLost', 'portal', 'authExpired', 'hubPaused', 'throttled', 'hubDown', 'schemaMismatch'] as const;
const reason = z.enum(linkReasons);
const input = z.strictObject({ ...envelope });
const context = z.strictObject({
  id: z.string(),
  /** Buffered operations that the hub has not acknowledged. */
  pending: z.int(),
  /** Delegated or remote tasks in flight. */
  inFlight: z.int(),
  /** Counts connection rounds: outcomes of an older one are ignored. */
  round: z.int(),
  failures: z.int(),
  reason: reason.nullable(),
  retryAfterMs: z.int().nullable(),
  provenAt: z.int().nullable(),
  now: z.int(),
});
const events = z.discriminatedUnion('type', [
  event('ENABLE', {}),
  event('DISABLE', {}),
  event('SIGN_IN', {}),
  event('SIGN_OUT', {}),
  event('PAUSE', {}),
  event('RESUME', {}),
  event('SYNC_NOW', {}),
  event('LOCAL_TASK', {}),
  event('BOOTED', {}),
  event('OPERATION_BUFFERED', { pending: z.int() }),
  event('OPERATION_SETTLED', { pending: z.int() }),
  event('TASK_FLOWS', { inFlight: z.int() }),
  event('TASK_LANDED', { inFlight: z.int() }),
  event('PROVEN', { round: z.int(), backlog: z.boolean() }),
  event('CAUGHT_UP', { round: z.int() }),
  event('BACKLOG', {}),
  event('PROOF_FAILED', { round: z.int(), reason, retryAfterMs: z.int().optional() }),
  event('SESSION_REFUSED', {}),
  event('DOORBELL', {}),
  ...effectTrouble,
]);
type Context = z.infer<typeof context>;
type Event = z.infer<typeof events>;

const heartbeatMs = 30_000;
/** No proof takes longer. */
const proofMs = 20_000;

const base = setup({
  types: { context: {} as Context, events: {} as Event, input: {} as z.infer<typeof input> },
  actions: named('link.prove', 'link.catchUp', 'link.close'),
  guards: {
    thisRound: ({ context, event }) => 'round' in event && event.round === context.round,
    provenWithBacklog: ({ context, event }) => event.type === 'PROVEN' && event.round === context.round && event.backlog,
    idle: ({ context, event }) => (event.type === 'TASK_LANDED' ? event.inFlight : context.inFlight) === 0,
    works: ({ context }) => context.inFlight > 0,
    /** Two heartbeats without a proof: whatever the last snapshot says, this is not online. */
    unproven: ({ context, event }) => (event.at ?? context.now) - (context.provenAt ?? 0) > 2 * heartbeatMs,
  },
  delays: {
    heartbeat: heartbeatMs,
    // After a failure: 2 s doubling to 5 min, or what the hub asked for. Behind a sign-in page no hub is spared by waiting, and a person who has
    // just signed in looks on. While a proof is under way: longer than it may take, for asking again would make its answer void.
    retry: ({ context, event }) => {
      const most = context.reason === 'portal' ? 15_000 : 300_000;
      const patience = context.retryAfterMs ?? Math.min(most, 2_000 * 2 ** Math.min(8, context.failures));
      return event.type === 'PROOF_FAILED' || event.type === 'OPERATION_BUFFERED' ? patience : Math.max(proofMs, patience);
    },
  },
});
const linkSetup = base.extend({
  actions: {
    newRound: base.assign(({ context, event }) => ({ round: context.round + 1, now: event.at ?? context.now })),
    proven: base.assign(({ event }) => ({ failures: 0, reason: null, retryAfterMs: null, provenAt: event.at })),
    failed: base.assign(({ context, event }) => {
      const now = event.type === 'PROOF_FAILED' ? event.reason : ('networkLost' as const);
      // A dead line is tried as often as it looks alive. The hub behind it was not asked: patience with it begins with its first answer.
      const first = context.reason === 'networkLost' && now !== 'networkLost';
      return {
        failures: first ? 1 : context.failures + 1,
        reason: now,
        retryAfterMs: event.type === 'PROOF_FAILED' ? (event.retryAfterMs ?? null) : null,
      };
    }),
    refused: base.assign({ reason: 'authExpired' as const }),
    count: base.assign(({ context, event }) => ({
      pending: 'pending' in event ? event.pending : context.pending,
      inFlight: 'inFlight' in event ? event.inFlight : context.inFlight,
    })),
    forget: base.assign({ reason: null, failures: 0, retryAfterMs: null, provenAt: null }),
  },
});

const round = ({ context }: { context: Context }) => ({ link: context.id, round: context.round });
const prove = ['newRound', { type: 'link.prove', params: round }] as const;
const catchUp = ['newRound', { type: 'link.catchUp', params: round }] as const;
const close = (signOut: boolean) => ({
  type: 'link.close' as const,
  params: ({ context }: { context: Context }) => ({ link: context.id, signOut }),
});

const disable = { target: '#sync-link.localOnly', actions: [close(false), 'forget'] } as const;
const signOut = { target: '#sync-link.signedOut', actions: close(true) } as const;
const refused = { target: '#sync-link.signedOut', actions: 'refused' } as const;
/** Proves at once, and then again each time its patience is over. */
const away = { target: '#sync-link.offline', actions: [...prove] } as const;
const lost = { guard: 'thisRound', target: '#sync-link.offline', actions: ['failed', ...prove] } as const;
const unproven = { guard: 'unproven', target: '#sync-link.offline', actions: ['failed', ...prove] } as const;
const leaving = { DISABLE: disable, SIGN_OUT: signOut, SESSION_REFUSED: refused, PAUSE: '#sync-link.paused' } as const;
const counted = { OPERATION_BUFFERED: { actions: 'count' }, OPERATION_SETTLED: { actions: 'count' } } as const;
const reconnect = [
  { guard: 'provenWithBacklog', target: '#sync-link.syncing', actions: 'proven' },
  { guard: 'thisRound', target: '#sync-link.online', actions: 'proven' },
] as const;
/** The wait begins with the failure and by its reason: one begun for another reason may be minutes too long. */
const waits = <S extends 'offline' | 'queuing'>(target: S) => ({ guard: 'thisRound', target, reenter: true, actions: 'failed' }) as const;
/** Proof, heartbeat and doorbell work here without leaving. */
const connected = {
  ...leaving,
  ...counted,
  BOOTED: { target: '#sync-link.offline', actions: ['forget', ...prove] },
  PROVEN: { guard: 'thisRound', actions: 'proven' },
  DOORBELL: { actions: [...prove] },
  SYNC_NOW: { actions: [...prove] },
  PROOF_FAILED: lost,
} as const;

export const syncLinkMachine = linkSetup.createMachine({
  id: 'sync-link',
  version: '1',
  context: ({ input: { id, at } }) => ({
    id,
    pending: 0,
    inFlight: 0,
    round: 0,
    failures: 0,
    reason: null,
    retryAfterMs: null,
    provenAt: null,
    now: at,
  }),
  initial: 'localOnly',
  states: {
    localOnly: { on: { LOCAL_TASK: { target: 'localOnly', reenter: true }, ENABLE: { target: 'syncing', actions: 'forget' } } },
    syncing: {
      entry: [...catchUp],
      on: {
        ...leaving,
        ...counted,
        BOOTED: away,
        CAUGHT_UP: { guard: 'thisRound', target: 'online', actions: 'proven' },
        PROOF_FAILED: lost,
        TASK_FLOWS: { actions: 'count' },
        TASK_LANDED: { actions: 'count' },
      },
    },
    online: {
      always: { guard: 'works', target: 'executing' },
      on: { ...connected, BACKLOG: 'syncing', TASK_FLOWS: { target: 'executing', actions: 'count' }, TASK_LANDED: { actions: 'count' } },
      after: {
        heartbeat: [unproven, { target: 'online', reenter: true, actions: [...prove] }],
      },
    },
    executing: {
      on: {
        ...connected,
        TASK_FLOWS: { actions: 'count' },
        TASK_LANDED: [{ guard: 'idle', target: 'online', actions: 'count' }, { actions: 'count' }],
      },
      after: {
        heartbeat: [unproven, { target: 'executing', reenter: true, actions: [...prove] }],
      },
    },
    offline: {
      on: {
        ...leaving,
        BOOTED: { ...away, reenter: true },
        OPERATION_BUFFERED: { target: 'queuing', actions: 'count' },
        OPERATION_SETTLED: { actions: 'count' },
        TASK_LANDED: { actions: 'count' },
        PROVEN: [...reconnect],
        PROOF_FAILED: waits('offline'),
        SYNC_NOW: { actions: [...prove] },
      },
      after: { retry: { ...away, reenter: true } },
    },
    queuing: {
      on: {
        ...leaving,
        ...counted,
        BOOTED: away,
        TASK_LANDED: { actions: 'count' },
        PROVEN: [...reconnect],
        PROOF_FAILED: waits('queuing'),
        SYNC_NOW: { actions: [...prove] },
      },
      after: { retry: { target: 'queuing', reenter: true, actions: [...prove] } },
    },
    paused: {
      on: { ...counted, RESUME: away, DISABLE: disable, SIGN_OUT: signOut, SESSION_REFUSED: refused },
    },
    /** The hub refused the session for good, or a person signed out. The queue is kept. */
    signedOut: { on: { ...counted, SIGN_IN: 'syncing', DISABLE: disable } },
  },
});

const attention: Readonly<Record<string, View['attention']>> = { signedOut: 2, offline: 1, queuing: 1 };
const view = (saved: SavedSnapshot): View => {
  const status = String(saved.value);
  return { status, attention: attention[status] ?? 0, ended: false, title: 'Sync link', project: null, parent: null, priority: 0 };
};

export const syncLinkKind: MachineKind = {
  kind: 'sync-link',
  machine: syncLinkMachine,
  version: 1,
  input,
  events,
  context,
  upcasters: {},
  commands: {
    SYNC_NOW: { verb: 'now', label: 'Sync now' },
    PAUSE: { verb: 'pause', label: 'Pause' },
    RESUME: { verb: 'resume', label: 'Resume' },
    SIGN_OUT: { verb: 'logout', label: 'Sign out' },
    DISABLE: { verb: 'disable', label: 'Disable sync', danger: true },
  },
  wallDelays: [],
  view,
};
