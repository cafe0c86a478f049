/**
 * Two real daemons and a hub on a real PostgreSQL, with everything between them that networks, hubs, machines and their owners do.
 * CCM_LINK_FAULT: only those whose name contains one of these words, separated by commas. CCM_LINK_SECONDS: for so long.
 */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runProcess } from '../../src/lib/run-process.ts';
import { seededRandom } from '../support/seeded.ts';
import { until } from '../support/until.ts';
import { hubRestored, hubRestoredSilently, machineRestored } from './link/copies.ts';
import { type Fault, faults } from './link/faults.ts';
import { isConnected, judge, untilSettled } from './link/judge.ts';
import { type LinkWorld, linkWorld, type Node } from './link/world.ts';
import { type Campaign, ledger } from './report.ts';

/** Bounds of patience on a machine that is shared by many; what is measured is said. */
const settleMs = 180_000;
const noticeMs = 60_000;

const pairsOf = ([a, b]: LinkWorld['nodes']) =>
  [
    [a, b],
    [b, a],
    [a, a],
    [b, b],
  ] as const;

const noticed = async (one: Node, reasons: readonly string[]): Promise<number> => {
  const began = performance.now();
  let last = '';
  await until(
    `${one.name} to say why it is away`,
    async () => {
      const link = await one.link();
      last = `${link.state}, ${link.reason}`;
      return !isConnected(link) && link.state !== 'syncing' && reasons.includes(link.reason ?? '') ? true : undefined;
    },
    noticeMs,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}: it is ${last}`);
  });
  return performance.now() - began;
};

const round = async (world: LinkWorld, fault: Fault, on: Node): Promise<string> => {
  const { nodes, random, begin } = world;
  const words: string[] = [];
  for (const [at, to] of pairsOf(nodes)) await begin(at, to);
  await pause(random() * 600);
  await fault.begin(world, on);
  try {
    // A machine that stands still answers nobody.
    const speak = fault.name === 'SIGSTOP' ? nodes.filter((one) => one !== on) : nodes;
    for (const [at, to] of pairsOf(nodes)) if (speak.includes(at)) await begin(at, to);
    if (fault.says) {
      const met = fault.both ? nodes : [on];
      const times = await Promise.all(met.map((one) => noticed(one, fault.says ?? [])));
      words.push(`said after ${(Math.max(...times) / 1000).toFixed(1)} s`);
      for (const [at, to] of pairsOf(nodes)) await begin(at, to);
    } else await pause(500 + random() * 4_000);
  } finally {
    await fault.end(world, on);
  }
  const began = performance.now();
  await untilSettled(world, settleMs);
  words.push(`at rest after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  await judge(world);
  return words.join(', ');
};

/** Too long for every run of the suite. */
const people = async (): Promise<void> => {
  const { code, stdout, stderr } = await runProcess({
    argv: [process.execPath, 'node_modules/vitest/vitest.mjs', 'run', 'test/simulation/link/far.campaign.test.ts'],
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, CCM_REAL_CLIS: '1' },
    timeoutMs: 900_000,
  });
  assert.equal(code, 0, `${stdout}${stderr}`.slice(-2_000));
};

const shuffled = <T>(list: readonly T[], random: () => number): T[] =>
  list
    .map((one) => [random(), one] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, one]) => one);

export const runLinkCampaign: Campaign = async ({ seed, seconds }) => {
  const book = ledger('link');
  const random = seededRandom(seed);
  const time = Number(process.env['CCM_LINK_SECONDS'] ?? seconds);
  const end = performance.now() + time * 1000;
  const copies: ReadonlyArray<readonly [string, (world: LinkWorld, on: Node) => Promise<void>]> = [
    ['the hub put back to an older copy', hubRestored],
    ['the hub put back to an older copy, unsaid', hubRestoredSilently],
    ['a machine put back to an older copy', machineRestored],
  ];
  const restored = async (world: LinkWorld, work: (world: LinkWorld, on: Node) => Promise<void>, on: Node): Promise<string> => {
    await work(world, on);
    await untilSettled(world, settleMs);
    await judge(world);
    return `${world.wanted.size} tasks`;
  };
  const only = process.env['CCM_LINK_FAULT']?.split(',');
  const all = [
    ...faults.map((fault) => [fault.name, (world: LinkWorld, on: Node) => round(world, fault, on)] as const),
    ...copies.map(([name, work]) => [name, (world: LinkWorld, on: Node) => restored(world, work, on)] as const),
  ].filter(([name]) => only === undefined || only.some((word) => name.includes(word)));
  assert.ok(all.length > 0, `no fault is called ${String(only)}`);
  const counts = { rounds: 0, tasks: 0, worlds: 0 };
  let world: LinkWorld | null = null;
  try {
    for (let pass = 0; pass === 0 || performance.now() < end; pass += 1) {
      for (const [name, work] of shuffled(all, random)) {
        if (performance.now() > end) {
          if (pass === 0) book.notRun(name, `the ${time} s are over`);
          continue;
        }
        if (world === null) {
          const made: { world: LinkWorld | null } = { world: null };
          await book.check(`two machines and a hub, anew (seed ${seed})`, async () => {
            made.world = await linkWorld(random);
          });
          world = made.world;
          counts.worlds += 1;
          if (world === null) continue;
        }
        const present: LinkWorld = world;
        const on = present.nodes[random() < 0.5 ? 0 : 1];
        counts.rounds += 1;
        const before = present.wanted.size;
        const well = await book.check(`${name}, ${on.name} (seed ${seed})`, () => work(present, on));
        counts.tasks += present.wanted.size - before;
        if (!well) {
          // What it left behind is nobody else's fault.
          await present.end();
          world = null;
        }
      }
    }
  } finally {
    await world?.end();
  }
  if (only === undefined) await book.check('decisions, hand-overs, foreign answers and sign-ins between two machines', people);
  book.report.detail.push(JSON.stringify(counts));
  return book.report;
};
