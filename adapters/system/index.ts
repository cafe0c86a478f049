export { systemClock } from './clock.ts';
export { systemIds } from './ids.ts';
export { insideAgent } from './inside-agent.ts';
export { type Lock, lockHome } from './lock.ts';
