/** Chance that repeats: mulberry32, and ids made of it. */
import type { Ids } from '../../src/ports/system.ts';

/** 0 ≤ x < 1. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** UUIDv7 by shape and order, with a tail from the seed. */
export const seededIds = (seed = 1): Ids => {
  const random = seededRandom(seed);
  let count = 0;
  const hex = (digits: number) => Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  return {
    next: () => {
      count += 1;
      const head = count.toString(16).padStart(12, '0');
      return `${head.slice(0, 8)}-${head.slice(8)}-7${hex(3)}-8${hex(3)}-${hex(12)}`;
    },
  };
};
