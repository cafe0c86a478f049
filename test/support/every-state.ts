/** Every state a chart can be in, once for each set of commands it accepts there. */
import { type AnyMachineSnapshot, createActor } from 'xstate';
import type { Profile } from '../../machines/effects.ts';
import { kinds } from '../../machines/index.ts';
import type { Kind, SavedSnapshot } from '../../machines/kind.ts';
import * as given from './chart-events.ts';
import { explore } from './explore.ts';

export type Standing = { saved: SavedSnapshot; accepts: string[] };

/** Coarser than where laws are proved: what it was told by whom does not matter here. */
const agentKey = (c: Record<string, unknown>): unknown[] => [
  (c['profile'] as Profile).restart,
  c['restarts'],
  c['ending'],
  c['exit'] !== null,
];

const plans = {
  task: {
    inputs: given.taskInputs(1_000),
    events: (context: Record<string, unknown>, at: number) => [...given.taskEvents(context, at), given.handOver(at)],
    key: given.taskKey,
  },
  agent: { inputs: given.agentInputs(1_000), events: given.agentEvents, key: agentKey },
  message: { inputs: given.messageInputs(1_000), events: given.messageEvents, key: given.messageKey },
  approval: { inputs: given.approvalInputs(1_000), events: given.approvalEvents, key: given.approvalKey },
  'sync-link': { inputs: given.linkInputs(1_000), events: given.linkEvents, key: given.linkKey },
} satisfies Record<Kind, Pick<Parameters<typeof explore>[1], 'inputs' | 'events' | 'key'>>;

/** What a person's command carries besides its name. */
export const fieldsOf: Readonly<Record<string, unknown>> = { priority: 3, budget: 2_000_000, text: 'yes' };

/** Types of the person's commands that the chart itself takes there. */
export const acceptedBy = (kind: Kind, saved: SavedSnapshot): string[] => {
  const { machine, commands } = kinds[kind];
  const snapshot = machine.resolveState(structuredClone(saved) as never) as AnyMachineSnapshot;
  return Object.keys(commands).filter((type) => snapshot.can({ type, id: 'asked', at: 2_000_000, ...fieldsOf }));
};

/** @param limit snapshots looked at; too few and states are missing, which `states` shows. */
export const everyState = (kind: Kind, limit: number): { standings: Standing[]; states: Set<string> } => {
  const found = new Map<string, Standing>();
  const looked = new Set<string>();
  const take = (saved: SavedSnapshot): void => {
    const alike = JSON.stringify([saved.value, plans[kind].key(saved.context)]);
    if (looked.has(alike)) return;
    looked.add(alike);
    const accepts = acceptedBy(kind, saved);
    const key = JSON.stringify([saved.value, accepts]);
    if (!found.has(key)) found.set(key, { saved, accepts });
  };
  const { machine } = kinds[kind];
  for (const input of plans[kind].inputs) take(JSON.parse(JSON.stringify(createActor(machine, { input }).getPersistedSnapshot())));
  const walk = explore(machine, { ...plans[kind], limit, onStep: ({ to }) => take(to) });
  return { standings: [...found.values()], states: walk.states };
};
