/** A program that works for a task, as short as can be: it lives until it is told to end. It stands where the chart of agents would. */
import { setup } from 'xstate';
import { z } from 'zod';
import { named } from '../../../machines/effects.ts';
import type { MachineKind } from '../../../machines/kind.ts';

type Context = { id: string; task: string; title: string; profile: { name: string }; progress: null };
type Args = { context: Context };
const exited = (code: number) => ({
  type: 'actor.send' as const,
  params: ({ context: { id, task } }: Args) => ({
    to: task,
    event: { type: 'AGENT_EXITED', agent: id, exit: { code, signal: null }, output: null, reason: null, lost: false },
  }),
});

const machine = setup({
  types: { context: {} as Context, events: {} as { type: string }, input: {} as Omit<Context, 'progress'> },
  actions: named('actor.send'),
}).createMachine({
  id: 'agent',
  version: '1',
  context: ({ input: { id, task, title, profile } }) => ({ id, task, title, profile, progress: null }),
  initial: 'works',
  states: {
    works: {
      on: {
        FINISH: { target: 'ended', actions: exited(0) },
        FAIL: { target: 'ended', actions: exited(1) },
        STOP: { target: 'ended', actions: exited(143) },
        KILL: { target: 'ended', actions: exited(137) },
      },
    },
    ended: { tags: 'ended' },
  },
});

export const playedAgent: MachineKind = {
  kind: 'agent',
  machine,
  version: 1,
  input: z.looseObject({ id: z.string() }),
  events: z.looseObject({ type: z.string() }),
  context: z.looseObject({ id: z.string() }),
  upcasters: {},
  commands: {},
  wallDelays: [],
  view: ({ value, context }) => ({
    status: String(value),
    attention: 0,
    ended: value === 'ended',
    title: String(context['title']),
    project: null,
    parent: String(context['task']),
    priority: 0,
  }),
};
