/** The map of every machine, in every set of states it can be in, as it is shown first. */
import { beforeAll, describe, expect, test } from 'vitest';
import { kinds } from '../../machines/index.ts';
import { chartFile } from '../../web/charts/chart-file.ts';
import { elkEngine } from '../../web/charts/elk.ts';
import { chartOf } from '../../web/charts/from-machine.ts';
import type { Engine } from '../../web/charts/layout.ts';
import { size } from '../../web/src/chart/model/measure.ts';
import { contains, statesById } from '../../web/src/chart/model/tree.ts';
import type { Box, ChartFile } from '../../web/src/chart/model/types.ts';
import { fitScale, labelled, type Picture, pictureOf, shownActive } from '../../web/src/chart/view.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await elkEngine();
});

/** The chart pane of the task page in a window of 1280 pixels. */
const pane = { w: 612, h: 500 };
const overlap = (a: Omit<Box, 'id'>, b: Omit<Box, 'id'>): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** The four sides of a box, three pixels wide: its outline with a hair of air. */
const outline = ({ x, y, w, h }: Box): Omit<Box, 'id'>[] => [
  { x: x - 1, y, w: 3, h },
  { x: x + w - 2, y, w: 3, h },
  { x, y: y - 1, w, h: 3 },
  { x, y: y + h - 2, w, h: 3 },
];

/** Lines that a timer takes: their labels keep room for what is left of it. */
const waiting = ({ model, layout }: Picture): Set<string> => {
  const after = new Set(model.edges.filter(({ event }) => event.startsWith('xstate.after.')).map(({ id }) => id));
  return new Set(layout.routes.filter(({ edges }) => edges.some((id) => after.has(id))).map(({ id }) => id));
};

/** Ids of a leaf and all above it, for each leaf: what can be active in one region. */
const places = (file: ChartFile): string[][] => {
  const states = statesById(file.definition);
  return file.definition.states
    .filter((s) => s.children.length === 0)
    .map((leaf) => [...file.definition.states.filter((s) => contains(states, s.id, leaf.id)).map((s) => s.id), leaf.id]);
};

describe.each(Object.values(kinds).map((kind) => [kind.kind, kind] as const))('map of %s', (_, kind) => {
  let file: ChartFile;
  beforeAll(async () => {
    file = await chartFile(kind.kind, 1, chartOf(kind.machine), 'hash', engine);
  }, 120_000);

  test('at every place: no label over another, over a box, an outline or a name; all inside; text of 10 px and more', () => {
    let labels = 0;
    for (const active of places(file)) {
      const bare = pictureOf(file, active, false, pane);
      expect(bare?.key, active.join()).not.toBe('*');
      if (!bare) throw new Error('no picture');
      const { model, layout, shown } = labelled(bare, [], shownActive(file, bare, active), waiting(bare));
      const states = statesById(model);
      const parts = layout.boxes.map((b) => ({ ...b, h: states.get(b.id)?.children.length ? size.head : b.h }));
      const drawn = layout.routes.filter((r) => shown?.has(r.id));
      labels += drawn.length;
      for (const [i, { id, label }] of drawn.entries()) {
        expect(label.x >= 0 && label.y >= 0 && label.x + label.w <= layout.w && label.y + label.h <= layout.h, id).toBe(true);
        for (const part of parts) expect(overlap(label, part), `${id} over ${part.id}`).toBe(false);
        for (const box of layout.boxes)
          for (const side of outline(box)) expect(overlap(label, side), `${id} on the outline of ${box.id}`).toBe(false);
        for (const other of drawn.slice(i + 1)) expect(overlap(label, other.label), `${id} over ${other.id}`).toBe(false);
      }
      for (const a of layout.boxes)
        for (const b of layout.boxes)
          if (a.id < b.id && !contains(states, a.id, b.id) && !contains(states, b.id, a.id))
            expect(overlap(a, b), `${a.id} over ${b.id}`).toBe(false);
      for (const route of layout.routes) expect(route.points.length, route.id).toBeGreaterThan(1);
      expect(fitScale({ layout, shown }, pane) * size.font).toBeGreaterThanOrEqual(10);
    }
    expect(labels).toBeGreaterThan(0);
  });

  test('the picture is put together for the pane: a narrow one never makes it wider than a broad one', () => {
    const width = (w: number): number => pictureOf(file, [file.definition.root], false, { w, h: 520 })?.layout.w ?? 0;
    expect(width(400)).toBeLessThanOrEqual(width(1400));
  });
});
