/**
 * `tally.ts FOLDER NAME=STATUS...`: adds up what the parts of `.ci/run` left in FOLDER/NAME.json and prints, last, the
 * line `N passed, N failed`. Exit status 1 if anything failed or nothing ran. Leaves FOLDER/tallied when it has spoken.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { countOf, judge } from './count.ts';

const [folder = '.', ...parts] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const part of parts) {
  const [name = '', status = ''] = part.split('=');
  const file = join(folder, `${name}.json`);
  const verdict = judge(status === '0', existsSync(file) ? countOf(readFileSync(file, 'utf8')) : undefined);
  console.log(`${name}: ${verdict.passed} passed, ${verdict.failed} failed${verdict.note ? ` (${verdict.note})` : ''}`);
  passed += verdict.passed;
  failed += verdict.failed;
}
if (passed + failed === 0) failed = 1;
writeFileSync(join(folder, 'tallied'), '');
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
