/** Text from an argument, a file or standard input. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Cli } from './cli.ts';
import { usageError } from './exit.ts';

/** The text of `path`, `-` for standard input. A usage error when it cannot be read or, unlike a file, is typed by hand. */
export const readSource = async (cli: Cli, path: string): Promise<string> => {
  if (path === '-') return readStdin(cli);
  try {
    return readFileSync(resolve(cli.cwd, path), 'utf8');
  } catch (thrown) {
    const why = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT' ? 'is not there' : 'cannot be read';
    throw usageError(`The file ${path} ${why}.`, 'Give a text file, or `-` for standard input.');
  }
};

const readStdin = async (cli: Cli): Promise<string> => {
  const stdin = cli.stdin();
  if (stdin.isTTY) cli.note('Reading from the terminal; end with Ctrl-D.');
  const parts: Buffer[] = [];
  for await (const part of stdin) parts.push(Buffer.isBuffer(part) ? part : Buffer.from(String(part)));
  return Buffer.concat(parts).toString('utf8');
};

/** The argument (`-` = standard input) or the text of `--file`; not both, and not nothing. */
export const textFrom = async (cli: Cli, argument: string | undefined, file: string | undefined, what: string): Promise<string> => {
  if (argument !== undefined && file !== undefined) throw usageError(`Give the ${what} either as an argument or with --file, not both.`);
  const text = file !== undefined ? await readSource(cli, file) : argument === '-' ? await readSource(cli, '-') : argument;
  if (text === undefined)
    throw usageError(`The ${what} is missing.`, `Give the ${what} in quotes, or with --file PATH (\`-\` for standard input).`);
  if (text.trim() === '') throw usageError(`The ${what} is empty.`);
  return text;
};
