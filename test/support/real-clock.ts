/** Real time behind the port, for tests of parts that wait for other processes. */
import type { Clock } from '../../src/ports/system.ts';

export const realClock: Clock = {
  now: () => Date.now(),
  awake: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
