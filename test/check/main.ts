/**
 * `./run check`: every step runs, also after a failed one; one line each, a failed step's own words below its line.
 * Exit status 1 if any failed. With CCM_CHECK_RESULT=FILE the counts are written there as {"passed": n, "failed": n}.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { runStep } from './run-step.ts';
import { steps } from './steps.ts';

const root = resolve(import.meta.dirname, '../..');
let failed = 0;
for (const step of steps) {
  const { name, passed, seconds, output } = await runStep(root, step);
  if (!passed) failed += 1;
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name.padEnd(22)} ${seconds.toFixed(1).padStart(5)} s`);
  if (!passed) console.log(`\n${output.trimEnd()}\n`);
}
const result = process.env['CCM_CHECK_RESULT'];
if (result) writeFileSync(result, `${JSON.stringify({ passed: steps.length - failed, failed })}\n`);
process.exitCode = failed === 0 ? 0 : 1;
