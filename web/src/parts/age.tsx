/** A moment as its age; the exact time on hover and for readers. */
import { ageText, agoText, durationText, exactText, leftText, now } from '../store/clock.ts';

/** `how`: `age` is `3 min`, `ago` is `3 min ago`, `for` is `for 3 min`. */
export const Age = ({ at, how = 'age' }: { at: number; how?: 'age' | 'ago' | 'for' }) => (
  <time class="age" dateTime={new Date(at).toISOString()} title={exactText(at)}>
    {how === 'age' && ageText(at, now.value)}
    {how === 'ago' && agoText(at, now.value)}
    {how === 'for' && `for ${durationText(now.value - at)}`}
  </time>
);

/** Time left until a moment. */
export const Left = ({ due }: { due: number }) => (
  <time class="left" dateTime={new Date(due).toISOString()} title={exactText(due)}>
    {leftText(due, now.value)}
  </time>
);
