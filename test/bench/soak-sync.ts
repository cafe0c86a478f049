/**
 * `./run soak sync`: three machines and a hub, schedule after schedule (CCM_SYNC_SCHEDULES, default 200,000), for CCM_SOAK_SECONDS at most (default
 * four hours). Says every few minutes how far it is, and names the seed of each failure with its shortest trace. Exit status 1 when one failed.
 */
import { playSchedules } from '../simulation/sync.ts';

const CHUNK = 1_000;

export const runSyncSoak = async (): Promise<void> => {
  const wanted = Number(process.env['CCM_SYNC_SCHEDULES'] ?? 200_000);
  const first = Number(process.env['CCM_SEED'] ?? Date.now() % 1_000_000_000);
  const end = performance.now() + Number(process.env['CCM_SOAK_SECONDS'] ?? 14_400) * 1000;
  const left = () => (end - performance.now()) / 1000;
  let [passed, failed] = [0, 0];
  while (passed + failed < wanted && left() > 1) {
    const seed = first + passed + failed;
    const report = await playSchedules(seed, Math.min(CHUNK, wanted - passed - failed), left());
    passed += report.passed;
    failed += report.failed;
    for (const line of report.detail.filter((words) => words.startsWith('seed '))) console.log(line);
    console.log(
      `${passed + failed} of ${wanted} schedules, seeds ${first} to ${first + passed + failed - 1}: ${passed} passed, ${failed} failed`,
    );
  }
  if (failed > 0 || passed === 0) process.exitCode = 1;
};
