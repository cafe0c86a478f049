/** When the launcher installs packages, when it leaves them, and that two launchers do it once. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type LauncherTree, launcherTree } from './launcher/tree.ts';
import { until } from './support/until.ts';

const installs = (tree: LauncherTree): number => tree.log().filter((line) => line.startsWith('npm ci ')).length;

const listening = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
};

describe('packages are installed', () => {
  test('when they are missing and when the lock file has other content, not when it has another date', async () => {
    const tree = await launcherTree();
    await tree.run(['ccm']);
    expect(installs(tree)).toBe(1);
    tree.write('package-lock.json', tree.lock('1.0.0'));
    await tree.run(['ccm']);
    expect(installs(tree)).toBe(1);
    tree.write('package-lock.json', tree.lock('2.0.0'));
    expect((await tree.run(['ccm'])).stderr).toContain('Installing the packages of CCM Orchestrator');
    expect(installs(tree)).toBe(2);
  });

  test('again after one was removed by hand together with the stamp', async () => {
    const tree = await launcherTree();
    await tree.run(['ccm']);
    renameSync(join(tree.root, 'node_modules/left'), join(tree.base, 'left'));
    renameSync(join(tree.root, 'node_modules/.ccm-lock-Linux-x86_64'), join(tree.base, 'stamp'));
    await tree.run(['ccm']);
    expect(installs(tree)).toBe(2);
  });

  test('not when npm was called by hand: what fits stays', async () => {
    const tree = await launcherTree();
    const packages = { 'node_modules/left': { version: '1.0.0', integrity: 'sha512-1.0.0' } };
    tree.write('node_modules/.package-lock.json', JSON.stringify({ packages }));
    tree.write('node_modules/left/package.json', '{}');
    expect(await tree.run(['ccm'])).toMatchObject({ code: 0, stderr: '' });
    expect(installs(tree)).toBe(0);
    tree.write(
      'node_modules/.package-lock.json',
      JSON.stringify({ packages: { ...packages, 'node_modules/right': { version: '1.0.0' } } }),
    );
    tree.write('package-lock.json', `${tree.lock('1.0.0')}\n`);
    await tree.run(['ccm']);
    expect(installs(tree)).toBe(1);
  });

  test('not through a link into another tree', async () => {
    const tree = await launcherTree();
    mkdirSync(join(tree.base, 'theirs'));
    writeFileSync(join(tree.base, 'theirs/precious'), '');
    symlinkSync(join(tree.base, 'theirs'), join(tree.root, 'node_modules'));
    const run = await tree.run(['ccm']);
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('is a link and does not match');
    expect([installs(tree), existsSync(join(tree.base, 'theirs/precious'))]).toEqual([0, true]);
  });

  test('with the lock file of the tree, in a stage: a failed install leaves the old packages and says what to do', async () => {
    const tree = await launcherTree();
    await tree.run(['ccm']);
    tree.write('node_modules/left/old', '');
    tree.write('package-lock.json', tree.lock('2.0.0'));
    const failed = await tree.run(['ccm'], { env: { NPM_FAILS: 'ci' } });
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed.stderr).toMatch(/ENOTFOUND[^]*\(npm ci\) failed[^]*Next: Check the network/);
    expect(tree.has('node_modules/left/old')).toBe(true);
    expect((await tree.run(['ccm'])).code).toBe(0);
    expect(tree.has('node_modules/left/old')).toBe(false);
  });
});

describe('under a running daemon of this clone', () => {
  test('the packages stay, also those of a CCM_HOME elsewhere, and the person is told', async () => {
    const tree = await launcherTree();
    await tree.run(['ccm']);
    tree.write('package-lock.json', tree.lock('2.0.0'));
    const runJson = JSON.stringify({ pid: process.pid, port: await listening() });
    tree.write('.ccm/run.json', runJson);
    const run = await tree.run(['ccm', 'ls']);
    expect(run.code).toBe(0);
    expect(run.stderr).toContain(`in use by process ${process.pid}`);
    renameSync(join(tree.root, '.ccm'), join(tree.base, 'home'));
    expect((await tree.run(['ccm', 'ls'], { env: { CCM_HOME: join(tree.base, 'home') } })).stderr).toContain('in use by process');
    expect(installs(tree)).toBe(1);
    expect(readFileSync(join(tree.base, 'home/run.json'), 'utf8')).toBe(runJson);
  });

  test('the packages of the tests are renewed: no daemon runs on them', async () => {
    const tree = await launcherTree();
    tree.write('test/bench/main.ts', '');
    await tree.run(['bench']);
    tree.write('.ccm/run.json', JSON.stringify({ pid: process.pid, port: await listening() }));
    tree.write('test/package-lock.json', tree.lock('2.0.0'));
    expect((await tree.run(['bench'])).stderr).toContain('Installing the packages of the tests');
  });

  test.each([
    ['whose process is gone', () => ({ pid: 2 ** 22 + 1, port: 1 })],
    ['whose process number now belongs to another program', () => ({ pid: process.pid, port: 1 })],
    ['that never finished writing', () => undefined],
  ])('a run.json %s is no hindrance', async (_, content) => {
    const tree = await launcherTree();
    await tree.run(['ccm']);
    tree.write('.ccm/run.json', JSON.stringify(content()) ?? '{"pid":');
    tree.write('package-lock.json', tree.lock('2.0.0'));
    await tree.run(['ccm']);
    expect(installs(tree)).toBe(2);
  });
});

describe.each([
  ['with flock', true],
  ['without flock', false],
])('two launchers at once, %s', (_, flock) => {
  const lockedTree = async (): Promise<LauncherTree> => {
    const tree = await launcherTree();
    if (!flock) tree.remove('flock');
    return tree;
  };
  const npmRuns = (tree: LauncherTree) => until('npm ci runs', () => installs(tree) > 0 || undefined);
  /** With flock: one call of the first launcher, then a try and the wait of the second. Without: the pause between two looks. */
  const waits = (log: string[]): boolean => log.filter((line) => line.startsWith(flock ? 'flock' : 'sleep')).length >= (flock ? 3 : 1);

  test('install once; the second says that it waits', async () => {
    const tree = await lockedTree();
    const env = { NPM_WAITS_FOR: join(tree.base, 'go') };
    const first = tree.run(['ccm', 'first'], { env });
    await npmRuns(tree);
    const second = tree.run(['ccm', 'second'], { env });
    await until('the second stands at the lock', () => waits(tree.log()) || undefined);
    writeFileSync(env.NPM_WAITS_FOR, '');
    const runs = await Promise.all([first, second]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect(runs.map(({ stderr }) => stderr.includes('Another ./run'))).toEqual([false, true]);
    expect(installs(tree)).toBe(1);
  });

  test('one that was killed in the middle does not block the next', async () => {
    const tree = await lockedTree();
    // In a process group of its own, ended as a whole by SIGKILL as at a power cut.
    const env = { ...tree.env, NPM_WAITS_FOR: join(tree.base, 'never') };
    const child = spawn(join(tree.root, 'run'), ['ccm'], { env, detached: true, stdio: 'ignore' });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    await npmRuns(tree);
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await gone;
    expect((await tree.run(['ccm'])).code).toBe(0);
    expect(tree.has('node_modules/left')).toBe(true);
  });

  test('what npm leaves running in the background does not hold the lock', async () => {
    const tree = await lockedTree();
    const note = join(tree.base, 'background');
    tree.program('node', '[ "$1" = -p ] && echo v20.0.0 /opt/old/bin/node');
    tree.program('npm', `sleep 30 </dev/null >/dev/null 2>&1 &\necho $! >"${note}"\nexec "${join(tree.base, 'npm/bin/npm-cli.js')}" "$@"`);
    // Node is fetched by this npm, then the packages are installed: the lock is taken a second time while it sleeps.
    const run = await tree.run(['ccm']);
    const pid = Number(readFileSync(note, 'utf8'));
    onTestFinished(() => void process.kill(pid));
    expect(run).toMatchObject({ code: 0, stderr: expect.not.stringContaining('Another ./run') });
  });
});
