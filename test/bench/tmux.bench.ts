/** One control-mode connection against a spawned `tmux` per operation, on the same server with the same commands. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tmuxTerminal } from '../../adapters/tmux/index.ts';
import type { Result } from '../../src/errors.ts';
import { realClock } from '../support/real-clock.ts';
import { until } from '../support/until.ts';
import { type Figure, median } from './measure.ts';

const run = promisify(execFile);
const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.problem.detail);
  return result.value;
};
/** Milliseconds per operation. */
const perOperation = async (count: number, act: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await act();
  return (performance.now() - start) / count;
};
const sequence = async (count: number, act: () => Promise<unknown>): Promise<void> => {
  for (let index = 0; index < count; index += 1) await act();
};

const SPAWNED = 60;
const SEQUENTIAL = 1500;
const PIPELINED = 5000;
const ROUNDS = 3;

export const benchTmux = async (): Promise<Figure[]> => {
  const home = await mkdtemp(join(tmpdir(), 'ccm-bench-'));
  const terminal = tmuxTerminal({ home, clock: realClock, scope: 'off' });
  try {
    value(await terminal.open());
    const spec = { session: 'bench', title: 'bench', cwd: home, env: { PATH: process.env.PATH ?? '' }, size: { cols: 80, rows: 24 } };
    const pane = value(await terminal.launch({ ...spec, key: 'a', argv: ['/bin/sh', '-c', 'echo ready; exec cat'] }));
    await until('it runs', async () => (value(await terminal.capture(pane)).includes('ready') ? true : undefined));
    const socket = terminal.facts().socket ?? '';
    const capture = async () => value(await terminal.capture(pane));
    const spawned = () => run('tmux', ['-S', socket, 'capture-pane', '-p', '-t', pane.pane]);
    await sequence(100, capture);

    // In turns, so that a busy moment of the machine falls on all of them.
    const rounds: Array<Record<'spawned' | 'sequential' | 'pipelined', number>> = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push({
        spawned: await perOperation(SPAWNED, () => sequence(SPAWNED, spawned)),
        sequential: await perOperation(SEQUENTIAL, () => sequence(SEQUENTIAL, capture)),
        pipelined: await perOperation(PIPELINED, () => Promise.all(Array.from({ length: PIPELINED }, capture))),
      });
    }
    const of = (name: 'spawned' | 'sequential' | 'pipelined'): number => median(rounds.map((round) => round[name]));
    const exits: number[] = [];
    for (let index = 0; index < 15; index += 1) {
      const short = value(await terminal.launch({ ...spec, key: `exit-${index}`, argv: ['sleep', '100'] }));
      const told = new Promise<void>((resolve) => {
        const off = terminal.on((event) => {
          if (event.type !== 'exit' || event.pane.pane !== short.pane) return;
          off();
          resolve();
        });
      });
      exits.push(
        await perOperation(1, () => {
          process.kill(short.pid, 'SIGTERM');
          return told;
        }),
      );
    }
    const launches = await perOperation(50, () =>
      Promise.all(Array.from({ length: 50 }, (_, index) => terminal.launch({ ...spec, key: `fleet-${index}`, argv: ['sleep', '100'] }))),
    );
    const note = 'capture of a 80 × 24 screen, same server';
    return [
      { name: 'one operation, a spawned tmux each', value: of('spawned'), unit: 'ms', note },
      { name: 'one operation, our connection, one after the other', value: of('sequential'), unit: 'ms', note },
      { name: 'one operation, our connection, pipelined', value: of('pipelined'), unit: 'ms', note },
      { name: 'sequential against spawned', value: of('spawned') / of('sequential'), unit: '×', goal: { atLeast: 25 } },
      { name: 'pipelined against spawned', value: of('spawned') / of('pipelined'), unit: '×', goal: { atLeast: 200 } },
      { name: 'end of a program until its event', value: median(exits), unit: 'ms', note: 'median of 15' },
      { name: 'launch, 50 at once', value: launches, unit: 'ms each' },
    ];
  } finally {
    await terminal.killServer();
    await rm(home, { recursive: true, force: true });
  }
};

if (import.meta.main) {
  const { table } = await import('./measure.ts');
  process.stdout.write(`${table(await benchTmux())}\n`);
}
