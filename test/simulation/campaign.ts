/**
 * The long proof: `./run campaign [name…]`. CCM_CAMPAIGN_SECONDS (default 3500) is shared by the campaigns below, CCM_SEED makes it repeat.
 * Ends with the line `N passed, N failed`; exit status 1 when anything failed or nothing ran. What cannot be tried on this machine is said.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { runCrashCampaign } from './crash.ts';
import { runDeliveryCampaign } from './delivery.ts';
import { runFaultCampaign } from './faults.ts';
import { runFuzzCampaign } from './fuzz.ts';
import { runHistoryCampaign } from './history.ts';
import { runLinkCampaign } from './link.ts';
import { runPackageCampaign } from './package.ts';
import { runProtections } from './protections.ts';
import { runRealClis } from './real-clis.ts';
import type { Campaign, CampaignReport } from './report.ts';
import { runServiceCampaign } from './service.ts';
import { runSqlMutants } from './sql-mutants.ts';
import { runKnownSchedules, runSyncCampaign } from './sync.ts';
import { runTimingCampaign } from './timing.ts';
import { runTruthMutants } from './truth.ts';

/** `seconds`: takes about that long, whatever the time; goes first. `share`: takes its part of what is left. `apart`: only when it is asked for by name. */
const campaigns: ReadonlyArray<{ name: string; run: Campaign; seconds?: number; share?: number; apart?: true }> = [
  { name: 'agents', run: runRealClis, seconds: 1_500 },
  { name: 'schedules', run: runKnownSchedules, seconds: 900 },
  { name: 'package', run: runPackageCampaign, seconds: 150 },
  { name: 'service', run: runServiceCampaign, seconds: 180 },
  { name: 'delivery', run: runDeliveryCampaign, seconds: 120 },
  { name: 'faults', run: runFaultCampaign, seconds: 360 },
  { name: 'fuzz', run: runFuzzCampaign, seconds: 60 },
  // Nanoseconds: for a machine with nothing else to do.
  { name: 'timing', run: runTimingCampaign, seconds: 15, apart: true },
  // Hunts, with other seeds each time, and proves nothing of the rest.
  { name: 'sync', run: runSyncCampaign, seconds: 360, apart: true },
  { name: 'link', run: runLinkCampaign, seconds: 420, apart: true },
  // Some seconds a mutant on a quiet machine.
  { name: 'sql', run: runSqlMutants, seconds: 600, apart: true },
  // Takes shipped lines out: a proof of the tests, not of the product.
  { name: 'protections', run: runProtections, seconds: 2_400, apart: true },
  // A mutant takes ten to twenty seconds of a core.
  { name: 'truth', run: runTruthMutants, seconds: 1_500, apart: true },
  { name: 'crash', run: runCrashCampaign, share: 0.7 },
  { name: 'history', run: runHistoryCampaign, share: 0.3 },
];

/** Larger than the share of the longest campaign in the time that all of them have by default. */
const MOST_OF_IT = 0.75;

const numberFrom = (name: string, otherwise: number): number => {
  const value = Number(process.env[name] ?? otherwise);
  if (!Number.isFinite(value) || value < 0) throw new Error(`${name} must be a number that is not negative`);
  return value;
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !campaigns.some((one) => one.name === name));
if (unknown.length > 0) throw new Error(`no campaign "${unknown.join(' ')}"; there are ${campaigns.map(({ name }) => name).join(', ')}`);
const chosen = campaigns.filter(({ name, apart }) => (asked.length === 0 ? !apart : asked.includes(name)));

const seconds = numberFrom('CCM_CAMPAIGN_SECONDS', 3500);
const seed = Math.floor(numberFrom('CCM_SEED', Date.now() % 1_000_000_000));
console.log(`campaign: ${seconds} s, CCM_SEED=${seed}`);
const end = performance.now() + seconds * 1000;
const left = () => Math.max(0, end - performance.now()) / 1000;

const reports: CampaignReport[] = [];
const tell = (report: CampaignReport): void => {
  reports.push(report);
  console.log(`${report.name}: ${report.passed} passed, ${report.failed} failed`);
  for (const line of report.detail) console.log(`  ${line}`);
  for (const line of report.notRun ?? []) console.log(`  not run: ${line}`);
};

for (const { name, run, seconds: needs } of chosen) {
  if (needs === undefined) continue;
  // Of a short time, a good part belongs to the campaigns that are measured by it.
  if (asked.length === 0 && needs > left() * MOST_OF_IT) {
    tell({ name, passed: 0, failed: 0, detail: [], notRun: [`all of it: it needs ${needs} s of ${Math.round(left())} s`] });
  } else tell(await run({ seed, seconds: needs }));
}
const timed = chosen.filter(({ share }) => share !== undefined);
const shares = timed.reduce((sum, { share = 0 }) => sum + share, 0);
const rest = left();
for (const { run, share = 0 } of timed) tell(await run({ seed, seconds: (rest * share) / shares }));

const passed = reports.reduce((sum, report) => sum + report.passed, 0);
const failed = reports.reduce((sum, report) => sum + report.failed, 0);
for (const file of [process.env['CCM_CAMPAIGN_REPORT'], process.env['CCM_CAMPAIGN_RESULT']]) {
  if (!file) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ passed, failed, seed, seconds, reports })}\n`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
