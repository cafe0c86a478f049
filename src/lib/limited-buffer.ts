/** Collects bytes up to a limit and remembers that there were more. */
import { constants } from 'node:buffer';

export type LimitedBuffer = {
  add(chunk: Uint8Array): void;
  /** Bytes that arrived, kept or not. */
  seen(): number;
  truncated(): boolean;
  bytes(): Buffer;
};

/** `max` in bytes; never more than what fits one string. */
export const limitedBuffer = (max: number): LimitedBuffer => {
  const limit = Math.min(max, constants.MAX_STRING_LENGTH);
  const kept: Uint8Array[] = [];
  let size = 0;
  let seen = 0;
  return {
    add(chunk) {
      seen += chunk.length;
      const part = chunk.subarray(0, limit - size);
      if (part.length > 0) kept.push(part);
      size += part.length;
    },
    seen: () => seen,
    truncated: () => seen > limit,
    bytes: () => Buffer.concat(kept),
  };
};

/** Text of what was kept. A character cut in half by the limit is left out instead of shown as a replacement. */
export const decodeOutput = (buffer: LimitedBuffer, encoding: 'utf8' | 'latin1'): string =>
  encoding === 'latin1'
    ? buffer.bytes().toString('latin1')
    : new TextDecoder('utf-8', { ignoreBOM: true }).decode(buffer.bytes(), { stream: buffer.truncated() });
