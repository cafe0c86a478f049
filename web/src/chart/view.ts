/** Which picture of a chart to show, and how large. Pure. */
import { compose } from './model/compose.ts';
import { fold, openFor, variantKey } from './model/fold.ts';
import { mapPicture, withoutNotes } from './model/map.ts';
import { size } from './model/measure.ts';
import { placeLabels } from './model/place.ts';
import { statesById } from './model/tree.ts';
import type { ChartFile, ChartLayout, ChartModel } from './model/types.ts';

/** Text is never drawn smaller than 10 px unless the person zooms out. The map has no small text. */
const smallestFit = 10 / size.small;
const smallestMap = 10 / size.font;
const largestFit = 1.25;

/** `shown`: routes that have a label; null = all of them. */
export type Picture = { key: string; model: ChartModel; layout: ChartLayout; shown: ReadonlySet<string> | null };
type Room = { w: number; h: number };

const detailed = (file: ChartFile, room: Room): Picture | null => {
  const root = statesById(file.definition).get(file.definition.root);
  if (!file.whole || !root) return null;
  return { key: '*', model: file.definition, layout: compose(root, file.whole.blocks, room.w / smallestFit), shown: null };
};

/** Null when there is no layout: show the list. The map folds what is not active; `whole` shows everything, with all it says. */
export const pictureOf = (file: ChartFile, active: readonly string[], whole: boolean, room: Room): Picture | null => {
  const open = openFor(file.definition, active);
  const key = variantKey(file.definition, open);
  const map = file.folded[key];
  if (whole || !map) return detailed(file, room);
  const model = withoutNotes(fold(file.definition, open));
  const root = statesById(model).get(model.root);
  return root ? { key, model, layout: mapPicture(model, root, map, room), shown: new Set() } : null;
};

/** A map with labels on the lines that matter now: what was just taken, what would be taken, and every way out of where it is. */
export const labelled = (
  picture: Picture,
  lit: readonly string[],
  active: ReadonlySet<string>,
  timed: ReadonlySet<string> = new Set(),
): Picture => {
  if (picture.shown === null) return picture;
  const { routes } = picture.layout;
  const told = routes.filter((r) => r.edges.some((id) => lit.includes(id)));
  const ways = routes.filter((r) => active.has(r.source));
  const wanted = [...told, ...ways].map((r) => r.id);
  return { ...picture, ...placeLabels(picture.model, picture.layout, wanted, timed) };
};

export const fitScale = ({ layout, shown }: Pick<Picture, 'layout' | 'shown'>, pane: Room): number =>
  Math.min(largestFit, Math.max(shown ? smallestMap : smallestFit, Math.min(pane.w / layout.w, pane.h / layout.h)));

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
