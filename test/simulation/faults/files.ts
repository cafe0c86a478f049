/** What happens to the files below us: no room, no writing, a damaged page, a log cut short. */
import assert from 'node:assert/strict';
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { runProcess } from '../../../src/lib/run-process.ts';
import { until } from '../../support/until.ts';
import { faultWorld, type World } from './world.ts';

const mounted = async (...argv: [string, ...string[]]): Promise<string | null> => {
  const { code, stderr, failure } = await runProcess({ argv, cwd: '/', env: process.env, timeoutMs: 10_000 });
  return code === 0 ? null : (failure ?? stderr.trim());
};

/** Runs `work` with a home on a small file system of its own. Returns why it could not be made, or null. */
export const onSmallDisk = async (megabytes: number, work: (world: World) => Promise<void>): Promise<string | null> => {
  let trouble: string | null = null;
  const world = await faultWorld({
    before: async (home) => {
      trouble = await mounted('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', home);
    },
    undo: async (home) => {
      if (trouble === null) await mounted('umount', '-l', home);
    },
  });
  try {
    if (trouble === null) await work(world);
  } finally {
    await world.end();
  }
  return trouble;
};

/** Fills the disk to the last byte while tasks come, then makes room again. */
export const fullDisk = async (world: World): Promise<string> => {
  const { live } = world;
  await world.begin('quick');
  const filler = join(live.home, 'filler');
  const file = openSync(filler, 'w');
  const block = Buffer.alloc(1 << 16);
  for (let size = block.length; size > 0; ) {
    try {
      if (writeSync(file, block, 0, size) < size) size = Math.floor(size / 2);
    } catch {
      size = Math.floor(size / 2); // ENOSPC: the last bytes in smaller pieces.
    }
  }
  closeSync(file);
  let refused = 0;
  for (let i = 0; i < 20; i += 1) if ((await world.begin('quick')) === null) refused += 1;
  assert.ok(refused > 0, 'nothing was refused: the disk was not full');
  rmSync(filler);
  if (!(await answers(world))) {
    await live.crash();
    await live.up();
  }
  await until('a task to be taken again', async () => ((await world.begin('quick')) === null ? undefined : true), 20_000);
  await world.settled();
  return `${refused} refused, ${await world.sound()} tasks whole`;
};

export const readOnlyHome = async (world: World): Promise<string> => {
  const { live } = world;
  await world.begin('quick');
  await world.settled();
  await live.crash();
  assert.equal(await mounted('mount', '-o', 'remount,ro', live.home), null);
  const start = await live.ccm('up', '--no-open');
  assert.notEqual(start.code, 0);
  assert.match(start.stderr, /cannot be (?:used|written)|read-only|EROFS/i);
  assert.doesNotMatch(start.stderr, /\n\s+at /, 'a stack is no sentence');
  assert.equal(await mounted('mount', '-o', 'remount,rw', live.home), null);
  await live.up();
  await world.begin('quick');
  await world.settled();
  return `said: ${start.stderr.trim().split('\n')[0]}; ${await world.sound()} tasks whole`;
};

const answers = (world: World): Promise<boolean> =>
  fetch(`${world.live.url}/readyz`, { signal: AbortSignal.timeout(3000) }).then(
    (reply) => reply.ok,
    () => false,
  );

/** The tasks as one text: what must be the same, or be said to be damaged. */
const picture = async (world: World): Promise<string> =>
  (await world.tasks())
    .map(({ id, status, title }) => `${id} ${status} ${title}`)
    .toSorted()
    .join('\n');

/** One page overwritten at random. Fine: refused in words, named by verify, or the page was not in use. Never: other tasks than before. */
export const damagedPage = async (world: World, random: () => number): Promise<'refused' | 'named' | 'unused'> => {
  const { live } = world;
  const database = join(live.home, 'ccm.db');
  const before = await picture(world);
  assert.equal((await live.ccm('down')).code, 0);
  const kept = `${database}.kept`;
  copyFileSync(database, kept);
  const size = 4096;
  const page = Math.floor(random() * Math.floor(statSync(database).size / size));
  const file = openSync(database, 'r+');
  writeSync(file, Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256))), 0, size, page * size);
  closeSync(file);
  const verdict = await judgeDamage(world, before, page);
  await live.crash();
  for (const name of [database, `${database}-wal`, `${database}-shm`]) rmSync(name, { force: true });
  copyFileSync(kept, database);
  rmSync(kept);
  await live.up();
  assert.equal(await picture(world), before, 'the kept copy is whole');
  return verdict;
};

const judgeDamage = async (world: World, before: string, page: number): Promise<'refused' | 'named' | 'unused'> => {
  const { live } = world;
  try {
    await live.up();
  } catch (error) {
    assert.match(String(error), /damaged|corrupt|not a database|malformed/i, `page ${page}: ${String(error).slice(0, 500)}`);
    return 'refused';
  }
  const verified = await live.api('POST', '/verify', {}).catch(() => null);
  if (verified === null || verified.status >= 500) return 'named';
  if ((verified.body.data as { findings: unknown[] }).findings.length > 0) return 'named';
  assert.equal(await picture(world).catch(() => 'unreadable'), before, `page ${page}: other tasks than before, and nobody said so`);
  return 'unused';
};

/** The write-ahead log cut anywhere, as a power cut on a lying disk leaves it: what is left opens, is whole, and is a beginning of what was. */
export const cutLog = async (world: World, random: () => number): Promise<number> => {
  const { live } = world;
  for (let i = 0; i < 3; i += 1) await world.begin('quick');
  await live.crash();
  const log = join(live.home, 'ccm.db-wal');
  const size = existsSync(log) ? statSync(log).size : 0;
  const at = Math.floor(random() * (size + 1));
  if (size > 0) truncateSync(log, at);
  await live.up();
  const known = new Set((await world.tasks()).map(({ id }) => id));
  // Lost with the log, not by us.
  let lost = 0;
  for (const id of new Set(world.acknowledged)) {
    if (known.has(id)) continue;
    world.acknowledged.delete(id);
    world.forget(id);
    lost += 1;
  }
  await world.settled();
  await world.sound();
  return lost;
};

/** A preload that moves the wall clock of a Node by what stands in a file. */
export const clockPreload = (folder: string): { preload: string; move: (ms: number) => void } => {
  const offset = join(folder, 'offset');
  const preload = join(folder, 'clock.mjs');
  writeFileSync(offset, '0');
  writeFileSync(
    preload,
    `import { readFileSync } from 'node:fs';
const real = Date.now.bind(Date);
Date.now = () => real() + Number(readFileSync(${JSON.stringify(offset)}, 'utf8') || 0);
`,
  );
  return { preload, move: (ms) => writeFileSync(offset, String(Number(readFileSync(offset, 'utf8')) + ms)) };
};
