import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { forbiddenWords, oversized, strayFolders } from './architecture/check-files.ts';
import { bareImports, circles, forbiddenImports, heavyStartUp } from './architecture/check-imports.ts';
import { lockComplaints } from './architecture/check-lock.ts';
import { cliStartUp, rooms, sizes, topLevel, words } from './architecture/rules.ts';
import { sourceFiles } from './architecture/source-files.ts';

const root = resolve(import.meta.dirname, '..');
const files = sourceFiles(root);

describe('the house rules hold', () => {
  test('each room imports only what it may', () => expect(forbiddenImports(rooms, files)).toEqual([]));
  test('no file imports itself through others', () => expect(circles(files)).toEqual([]));
  test('relative imports name their extension', () => expect(bareImports(files)).toEqual([]));
  test('the command line loads nothing heavy before it knows its command', () => expect(heavyStartUp(cliStartUp, files)).toEqual([]));
  test('files stay small', () => expect(oversized(sizes, files)).toEqual([]));
  test('no forbidden words', () => expect(forbiddenWords(words, files)).toEqual([]));
  test('the top level holds the folders of the house and no other', () => expect(strayFolders(topLevel, root)).toEqual([]));
  test.each(['package-lock.json', 'test/package-lock.json', 'test/clis/package-lock.json'])(
    '%s serves on every platform and registry',
    (lock) => expect(lockComplaints(readFileSync(join(root, lock), 'utf8'))).toEqual([]),
  );
});
