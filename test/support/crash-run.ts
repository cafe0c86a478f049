/** Kills processes of a world and looks at what is left. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CrashPoint } from '../../src/runtime/index.ts';
import { examine, openWorld, play, type World } from './crash-world.ts';

export const crashPoints = [
  'turn-begin',
  'savepoint-before',
  'savepoint-inside',
  'savepoint-after',
  'commit-before',
  'commit-after',
  'mark-running',
  'handler-before',
  'handler-after',
  'mark-done',
] as const satisfies readonly CrashPoint[];

export type Blow = { point: CrashPoint; passage: number } | { afterMs: number };
export const inWords = (blow: Blow) => ('point' in blow ? `${blow.point} #${blow.passage}` : `after ${blow.afterMs} ms`);

/** Shared by all: each would compile everything anew. */
const compiled = join(import.meta.dirname, '../.out/compile-cache');
const child = fileURLToPath(new URL('crash-child.ts', import.meta.url));

/** Resolves when the process is gone: true if it was killed, false if it came to its end first. */
const strike = (world: World, blow: Blow): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const at = 'point' in blow ? [blow.point, String(blow.passage)] : [];
    const process_ = spawn(process.execPath, [child, world.folder, String(world.seed), String(world.length), ...at], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', NODE_COMPILE_CACHE: compiled },
    });
    let said = '';
    process_.stderr.on('data', (data) => {
      said += String(data);
    });
    const timer = 'afterMs' in blow ? setTimeout(() => process_.kill('SIGKILL'), blow.afterMs) : undefined;
    process_.once('error', reject);
    process_.once('exit', (code, signal) => {
      clearTimeout(timer);
      if (signal === 'SIGKILL') resolve(true);
      else if (code === 0) resolve(false);
      else reject(new Error(`The process ended with ${code ?? signal}: ${said}`));
    });
  });

/** Strikes in turn, then lets the plan come to its end. Returns what is wrong, and how many blows hit. */
export const survive = async (seed: number, length: number, blows: readonly Blow[]): Promise<{ wrong: string[]; hits: number }> => {
  const world: World = { folder: mkdtempSync(join(tmpdir(), 'ccm-crash-')), seed, length };
  try {
    let hits = 0;
    for (const blow of blows) hits += (await strike(world, blow)) ? 1 : 0;
    const opened = await openWorld(world);
    await play(world, opened);
    const wrong = await examine(world, opened);
    await opened.runtime.shutdown();
    opened.store.close();
    return { wrong, hits };
  } finally {
    rmSync(world.folder, { recursive: true, force: true });
  }
};
