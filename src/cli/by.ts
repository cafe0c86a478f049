/** Who sent an event, in few letters. */
import { shortOf } from '../ports/system.ts';
import { oneLine } from './width.ts';

const WITH_ID = /^([a-z-]+):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** `agent:0195a000-…` → `agent 7k3qd`; everything else as it is. */
export const byText = (by: string | null): string => {
  const [, what, id] = WITH_ID.exec(by ?? '') ?? [];
  return what !== undefined && id !== undefined ? `${what} ${shortOf(id)}` : oneLine(by ?? '');
};
