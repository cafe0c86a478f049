/** A line that is rewritten in place on a terminal while something takes its time. */
import type { Cli } from './cli.ts';
import { cut } from './width.ts';

export type Ticker = {
  /** A line that stays, above the ticking one. */
  keep(line: string): void;
  stop(): void;
};

const CLEAR = `\r${String.fromCodePoint(0x1b)}[K`;

/** `text` gives the line, once a second. Without a terminal only the kept lines are printed. */
export const ticker = (cli: Cli, text: () => string): Ticker => {
  const draw = (): void => void cli.stdout.write(CLEAR + cut(text(), cli.columns() - 1));
  const timer = cli.live ? setInterval(draw, 1000) : null;
  return {
    keep(line) {
      if (cli.live) cli.stdout.write(CLEAR);
      cli.say(line);
      if (cli.live) draw();
    },
    stop() {
      if (timer === null) return;
      clearInterval(timer);
      cli.stdout.write(CLEAR);
    },
  };
};
