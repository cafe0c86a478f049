/** Reads tmux's control mode: bytes in, replies and notifications out. No I/O here. */

/** What one command answered: its printed lines, or the sentence of its error. Bytes, since a screen may hold anything. */
export type Block = { ok: boolean; lines: Buffer[] };

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
  let rest: Buffer[] = [];
  /** The text after `%begin ` of the open block: only the same text closes it, so that a screen showing "%end" does not. */
  let open: { guard: string; lines: Buffer[]; ours: boolean } | null = null;

  const close = (line: Buffer): boolean => {
    if (open === null || line[0] !== PERCENT) return false;
    const text = line.toString('latin1');
    const failed = text === `%error ${open.guard}`;
    if (!failed && text !== `%end ${open.guard}`) return false;
    const { lines, ours } = open;
    open = null;
    if (ours) sink.block({ ok: !failed, lines });
    return true;
  };

  const read = (line: Buffer): void => {
    if (open !== null) {
      if (!close(line)) open.lines.push(line);
      return;
    }
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
      open = { guard, lines: [], ours: guard.endsWith(' 1') };
    } else sink.notice(line.toString('utf8'));
  };

  return (chunk) => {
    let from = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
      const piece = chunk.subarray(from, end);
      from = end + 1;
      if (rest.length === 0) read(piece);
      else {
        const line = Buffer.concat([...rest, piece]);
        rest = [];
        read(line);
      }
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  };
};
