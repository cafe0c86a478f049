/** The charts as they are drawn: made when the web interface is built, served as they are. */
import { z } from 'zod';

const state = z.looseObject({
  id: z.string(),
  key: z.string(),
  parent: z.string().nullable(),
  depth: z.int(),
  /** atomic, compound, parallel, final, history. */
  type: z.string(),
  initial: z.boolean(),
  children: z.array(z.string()),
});
const edge = z.looseObject({ id: z.string(), source: z.string(), target: z.string(), label: z.string(), event: z.string() });

const chartModel = z.looseObject({ id: z.string(), root: z.string(), states: z.array(state), edges: z.array(edge) });
export type ChartModel = z.infer<typeof chartModel>;

const box = z.looseObject({ id: z.string(), x: z.number(), y: z.number(), w: z.number(), h: z.number() });
const route = z.looseObject({ id: z.string(), edges: z.array(z.string()), d: z.string(), source: z.string(), target: z.string() });
/** Absolute boxes and lines in CSS pixels. */
const chartLayout = z.looseObject({ w: z.number(), h: z.number(), boxes: z.array(box), routes: z.array(route) });
export type ChartLayout = z.infer<typeof chartLayout>;

export const chart = z
  .looseObject({
    kind: z.string(),
    version: z.int(),
    definition: chartModel,
    layout: chartLayout,
    /** Layouts with compounds folded away; the key says which one is open. */
    folded: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Chart' });
export type Chart = z.infer<typeof chart>;
/** A kind of actor: which version of its machine runs, and how many of them sit in each status. */
export const machineView = z
  .object({ kind: z.string(), version: z.int(), actors: z.int(), statuses: z.array(z.object({ status: z.string(), count: z.int() })) })
  .meta({ id: 'Machine' });
export type MachineView = z.infer<typeof machineView>;
export const chartParams = z.object({ kind: z.string().min(1).max(40) });
