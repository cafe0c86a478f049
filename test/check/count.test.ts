import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { countOf, judge } from './count.ts';

const root = resolve(import.meta.dirname, '../..');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ccm-count-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('counts what vitest really writes, and a file that does not load as one failure', () => {
  const globals = `import { test, expect } from ${JSON.stringify(join(root, 'node_modules/vitest/dist/index.js'))};\n`;
  writeFileSync(join(folder, 'some.test.ts'), `${globals}test('a', () => {}); test('b', () => {}); test('c', () => expect(1).toBe(2));`);
  writeFileSync(join(folder, 'broken.test.ts'), `import './absent.ts';`);
  const report = join(folder, 'report.json');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const run = spawnSync(process.execPath, [vitest, 'run', '--root', folder, '--reporter=json', `--outputFile.json=${report}`], {
    encoding: 'utf8',
  });
  expect(run.status).toBe(1);
  expect(countOf(readFileSync(report, 'utf8'))).toEqual({ passed: 2, failed: 2 });
});

describe('counts agree with the exit status', () => {
  test.each([
    ['as counted', true, { passed: 3, failed: 0 }, { passed: 3, failed: 0 }],
    ['failures named', false, { passed: 3, failed: 2 }, { passed: 3, failed: 2 }],
    ['a failure nobody named', false, { passed: 3, failed: 0 }, { passed: 3, failed: 1, note: 'it failed without naming a failure' }],
    ['an empty success', true, { passed: 0, failed: 0 }, { passed: 0, failed: 1, note: 'nothing ran' }],
    ['no report', true, undefined, { passed: 0, failed: 1, note: 'it left no counts' }],
  ])('%s', (_, succeeded, count, verdict) => expect(judge(succeeded, count)).toEqual(verdict));

  test('a report that was cut off is none', () => expect(countOf('{"passed": 3, "fai')).toBeUndefined());
});

describe('the last line', () => {
  const tally = (...parts: string[]) => {
    const run = spawnSync(process.execPath, [join(root, 'test/check/tally.ts'), folder, ...parts], { encoding: 'utf8' });
    return { status: run.status, last: run.stdout.trimEnd().split('\n').at(-1) };
  };

  test('is the sum of the parts', () => {
    writeFileSync(join(folder, 'test.json'), JSON.stringify({ numPassedTests: 7, numFailedTests: 0, testResults: [] }));
    writeFileSync(join(folder, 'check.json'), JSON.stringify({ passed: 6, failed: 0 }));
    expect(tally('test=0', 'check=0')).toEqual({ status: 0, last: '13 passed, 0 failed' });
    expect(tally('test=0', 'check=0', 'campaign=0')).toEqual({ status: 1, last: '13 passed, 1 failed' });
    expect(tally('test=0', 'check=124')).toEqual({ status: 1, last: '13 passed, 1 failed' });
    expect(existsSync(join(folder, 'tallied'))).toBe(true);
  });

  test('is a failure when nothing ran', () => expect(tally()).toEqual({ status: 1, last: '0 passed, 1 failed' }));
});
