/** The outlines of all charts: one small file, for lists that show many actors. The charts themselves are fetched where one is looked at. */
import { signal } from '@preact/signals';
import { pack } from './model/pack.ts';
import { activeStates, statesNamed } from './model/tree.ts';
import type { Box, Outline } from './model/types.ts';

/** `places`: where among the boxes a state is. `lit`: what was lit before, by state value; a chart has few. */
export type Thumb = {
  outline: Outline;
  w: number;
  h: number;
  boxes: Box[];
  outer: ReadonlySet<string>;
  places: ReadonlyMap<string, number>;
  lit: Map<string, readonly number[]>;
};

const placesOf = ({ places }: Thumb, states: readonly string[]): number[] =>
  states.flatMap((id) => {
    const at = places.get(id);
    return at === undefined ? [] : [at];
  });

/** Boxes that are lit in a state value, the same list for the same value. */
export const litBy = (thumb: Thumb, value: unknown): readonly number[] => {
  const key = JSON.stringify(value);
  const known = thumb.lit.get(key) ?? placesOf(thumb, activeStates(thumb.outline, value));
  thumb.lit.set(key, known);
  return known;
};
export const litByWord = (thumb: Thumb, word: string): readonly number[] => placesOf(thumb, statesNamed(thumb.outline, word));

const thumbs = signal<ReadonlyMap<string, Thumb> | null>(null);
let asked = false;

const thumbOf = (outline: Outline): Thumb => {
  const { boxes, ...size } = pack(outline);
  const outer = new Set(outline.states.filter((state) => state.children.length > 0).map((state) => state.id));
  return { outline, ...size, boxes, outer, places: new Map(boxes.map((box, i) => [box.id, i])), lit: new Map() };
};

export const outlinesAre = (outlines: Readonly<Record<string, Outline>>): void => {
  asked = true;
  thumbs.value = new Map(Object.entries(outlines).map(([kind, outline]): [string, Thumb] => [kind, thumbOf(outline)]));
};

const load = async (): Promise<void> => {
  try {
    const reply = await fetch('/thumbnails.json');
    if (reply.ok) outlinesAre(await reply.json());
  } catch {
    // The daemon is away: asked again when somebody looks again.
    asked = false;
  }
};

/** Subscribes the caller; starts loading at the first call. */
export const thumbFor = (kind: string): Thumb | null => {
  const known = thumbs.value?.get(kind) ?? null;
  if (!asked) {
    asked = true;
    queueMicrotask(() => void load());
  }
  return known;
};
