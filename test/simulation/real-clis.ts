/** The real agent programs against stubs of their model APIs: `test/e2e/*.campaign.test.ts`, once. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Campaign } from './report.ts';

const root = new URL('../..', import.meta.url).pathname;
const outcome = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  testResults: z.array(
    z.object({
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).catch([]) })),
    }),
  ),
});

/** Less than this and nothing could be said of a program that takes seconds to start. */
const LEAST_MS = 300_000;

export const runRealClis: Campaign = async ({ seconds }) => {
  const folder = mkdtempSync(join(tmpdir(), 'ccm-clis-'));
  const file = join(folder, 'result.json');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', 'campaign.test.ts', '--reporter=json', `--outputFile.json=${file}`];
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, CCM_REAL_CLIS: '1' }, stdio: 'ignore' });
  const limit = setTimeout(() => child.kill('SIGTERM'), Math.max(LEAST_MS, seconds * 1000));
  await new Promise((done) => child.once('exit', done));
  clearTimeout(limit);
  try {
    const { numPassedTests: passed, numFailedTests: failed, testResults } = outcome.parse(JSON.parse(readFileSync(file, 'utf8')));
    const lost = testResults.filter(({ assertionResults }) => assertionResults.length === 0);
    const detail = testResults.flatMap(({ assertionResults }) =>
      assertionResults.flatMap(({ fullName, status, failureMessages }) =>
        status === 'failed' ? [`${fullName}: ${(failureMessages[0] ?? '').split('\n')[0]}`] : [],
      ),
    );
    return {
      name: 'real agent programs',
      passed,
      failed: failed + lost.length,
      detail: [...detail, ...lost.map(({ message }) => message ?? 'a file without tests')],
    };
  } catch {
    // Not written: the time was over, or vitest could not start.
    return { name: 'real agent programs', passed: 0, failed: 1, detail: ['The tests did not come to an end.'] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
