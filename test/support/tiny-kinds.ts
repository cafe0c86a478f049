/** Small charts that use everything the runtime offers: effects in both lanes, timers on both clocks, errands, history, guards that fail. */
import { assign, setup } from 'xstate';
import { z } from 'zod';
import type { MachineKind, SavedSnapshot } from '../../machines/kind.ts';
import type { EffectTable } from '../../src/runtime/types.ts';

export const tinyEffects: EffectTable = {
  'actor.send': { repeat: 'safe', lane: 'normal' },
  'actor.create': { repeat: 'safe', lane: 'normal' },
  'job.start': { repeat: 'safe', lane: 'normal' },
  'job.type': { repeat: 'ask', lane: 'normal' },
  'job.launch': { repeat: 'generation', lane: 'normal' },
  'job.kill': { repeat: 'safe', lane: 'urgent' },
};

const envelope = { id: z.string().min(1), at: z.number(), by: z.string().optional() };
/** Effects are typed names without a body. */
type Body<P> = (unused: unknown, params: P) => void;
const counted: Body<{ n: number }> = () => undefined;
const typed: Body<{ text: string }> = () => undefined;
const sent: Body<{ to: string; event: { type: string } }> = () => undefined;
const created: Body<{ kind: string; id: string; input: Record<string, unknown> }> = () => undefined;
const loose = z.looseObject({ type: z.string(), ...envelope });

type WorkerContext = { id: string; starts: number; notes: string[]; parent: string | null };
type WorkerEvent = { type: string; [field: string]: unknown };

/** idle → working (effects, patience) → done; `stop` from anywhere; `BOOM` throws; `NOTE` only writes. */
export const workerMachine = setup({
  types: {
    context: {} as WorkerContext,
    events: {} as WorkerEvent,
    input: {} as { id: string; parent?: string },
  },
  actions: {
    'job.start': counted,
    'job.type': typed,
    'job.launch': counted,
    'job.kill': counted,
    'actor.send': sent,
    'actor.create': created,
    note: assign({
      notes: ({ context, event }) => [...context.notes, typeof event['text'] === 'string' ? event['text'] : event.type].slice(-20),
    }),
  },
  guards: {
    never: () => false,
    boom: () => {
      throw new Error('guard bug');
    },
  },
  delays: { patience: 30_000, deadline: 60_000, shortly: 1_000 },
}).createMachine({
  id: 'worker',
  context: ({ input }) => ({ id: input.id, starts: 0, notes: [], parent: input.parent ?? null }),
  initial: 'idle',
  on: {
    NOTE: { actions: 'note' },
    NOTHING: {},
    BOOM: { guard: 'boom', target: '.idle' },
    STOP: { target: '.stopped', actions: { type: 'job.kill', params: ({ context }) => ({ n: context.starts }) } },
    TELL: {
      actions: {
        type: 'actor.send',
        params: ({ event }) => ({ to: String(event['to']), event: { type: 'NOTE', text: 'told' } }),
      },
    },
    /** Passes itself on until `left` is used up, from worker to worker. */
    RELAY: [
      {
        guard: ({ event }) => Number(event['left']) > 0,
        actions: [
          'note',
          {
            type: 'actor.send',
            params: ({ event, context }) => ({
              to: String(event['to']),
              event: { type: 'RELAY', to: context.id, left: Number(event['left']) - 1 },
            }),
          },
        ],
      },
      { actions: 'note' },
    ],
    CHILD: {
      actions: {
        type: 'actor.create',
        params: ({ event, context }) => ({
          kind: 'worker',
          id: String(event['child']),
          input: { id: String(event['child']), parent: context.id },
        }),
      },
    },
    TYPE: { actions: { type: 'job.type', params: ({ event }) => ({ text: String(event['text']) }) } },
    LAUNCH: { actions: { type: 'job.launch', params: ({ context }) => ({ n: context.starts }) } },
    EFFECT_FAILED: { actions: 'note' },
    EFFECT_UNSURE: { actions: 'note' },
    EFFECT_CANCELLED: { actions: 'note' },
  },
  states: {
    idle: {
      on: { START: { target: 'working', actions: assign({ starts: ({ context }) => context.starts + 1 }) } },
    },
    working: {
      entry: { type: 'job.start', params: ({ context }) => ({ n: context.starts }) },
      initial: 'first',
      states: {
        first: { on: { NEXT: 'second' } },
        second: { on: { NEXT: 'first' } },
        back: { type: 'history' },
      },
      on: { FINISHED: 'done', PAUSE: 'paused', REFUSED: { guard: 'never', target: 'done' } },
      after: { patience: 'tired' },
    },
    paused: { on: { RESUME: 'working.back' } },
    tired: {
      on: { START: { target: 'working', actions: assign({ starts: ({ context }) => context.starts + 1 }) } },
      after: { deadline: 'stopped' },
    },
    waiting: { after: { shortly: { guard: 'never', target: 'done' } } },
    done: { tags: 'ended', on: { START: 'working', WAIT: 'waiting' } },
    stopped: { tags: 'ended', on: { START: 'working' } },
  },
});

const statusOf = (saved: SavedSnapshot) => (typeof saved.value === 'string' ? saved.value : (Object.keys(saved.value as object)[0] ?? ''));

export const worker = {
  kind: 'worker',
  machine: workerMachine,
  version: 1,
  input: z.looseObject({ id: z.string(), at: z.number().optional(), parent: z.string().optional() }),
  events: loose,
  context: z.object({ id: z.string(), starts: z.number(), notes: z.array(z.string()), parent: z.string().nullable() }),
  upcasters: {},
  commands: {
    START: { verb: 'start', label: 'Start' },
    STOP: { verb: 'stop', label: 'Stop', danger: true },
    PAUSE: { verb: 'pause', label: 'Pause' },
    RESUME: { verb: 'resume', label: 'Resume' },
  },
  wallDelays: ['deadline'],
  view: (saved) => {
    const status = statusOf(saved);
    return {
      status,
      attention: status === 'tired' ? 2 : 0,
      ended: status === 'done' || status === 'stopped',
      title: `worker ${String(saved.context['id'])}`,
      project: null,
      parent: (saved.context['parent'] as string | null) ?? null,
      priority: Number(saved.context['starts']),
    };
  },
} satisfies MachineKind;

/** Counts; the smallest step there is. */
export const counterMachine = setup({
  types: { context: {} as { id: string; n: number }, events: {} as { type: string }, input: {} as { id: string } },
}).createMachine({
  id: 'counter',
  context: ({ input }) => ({ id: input.id, n: 0 }),
  initial: 'even',
  states: {
    even: { on: { ADD: { target: 'odd', actions: assign({ n: ({ context }) => context.n + 1 }) } } },
    odd: { on: { ADD: { target: 'even', actions: assign({ n: ({ context }) => context.n + 1 }) } } },
  },
});

export const counter = {
  kind: 'counter',
  machine: counterMachine,
  version: 1,
  input: z.looseObject({ id: z.string() }),
  events: loose,
  context: z.object({ id: z.string(), n: z.number() }),
  upcasters: {},
  commands: { ADD: { verb: 'add', label: 'Add' } },
  wallDelays: [],
  view: (saved) => ({
    status: String(saved.value),
    attention: 0,
    ended: false,
    title: `counter ${String(saved.context['id'])}`,
    project: null,
    parent: null,
    priority: 0,
  }),
} satisfies MachineKind;

export const tinyKinds = { worker, counter };
