/** How wide text is on a terminal, and how to cut or fill it to a width. Cells, not code units. */
import { stripControls } from '../lib/short-text.ts';

let segmenter: Intl.Segmenter | undefined;

/**
 * Letters of one code unit and one cell: ASCII, Latin, Greek, Cyrillic, and the signs that our own lines are made of. Nearly all text is of
 * these, and does without the segmenter, whose making costs 30 ms.
 */
const PLAIN = /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u0386-\u0482\u2010-\u2026\u2190-\u2193\u2212●○◐■‖✓✗│]*$/;
const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}{2}|[#*0-9]\ufe0f?\u20e3/u;
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}\u200b]+$/u;

/** East Asian Wide and Fullwidth (Unicode 16, UAX #11), without the emoji that {@link EMOJI} finds. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x20000, 0x3fffd],
];

const graphemes = (text: string): Iterable<{ segment: string }> => {
  segmenter ??= new Intl.Segmenter();
  return segmenter.segment(text);
};

const cellsOf = (grapheme: string): number => {
  if (EMOJI.test(grapheme)) return 2;
  if (INVISIBLE.test(grapheme)) return 0;
  const code = grapheme.codePointAt(0) ?? 0;
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
};

/** Cells that `text` takes. Escape sequences are not expected in it. */
export const widthOf = (text: string): number => {
  if (PLAIN.test(text)) return text.length;
  let cells = 0;
  for (const { segment } of graphemes(text)) cells += cellsOf(segment);
  return cells;
};

/** The beginning of `text` that fits into `cells`; graphemes stay whole. */
const take = (text: string, cells: number): string => {
  if (PLAIN.test(text)) return text.slice(0, cells);
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes(text)) {
    used += cellsOf(segment);
    if (used > cells) break;
    kept += segment;
  }
  return kept;
};

/** At most `cells` wide; the last one is `…` when something was cut off. */
export const cut = (text: string, cells: number): string => {
  if (cells <= 0) return '';
  return widthOf(text) <= cells ? text : `${take(text, cells - 1)}…`;
};

/** Filled with spaces to `cells`. */
export const pad = (text: string, cells: number): string => text + ' '.repeat(Math.max(0, cells - widthOf(text)));

/** One harmless line: no escape sequences, no control characters, no direction overrides, no line breaks. */
export const oneLine = (text: string): string => stripControls(text).replaceAll(/\s+/gu, ' ').trim();

/** Harmless text that keeps its lines. A lone carriage return cannot overwrite what stands before it. */
export const safeText = (text: string): string => stripControls(text).replaceAll(/\r\n?/g, '\n');

/** Breaks at spaces into lines of at most `cells`; a longer word is broken inside. */
export const wrap = (text: string, cells: number): string[] => {
  const lines: string[] = [];
  let line = '';
  for (let word of oneLine(text).split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) <= cells) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    while (widthOf(word) > cells) {
      const head = take(word, cells);
      if (head === '') break;
      lines.push(head);
      word = word.slice(head.length);
    }
    line = word;
  }
  if (line !== '') lines.push(line);
  return lines;
};
