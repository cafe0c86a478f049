/**
 * The long proof: `./run campaign`. CCM_CAMPAIGN_SECONDS (default 2400) is shared by the campaigns below, CCM_SEED makes it repeat.
 * Ends with the line `N passed, N failed`; exit status 1 when anything failed or nothing ran.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { runCrashCampaign } from './crash.ts';
import { runHistoryCampaign } from './history.ts';
import type { Campaign, CampaignReport } from './report.ts';

/** Each gets its share of the time. */
const campaigns: ReadonlyArray<{ run: Campaign; share: number }> = [
  { run: runCrashCampaign, share: 0.7 },
  { run: runHistoryCampaign, share: 0.3 },
];

const numberFrom = (name: string, otherwise: number): number => {
  const value = Number(process.env[name] ?? otherwise);
  if (!Number.isFinite(value) || value < 0) throw new Error(`${name} must be a number that is not negative`);
  return value;
};

const seconds = numberFrom('CCM_CAMPAIGN_SECONDS', 2400);
const seed = Math.floor(numberFrom('CCM_SEED', Date.now() % 1_000_000_000));
console.log(`campaign: ${seconds} s, CCM_SEED=${seed}`);

const reports: CampaignReport[] = [];
for (const { run, share } of campaigns) {
  const report = await run({ seed, seconds: seconds * share });
  reports.push(report);
  console.log(`${report.name}: ${report.passed} passed, ${report.failed} failed`);
  for (const line of report.detail) console.log(`  ${line}`);
}

const passed = reports.reduce((sum, report) => sum + report.passed, 0);
const failed = reports.reduce((sum, report) => sum + report.failed, 0);
for (const file of [process.env['CCM_CAMPAIGN_REPORT'], process.env['CCM_CAMPAIGN_RESULT']]) {
  if (!file) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ passed, failed, seed, seconds, reports })}\n`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
