/** Colour, when the terminal wants it. A colour never says anything that no word says. */

export type Ink = (text: string) => string;
export type Paint = { red: Ink; green: Ink; yellow: Ink; blue: Ink; magenta: Ink; cyan: Ink; dim: Ink; bold: Ink; on: boolean };

const ESC = String.fromCodePoint(0x1b);
const ink =
  (on: boolean, start: number, end: number): Ink =>
  (text) =>
    on && text !== '' ? `${ESC}[${start}m${text}${ESC}[${end}m` : text;

export const paintFor = (on: boolean): Paint => ({
  on,
  red: ink(on, 31, 39),
  green: ink(on, 32, 39),
  yellow: ink(on, 33, 39),
  blue: ink(on, 34, 39),
  magenta: ink(on, 35, 39),
  cyan: ink(on, 36, 39),
  dim: ink(on, 2, 22),
  bold: ink(on, 1, 22),
});

/** `NO_COLOR` (no-color.org) and `--no-color` say no, `FORCE_COLOR` says yes; else a terminal that is not `dumb`. */
export const wantsColour = (env: Readonly<Record<string, string | undefined>>, tty: boolean, option: boolean): boolean => {
  if (!option || env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true;
  return tty && env.TERM !== 'dumb';
};
