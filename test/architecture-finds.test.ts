/** The checks of the house rules, on a tree with one violation planted at a time: each must be found, and only it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { forbiddenWords, oversized, strayFolders } from './architecture/check-files.ts';
import { bareImports, circles, forbiddenImports, heavyStartUp } from './architecture/check-imports.ts';
import { lockComplaints } from './architecture/check-lock.ts';
import { cliStartUp, rooms, sizes, topLevel, words } from './architecture/rules.ts';
import { sourceFiles } from './architecture/source-files.ts';

let root: string;

const plant = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ccm house ü-'));
  plant('machines/task/machine.ts', `import { setup } from 'xstate';\nimport { z } from 'zod';\nexport const task = [setup, z];\n`);
  plant('machines/effects.ts', `export type Effect = string;\n`);
  plant('src/errors.ts', `export const fail = 1;\n`);
  plant('src/ports/journal.ts', `import type { Effect } from '../../machines/effects.ts';\nexport type Journal = Effect;\n`);
  plant(
    'src/daemon.ts',
    `import { journal } from '../adapters/sqlite/index.ts';\nimport fastify from 'fastify';\nexport const daemon = [journal, fastify];\n`,
  );
  plant(
    'src/cli/main.ts',
    `import { cac } from 'cac';\nimport type { Task } from '../api/contract/task.ts';\nexport const run = [cac, () => import('../daemon.ts')];\nexport type { Task };\n`,
  );
  plant('src/api/contract/task.ts', `import { z } from 'zod';\nexport const task = z;\nexport type Task = string;\n`);
  plant(
    'adapters/sqlite/index.ts',
    `import { Kysely } from 'kysely';\nimport type { Journal } from '../../src/ports/journal.ts';\nexport const journal = [Kysely];\nexport type { Journal };\n`,
  );
  plant(
    'web/src/main.tsx',
    `import { render } from 'preact';\nimport type { Task } from '../../src/api/contract/task.ts';\nexport const page = (task: Task) => render(<p>{task}</p>, document.body);\n`,
  );
  plant(
    'web/build.ts',
    `import { build } from 'vite';\nimport { task } from '../machines/task/machine.ts';\nexport const made = [build, task];\n`,
  );
});

afterEach(() => rmSync(root, { recursive: true }));

test('the tree without a violation passes every check', () => {
  const files = sourceFiles(root);
  expect(files).toHaveLength(10);
  expect([forbiddenImports(rooms, files), bareImports(files), heavyStartUp(cliStartUp, files)]).toEqual([[], [], []]);
  expect([oversized(sizes, files), forbiddenWords(words, files), strayFolders(topLevel, root)]).toEqual([[], [], []]);
});

describe('an import that breaks the rule is found, however it is written', () => {
  test.each([
    ['machines/bad.ts', `import { fail } from '../src/errors.ts';`, 'src/errors.ts (static)'],
    ['machines/bad.ts', `import fs from 'node:fs';`, 'node:fs (static)'],
    ['machines/bad.ts', `export * from 'kysely';`, 'kysely (static)'],
    ['machines/bad.ts', `export type Bad = import('../src/ports/journal.ts').Journal;`, 'src/ports/journal.ts (type)'],
    ['machines/bad.ts', `export const bad = () => import('zo' + 'd');`, '(computed) (lazy)'],
    ['machines/bad.ts', `const { join } = require('node:path');`, 'node:path (static)'],
    ['src/runtime/bad.ts', `import { journal } from '../../adapters/sqlite/index.ts';`, 'adapters/sqlite/index.ts (static)'],
    ['src/runtime/bad.ts', `import type { Journal } from '../../adapters/sqlite/index.ts';`, 'adapters/sqlite/index.ts (type)'],
    ['src/runtime/bad.ts', `export const bad = () => import('../../adapters/sqlite/index.ts');`, 'adapters/sqlite/index.ts (lazy)'],
    ['src/runtime/bad.ts', `export { Kysely } from 'kysely';`, 'kysely (static)'],
    ['src/lib/bad.ts', `import type { Journal } from '../ports/journal.ts';`, 'src/ports/journal.ts (type)'],
    ['src/launch/bad.ts', `import { z } from 'zod';`, 'zod (static)'],
    ['adapters/tmux/bad.ts', `import { journal } from '../sqlite/index.ts';`, 'adapters/sqlite/index.ts (static)'],
    ['adapters/tmux/bad.ts', `import { daemon } from '../../src/daemon.ts';`, 'src/daemon.ts (static)'],
    ['adapters/tmux/bad.ts', `import { task } from '../../machines/task/machine.ts';`, 'machines/task/machine.ts (static)'],
    ['web/src/bad.tsx', `import { task } from '../../src/api/contract/task.ts';`, 'src/api/contract/task.ts (static)'],
    ['web/src/bad.tsx', `import type { Journal } from '../../src/ports/journal.ts';`, 'src/ports/journal.ts (type)'],
    ['web/src/bad.tsx', `import { readFile } from 'node:fs/promises';`, 'node:fs/promises (static)'],
  ])('%s: %s', (path, line, target) => {
    plant(path, `${line}\n`);
    expect(forbiddenImports(rooms, sourceFiles(root))).toEqual([`${path} may not import ${target}`]);
  });

  test('a relative import without its extension', () => {
    plant('src/bare.ts', `import { fail } from './errors';\nexport { fail };\n`);
    expect(bareImports(sourceFiles(root))).toEqual(['src/bare.ts imports src/errors without its extension']);
  });
});

test('a loop of imports is found once, also through types; a lazy way back is none', () => {
  plant('src/a.ts', `import { b } from './b.ts';\nexport type A = typeof b;\n`);
  plant('src/b.ts', `import type { A } from './a.ts';\nexport const b: A | null = null;\n`);
  plant('src/c.ts', `export const c = () => import('./d.ts');\n`);
  plant('src/d.ts', `import { c } from './c.ts';\nexport const d = c;\n`);
  expect(circles(sourceFiles(root))).toEqual(['src/a.ts > src/b.ts > src/a.ts']);
});

describe('what would slow the command line down is found through the files between', () => {
  test.each([
    [`import { task } from '../api/contract/task.ts';`, 'src/cli/list.ts > src/api/contract/task.ts'],
    [`import { type Task } from '../api/contract/task.ts';`, 'src/cli/list.ts > src/api/contract/task.ts'],
    [`import '../lib/deep.ts';`, 'src/cli/list.ts > src/lib/deep.ts > src/lib/deeper.ts > better-sqlite3'],
    [`export * from '@fastify/static';`, 'src/cli/list.ts > @fastify/static'],
  ])('%s', (line, chain) => {
    plant('src/lib/deep.ts', `export * from './deeper.ts';\n`);
    plant('src/lib/deeper.ts', `import 'better-sqlite3';\n`);
    plant('src/cli/list.ts', `${line}\n`);
    expect(heavyStartUp(cliStartUp, sourceFiles(root))).toEqual([chain]);
  });
});

describe('what does not belong is found', () => {
  test('a file over the limit, in a room and in the tests', () => {
    plant('src/long.ts', '// line\n'.repeat(351));
    plant('test/long.test.ts', '// line\n'.repeat(351));
    expect(oversized(sizes, sourceFiles(root))).toEqual([
      'src/long.ts has 351 lines, over 350',
      'test/long.test.ts has 351 lines, over 350',
    ]);
  });

  test('many middling files', () => {
    for (let n = 0; n < 11; n += 1) plant(`src/middling-${n}.ts`, '// line\n'.repeat(201));
    expect(oversized(sizes, sourceFiles(root))).toEqual([
      'the median file has 201 lines, over 80',
      'one file in ten has over 201 lines, over 200',
    ]);
  });

  test.each([
    ['src/x.ts', ['export const x = 1 as', 'any;'].join(' '), 'src/x.ts:2'],
    ['src/x.ts', ['export const x = 1 as', 'unknown as string;'].join(' '), 'src/x.ts:2'],
    ['src/x.ts', ['// @ts', 'ignore'].join('-'), 'src/x.ts:2'],
    ['web/src/x.tsx', ['// TO', 'DO later'].join(''), 'web/src/x.tsx:2'],
    ['src/x.ts', 'try { go(); } catch {\n}', 'src/x.ts:2'],
    ['src/x.ts', ['try { go(); } catch (error) {', '}'].join(' '), 'src/x.ts:2'],
    ['test/x.test.ts', ['test.on', "ly('x', () => {});"].join(''), 'test/x.test.ts:2'],
    ['test/x.test.ts', ['describe.sk', "ip('x', () => {});"].join(''), 'test/x.test.ts:2'],
    ['test/x.test.ts', ['vi.mo', "ck('./x.ts');"].join(''), 'test/x.test.ts:2'],
  ])('in %s: %s', (path, line, at) => {
    plant(path, `// the first line\n${line}\n`);
    const [first = '', ...more] = forbiddenWords(words, sourceFiles(root));
    expect([first.split(' ')[0], more]).toEqual([at, []]);
  });

  test('a top-level folder of its own', () => {
    mkdirSync(join(root, 'scripts'));
    mkdirSync(join(root, 'node_modules'));
    expect(strayFolders(topLevel, root)).toEqual(['scripts/ has no place at the top level']);
  });

  test('a lock file tied to a registry, or without its platform packages', () => {
    const packages = {
      'node_modules/a': { resolved: 'https://registry.example/a.tgz', optionalDependencies: { 'a-linux': '1', 'a-mac': '1' } },
      'node_modules/a-linux': {},
      'node_modules/b': { optionalDependencies: { own: '1' } },
      'node_modules/b/node_modules/own': {},
    };
    expect(lockComplaints(JSON.stringify({ packages }))).toEqual([
      'node_modules/a is tied to https://registry.example/a.tgz',
      'node_modules/a names a-mac, which has no entry',
    ]);
  });
});
