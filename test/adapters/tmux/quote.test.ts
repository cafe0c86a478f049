/** tmux's own parser is the judge: what it stored is compared byte for byte. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quote } from '../../../adapters/tmux/quote.ts';
import { hostile } from '../../contracts/terminal.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { connected } from './rig.ts';

const anything = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from(`'"\\#{}$~;%\n\r\t ()[]|&<>!=-@:.,\`a0u`)), maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\0')),
);

test('any text without NUL comes through the command parser unchanged, also inside a braced body', async () => {
  const client = await connected();
  const folder = await tempFolder();
  const texts = [...hostile, ...fc.sample(anything, { numRuns: 400, seed: 11 })].filter((text) => text !== '');
  const answers = await Promise.all(
    texts.map((text, index) => {
      const store = `set-buffer -b b${index} -- ${quote(text)} ; save-buffer -b b${index} ${join(folder, String(index))} ; delete-buffer -b b${index}`;
      return client.sendBody(index % 2 === 0 ? store : `if-shell -F 1 { ${store} } {}`, (reply) => reply?.every((block) => block.ok));
    }),
  );
  expect(answers).toEqual(texts.map(() => true));
  const stored = await Promise.all(texts.map((_, index) => readFile(join(folder, String(index)), 'utf8')));
  expect(stored).toEqual(texts.map((text) => text.toWellFormed()));
  expect(await readdir(folder)).toHaveLength(texts.length);
});

test('what stands in an option is not expanded a second time', async () => {
  const client = await connected();
  for (const text of hostile.filter((line) => !line.includes('\n'))) {
    const lines = await client.send([`set-option -s @x ${quote(text)}`, "display-message -p '#{@x}'"], (reply) =>
      reply?.[1]?.lines().map(String),
    );
    expect(lines).toEqual([text]);
  }
});
