/** Faults of the machine below us, each against a real daemon with real agents. What needs root or Linux is said where it is missing. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../support/seeded.ts';
import { clockPreload, cutLog, damagedPage, fullDisk, onSmallDisk, readOnlyHome } from './faults/files.ts';
import { allDie, fleetAgents, loopWatch } from './faults/fleet.ts';
import { flood } from './faults/flood.ts';
import { type Blows, blowRound, clockJumps, noMoreFiles } from './faults/processes.ts';
import { frozenHandover } from './faults/takeover.ts';
import { faultWorld, type World, type WorldOptions } from './faults/world.ts';
import { type Campaign, ledger } from './report.ts';

/** Agents that die at once. A machine with other work cannot start so many in the minute that each has; then fewer are taken, and it is said. */
const fleetNow = (): number => ((loadavg()[0] ?? 0) > 3 * availableParallelism() ? 60 : 200);

export const runFaultCampaign: Campaign = async ({ seed, seconds }) => {
  const book = ledger('faults');
  const random = seededRandom(seed);
  const end = performance.now() + seconds * 1000;
  const within = async (options: WorldOptions, work: (world: World) => Promise<string>): Promise<string> => {
    const world = await faultWorld(options);
    try {
      return await work(world);
    } finally {
      await world.end();
    }
  };
  const timed = async (what: string, work: () => Promise<string>): Promise<void> => {
    if (performance.now() > end) book.notRun(what, `the ${seconds} s are over`);
    else await book.check(`${what} (seed ${seed})`, work);
  };
  /** Runs rounds until a part of the whole time is over, at least `least`. */
  const rounds = async (part: number, least: number, round: () => Promise<void>): Promise<number> => {
    const until = performance.now() + seconds * 1000 * part;
    let count = 0;
    for (; count < least || performance.now() < until; count += 1) await round();
    return count;
  };

  await timed('daemon and terminal killed and frozen at random moments', () =>
    within({}, async (world) => {
      const blows: Blows = { daemonKilled: 0, daemonFrozen: 0, tmuxKilled: 0, tmuxFrozen: 0 };
      await rounds(0.2, 4, () => blowRound(world, random, blows));
      await world.settled();
      return `${JSON.stringify(blows)}; ${await world.sound()} tasks, 0 lost, 0 doubled`;
    }),
  );
  for (const [what, size, work] of [
    ['disk full to the last byte', 48, fullDisk],
    ['home read-only', 48, readOnlyHome],
  ] as const) {
    if (process.getuid?.() !== 0 || process.platform !== 'linux') book.notRun(what, 'only root may mount a small disk');
    else {
      await timed(what, async () => {
        let words = '';
        const trouble = await onSmallDisk(size, async (world) => void (words = await work(world)));
        assert.equal(trouble, null);
        return words;
      });
    }
  }
  await timed('clock a day on, two back, one on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ccm-clock-'));
    try {
      const { preload, move } = clockPreload(folder);
      return await within({ env: { NODE_OPTIONS: `--import=${preload}` } }, (world) => clockJumps(world, move));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  if (process.platform === 'linux') await timed('no file number left', () => within({}, noMoreFiles));
  else book.notRun('no file number left', 'limits of a running process are set on Linux only');
  if (process.platform === 'linux') await timed('the daemon frozen in the middle of its hand-over', () => within({}, frozenHandover));
  else book.notRun('the daemon frozen in the middle of its hand-over', 'the heir is found by /proc');
  await timed('a damaged page', () =>
    within({}, async (world) => {
      for (let i = 0; i < 5; i += 1) await world.begin('quick');
      await world.settled();
      const seen = { refused: 0, named: 0, unused: 0 };
      await rounds(0.1, 4, async () => void (seen[await damagedPage(world, random)] += 1));
      return `${JSON.stringify(seen)}, never silently wrong`;
    }),
  );
  await timed('the write-ahead log cut at random', () =>
    within({}, async (world) => {
      let lost = 0;
      const count = await rounds(0.1, 3, async () => void (lost += await cutLog(world, random)));
      return `${count} cuts, ${lost} tasks gone with the storage, the rest whole`;
    }),
  );
  await timed('an event flood', () => within({}, (world) => flood(world, 8)));
  const fleet = fleetNow();
  await timed(`${fleet} agents dying at once`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ccm-fleet-'));
    try {
      const { preload, looks } = loopWatch(folder);
      const options = { projects: fleet, agents: fleetAgents, env: { NODE_OPTIONS: `--import=${preload}` } };
      return await within(options, (world) => allDie(world, fleet, looks));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return book.report;
};
