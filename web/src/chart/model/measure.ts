/** Sizes of the drawing. Monospace text makes a width a multiplication: what is laid out without a browser is what the browser draws. */
import type { ChartState, RouteLabel } from './types.ts';

export const size = { font: 12, small: 11, charWidth: 0.602, head: 26, line: 16, pad: 12 } as const;

/** Pixels a text takes. */
export const textWidth = (text: string, fontSize: number): number => Math.ceil(text.length * fontSize * size.charWidth);

/** Longest line inside a box or a label; the whole text stands in the tooltip. */
export const lineLimit = 46;
export const shorten = (text: string, limit = lineLimit): string => (text.length > limit ? `${text.slice(0, limit - 1)}…` : text);

export const noteGlyph = { entry: '→ ', exit: '← ', self: '↻ ', inner: '↳ ' } as const;

/** Words beside the name of a state. */
export const kindWord = (state: ChartState): string => {
  if (state.inside > 0) return `+${state.inside} inside`;
  return state.type === 'parallel' || state.type === 'history' ? state.type : '';
};

/** Height of the name and the lines below it. */
export const headHeight = (state: ChartState): number => size.head + state.notes.length * size.line + (state.notes.length > 0 ? 6 : 0);

export const minWidth = (state: ChartState): number => {
  const word = kindWord(state);
  const name = textWidth(state.key, size.font) + 34 + (word ? textWidth(word, size.small) + 8 : 0);
  return Math.max(84, name, ...state.notes.map((n) => textWidth(noteGlyph[n.kind] + shorten(n.text), size.small) + 22));
};

/** Lines of text of a label; long lists of guards are cut. */
export const labelLines = (label: RouteLabel): string[] => {
  const guards = label.guards.length > 2 ? [...label.guards.slice(0, 1), `+${label.guards.length - 1} more`] : label.guards;
  return [shorten(label.event, 30), ...guards.map((guard) => shorten(`[${guard}]`, 30))];
};
export const labelSize = (labels: readonly RouteLabel[]): { w: number; h: number } => {
  const lines = labels.flatMap(labelLines);
  return { w: Math.max(...lines.map((line) => textWidth(line, size.small))) + 14, h: lines.length * (size.line - 2) + 6 };
};

/** Labels of the map: the event alone, as large as a name. Under which guard is told by the tooltip and the whole chart. */
export const mapLabels = (labels: readonly RouteLabel[]): { labels: RouteLabel[]; w: number; h: number } => {
  const plain = labels.map((label) => ({ ...label, guards: [], hint: label.guards.join(', ') }));
  const lines = plain.flatMap(labelLines);
  return { labels: plain, w: Math.max(...lines.map((line) => textWidth(line, size.font))) + 12, h: lines.length * (size.line - 2) + 6 };
};

/** A box of the map: the name, and what stands beside it. */
export const mapBox = (state: ChartState): { w: number; h: number } => {
  const word = kindWord(state);
  const name = textWidth(state.key, size.font) + (state.initial ? 30 : 18) + (word ? textWidth(word, size.font) + 6 : 0);
  return { w: Math.max(52, name), h: size.head - 2 };
};
