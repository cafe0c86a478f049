/** A world for commands that run inside the test: pipes instead of a terminal, everything written is kept. */
import { PassThrough } from 'node:stream';
import type { World } from '../../src/cli/cli.ts';
import { runProgram } from '../../src/cli/program.ts';
import { resolveHome } from '../../src/config/home.ts';

/** Runs `words` and returns the exit code with what was written. */
export const runInside = async (words: readonly string[], home: string, env: Record<string, string> = {}) => {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const place = resolveHome({ env: { CCM_HOME: home }, platform: 'linux', userHome: '/home/me', cwd: '/' });
  if (!place.ok) throw new Error(place.problem.detail);
  const world = {
    env: { PATH: process.env['PATH'], COLUMNS: '80', ...env },
    cwd: '/',
    platform: 'linux',
    home: place.value,
    stdin: () => process.stdin,
    stdout: stdout,
    stderr: stderr,
    now: () => Date.UTC(2026, 2, 4, 12, 5),
  } satisfies World;
  const code = await runProgram(words, world);
  const text = (stream: PassThrough): string => String(stream.read() ?? '');
  return { code, stdout: text(stdout), stderr: text(stderr) };
};
