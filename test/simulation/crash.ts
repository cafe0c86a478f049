/** Homes struck by random blows, again and again, until the time is up. The seed of each round is enough to repeat it. */
import { type Blow, crashPoints, inWords, survive } from '../support/crash-run.ts';
import { seededRandom } from '../support/seeded.ts';
import type { CampaignReport } from './report.ts';

const blowOf = (random: () => number): Blow => {
  const point = crashPoints[Math.floor(random() * crashPoints.length)];
  if (!point || random() < 0.25) return { afterMs: 150 + Math.floor(random() * 600) };
  // Effects are fewer than steps: their points pass less often.
  const most = point.startsWith('handler') || point.startsWith('mark') ? 12 : 60;
  return { point, passage: 1 + Math.floor(random() * most) };
};

/** One round: its plan, its blows and what is wrong afterwards. */
export const crashRound = async (seed: number): Promise<{ wrong: string[]; blows: Blow[]; hits: number }> => {
  const random = seededRandom(seed);
  const length = 20 + Math.floor(random() * 80);
  const blows = Array.from({ length: 1 + Math.floor(random() * 5) }, () => blowOf(random));
  const { wrong, hits } = await survive(seed, length, blows);
  return { wrong, blows, hits };
};

/** A round that could not be judged counts as failed. `passed` counts rounds; `detail` says how many processes were killed. */
export const runCrashCampaign = async ({ seed, seconds }: { seed: number; seconds: number }): Promise<CampaignReport> => {
  const until = performance.now() + seconds * 1000;
  const report: CampaignReport = { name: 'crash', passed: 0, failed: 0, detail: [] };
  let killed = 0;
  for (let round = 0; performance.now() < until; round += 1) {
    try {
      const { wrong, blows, hits } = await crashRound(seed + round);
      killed += hits;
      if (wrong.length === 0) report.passed += 1;
      else {
        report.failed += 1;
        report.detail.push(`seed ${seed + round} (${blows.map(inWords).join(', ')}): ${wrong.slice(0, 5).join('; ')}`);
      }
    } catch (error) {
      report.failed += 1;
      report.detail.push(`seed ${seed + round}: ${String(error)}`);
    }
  }
  report.detail.push(`${killed} processes killed, seeds ${seed} to ${seed + report.passed + report.failed - 1}`);
  return report;
};
