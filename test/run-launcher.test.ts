/** The launcher on a machine that lacks nothing: it becomes the program, unchanged in every way one can see. */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runProcess } from '../src/lib/run-process.ts';
import { type LauncherTree, launcherTree } from './launcher/tree.ts';
import { until } from './support/until.ts';

const preparedTree = async () => {
  const tree = await launcherTree();
  expect((await tree.run(['ccm'])).code).toBe(0);
  tree.clearLog();
  return tree;
};

const said = (stdout: string): Record<string, unknown> => JSON.parse(stdout.split('\n')[0] ?? '');

describe('./run ccm becomes the command line', () => {
  test('arguments, folder, input and exit status are its own, and stdout holds nothing else', async () => {
    const tree = await preparedTree();
    const elsewhere = join(tree.base, 'else where');
    mkdirSync(elsewhere);
    const args = ['new', 'two  words', '', '*', `it's "quoted"`, '--json', '--', '-x', 'ü\n'];
    const run = await tree.run(['ccm', ...args], { cwd: elsewhere });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(said(run.stdout)).toMatchObject({ args, cwd: elsewhere, home: join(tree.root, '.ccm') });
    expect(run.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect((await tree.run(['ccm', 'exit', '6'])).code).toBe(6);
    const echo = await runProcess({
      argv: [join(tree.root, 'run'), 'ccm', 'cat'],
      cwd: tree.root,
      env: tree.env,
      stdin: 'to its input',
      timeoutMs: 10_000,
    });
    expect(echo.stdout).toContain('to its input');
  });

  test('a CCM_HOME that is set is kept', async () => {
    const tree = await preparedTree();
    const home = join(tree.base, 'home');
    expect(said((await tree.run(['ccm', 'ls'], { env: { CCM_HOME: home } })).stdout)).toMatchObject({ home });
  });

  test('a signal reaches the program, for there is no shell in between', async () => {
    const tree = await preparedTree();
    const child = spawn(join(tree.root, 'run'), ['ccm', 'stay'], { env: tree.env, stdio: ['ignore', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
    await until('the program speaks', () => stdout.includes('\n') || undefined);
    const pid = Number(said(stdout)['pid']);
    onTestFinished(() => {
      if (pid !== child.pid) process.kill(pid);
    });
    expect(pid).toBe(child.pid);
    child.kill('SIGTERM');
    expect(await ended).toBe('SIGTERM');
  });

  test('through links, and by a relative path with CDPATH set', async () => {
    const tree = await preparedTree();
    symlinkSync(join(tree.root, 'run'), join(tree.base, 'link'));
    symlinkSync('link', join(tree.base, 'link to link'));
    for (const file of [join(tree.base, 'link to link'), `${basename(tree.root)}/run`]) {
      const run = await tree.run(['ccm', 'ls'], { cwd: tree.base, env: { CDPATH: tree.base }, file });
      expect(said(run.stdout)).toMatchObject({ home: join(tree.root, '.ccm'), cwd: tree.base });
    }
  });

  test('starts three small programs and no npm when everything is in place', async () => {
    const tree = await preparedTree();
    await tree.run(['ccm', 'ls']);
    // ls: is the installed Node still the one that was found new enough; cmp: are the packages those of the lock file.
    expect(tree.log().map((line) => line.split(' ')[0])).toEqual(['uname', 'ls', 'cmp']);
  });
});

describe('a clone that may not be written', () => {
  /** Takes write permission away; root keeps to it only without the capability that overrides file modes. */
  const runReadOnly = async (tree: LauncherTree, args: readonly string[]) => {
    const setMode = (mode: string) => runProcess({ argv: ['/bin/chmod', '-R', mode, tree.root], cwd: '/', env: {}, timeoutMs: 10_000 });
    const asRoot = process.getuid?.() === 0 ? (['/usr/bin/setpriv', '--bounding-set', '-dac_override,-dac_read_search'] as const) : [];
    await setMode('a-w');
    const [first, ...rest] = [...asRoot, join(tree.root, 'run'), ...args];
    const run = await runProcess({ argv: [first ?? '', ...rest], cwd: tree.root, env: tree.env, timeoutMs: 20_000 });
    await setMode('u+w');
    return run;
  };

  test('serves when everything is in place, also without the stamps', async () => {
    const tree = await preparedTree();
    expect(await runReadOnly(tree, ['ccm', 'ls'])).toMatchObject({ code: 0, stderr: '' });
    rmSync(join(tree.root, 'node_modules/.ccm-lock-Linux-x86_64'));
    rmSync(join(tree.root, '.node/host'));
    expect(await runReadOnly(tree, ['ccm', 'ls'])).toMatchObject({ code: 0, stderr: '' });
    expect(tree.has('.node/host')).toBe(false);
  });

  test.each([
    ['nothing is in place', async (tree: LauncherTree) => tree.clearLog()],
    [
      'the packages are old',
      async (tree: LauncherTree) => {
        await tree.run(['ccm']);
        tree.write('package-lock.json', tree.lock('2.0.0'));
      },
    ],
  ])('says so when %s', async (_, prepare) => {
    const tree = await launcherTree();
    await prepare(tree);
    const run = await runReadOnly(tree, ['start']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/you may not write[^]*Next: Run the same command once as its owner/);
  });
});

describe('./run start', () => {
  test('brings up the daemon and does not install the packages of the tests', async () => {
    const tree = await launcherTree();
    const run = await tree.run(['start', '--no-open']);
    expect(run.code).toBe(0);
    expect(said(run.stdout)).toMatchObject({ args: ['up', '--no-open'], home: join(tree.root, '.ccm') });
    expect([tree.has('node_modules/left'), tree.has('test/node_modules')]).toEqual([true, false]);
    expect(run.stderr).toContain('web/build.ts does not exist');
  });
});

describe('other commands', () => {
  const programs: [string[], string, string[]][] = [
    [['campaign', 'x'], 'test/simulation/campaign.ts', ['x']],
    [['bench'], 'test/bench/main.ts', ['bench']],
    [['soak', '1h'], 'test/bench/main.ts', ['soak', '1h']],
    [['demo-hub', '--once'], 'test/demo-hub/main.ts', ['--once']],
    [['check'], 'test/check/main.ts', []],
    [['test', 'test/machines', '-t', 'a b'], 'node_modules/vitest/vitest.mjs', ['run', 'test/machines', '-t', 'a b']],
  ];
  test.each(programs)('./run %j runs %s in the clone, with the packages of the tests', async (command, program, args) => {
    const tree = await preparedTree();
    tree.write(
      program,
      `console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), seconds: process.env.CCM_CAMPAIGN_SECONDS }));`,
    );
    const run = await tree.run(command, { cwd: '/' });
    expect(run.code).toBe(0);
    expect(said(run.stdout)).toMatchObject({ args, cwd: tree.root, ...(command[0] === 'campaign' ? { seconds: '3500' } : {}) });
    expect(tree.has('test/node_modules/left')).toBe(true);
  });

  test('a program that is not in the tree is named', async () => {
    const tree = await preparedTree();
    const run = await tree.run(['bench']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('test/bench/main.ts is not in this tree');
  });

  test('no command and an unknown one tell the commands', async () => {
    const tree = await launcherTree();
    expect(await tree.run([])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Usage: ./run') });
    expect(await tree.run(['strat'])).toMatchObject({ code: 2, stderr: expect.stringContaining('no command "strat"') });
    expect(await tree.run(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: ./run') });
  });
});
