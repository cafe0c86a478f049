export type Count = { passed: number; failed: number };

type Report = Partial<Count> & {
  numPassedTests?: number;
  numFailedTests?: number;
  testResults?: readonly { status: string; assertionResults: readonly { status: string }[] }[];
};

/**
 * What a part's report counts: either our own {"passed": n, "failed": n}, or vitest's JSON, where a file that failed
 * without a failed test in it (it did not load, a hook threw) is one failure more. Undefined: no such report, or cut off.
 */
export const countOf = (json: string): Count | undefined => {
  let report: Report;
  try {
    report = JSON.parse(json);
  } catch {
    // The part was ended while it wrote: as good as no report.
    return undefined;
  }
  if (report.passed !== undefined && report.failed !== undefined) return { passed: report.passed, failed: report.failed };
  if (report.numPassedTests === undefined || report.numFailedTests === undefined) return undefined;
  const broken = (report.testResults ?? []).filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
};

/** A part's counts, made to agree with its exit status: neither a silent failure nor an empty success passes. */
export const judge = (succeeded: boolean, count: Count | undefined): Count & { note?: string } => {
  if (!count) return { passed: 0, failed: 1, note: 'it left no counts' };
  if (count.passed + count.failed === 0) return { ...count, failed: 1, note: 'nothing ran' };
  if (!succeeded && count.failed === 0) return { ...count, failed: 1, note: 'it failed without naming a failure' };
  return count;
};
