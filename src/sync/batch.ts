/** What is sent at once: in order, at most 60 operations and 256 KiB. One that alone is too large is told apart, so that it delays no other. */
import type { Op } from '../ports/hub.ts';
import type { QueuedOp } from '../ports/sync-store.ts';

export const mostOps = 60;
export const mostBytes = 256 * 1024;
/** A hub takes no larger operation. */
export const largestOp = 64 * 1024;

export const opOf = ({ op, tbl, id, kind, set, arg, hlc }: QueuedOp): Op => ({ op, tbl, id, kind, set, arg, hlc });

export const nextBatch = (due: readonly QueuedOp[], most = mostOps): { batch: QueuedOp[]; tooLarge: QueuedOp[] } => {
  const batch: QueuedOp[] = [];
  const tooLarge: QueuedOp[] = [];
  let bytes = 0;
  for (const one of due) {
    const size = Buffer.byteLength(JSON.stringify(opOf(one)));
    if (size > largestOp) {
      tooLarge.push(one);
      continue;
    }
    if (batch.length >= most || bytes + size > mostBytes) break;
    batch.push(one);
    bytes += size;
  }
  return { batch, tooLarge };
};
