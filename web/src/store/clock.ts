/** The present, once a second while somebody looks, and ways to say when something was. */
import { signal } from '@preact/signals';

export const now = signal(Date.now());

export const startClock = (): void => {
  setInterval(() => {
    if (document.visibilityState === 'visible') now.value = Date.now();
  }, 1000);
};

/** `12 s`, `3 min`, `2 h`, `4 d`: one unit, rounded down. */
export const durationText = (ms: number): string => {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 172_800) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86_400)} d`;
};

/** Of a moment: `now` within five seconds, then its age. */
export const ageText = (at: number, present: number): string => (present - at < 5000 ? 'now' : durationText(present - at));

export const agoText = (at: number, present: number): string => (present - at < 5000 ? 'just now' : `${durationText(present - at)} ago`);

/** What is left: seconds are told as long as they matter. */
export const leftText = (due: number, present: number): string => (due <= present ? 'due' : durationText(due - present + 999));

// Made once: to make one takes longer than to use it a hundred times.
const clock = new Intl.DateTimeFormat([], { timeStyle: 'medium', hour12: false });
const exact = new Intl.DateTimeFormat([], { dateStyle: 'medium', timeStyle: 'medium' });
export const clockText = (at: number): string => clock.format(at);
export const exactText = (at: number): string => exact.format(at);
