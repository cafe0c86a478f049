import { beforeAll, describe, expect, test } from 'vitest';
import { kinds } from '../../machines/index.ts';
import { chartFile } from '../../web/charts/chart-file.ts';
import { elkEngine } from '../../web/charts/elk.ts';
import { elkGraph } from '../../web/charts/elk-graph.ts';
import { chartOf } from '../../web/charts/from-machine.ts';
import { type Engine, layout } from '../../web/charts/layout.ts';
import { compose, shelves, shiftPath } from '../../web/src/chart/model/compose.ts';
import { fold, openFor, openSets, variantKey } from '../../web/src/chart/model/fold.ts';
import { minWidth } from '../../web/src/chart/model/measure.ts';
import { roundedPath } from '../../web/src/chart/model/routes.ts';
import { activeStates, contains, statesById } from '../../web/src/chart/model/tree.ts';
import type { Block, Box, ChartModel } from '../../web/src/chart/model/types.ts';
import { sampleAgent, sampleLink } from '../support/sample-machines.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await elkEngine();
});

const rootOf = (model: ChartModel) => {
  const root = statesById(model).get(model.root);
  if (!root) throw new Error('no root');
  return root;
};
const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
const inside = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.w <= outer.x + outer.w && inner.y + inner.h <= outer.y + outer.h;

/** What must hold of any picture: all states once, no overlap but nesting, every line drawn and inside, labels free of boxes. */
const check = (model: ChartModel, blocks: readonly Block[], width: number): void => {
  const states = statesById(model);
  const picture = compose(rootOf(model), blocks, width);
  const boxes = new Map(picture.boxes.map((b) => [b.id, b]));
  expect([...boxes.keys()].sort()).toEqual(model.states.map((s) => s.id).sort());
  for (const a of picture.boxes) {
    const parent = boxes.get(states.get(a.id)?.parent ?? '');
    if (parent) expect(inside(a, parent), `${a.id} in ${parent.id}`).toBe(true);
    for (const b of picture.boxes)
      if (a.id < b.id && !contains(states, a.id, b.id) && !contains(states, b.id, a.id))
        expect(overlap(a, b), `${a.id} over ${b.id}`).toBe(false);
  }
  for (const state of model.states) {
    const box = boxes.get(state.id);
    expect(box && box.w >= minWidth(state) - 1, `words of ${state.id}`).toBe(true);
  }
  const routed = new Set(picture.routes.flatMap((r) => r.edges));
  for (const edge of model.edges) if (edge.lines.length > 0) expect(routed.has(edge.id), edge.id).toBe(true);
  const leaves = picture.boxes.filter((b) => states.get(b.id)?.children.length === 0);
  for (const route of picture.routes) {
    expect(route.d).toMatch(/^M[\d.]+ [\d.]+/);
    for (const [x, y] of route.points) expect(x >= 0 && y >= 0 && x <= picture.w && y <= picture.h, route.id).toBe(true);
    const label = { id: route.id, ...route.label };
    for (const leaf of leaves) expect(overlap(label, leaf), `label of ${route.id} over ${leaf.id}`).toBe(false);
  }
};

describe.each([...Object.values(kinds).map((k) => k.machine), sampleLink, sampleAgent].map((m) => [m.id, chartOf(m)] as const))(
  'picture of %s',
  (_, model) => {
    test('whole, in a wide and in a narrow pane', async () => {
      const blocks = await layout(model, engine);
      expect(blocks).not.toBeNull();
      check(model, blocks ?? [], 3000);
      check(model, blocks ?? [], 300);
    });
  },
);

test('a set of open compounds exists for every state a machine can be in', () => {
  const model = chartOf(sampleLink);
  const keys = openSets(model).map((open) => variantKey(model, open));
  const values = ['localOnly', { offline: 'queuing' }, { online: { work: 'idle', heartbeat: 'stale' } }, { syncing: 'pulling' }];
  for (const value of values) expect(keys).toContain(variantKey(model, openFor(model, activeStates(model, value))));
});

test('folding moves lines up to the fold and drops what happens inside', () => {
  const folded = fold(chartOf(sampleLink), new Set());
  expect(folded.states.map((s) => s.key)).toEqual(['syncLink', 'localOnly', 'syncing', 'online', 'offline', 'suspended', 'revoked']);
  expect(folded.states.find((s) => s.key === 'online')?.inside).toBe(6);
  const lines = folded.edges.flatMap((e) => e.lines.map((target) => `${e.source} ${e.label} ${target}`));
  expect(lines).toContain('syncLink.syncing PUSHED syncLink.online');
  expect(lines.some((line) => line.includes('CONFLICT'))).toBe(false);
});

test('regions of a parallel root stand side by side where there is room, else below each other', async () => {
  const blocks = (await layout(chartOf(sampleAgent), engine)) ?? [];
  expect(shelves(blocks, 5000)).toHaveLength(1);
  expect(shelves(blocks, 500)).toHaveLength(2);
  const root = rootOf(chartOf(sampleAgent));
  expect(compose(root, blocks, 500).w).toBeLessThan(compose(root, blocks, 5000).w);
});

describe('traps of ELK', () => {
  test('options are not handed down: every compound carries them', () => {
    const model = chartOf(sampleLink);
    const graph = elkGraph(statesById(model), rootOf(model).children, []);
    for (const node of graph.children ?? []) if (node.children) expect(node.layoutOptions?.['elk.json.shapeCoords']).toBe('ROOT');
  });

  test('model order is not asked for: it throws with nested graphs', () => {
    const model = chartOf(sampleLink);
    expect(JSON.stringify(elkGraph(statesById(model), rootOf(model).children, []))).not.toMatch(/modelorder/i);
  });

  test('an engine that throws leaves a chart without a picture, to be shown as a list', async () => {
    const broken: Engine = { layout: () => Promise.reject(new TypeError("Cannot read properties of undefined (reading 'a')")) };
    const file = await chartFile('agent', 1, chartOf(sampleAgent), 'hash', broken);
    expect(file).toMatchObject({ whole: null, folded: {}, layout: { boxes: [] } });
    expect(file.definition.states.length).toBeGreaterThan(10);
  });

  test('an engine that forgets a line leaves a chart without a picture', async () => {
    const forgetful: Engine = {
      layout: async (graph) => {
        const out = await engine.layout(graph);
        const strip = (node: typeof out): void => {
          for (const edge of node.edges ?? []) delete edge.sections;
          for (const child of node.children ?? []) strip(child);
        };
        strip(out);
        return out;
      },
    };
    expect(await layout(chartOf(sampleLink), forgetful)).toBeNull();
  });
});

test('a rounded path keeps its ends and cuts no corner longer than half a side', () => {
  expect(
    roundedPath(
      [
        [0, 0],
        [0, 4],
        [10, 4],
      ],
      7,
    ),
  ).toBe('M0 0L0 2Q0 4 3.5 4L10 4'.replace('3.5', '5'));
  expect(shiftPath('M1 2L3.5 4', 10, 20)).toBe('M11 22L13.5 24');
});
