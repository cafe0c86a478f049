/** Reads tmux's control mode: bytes in, replies and notifications out. No I/O here. */

/** What one command answered: what it printed, or the sentence of its error. Bytes, since a screen may hold anything. */
export type Block = {
  ok: boolean;
  /** As it came, with its line ends. */
  body: Buffer;
  /** The same, cut into lines. */
  lines: () => Buffer[];
};

export const blockOf = (ok: boolean, body: Buffer): Block => ({
  ok,
  body,
  lines: () => {
    const lines: Buffer[] = [];
    let from = 0;
    for (let end = body.indexOf(LF); end >= 0; end = body.indexOf(LF, from)) {
      lines.push(body.subarray(from, end));
      from = end + 1;
    }
    return lines;
  },
});

export type ControlSink = {
  /** A command of ours finished. Blocks arrive in the order the commands were written. */
  block: (block: Block) => void;
  /** Bytes a program wrote, escapes undone. */
  output: (pane: string, bytes: Buffer) => void;
  /** Any other line: `%window-close @3`, and the bare lines that hooks print. */
  notice: (line: string) => void;
};

const LF = 0x0a;
const PERCENT = 0x25;
const BACKSLASH = 0x5c;

/**
 * Undoes `\ooo`, tmux's escape for bytes below 32 and the backslash; every other byte stands for itself.
 * A character cut in two by tmux's buffer stays cut: whoever shows it decodes as a stream.
 */
export const unescapeOutput = (line: Buffer, from: number): Buffer => {
  const out = Buffer.allocUnsafe(line.length - from);
  let length = 0;
  for (let at = from; at < line.length; at += 1) {
    let byte = line[at] ?? 0;
    if (byte === BACKSLASH && at + 3 < line.length) {
      byte = (((line[at + 1] ?? 0) - 48) << 6) | (((line[at + 2] ?? 0) - 48) << 3) | ((line[at + 3] ?? 0) - 48);
      at += 3;
    }
    out[length] = byte;
    length += 1;
  }
  return out.subarray(0, length);
};

/** A parser to feed with chunks as they come. Calls of the sink are synchronous and in order. */
export const controlParser = (sink: ControlSink): ((chunk: Buffer) => void) => {
  /** The beginning of a line whose end has not come. */
  let rest: Buffer = Buffer.alloc(0);
  /** The text after `%begin ` of the open block: only the same text closes it, so that a screen showing "%end" does not. */
  let open: { guard: string; parts: Buffer[]; ours: boolean } | null = null;

  /** Whether the line ends the open block. */
  const closing = (line: Buffer, guard: string): 'end' | 'error' | null => {
    const text = line.toString('latin1');
    if (text === `%end ${guard}`) return 'end';
    return text === `%error ${guard}` ? 'error' : null;
  };

  const read = (line: Buffer): void => {
    if (line[0] !== PERCENT) return sink.notice(line.toString('utf8'));
    const word = line.subarray(0, Math.max(0, line.indexOf(' '))).toString('latin1');
    if (word === '%output') {
      const space = line.indexOf(' ', 8);
      if (space > 0) sink.output(line.toString('latin1', 8, space), unescapeOutput(line, space + 1));
    } else if (word === '%extended-output') {
      const space = line.indexOf(' ', 17);
      const colon = line.indexOf(' : ', 17);
      if (colon > 0) sink.output(line.toString('latin1', 17, space), unescapeOutput(line, colon + 3));
    } else if (word === '%begin') {
      const guard = line.toString('latin1', 7);
      // The last flag is 1 for commands this client wrote; the attach itself has 0.
      open = { guard, parts: [], ours: guard.endsWith(' 1') };
    } else sink.notice(line.toString('utf8'));
  };

  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    /** Where the lines of the open block begin that are not yet in its parts. */
    let body = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, from)) {
      const at = from;
      from = end + 1;
      if (open === null) {
        read(bytes.subarray(at, end));
        body = from;
        continue;
      }
      if (bytes[at] !== PERCENT) continue;
      const how = closing(bytes.subarray(at, end), open.guard);
      if (how === null) continue;
      const { parts, ours } = open;
      open = null;
      const last = bytes.subarray(body, at);
      body = from;
      if (ours) sink.block(blockOf(how === 'end', parts.length === 0 ? last : Buffer.concat([...parts, last])));
    }
    if (open !== null && from > body) open.parts.push(bytes.subarray(body, from));
    rest = bytes.subarray(from);
  };
};
