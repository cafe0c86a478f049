/** The signs beside status words: told apart by shape. Drawn here, since fonts differ. */
import type { Sign } from './words.ts';

const shapes: Readonly<Record<Sign, string>> = {
  play: 'M5 3.5v9l7.5-4.5z',
  part: 'M8 2a6 6 0 0 1 0 12z',
  ask: 'M7 2.5h2l-.3 7H7.3zM7 11.5h2v2H7z',
  answer:
    'M5 5.2C5 3.4 6.3 2.4 8 2.4s3.1 1 3.1 2.7c0 2.2-2.2 2.3-2.2 4.2H7.2c0-2.6 2-2.7 2-4 0-.7-.5-1.1-1.2-1.1s-1.2.4-1.2 1.2zM7.1 11.5h2v2h-2z',
  clock: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13m0 2a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M7.2 5h1.6v2.6l1.9 1.2-.8 1.3-2.7-1.7z',
  check: 'M2.5 8.4 4 7l2.6 2.6L12 4l1.5 1.4-6.9 7.1z',
  cross: 'm4.2 2.8 3.8 3.8 3.8-3.8 1.4 1.4L9.4 8l3.8 3.8-1.4 1.4L8 9.4l-3.8 3.8-1.4-1.4L6.6 8 2.8 4.2z',
  pause: 'M4 3h3v10H4zm5 0h3v10H9z',
  dots: 'M2 6.5h3v3H2zm4.5 0h3v3h-3zm4.5 0h3v3h-3z',
  dash: 'M3 7h10v2H3z',
  dot: 'M8 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8',
};

export const SignMark = ({ sign }: { sign: Sign }) => (
  <svg class="sign" viewBox="0 0 16 16" aria-hidden="true">
    <path d={shapes[sign]} />
  </svg>
);
