import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type RunSpec, runProcess } from '../../src/lib/run-process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const run = (program: string, args: string[] = [], more: Partial<RunSpec> = {}) =>
  runProcess({ argv: [program, ...args], cwd: '/', env: { PATH: '/usr/bin:/bin' }, timeoutMs: 20_000, ...more });
const sh = (script: string, more: Partial<RunSpec> = {}) => run('/bin/sh', ['-c', script], more);

/** Ended; a zombie counts, because nobody promises when it is reaped. */
const gone = async (pid: number): Promise<true | undefined> => {
  const { stdout } = await run('ps', ['-o', 'stat=', '-p', String(pid)]);
  return stdout.trim() === '' || stdout.trim().startsWith('Z') ? true : undefined;
};

describe('runProcess', () => {
  test('gives status, both outputs, and passes arguments and stdin as they are', async () => {
    expect(await run('printf', ['%s|', 'a b\'"$HOME', '*'])).toMatchObject({ code: 0, stdout: `a b'"$HOME|*|`, failure: null });
    expect(await run('cat', [], { stdin: 'ünï' })).toMatchObject({ code: 0, stdout: 'ünï', truncated: false });
    expect(await sh('echo out; echo err >&2; exit 3')).toMatchObject({ code: 3, signal: null, stdout: 'out\n', stderr: 'err\n' });
  });

  test('the child sees exactly the environment given', async () => {
    const { stdout } = await run('/usr/bin/env', [], { env: { ONLY: 'this', LEFT_OUT: undefined } });
    expect(stdout).toBe('ONLY=this\n');
  });

  test('a missing program, a missing folder and an unusable argument are results', async () => {
    expect(await run('no-such-program-here')).toMatchObject({ code: null, failure: 'ENOENT' });
    expect(await run('true', [], { cwd: '/no/such/folder' })).toMatchObject({ code: null, failure: 'ENOENT' });
    expect(await run('/etc/passwd')).toMatchObject({ code: null, failure: 'EACCES' });
    expect(await run('echo', ['a\0b'])).toMatchObject({ code: null, failure: 'EINVAL' });
    expect(await run('echo', ['x'.repeat(3_000_000)])).toMatchObject({ code: null, failure: 'E2BIG' });
  });

  test('a time-out ends the whole group, also what ignores SIGTERM', async () => {
    const folder = await tempFolder();
    const script = `trap '' TERM; (trap '' TERM; echo $$ > leader; sh -c 'echo $$ > grandchild; while :; do sleep 0.1; done') & wait; while :; do sleep 0.1; done`;
    const result = await sh(script, { cwd: folder, timeoutMs: 400, killAfterMs: 100 });
    expect(result).toMatchObject({ code: null, signal: 'SIGKILL', timedOut: true });
    const pid = Number(await readFile(join(folder, 'grandchild'), 'utf8'));
    await until('the grandchild is gone', () => gone(pid));
  });

  test('a program that stops politely is not killed', async () => {
    const result = await sh(`trap 'echo bye; exit 7' TERM; while :; do sleep 0.02; done`, { timeoutMs: 300 });
    expect(result).toMatchObject({ code: 7, timedOut: true, stdout: 'bye\n' });
  });

  test('output is cut at the limit, between characters, and the program may go on', async () => {
    expect(await run('printf', ['%s', 'éé'], { maxOutput: 3 })).toMatchObject({ code: 0, stdout: 'é', truncated: true });
    expect(await sh('head -c 3000000 /dev/zero; exit 5', { maxOutput: 10 })).toMatchObject({ code: 5, truncated: true });
    const endless = await run('yes', [], { maxOutput: 10, stopAtLimit: true });
    expect(endless).toMatchObject({ stdout: 'y\ny\ny\ny\ny\n', truncated: true, timedOut: false, signal: 'SIGTERM' });
  });

  test('errors are kept when the output limit is small, and do not count as cut output', async () => {
    const result = await sh('echo a long explanation >&2; exit 1', { maxOutput: 3 });
    expect(result).toMatchObject({ stderr: 'a long explanation\n', truncated: false });
  });

  test('a background child that keeps the pipes open does not hold the result back', async () => {
    const result = await sh('sleep 30 & echo $!', { timeoutMs: 25_000 });
    expect(result).toMatchObject({ code: 0, timedOut: false });
    process.kill(Number(result.stdout));
  });

  test('an abort ends it, also one that came before the start', async () => {
    const cancel = new AbortController();
    const pending = sh('echo started; exec sleep 30', { signal: cancel.signal });
    cancel.abort();
    expect(await pending).toMatchObject({ signal: 'SIGTERM', timedOut: false });
    expect(await sh('exec sleep 30', { signal: AbortSignal.abort() })).toMatchObject({ signal: 'SIGTERM' });
  });

  test('a program that does not read its input is no error', async () => {
    expect(await run('true', [], { stdin: 'x'.repeat(1_000_000) })).toMatchObject({ code: 0, failure: null });
  });

  test('latin1 keeps every byte', async () => {
    const { stdout } = await run('printf', ['\\377\\001'], { encoding: 'latin1' });
    expect([...Buffer.from(stdout, 'latin1')]).toEqual([255, 1]);
  });
});
