/**
 * Awake time. Timers of patience (boot, stall, settle) are kept as wall times; when the wall clock and the awake clock drift apart, because
 * the machine slept or somebody set the clock, they are moved by the gap and so keep their remaining awake time.
 *
 * Only the difference of the two clocks is stored. Where the awake clock can be compared across processes (`clock.boot()`), a gap that
 * fell into the downtime of the daemon is seen exactly. Where it cannot (another run of the machine, or macOS), the downtime counts as
 * awake: the deadline stays.
 */
import { z } from 'zod';
import type { Store } from '../ports/store.ts';
import type { Clock } from '../ports/system.ts';

/** Milliseconds of drift that are no sleep: clocks are corrected in small steps, which add up until they count. */
export const SLACK = 2_000;
const KEY = 'runtime.clocks';
const stored = z.object({ boot: z.string(), offset: z.number() });

export const sleepWatch = (store: Store, clock: Clock) => {
  let offset: number | null = null;
  /** As the last commit left it. */
  let kept: number | null = null;
  const now = () => clock.now() - clock.awake();
  const remember = () => store.kv.set(KEY, { boot: clock.boot?.() ?? '', offset });
  /** Inside a commit. Moves awake timers when there was a gap; returns by how much. */
  const settle = (): number => {
    const current = now();
    if (offset === null) {
      const before = stored.safeParse(store.kv.get(KEY));
      const comparable = before.success && before.data.boot !== '' && before.data.boot === clock.boot?.();
      offset = comparable ? before.data.offset : current;
      if (!comparable) remember();
    }
    const gap = Math.round(current - offset);
    if (Math.abs(gap) < SLACK) return 0;
    store.timers.shiftAwake(gap);
    offset = current;
    remember();
    return gap;
  };
  return {
    settle,
    committed: () => {
      kept = offset;
    },
    /** The commit failed: what it moved stands where it stood, and is moved by the next one. */
    undone: () => {
      offset = kept;
    },
    drifted: () => offset !== null && Math.abs(now() - offset) >= SLACK,
  };
};
export type SleepWatch = ReturnType<typeof sleepWatch>;
