/** `docs/reference/` is what the code says, and says something about everything. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { kinds } from '../../machines/index.ts';
import { chartOf } from '../../web/charts/from-machine.ts';
import { stateWords } from '../../web/src/pages/state-words.ts';
import { folder, referencePages } from './pages.ts';

let pages: Map<string, string>;
beforeAll(async () => {
  pages = await referencePages();
}, 120_000);

test('every page is what the code says, and there is no other', () => {
  const stored = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name));
  expect(stored.toSorted()).toEqual([...pages.keys()].toSorted());
  const old = [...pages].filter(([name, text]) => readFileSync(new URL(name, folder), 'utf8') !== text).map(([name]) => name);
  expect(old, 'write them anew with `./run reference`').toEqual([]);
});

test('each state of each machine has a sentence that says what it means, and no sentence is about another', () => {
  const states = Object.values(kinds).flatMap(({ machine }) => {
    const { root, states: all } = chartOf(machine);
    return all.map(({ id }) => id).filter((id) => id !== root);
  });
  expect(Object.keys(stateWords).toSorted()).toEqual(states.toSorted());
  for (const [id, words] of Object.entries(stateWords)) expect(words, id).toMatch(/^[A-Z].{5,}\.$/);
});

test('links from one page to another lead somewhere', () => {
  for (const [name, text] of pages)
    for (const [, target = ''] of text.matchAll(/\]\(([^)#]+)\)/g)) {
      const path = new URL(target, new URL(name, folder)).href.slice(folder.href.length);
      expect([...pages.keys()], `${name} → ${target}`).toContain(path);
    }
});
