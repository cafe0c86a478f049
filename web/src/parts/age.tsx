/** A moment as its age; the exact time on hover and for readers. */
import { ageText, exactText, leftText, now } from '../store/clock.ts';

export const Age = ({ at, prefix = '' }: { at: number; prefix?: string }) => (
  <time class="age" dateTime={new Date(at).toISOString()} title={exactText(at)}>
    {prefix}
    {ageText(at, now.value)}
  </time>
);

/** Time left until a moment. */
export const Left = ({ due }: { due: number }) => (
  <time class="left" dateTime={new Date(due).toISOString()} title={exactText(due)}>
    {leftText(due, now.value)}
  </time>
);
