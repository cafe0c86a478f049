import { delimiter, dirname, join } from 'node:path';
import { runProcess } from '../../src/lib/run-process.ts';
import type { Step } from './steps.ts';

export type Outcome = { name: string; passed: boolean; seconds: number; output: string };

const limitMs = 5 * 60_000;

/** Runs one step to its end; never rejects. `output` is what the program printed on both streams. */
export const runStep = async (root: string, step: Step): Promise<Outcome> => {
  const began = performance.now();
  const [program, ...args] = step.command;
  const { code, stdout, stderr, timedOut, failure } = await runProcess({
    argv: [join(root, 'node_modules/.bin', program), ...args],
    cwd: root,
    // The tools' first line asks for `node`: it gets the one that runs this.
    env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` },
    timeoutMs: limitMs,
  });
  const trouble = failure ?? (timedOut ? `ended after its limit of ${limitMs / 1000} s` : '');
  return { name: step.name, passed: code === 0, seconds: (performance.now() - began) / 1000, output: `${stdout}${stderr}${trouble}` };
};
