/** The machine's clocks. */
import { readFileSync } from 'node:fs';
import type { Clock } from '../../src/ports/system.ts';

/** setTimeout takes 31 bits. */
const LONGEST = 2_147_483_647;

/** Milliseconds between looks for a sleep, where the monotonic clock runs on during one; a look this late means that the machine slept. */
const LOOK = 5_000;
const LATE = 15_000;

/** Linux: CLOCK_MONOTONIC stands still in suspend and counts from boot, so processes of one boot can compare it. */
const linuxBoot = (): string | null => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() || null;
  } catch {
    // A container may hide it; then no two processes compare their clocks.
    return null;
  }
};

/**
 * macOS: Node's monotonic clock (mach_continuous_time) counts sleep. A timer that comes far too late shows how long it was.
 * What was found belongs to this process, hence `boot` is null there.
 */
const sleepCounter = (monotonic: () => number) => {
  let slept = 0;
  let last = monotonic();
  const look = () => {
    const now = monotonic();
    if (now - last > LATE) slept += now - last - LOOK;
    last = now;
  };
  setInterval(look, LOOK).unref();
  return () => {
    if (monotonic() - last > LATE) look();
    return slept;
  };
};

export const systemClock = (platform: NodeJS.Platform = process.platform): Clock => {
  const monotonic = () => Number(process.hrtime.bigint() / 1_000_000n);
  const slept = platform === 'darwin' ? sleepCounter(monotonic) : () => 0;
  const boot = platform === 'linux' ? linuxBoot() : null;
  return {
    now: () => Date.now(),
    awake: () => monotonic() - slept(),
    after: (ms, call) => {
      const timer = setTimeout(call, Math.min(Math.max(0, ms), LONGEST)).unref();
      return () => clearTimeout(timer);
    },
    boot: () => boot,
  };
};
