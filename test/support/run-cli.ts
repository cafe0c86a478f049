/** Runs the real `ccm` as a process of its own, as a person or a script does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export const cliMain = join(import.meta.dirname, '../../src/cli/main.ts');
/** Shared by all runs: stripping types again in every process would be most of the time of these tests. */
const compiled = join(import.meta.dirname, '../.out/compile-cache');

export type Ran = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };
export type CliOptions = { home: string; env?: Record<string, string>; input?: string; cwd?: string };
export type RunningCli = { child: ChildProcess; stdout: () => string; stderr: () => string; ended: Promise<Ran> };

/** Starts it; still running when this returns. Ended with the test if nothing else ends it. */
export const startCli = (words: readonly string[], { home, env = {}, input, cwd = '/' }: CliOptions): RunningCli => {
  const child = spawn(process.execPath, [cliMain, ...words], {
    cwd,
    // Nothing of the developer's own environment: no colours, no editor, no home of theirs.
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: '/home/me',
      CCM_HOME: home,
      TZ: 'UTC',
      COLUMNS: '80',
      LANG: 'C.UTF-8',
      NODE_COMPILE_CACHE: compiled,
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => out.push(part));
  child.stderr.on('data', (part: Buffer) => err.push(part));
  // EPIPE: it ended without reading what it was given.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const text = (parts: Buffer[]): string => Buffer.concat(parts).toString('utf8');
  const ended = new Promise<Ran>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout: text(out), stderr: text(err) }));
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return { child, stdout: () => text(out), stderr: () => text(err), ended };
};

export const runCli = (words: readonly string[], options: CliOptions): Promise<Ran> => startCli(words, options).ended;
