/** The charts, fetched once each. They are plain files beside the page, made by the build. */
import { signal } from '@preact/signals';
import type { ChartFile } from './model/types.ts';
import { outlinesAre } from './outlines.ts';

export type Loaded = { state: 'loading' } | { state: 'ready'; file: ChartFile } | { state: 'missing' };

const charts = signal<ReadonlyMap<string, Loaded>>(new Map());
const put = (kind: string, loaded: Loaded): void => {
  charts.value = new Map(charts.peek()).set(kind, loaded);
};

const load = async (kind: string): Promise<void> => {
  try {
    const reply = await fetch(`/charts/${encodeURIComponent(kind)}.json`);
    if (!reply.ok) return put(kind, { state: 'missing' });
    const file: ChartFile = await reply.json();
    put(kind, { state: 'ready', file });
  } catch {
    // The daemon is away: asked again when somebody looks again.
    const rest = new Map(charts.peek());
    rest.delete(kind);
    charts.value = rest;
  }
};

/** The charts are here already: nothing is fetched. */
export const chartsAre = (files: Readonly<Record<string, ChartFile>>): void => {
  charts.value = new Map(Object.entries(files).map(([kind, file]): [string, Loaded] => [kind, { state: 'ready', file }]));
  outlinesAre(Object.fromEntries(Object.entries(files).map(([kind, { definition }]) => [kind, definition])));
};

/** Subscribes the caller; starts loading at the first call. */
export const chartFor = (kind: string): Loaded => {
  const known = charts.value.get(kind);
  if (known) return known;
  queueMicrotask(() => {
    if (charts.peek().has(kind)) return;
    put(kind, { state: 'loading' });
    void load(kind);
  });
  return { state: 'loading' };
};
