/**
 * Machines and a hub under one scheduler: at least `WANTED` schedules when the time allows, and every mutant of the shipped code caught by them.
 * CCM_SYNC_SCHEDULES asks for another number (the long run: 200,000).
 */
import { availableParallelism } from 'node:os';
import type { Campaign, CampaignReport } from './report.ts';
import { mutants } from './sync/mutants.ts';
import { player, sideBySide, startingAt } from './sync/players.ts';
import { shrink, stepsOf } from './sync/schedule.ts';
import { STEPS } from './sync/worker-steps.ts';

const WANTED = 5_000;
/** A bug that hides longer than this from the schedules counts as not caught. */
const MOST_FOR_A_MUTANT = 400;

export const playSchedules = async (seed: number, most: number, seconds: number): Promise<CampaignReport> => {
  const report: CampaignReport = { name: 'sync', passed: 0, failed: 0, detail: [] };
  const began = performance.now();
  const hands = availableParallelism();
  const wrong: number[] = [];
  await sideBySide(
    Array.from({ length: hands }, (_, index) => index),
    async (index) => {
      const share = Math.ceil(most / hands);
      const found = await player([seed + index, hands, share, seconds], { patienceMs: (seconds + 120) * 1000 });
      report.passed += found.played - found.wrong.length;
      report.failed += found.wrong.length;
      for (const { seed: failing, words } of found.wrong) {
        wrong.push(failing);
        report.detail.push(`seed ${failing}: ${words.join('; ')}`);
      }
    },
  );
  for (const failing of wrong.slice(0, 2)) {
    const { steps, played } = await shrink(failing, stepsOf(failing, STEPS));
    report.detail.push(`seed ${failing}, in ${steps.length} steps: ${played.trace.join(' | ')} → ${played.wrong[0] ?? ''}`);
  }
  const took = (performance.now() - began) / 1000;
  const played = report.passed + report.failed;
  report.detail.push(
    `${played} schedules of ${STEPS} steps on 3 machines in ${took.toFixed(0)} s (${(played / took).toFixed(1)}/s), seeds ${seed} to ${seed + played - 1}`,
  );
  return report;
};

/** A range that is known to go well: what fails there was broken since. Other seeds are for the hunt. */
const KNOWN = 720_000_000;
export const runKnownSchedules: Campaign = async ({ seconds }) => ({ ...(await playSchedules(KNOWN, WANTED, seconds)), name: 'schedules' });

/** The first schedule that goes wrong with the mutant, and goes well without it: what fails anyway catches nothing. */
const firstCatch = async (mutant: (typeof mutants)[number], seed: number, seconds: number) => {
  const until = performance.now() + seconds * 1000;
  for (let from = seed, played = 0; ; ) {
    const left = Math.max(1, Math.round((until - performance.now()) / 1000));
    const found = await player([from, 1, MOST_FOR_A_MUTANT - played, left, 'first'], { mutant, patienceMs: (left + 30) * 1000 });
    const [caught] = found.wrong;
    played += found.played;
    const plain = caught ? await player([caught.seed, 1, 1, 60], { patienceMs: 90_000 }) : null;
    if (!caught || plain?.wrong.length === 0) return { caught, found: { played } };
    from = caught.seed + 1;
  }
};

const catchMutants = async (report: CampaignReport, seed: number, seconds: number): Promise<void> => {
  const until = performance.now() + seconds * 1000;
  const needed: number[] = [];
  await sideBySide(startingAt(mutants, seed), async (mutant) => {
    const left = Math.round((until - performance.now()) / 1000);
    if (left < 5) {
      report.notRun = [...(report.notRun ?? []), `mutant "${mutant.name}": no time was left`];
      return;
    }
    try {
      const { caught, found } = await firstCatch(mutant, seed, Math.min(left, 120));
      if (caught) {
        report.passed += 1;
        needed.push(found.played);
        report.detail.push(`mutant "${mutant.name}": caught by schedule ${found.played} (${caught.words[0] ?? ''})`.slice(0, 220));
      } else if (found.played < MOST_FOR_A_MUTANT) {
        report.notRun = [
          ...(report.notRun ?? []),
          `mutant "${mutant.name}": not caught by the ${found.played} schedules there was time for`,
        ];
      } else {
        report.failed += 1;
        report.detail.push(`mutant "${mutant.name}" SURVIVED ${found.played} schedules`);
      }
    } catch (error) {
      report.failed += 1;
      report.detail.push(`mutant "${mutant.name}" could not be judged: ${String(error).slice(0, 300)}`);
    }
  });
  report.detail.push(`${needed.length} of ${mutants.length} mutants caught, the slowest by schedule ${Math.max(0, ...needed)}`);
};

export const runSyncCampaign: Campaign = async ({ seed, seconds }) => {
  const most = Number(process.env['CCM_SYNC_SCHEDULES'] ?? WANTED);
  const report = await playSchedules(seed, most, seconds * 0.75);
  await catchMutants(report, seed, seconds * 0.25);
  return report;
};
