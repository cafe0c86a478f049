/** The stand-in of `stand-in/`, driven as Claude Code is. Its model is the script in the prompt: no API is asked for anything. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelStub } from './model-script.ts';
import type { Program } from './program-world.ts';
import { readNotes } from './stand-in/notes.ts';

const main = new URL('stand-in/main.ts', import.meta.url).pathname;

/** `url` is the path of the program's own book. */
const notesStub = async (): Promise<ModelStub> => {
  const folder = mkdtempSync(join(tmpdir(), 'ccm-stand-in-'));
  const file = join(folder, 'notes.jsonl');
  const texts = (type: string): string[] => readNotes(file).flatMap((note) => (note.type === type ? [note.text] : []));
  return {
    url: file,
    prompts: () => texts('asked'),
    // All of them: tests may run side by side.
    lastResults: () => texts('results').join('\n'),
    told: () => '',
    others: () => [],
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** config.toml of a home whose agents write this book. */
export const standInConfig = (notes: string): string =>
  [
    'concurrency = 50',
    '[agents.claude]',
    `command = [${JSON.stringify(process.execPath)}, ${JSON.stringify(main)}]`,
    `env = { ANTHROPIC_API_KEY = "sk-ant-stand-in-${'0'.repeat(20)}", STAND_IN_NOTES = ${JSON.stringify(notes)} }`,
  ].join('\n');

export const standInProgram: Program = {
  agent: 'claude',
  stub: notesStub,
  config: standInConfig,
  dialog: { shows: /Do you want to proceed/u, allow: ['1'] },
  answers: /^\s*● word word/mu,
  interruptedBy: 'transcript',
  asks: true,
  hearsWhy: true,
  errorWords: (status) => new RegExp(String(status), 'u'),
};
