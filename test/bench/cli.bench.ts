/** Start-up of the command line, as whole processes: what is felt on every call. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeDaemon } from '../support/fake-daemon/index.ts';
import { aTask } from '../support/fake-daemon/samples.ts';
import { type Figure, median } from './measure.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');
const RUNS = 20;

/**
 * Whole-process times of `ccm ls` (20 tasks), `ccm --help` and `ccm report`, medians of 20 runs in turn, next to a Node that does nothing.
 * From source with compiled code cached in the home, as the shim in an agent's PATH runs it. Goal: the design's start-up time.
 */
export const benchCli = async (): Promise<Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'ccm-bench-'));
  const home = join(folder, 'home');
  const daemon = await fakeDaemon(home);
  for (let i = 0; i < 20; i += 1) {
    const task = aTask({ title: `Task ${i}: fix the login redirect` });
    daemon.house.tasks.set(task.id, task);
  }
  const env = {
    PATH: process.env['PATH'] ?? '',
    CCM_HOME: home,
    NODE_COMPILE_CACHE: join(home, 'cache'),
    CCM_HOOK_URL: daemon.url(),
    CCM_HOOK_TOKEN: daemon.agentToken,
    CCM_AGENT_ID: 'bench',
  };
  const once = (args: readonly string[]): Promise<number> =>
    new Promise((resolve, reject) => {
      const began = performance.now();
      const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
      child.stdout.resume();
      child.on('close', (code) =>
        code === 0 ? resolve(performance.now() - began) : reject(new Error(`${args.join(' ')} ended with ${code}`)),
      );
    });
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['node -e 0', ['-e', '0']],
    ['ccm --help', [main, '--help']],
    ['ccm ls', [main, 'ls']],
    ['ccm report busy', [main, 'report', 'busy']],
  ];
  try {
    // Once before it counts: the first run writes the cache.
    for (const [, args] of cases) await once(args);
    const times: Record<string, number[]> = {};
    // In turn, so that a busy moment of the machine falls on all of them.
    for (let run = 0; run < RUNS; run += 1) for (const [name, args] of cases) (times[name] ??= []).push(await once(args));
    return Object.entries(times).map(([name, all]) => ({
      name,
      value: median(all),
      unit: 'ms',
      note: `least ${Math.round(Math.min(...all))} ms of ${RUNS}`,
      ...(name.startsWith('ccm') ? { goal: { atMost: 150 } } : {}),
    }));
  } finally {
    await daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};
