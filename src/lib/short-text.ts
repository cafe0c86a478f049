/** Makes one short, harmless line of any text: for titles and last output lines. */

const ESC = String.fromCodePoint(0x1b);
const BEL = String.fromCodePoint(0x07);
const CSI8 = String.fromCodePoint(0x9b);
const ST8 = String.fromCodePoint(0x9c);

/** ECMA-48: strings (OSC, DCS, SOS, PM, APC) with their terminator, control sequences, two-byte escapes. */
const SEQUENCES = new RegExp(
  [
    `(?:${ESC}[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^${BEL}${ESC}${ST8}]*(?:${BEL}|${ESC}\\\\|${ST8})?`,
    `(?:${ESC}\\[|${CSI8})[0-?]*[ -/]*[@-~]?`,
    `${ESC}[ -/]*[0-~]?`,
  ].join('|'),
  'gu',
);
/** What can turn the reading order around and so make a line say something else than it holds. */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** Text after this many UTF-16 units cannot reach the result; keeps the work small for megabytes of output. */
const LOOK_AT = 64 * 1024;

let segmenter: Intl.Segmenter | undefined;

/** Escape sequences, control characters and bidirectional overrides taken out; line breaks and tabs stay. */
export const stripControls = (text: string): string =>
  text
    .replaceAll(SEQUENCES, '')
    .replaceAll(BIDI, '')
    .replaceAll(/[^\P{Cc}\n\t\r]/gu, '')
    .toWellFormed();

/** One line of at most `max` graphemes (`…` is one of them when something was cut off). Empty for blank text. */
export const shortText = (text: string, max: number): string => {
  const line = stripControls(text.slice(0, LOOK_AT)).replaceAll(/\s+/gu, ' ').trim();
  if (line.length <= max) return line;
  segmenter ??= new Intl.Segmenter();
  const kept: string[] = [];
  for (const { segment } of segmenter.segment(line)) {
    // One grapheme may be thousands of combining marks: then it is no letter any more.
    kept.push(segment.slice(0, 32));
    if (kept.length > max)
      return `${kept
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
  }
  return kept.join('');
};
