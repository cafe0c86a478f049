/** What one campaign found. `detail` names the seed of every failure, and what was done; `notRun` what could not be tried here, and why. */
export type CampaignReport = { name: string; passed: number; failed: number; detail: string[]; notRun?: string[] };
export type Campaign = (options: { seed: number; seconds: number }) => Promise<CampaignReport>;

export type Ledger = {
  report: CampaignReport;
  /** One thing tried: passed when `work` resolves (its words go into the detail), failed when it throws. Returns whether it passed. */
  check(what: string, work: () => Promise<string | void>): Promise<boolean>;
  notRun(what: string, why: string): void;
};

/** For campaigns that try a list of different things instead of one thing many times. */
export const ledger = (name: string): Ledger => {
  const notRun: string[] = [];
  const report = { name, passed: 0, failed: 0, detail: new Array<string>(), notRun };
  return {
    report,
    check: async (what, work) => {
      const began = performance.now();
      const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
      try {
        const words = await work();
        report.passed += 1;
        process.stderr.write(`  ok ${what}, ${seconds()}\n`);
        report.detail.push(`ok ${what} (${[words, seconds()].filter(Boolean).join('; ')})`);
        return true;
      } catch (error) {
        report.failed += 1;
        process.stderr.write(`  FAILED ${what}, ${seconds()}: ${String(error).slice(0, 500)}\n`);
        report.detail.push(`FAILED ${what} (${seconds()}): ${error instanceof Error ? error.message : String(error)}`);
        return false;
      }
    },
    notRun: (what, why) => void notRun.push(`${what}: ${why}`),
  };
};
