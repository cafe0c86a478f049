/** Questions on a terminal. A secret is not shown, and never travels in arguments. */
import { createInterface } from 'node:readline';
import type { Cli } from './cli.ts';
import { usageError } from './exit.ts';

const terminal = (cli: Cli): NodeJS.ReadStream => {
  const stdin = cli.stdin();
  if (!stdin.isTTY) throw usageError('This asks questions, and there is no terminal to ask on.', 'Give the options instead; see --help.');
  return stdin;
};

export const ask = (cli: Cli, question: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const lines = createInterface({ input: terminal(cli), output: process.stderr });
    // Ctrl-C, or the end of the input: what is said next begins on a line of its own.
    const unanswered = (): void => {
      cli.stderr.write('\n');
      reject(usageError('Nothing was answered.'));
    };
    lines.once('close', unanswered);
    lines.question(`${question} `, (answer) => {
      lines.off('close', unanswered);
      resolve(answer.trim());
      lines.close();
    });
  });

/** Asks again, three times at most, while the answer has a trouble. The last answer is given on as it is. */
export const askUntil = async (cli: Cli, question: string, trouble: (answer: string) => string | null): Promise<string> => {
  for (let left = 3; ; left -= 1) {
    const answer = await ask(cli, question);
    const words = trouble(answer);
    if (words === null || left === 1) return answer;
    cli.note(words);
  }
};

export const askSecret = (cli: Cli, question: string): Promise<string> => {
  const stdin = terminal(cli);
  cli.stderr.write(`${question} `);
  stdin.setRawMode(true);
  stdin.resume();
  stdin.setEncoding('utf8');
  return new Promise((resolve, reject) => {
    let typed = '';
    const done = (end: () => void) => {
      stdin.off('data', hear);
      stdin.setRawMode(false);
      stdin.pause();
      cli.stderr.write('\n');
      end();
    };
    const hear = (text: string) => {
      for (const key of text) {
        if (key === '\r' || key === '\n') return done(() => resolve(typed));
        if (key === '\u0003' || key === '\u0004') return done(() => reject(usageError('Nothing was answered.')));
        if (key === '\u007f' || key === '\b') typed = typed.slice(0, -1);
        else if (key >= ' ') typed += key;
      }
      return undefined;
    };
    stdin.on('data', hear);
  });
};
