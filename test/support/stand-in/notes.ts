/** The program's own book, one JSON object a line: what it took, what its model was asked, and what should never happen to it. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const note = z.object({
  /** `taken`: a prompt was entered · `asked`: the model was asked · `results`: what a tool gave · `blind`: an Enter met a dialog. */
  type: z.enum(['taken', 'asked', 'results', 'blind']),
  text: z.string(),
});
export type Note = z.infer<typeof note>;

export const writeNote = (file: string | undefined, one: Note): void => {
  if (file) appendFileSync(file, `${JSON.stringify(one)}\n`);
};

export const readNotes = (file: string): Note[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => note.parse(JSON.parse(line)))
    : [];
