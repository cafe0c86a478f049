import { describe, expect, test } from 'vitest';
import { createActor } from 'xstate';
import { kinds } from '../../machines/index.ts';
import { chartOf, edgeId } from '../../web/charts/from-machine.ts';
import { activeStates, statesById } from '../../web/src/chart/model/tree.ts';
import { sampleAgent, sampleLink } from '../support/sample-machines.ts';

const all = [...Object.values(kinds).map((k) => k.machine), sampleLink, sampleAgent];

describe.each(all.map((machine) => [machine.id, machine] as const))('chart of %s', (_, machine) => {
  const model = chartOf(machine);
  const states = statesById(model);

  test('every state and every transition of the machine is in it, once', () => {
    const nodes = [machine.root];
    for (const node of nodes) nodes.push(...Object.values(node.states));
    expect(model.states.map((s) => s.id).sort()).toEqual(nodes.map((n) => n.id).sort());
    const ids = nodes.flatMap((n) => [
      ...[...n.transitions].flatMap(([descriptor, list]) => list.map((_t, i) => edgeId(n.id, descriptor, i))),
      ...(n.always ?? []).map((_t, i) => edgeId(n.id, '', i)),
    ]);
    expect(model.edges.map((e) => e.id).sort()).toEqual(ids.sort());
  });

  test('every transition is either drawn or told', () => {
    const told = new Set(model.states.flatMap((s) => s.notes.flatMap((n) => n.edges)));
    for (const edge of model.edges) expect(edge.lines.length > 0 || told.has(edge.id), edge.id).toBe(true);
    for (const edge of model.edges) if (edge.lines.length < edge.targets.length) expect(told.has(edge.id), edge.id).toBe(true);
  });

  test('ends of lines are states of the chart', () => {
    for (const edge of model.edges) for (const id of [edge.source, ...edge.targets]) expect(states.has(id), id).toBe(true);
  });
});

test('the id of an edge is what XState reports as taken', () => {
  const known = new Set(chartOf(sampleLink).edges.map((e) => e.id));
  const taken: string[] = [];
  const actor = createActor(sampleLink, {
    inspect: (seen) => {
      if (seen.type !== '@xstate.microstep') return;
      for (const t of seen._transitions) {
        if (typeof t.eventType !== 'string') continue;
        const list = t.eventType === '' ? t.source.always : t.source.transitions.get(t.eventType);
        taken.push(edgeId(t.source.id, t.eventType, list?.indexOf(t) ?? -1));
      }
    },
  });
  actor.start();
  for (const type of ['CONFIGURE', 'AUTHENTICATED', 'PAGE', 'PULLED', 'PUSHED', 'COMMAND', 'PING', 'NETWORK_LOST', 'LOCAL_CHANGE'])
    actor.send({ type });
  expect(taken).toContain('syncLink.syncing.pulling|PULLED|1');
  expect(taken).toContain('syncLink.offline.queuing||0');
  for (const id of taken) expect(known.has(id), id).toBe(true);
});

test('active states are found through the model, so that an id of its own does not hide a state', () => {
  const model = chartOf(sampleAgent);
  const value = { process: { running: 'attached' }, conversation: { working: 'usingTool' } };
  expect(activeStates(model, value)).toContain('tool');
  expect(activeStates(model, value)).toContain('agent.process.running.attached');
  expect(activeStates(model, { process: 'no such state' })).toEqual(['agent', 'agent.process']);
});

test('an event that moves two regions at once is told in the box of the root', () => {
  const root = chartOf(sampleAgent).states[0];
  expect(root?.notes.map((n) => n.text)).toContain('PANIC → stopping + idle');
});
