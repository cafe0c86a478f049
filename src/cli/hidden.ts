/** Asks for something that nobody may read over a shoulder: what is typed is not shown. */
import type { Cli } from './cli.ts';
import { usageError } from './exit.ts';

const backspace = /[\u007f\b]/;
/** What a terminal puts around a paste, when it was told to. */
const bracketed = new RegExp(`${String.fromCodePoint(0x1b)}\\[20[01]~`, 'gu');

/** One line, without its end. Ctrl-C and Ctrl-D are a usage error; the terminal is as it was in every case. */
export const askHidden = (cli: Cli, question: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const stdin = cli.stdin();
    let text = '';
    const finish = (outcome: () => void): void => {
      stdin.off('data', read);
      stdin.setRawMode(false);
      stdin.pause();
      cli.stderr.write('\n');
      outcome();
    };
    const read = (chunk: Buffer | string): void => {
      for (const letter of String(chunk).replaceAll(bracketed, '')) {
        if (letter === '\r' || letter === '\n') return finish(() => resolve(text));
        if (letter === '\u0003' || letter === '\u0004') return finish(() => reject(usageError('Cancelled: nothing was stored.')));
        if (backspace.test(letter)) text = text.replace(/.$/su, '');
        else if (letter >= ' ') text += letter;
      }
    };
    cli.stderr.write(question);
    stdin.setEncoding('utf8');
    stdin.setRawMode(true);
    stdin.on('data', read);
    stdin.resume();
  });
