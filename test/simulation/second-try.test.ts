/** The campaign of real programs tries once more what failed: good at the second try is counted as passed and said; bad twice is a failure. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';
import { runTestFiles } from './real-clis.ts';

const unsteady = `
import { existsSync, writeFileSync } from 'node:fs';
describe('A program (2.1) > with signs', () => {
  test('is good', () => {});
  test.each([['first.try']])('fails once: $[%s]? a+b', (name) => {
    if (!existsSync(name)) {
      writeFileSync(name, '');
      console.error('what is known of it');
      throw new Error('not within 90000 ms');
    }
  });
  test('fails once', () => { throw new Error('that its name begins another one is no matter'); });
});
`;

test('a test that is good at the second try alone is said to be, and does not fail the run', async () => {
  const root = await tempFolder();
  writeFileSync(join(root, 'unsteady.test.js'), unsteady);
  writeFileSync(join(root, 'calm.test.js'), `test('is good', () => {});`);
  writeFileSync(join(root, 'broken.test.js'), `throw new Error('not installed');`);
  const logged: string[] = [];
  const options = { root, more: ['--globals', '--root', root], log: (text: string) => logged.push(text) };
  const { passed, failed, detail } = await runTestFiles(['unsteady.test.js', 'calm.test.js', 'broken.test.js'], options, 60_000);
  expect(detail.toSorted()).toEqual([
    'A program (2.1) > with signs > fails once: Error: that its name begins another one is no matter',
    'broken.test.js: not installed',
    'only at the second try: A program (2.1) > with signs > fails once: $[first.try]? a+b (first: Error: not within 90000 ms)',
  ]);
  expect({ passed, failed }).toEqual({ passed: 3, failed: 2 });
  expect(logged.join('\n')).toMatch(/what is known of it/u);
}, 60_000);
