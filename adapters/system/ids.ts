/** UUIDv7: sorts by time, random tail from the kernel. */
import { randomFillSync } from 'node:crypto';
import { V7Generator } from 'uuidv7';
import type { Ids } from '../../src/ports/system.ts';

/** Numbers fetched at once: asking for each id costs more than making it, and every step of an actor takes one. */
const POOL = 256;

export const systemIds = (): Ids => {
  const pool = new Uint32Array(POOL);
  let next = POOL;
  const nextUint32 = (): number => {
    if (next === POOL) {
      randomFillSync(pool);
      next = 0;
    }
    const number = pool[next] ?? 0;
    // Used once: what is left in memory tells nobody an id that was given.
    pool[next] = 0;
    next += 1;
    return number;
  };
  const generator = new V7Generator({ nextUint32 });
  return { next: () => generator.generate().toString() };
};
