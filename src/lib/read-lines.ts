/** Reads the complete lines of a file from a byte offset. */
import type { FileHandle } from 'node:fs/promises';

export type TailLine = {
  /** Without its line break; a `\r` before it is dropped too. Bytes that are not UTF-8 become U+FFFD. */
  text: string;
  /** Offset in bytes just after the line break: reading on from here gives the next line. */
  end: number;
  /** The line was longer than `maxLineBytes`; `text` is its head. */
  cut: boolean;
};

export type ReadLimits = {
  /** Bytes of one line that are kept. */
  maxLineBytes: number;
  /** Reading stops after about this many bytes, at a line's end. */
  maxBatchBytes: number;
};

const BLOCK = 64 * 1024;
const NEWLINE = 0x0a;

/** Lines from `offset` on. A last line without its line break is not given: it may be half written. `more` when the batch limit stopped it. */
export const readLines = async (file: FileHandle, offset: number, limits: ReadLimits): Promise<{ lines: TailLine[]; more: boolean }> => {
  const lines: TailLine[] = [];
  const head: Buffer[] = [];
  let headBytes = 0;
  let cut = false;
  let at = offset;
  const keep = (part: Buffer): void => {
    const room = part.subarray(0, limits.maxLineBytes - headBytes);
    if (room.length < part.length) cut = true;
    if (room.length > 0) head.push(Buffer.from(room));
    headBytes += room.length;
  };
  const block = Buffer.allocUnsafe(BLOCK);
  for (;;) {
    const { bytesRead } = await file.read(block, 0, BLOCK, at);
    if (bytesRead === 0) return { lines, more: false };
    let start = 0;
    for (;;) {
      const newline = block.subarray(0, bytesRead).indexOf(NEWLINE, start);
      if (newline === -1) break;
      keep(block.subarray(start, newline));
      lines.push({ text: textOf(head, cut), end: at + newline + 1, cut });
      head.length = 0;
      headBytes = 0;
      cut = false;
      start = newline + 1;
      if (at + start - offset >= limits.maxBatchBytes) return { lines, more: true };
    }
    keep(block.subarray(start, bytesRead));
    at += bytesRead;
  }
};

const textOf = (parts: Buffer[], cut: boolean): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(parts), { stream: cut }).replace(/\r$/, '');
