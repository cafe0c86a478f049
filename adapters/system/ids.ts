/** UUIDv7: sorts by time, random tail from the kernel. */
import { V7Generator } from 'uuidv7';
import type { Ids } from '../../src/ports/system.ts';

export const systemIds = (): Ids => {
  const generator = new V7Generator();
  return { next: () => generator.generate().toString() };
};
