/** The terminal as a page that is redrawn, and single keys. What was there before comes back afterwards. */
import type { Cli } from './cli.ts';

const ESC = String.fromCodePoint(0x1b);

export type Screen = { draw(lines: readonly string[]): void; close(): void };

/** Takes the alternate screen. Lines beyond the last row are left out, the last one stays. */
export const screen = (cli: Cli): Screen => {
  let open = true;
  cli.stdout.write(`${ESC}[?1049h${ESC}[?25l`);
  const close = (): void => {
    if (open) cli.stdout.write(`${ESC}[?25h${ESC}[?1049l`);
    open = false;
    process.off('exit', close);
  };
  // Also when something throws: a terminal without a cursor is nobody's idea of an error message.
  process.once('exit', close);
  return {
    draw(lines) {
      const rows = (cli.stdout.rows || 24) - 1;
      const shown = lines.length <= rows ? lines : [...lines.slice(0, rows - 1), ...lines.slice(-1)];
      cli.stdout.write(`${ESC}[H${shown.map((line) => `${line}${ESC}[K`).join('\n')}${ESC}[J`);
    },
    close,
  };
};

const ARROW_OR_CHARACTER = new RegExp(`${ESC}\\[[A-D]|.`, 'gsu');

export type Keys = { stop(): void };

/** Calls with every key (arrows as their escape sequence) while stdin is a terminal. Ctrl-C arrives as `\u0003`. */
export const onKeys = (cli: Cli, pressed: (key: string) => void): Keys => {
  const stdin = cli.stdin();
  if (!stdin.isTTY) return { stop: () => undefined };
  const listen = (data: Buffer): void => {
    for (const key of data.toString('utf8').match(ARROW_OR_CHARACTER) ?? []) pressed(key);
  };
  stdin.setRawMode(true);
  stdin.on('data', listen);
  stdin.resume();
  return {
    stop() {
      stdin.off('data', listen);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
};
