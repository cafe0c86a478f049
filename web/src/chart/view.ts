/** Which picture of a chart to show, and how large. Pure. */
import { compose } from './model/compose.ts';
import { fold, openFor, variantKey } from './model/fold.ts';
import { size } from './model/measure.ts';
import { statesById } from './model/tree.ts';
import type { ChartFile, ChartLayout, ChartModel } from './model/types.ts';

/** Text is never drawn smaller than 10 px unless the person zooms out. */
const smallestFit = 10 / size.small;
const largestFit = 1.25;

export type Picture = { key: string; model: ChartModel; layout: ChartLayout };

/** Null when there is no layout: show the list. `whole` shows everything, else compounds that are not active are folded. */
export const pictureOf = (file: ChartFile, active: readonly string[], whole: boolean, paneWidth: number): Picture | null => {
  const open = openFor(file.definition, active);
  const key = variantKey(file.definition, open);
  const variant = whole ? file.whole : (file.folded[key] ?? file.whole);
  if (!variant) return null;
  const folded = variant !== file.whole;
  const model = folded ? fold(file.definition, open) : file.definition;
  const root = statesById(model).get(model.root);
  if (!root) return null;
  return { key: folded ? key : '*', model, layout: compose(root, variant.blocks, paneWidth / smallestFit) };
};

export const fitScale = (layout: ChartLayout, pane: { w: number; h: number }): number =>
  Math.min(largestFit, Math.max(smallestFit, Math.min(pane.w / layout.w, pane.h / layout.h)));

/** Active states as the picture names them: what is hidden in a fold lights the fold. */
export const shownActive = (file: ChartFile, picture: Picture, active: readonly string[]): Set<string> => {
  const shown = statesById(picture.model);
  const all = statesById(file.definition);
  const lit = new Set<string>();
  for (const id of active) {
    let at: string | null = id;
    while (at !== null && !shown.has(at)) at = all.get(at)?.parent ?? null;
    if (at !== null) lit.add(at);
  }
  return lit;
};
