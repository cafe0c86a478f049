import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exitWrapper } from '../../../adapters/agents/index.ts';
import { listProcesses } from '../../../src/lib/process-table.ts';
import { runProcess } from '../../../src/lib/run-process.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

const env = { PATH: '/usr/bin:/bin' };

/** `plain`: as on a system whose `env` cannot restore signals. */
const setUp = async (plain = false) => {
  const folder = await tempFolder();
  const script = join(folder, 'run-agent.sh');
  const result = join(folder, 'result.json');
  await writeFile(script, plain ? exitWrapper.replaceAll('/usr/bin/env', '/no/such/env') : exitWrapper);
  const argv = (program: readonly string[], input = '-') => ['/bin/sh', script, result, input, ...program] as const;
  const read = async (): Promise<unknown> => JSON.parse(await readFile(result, 'utf8'));
  return {
    folder,
    result,
    read,
    run: (program: readonly string[], input?: string) => runProcess({ argv: argv(program, input), cwd: folder, env, timeoutMs: 20_000 }),
    start: (program: readonly string[]) => {
      const [first, ...rest] = argv(program);
      const child = spawn(first, rest, { cwd: folder, env, stdio: 'ignore', detached: true });
      onTestFinished(() => {
        // Its group is the program's too: nothing of a failed test lives on.
        if (child.exitCode === null && child.signalCode === null && child.pid) process.kill(-child.pid, 'SIGKILL');
      });
      return child;
    },
  };
};

describe.each([
  ['passing signals on', false],
  ['in the foreground', true],
])('the exit wrapper %s', (_, plain) => {
  test.each([
    ['success', 'exit 0', { code: 0, signal: null }],
    ['a code', 'exit 3', { code: 3, signal: null }],
    ['a code that looks like a signal no program dies of', 'exit 144', { code: 144, signal: null }],
    ['the largest code', 'exit 255', { code: 255, signal: null }],
    ['a signal', 'kill -TERM $$', { code: null, signal: 15 }],
    ['a signal nobody can catch', 'kill -KILL $$', { code: null, signal: 9 }],
  ])('writes %s down', async (_name, script, expected) => {
    const w = await setUp(plain);
    await w.run(['sh', '-c', script]);
    const { code, signal, endedAt } = (await w.read()) as { code: unknown; signal: unknown; endedAt: number };
    expect({ code, signal }).toEqual(expected);
    expect(Math.abs(endedAt - Date.now())).toBeLessThan(5_000);
    expect((await stat(w.result)).mode & 0o777).toBe(0o600);
  });

  test('is the program’s own status to whoever waits for the wrapper', async () => {
    const w = await setUp(plain);
    expect(await w.run(['sh', '-c', 'exit 7'])).toMatchObject({ code: 7 });
    expect(await w.run(['/no/such/program'])).toMatchObject({ code: 127 });
    expect(await w.read()).toMatchObject({ code: 127, signal: null });
  });

  test('arguments arrive byte for byte', async () => {
    const w = await setUp(plain);
    const words = ['-n', '$(touch hacked)', '`id`', '; rm -rf /', '"quoted" \'both\'', '#{pane_id}', 'a\nb', '\u001b[31m', '🦊 שלום', ''];
    await w.run(
      ['node', '-e', 'fs.writeFileSync("argv", JSON.stringify(process.argv.slice(1)))', '--', ...words].with(0, process.execPath),
    );
    expect(JSON.parse(await readFile(join(w.folder, 'argv'), 'utf8'))).toEqual(words);
    expect(existsSync(join(w.folder, 'hacked'))).toBe(false);
  });

  test('standard input comes from the file, which is gone once it is open', async () => {
    const w = await setUp(plain);
    const input = join(w.folder, 'stdin');
    await writeFile(input, 'a prompt\n'.repeat(200_000));
    expect(await w.run(['sh', '-c', 'test ! -e stdin && wc -c'], input)).toMatchObject({ code: 0, stdout: '1800000\n' });
  });

  test('Ctrl-C ends the program and not the wrapper', async () => {
    const w = await setUp(plain);
    const child = w.start(['sh', '-c', 'echo > ready; exec sleep 30']);
    await until('the program runs', () => existsSync(join(w.folder, 'ready')) || undefined);
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await until('the result', () => existsSync(w.result) || undefined);
    expect(await w.read()).toMatchObject({ code: null, signal: 2 });
  });

  test('a program that handles Ctrl-C goes on, and its later end is told', async () => {
    const w = await setUp(plain);
    const child = w.start(['sh', '-c', 'trap "echo > heard" INT; echo > ready; while ! test -e go; do sleep 0.02; done; exit 9']);
    await until('the program runs', () => existsSync(join(w.folder, 'ready')) || undefined);
    for (const _press of [1, 2, 3]) process.kill(-(child.pid ?? 0), 'SIGINT');
    await until('the program heard it', () => existsSync(join(w.folder, 'heard')) || undefined);
    expect(existsSync(w.result)).toBe(false);
    await writeFile(join(w.folder, 'go'), '');
    await until('the result', () => existsSync(w.result) || undefined);
    expect(await w.read()).toMatchObject({ code: 9, signal: null });
  });

  test('a killed wrapper leaves no status: unknown, never success', async () => {
    const w = await setUp(plain);
    const child = w.start(['sh', '-c', 'echo $$ > ready; exec sleep 30']);
    const pid = await until(
      'the program runs',
      async () => Number(await readFile(join(w.folder, 'ready'), 'utf8').catch(() => '')) || undefined,
    );
    child.kill('SIGKILL');
    await until('the wrapper is gone', () => child.signalCode ?? undefined);
    process.kill(pid, 'SIGKILL');
    await until('the program is gone', async () =>
      (await listProcesses()).some((row) => row.pid === pid && row.state !== 'Z') ? undefined : true,
    );
    expect(existsSync(w.result)).toBe(false);
  });

  test('a full or missing folder for results does not change the status', async () => {
    const w = await setUp(plain);
    const { code } = await runProcess({
      argv: ['/bin/sh', join(w.folder, 'run-agent.sh'), '/no/such/folder/result', '-', 'sh', '-c', 'exit 5'],
      cwd: w.folder,
      env,
      timeoutMs: 9_000,
    });
    expect(code).toBe(5);
  });
});

test('a TERM sent to the wrapper alone reaches the program, which ends in its own way', async () => {
  const w = await setUp();
  const child = w.start(['sh', '-c', 'trap "exit 8" TERM; echo > ready; while :; do sleep 0.02; done']);
  await until('the program runs', () => existsSync(join(w.folder, 'ready')) || undefined);
  child.kill('SIGTERM');
  await until('the result', () => existsSync(w.result) || undefined);
  expect(await w.read()).toMatchObject({ code: 8, signal: null });
});

test('it leaves no zombie and no helper behind while the program runs', async () => {
  const w = await setUp();
  const child = w.start(['sh', '-c', 'echo > ready; exec sleep 30']);
  await until('the program runs', () => existsSync(join(w.folder, 'ready')) || undefined);
  const children = await until('one child', async () => {
    const found = (await listProcesses()).filter((row) => row.parent === child.pid);
    return found.length === 1 ? found : undefined;
  });
  expect(children[0]?.state).not.toBe('Z');
  process.kill(-(child.pid ?? 0), 'SIGKILL');
});
