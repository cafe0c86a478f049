/**
 * Random histories in one process: a store that fails at random, and a daemon that dies in the middle, at a point of the runtime or
 * between two turns. To die means: the file is closed as it is, and nothing that goes on in memory leaves a trace. Thousands in minutes.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CrashPoint } from '../../src/runtime/index.ts';
import { crashPoints } from '../support/crash-run.ts';
import { examine, type Life, type Opened, openWorld, play, type World } from '../support/crash-world.ts';
import { type Failing, failingStore } from '../support/failing-store.ts';
import { seededRandom } from '../support/seeded.ts';
import type { CampaignReport } from './report.ts';

/** In memory where there is such a place: only processes die here, not the power, and a sync would only cost time. */
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const breathe = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** One life: it fails at random, and ends at the n-th passage of a point or after some turns. */
const live = async (world: World, random: () => number): Promise<void> => {
  const odds = random() < 0.5 ? 0 : random() * 0.2;
  // Right after COMMIT is where a receipt is lost though the step is not: the likeliest place for a repeat.
  const point = random() < 0.3 ? 'commit-after' : crashPoints[Math.floor(random() * crashPoints.length)];
  let passage = 1 + Math.floor(random() * 40);
  let turns = random() < 0.3 ? Math.floor(random() * 150) : 5_000;
  const life: Life = { over: false };
  const held: { failing?: Failing; close?: () => void } = {};
  const die = () => {
    life.over = true;
    held.close?.();
  };
  const crash = (at: CrashPoint) => {
    if (life.over) return;
    if (at === point) passage -= 1;
    // What goes on in memory meets a closed file.
    if (passage <= 0) die();
  };
  const opening = openWorld(world, {
    life,
    crash,
    wrap: (store) => {
      held.close = () => store.close();
      held.failing = failingStore(store);
      return held.failing.store;
    },
    onFatal: () => undefined,
  });
  // A start that dies half way never answers.
  const opened: Opened | undefined = await Promise.race([opening.catch(() => undefined), untilOver(life)]);
  if (!opened || life.over) return die();
  held.failing?.failWhere(() => random() < odds);
  // What a dying process still says is not heard.
  const playing = play(world, opened).catch(() => undefined);
  const ages = async () => {
    for (; turns > 0 && !life.over; turns -= 1) await breathe();
  };
  await Promise.race([playing, ages()]);
  die();
};
const untilOver = async (life: Life): Promise<undefined> => {
  for (let turns = 0; turns < 1_000 && !life.over; turns += 1) await breathe();
  return undefined;
};

/** What is wrong after a home has had a few lives and then come to rest. */
export const history = async (seed: number): Promise<string[]> => {
  const random = seededRandom(seed);
  const world: World = { folder: mkdtempSync(join(place, 'ccm-history-')), seed, length: 20 + Math.floor(random() * 60) };
  try {
    for (let lives = 1 + Math.floor(random() * 5); lives > 0; lives -= 1) await live(world, random);
    const opened = await openWorld(world);
    await play(world, opened);
    const wrong = await examine(world, opened);
    await opened.runtime.shutdown();
    opened.store.close();
    return wrong;
  } finally {
    rmSync(world.folder, { recursive: true, force: true });
  }
};

export const runHistoryCampaign = async ({ seed, seconds }: { seed: number; seconds: number }): Promise<CampaignReport> => {
  const until = performance.now() + seconds * 1000;
  const report: CampaignReport = { name: 'history', passed: 0, failed: 0, detail: [] };
  for (let round = 0; performance.now() < until; round += 1) {
    const wrong = await history(seed + round).catch((error: unknown) => [String(error)]);
    if (wrong.length === 0) report.passed += 1;
    else {
      report.failed += 1;
      report.detail.push(`seed ${seed + round}: ${wrong.slice(0, 5).join('; ')}`);
    }
  }
  report.detail.push(`seeds ${seed} to ${seed + report.passed + report.failed - 1}`);
  return report;
};
