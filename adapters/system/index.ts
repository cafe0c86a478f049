export { systemClock } from './clock.ts';
export { systemIds } from './ids.ts';
export { type Lock, lockHome } from './lock.ts';
