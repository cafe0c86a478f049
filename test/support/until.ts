/** Waits for a fact instead of for time: looks every few milliseconds, and fails in words when the bound is reached: before a test does (30 s). */
import { setTimeout as pause } from 'node:timers/promises';

export const until = async <T>(what: string, look: () => Promise<T | undefined> | T | undefined, boundMs = 25_000): Promise<T> => {
  const deadline = performance.now() + boundMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`Not within ${boundMs} ms: ${what}`);
    await pause(10);
  }
};
