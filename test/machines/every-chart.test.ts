import { describe, expect, test } from 'vitest';
import { type EffectName, effects } from '../../machines/effects.ts';
import { kinds } from '../../machines/index.ts';
import type { Kind } from '../../machines/kind.ts';
import * as given from '../support/chart-events.ts';
import { allEdges, allNodes, explore } from '../support/explore.ts';

type Plan = Pick<Parameters<typeof explore>[1], 'inputs' | 'events' | 'key'>;
const plans: Record<Kind, Plan> = {
  task: {
    inputs: given.taskInputs(1_000),
    events: (context, at) => [...given.taskEvents(context, at), given.handOver(at)],
    key: given.taskKey,
  },
  agent: { inputs: given.agentInputs(1_000), events: given.agentEvents, key: given.agentKey },
  message: { inputs: given.messageInputs(1_000), events: given.messageEvents, key: given.messageKey },
  approval: { inputs: given.approvalInputs(1_000), events: given.approvalEvents, key: given.approvalKey },
  'sync-link': { inputs: given.linkInputs(1_000), events: given.linkEvents, key: given.linkKey },
};

describe.each(Object.keys(plans) as Kind[])('the %s chart, walked from every input by every event and timer', (kind) => {
  const { machine, context, commands, events } = kinds[kind];
  const bad: string[] = [];
  const deadEnds = new Map<string, boolean>();
  const walk = explore(machine, {
    ...plans[kind],
    limit: 1_500,
    onStep: ({ from, event, to, effects: made }) => {
      if (!context.safeParse(to.context).success)
        bad.push(`${event.type}: context ${JSON.stringify(context.safeParse(to.context).error?.issues)}`);
      for (const { type, params } of made) {
        const known = effects[type as EffectName];
        // Named assigns and the like are no effects.
        if (!known) continue;
        const parsed = known.params.safeParse(params);
        if (!parsed.success) bad.push(`${event.type} → ${type}: ${JSON.stringify(parsed.error.issues)}`);
        else if (JSON.stringify(JSON.parse(JSON.stringify(params))) !== JSON.stringify(params)) bad.push(`${type} is not JSON`);
      }
      const key = JSON.stringify(from.value);
      const moved = JSON.stringify(to.value) !== key;
      deadEnds.set(key, (deadEnds.get(key) ?? true) && !moved);
      if (kinds[kind].view(to).status === '') bad.push(`no status for ${JSON.stringify(to.value)}`);
    },
  });

  test('nothing throws, every context keeps its shape, every effect has parameters of its schema', () => {
    expect(walk.errors).toEqual([]);
    expect([...new Set(bad)]).toEqual([]);
  });
  test('every state is reached', () => {
    const missing = allNodes(machine)
      .filter((n) => n.type !== 'history' && !walk.states.has(n.id))
      .map((n) => n.id);
    expect(missing).toEqual([]);
  });
  test('every transition is taken', () => {
    expect(allEdges(machine).filter((edge) => !walk.edges.has(edge))).toEqual([]);
  });
  test('law 5: no state is final', () => {
    expect(
      allNodes(machine)
        .filter((n) => n.type === 'final')
        .map((n) => n.id),
    ).toEqual([]);
  });
  test('every command is an event that passes the door', () => {
    const door = events.safeParse.bind(events);
    for (const [type, command] of Object.entries(commands)) {
      const fields = { priority: 1, budget: 1, text: 'x' } as Record<string, unknown>;
      const needed = Object.fromEntries((command.needs ?? []).map((name) => [name, fields[name]]));
      expect(door({ type, id: 'e', at: 1, ...needed }).success, type).toBe(true);
    }
  });
});
