/**
 * The demo agent: a scripted program that behaves like a coding agent and needs no account. `node agent.ts [--interactive] [--resumed]
 * [--prompt-file FILE]`; without `--interactive` it reads its prompt from standard input, works once and ends. See README.md for its modes.
 */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { chat } from './chat.ts';
import { banner, dim, say } from './stage.ts';
import { turn } from './work.ts';

const { values } = parseArgs({
  options: { interactive: { type: 'boolean' }, resumed: { type: 'boolean' }, 'prompt-file': { type: 'string' } },
  strict: false,
});
const file = typeof values['prompt-file'] === 'string' ? values['prompt-file'] : null;

banner(['demo agent', 'a scripted stand-in: real files, real tests, no account']);
if (values.resumed) say(dim('Continuing our conversation.'));
say();
if (values.interactive) {
  // Leaving in the middle of a turn leaves the turn behind.
  process.exit(await chat(file === null ? null : await readFile(file, 'utf8')));
} else {
  const prompt = file === null ? await text(process.stdin) : await readFile(file, 'utf8');
  process.exitCode = (await turn(prompt, 1, new AbortController().signal)) ? 0 : 1;
}
