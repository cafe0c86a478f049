/**
 * A reporter for `.ci/run`, which lets a test fail once: what passed only at its second try is named at the end with its first error, so
 * that it is mended and not forgotten. Where nothing but our own code runs there is no excuse, and the run fails.
 */
import { relative } from 'node:path';
import type { Reporter, TestCase } from 'vitest/node';

/** Rooms whose tests depend on nothing outside: a second try would hide a defect. */
const OURS_ALONE = /^test\/(config|lib|machines|money|policy|runtime)\//;

export type SecondTry = { test: string; why: string; excused: boolean };

export const secondTryOf = (file: string, test: string, errors: readonly { message: string }[]): SecondTry => ({
  test: `${file} > ${test}`,
  why: errors[0]?.message.split('\n').find((line) => line.trim() !== '') ?? 'no message',
  excused: !OURS_ALONE.test(file),
});

export default class SecondTries implements Reporter {
  private readonly found: SecondTry[] = [];

  onTestCaseResult(test: TestCase): void {
    const result = test.result();
    if (result.state !== 'passed' || test.diagnostic()?.flaky !== true) return;
    this.found.push(secondTryOf(relative(process.cwd(), test.module.moduleId), test.fullName, result.errors ?? []));
  }

  onTestRunEnd(): void {
    for (const { test, why, excused } of this.found) {
      console.log(`only at the second try: ${test} (first: ${why})${excused ? '' : '; nothing outside has part in it: this is a failure'}`);
      if (!excused) process.exitCode = 1;
    }
  }
}
