/** The interface attacked from its own description for as long as there is time, with another seed and another house each round. */
import { attackFrames } from '../support/fuzz/frames.ts';
import { type Furnished, furnishedHouse } from '../support/fuzz/furnished.ts';
import { attackRoutes } from '../support/fuzz/routes.ts';
import type { CampaignReport } from './report.ts';

const inHouse = async <T>(attack: (house: Furnished) => Promise<T>): Promise<T> => {
  const furnished = await furnishedHouse();
  try {
    return await attack(furnished);
  } finally {
    await furnished.close();
  }
};

export const runFuzzCampaign = async ({ seed, seconds }: { seed: number; seconds: number }): Promise<CampaignReport> => {
  const until = performance.now() + seconds * 1000;
  const over = () => performance.now() > until;
  const report: CampaignReport = { name: 'fuzz', passed: 0, failed: 0, detail: [] };
  const sum = { requests: 0, conversations: 0, frames: 0 };
  const statuses: Record<string, number> = {};
  let round = 0;
  for (; !over(); round += 1) {
    const routes = await inHouse((house) => attackRoutes(house, { seed: seed + round, each: 100, over }));
    const frames = await inHouse((house) => attackFrames(house, { seed: seed + round, conversations: 100 }));
    for (const [status, count] of Object.entries(routes.statuses)) statuses[status] = (statuses[status] ?? 0) + count;
    sum.requests += routes.requests;
    sum.conversations += frames.conversations;
    sum.frames += frames.frames;
    const wrong = [...routes.wrong, ...frames.wrong];
    if (wrong.length === 0) report.passed += 1;
    else report.failed += 1;
    report.detail.push(...wrong);
  }
  const answers = Object.entries(statuses).map(([status, count]) => `${status}: ${count}`);
  report.detail.push(
    `${sum.requests} requests (${answers.join(', ')}); ${sum.conversations} conversations of ${sum.frames} frames; seeds ${seed} to ${seed + round - 1}`,
  );
  return report;
};
