/** The screen as something to ask on: who shows a dialog gets what is pressed on it, and nobody else. */

import type { Input } from './keys.ts';
import { type Dialog, draw, type Face } from './screen.ts';

/** Keys in its first moments are dropped, as the real program does. */
const DEAF_MS = 200;

export type Stage = ReturnType<typeof createStage>;

export const createStage = () => {
  const face: Face = { said: [' Stand-in v2.1.330', ''], box: '', busy: false, dialog: null, title: '✳ Stand-in' };
  let press: ((input: Input) => void) | null = null;
  let shownAt = 0;
  const redraw = (): void => draw(face);
  const close = (): void => {
    face.dialog = null;
    press = null;
    redraw();
  };
  return {
    face,
    redraw,
    close,
    say: (text: string): void => {
      face.said = [...face.said, text].slice(-200);
      redraw();
    },
    /** Words are added to what was said last. */
    sayOn: (text: string): void => {
      face.said = [...face.said.slice(0, -1), `${face.said.at(-1) ?? ''}${text}`];
      redraw();
    },
    show: (dialog: Dialog, onInput: (input: Input) => void): void => {
      face.dialog = dialog;
      press = onInput;
      shownAt = performance.now();
      redraw();
    },
    /** True when a dialog took it. */
    pressed: (input: Input): boolean => {
      if (!press) return false;
      if (performance.now() - shownAt >= DEAF_MS) press(input);
      return true;
    },
  };
};
