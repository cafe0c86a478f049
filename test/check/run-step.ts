import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import type { Step } from './steps.ts';

export type Outcome = { name: string; passed: boolean; seconds: number; output: string; note?: string };

const limitMs = 5 * 60_000;

const runCommand = (root: string, [program, ...args]: Step['command']): Promise<{ passed: boolean; output: string }> =>
  new Promise((resolve) => {
    const child = spawn(join(root, 'node_modules/.bin', program), args, {
      cwd: root,
      env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limitMs,
    });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stderr.on('data', (part: Buffer) => parts.push(part));
    const end = (passed: boolean, last: string) => resolve({ passed, output: Buffer.concat(parts).toString() + last });
    child.once('error', (error) => end(false, error.message));
    child.once('close', (code, signal) => end(code === 0, signal ? `\nended by ${signal}; the limit is ${limitMs / 1000} s` : ''));
  });

/** Runs one step to its end; never rejects. `output` is what the program printed on both streams. */
export const runStep = async (root: string, step: Step): Promise<Outcome> => {
  const began = performance.now();
  const note = step.waitsFor?.(root);
  if (note !== undefined) return { name: step.name, passed: true, seconds: 0, output: '', note };
  const { passed, output } = await runCommand(root, step.command);
  return { name: step.name, passed, seconds: (performance.now() - began) / 1000, output };
};
