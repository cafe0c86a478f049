/** Programs of the system (tmux, git, Chromium) and the web page: what the launcher brings, asks for, or goes without. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type LauncherTree, launcherTree } from './launcher/tree.ts';

const used = (tree: LauncherTree, name: string): string[] => tree.log().filter((line) => line.startsWith(`${name} `));

/** An apt that can install once its lists are there; `update` fetches them. */
const apt = (tree: LauncherTree): void =>
  tree.program(
    'apt-get',
    `case " $* " in
  *" update "*) : >"${tree.base}/lists" ;;
  *" install "*)
    [ -f "${tree.base}/lists" ] || exit 100
    for name; do
      case $name in tmux | chromium) printf '#!/bin/sh\\n' >"${tree.bin}/$name" && chmod 755 "${tree.bin}/$name" ;; esac
    done ;;
esac`,
  );

describe('tmux', () => {
  test('missing, as an ordinary user on Debian: one line to paste, nothing installed', async () => {
    const tree = await launcherTree();
    tree.remove('tmux');
    apt(tree);
    tree.program('sudo', 'exit 0');
    const run = await tree.run(['start']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/tmux is missing[^]*Next: sudo apt-get install -y tmux\n$/);
    expect([used(tree, 'sudo'), used(tree, 'apt-get')]).toEqual([[], []]);
  });

  test('missing, as root on Debian: apt, with its lists if need be, and without a question', async () => {
    const tree = await launcherTree();
    tree.remove('tmux');
    apt(tree);
    tree.program('id', 'echo 0');
    const run = await tree.run(['start']);
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('tmux is missing');
    expect(used(tree, 'apt-get').map((line) => / (install|update) ?/.exec(line)?.[1])).toEqual(['install', 'update', 'install']);
    expect(used(tree, 'apt-get').every((line) => line.includes(' -y '))).toBe(true);
  });

  test('apt fails: the step and the next one', async () => {
    const tree = await launcherTree();
    tree.remove('tmux');
    tree.program('id', 'echo 0');
    tree.program('apt-get', 'echo "E: no network" >&2; exit 100');
    const run = await tree.run(['start']);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/E: no network[^]*apt could not install tmux[^]*Next: Install it yourself/);
  });

  test('missing elsewhere: brew, or the system has its own way', async () => {
    const tree = await launcherTree();
    tree.remove('tmux');
    expect((await tree.run(['start'])).stderr).toMatch(/Next: Install tmux with your system's package manager/);
    tree.program('brew', 'exit 0');
    expect((await tree.run(['start'])).stderr).toMatch(/Next: brew install tmux/);
    expect(used(tree, 'brew')).toEqual([]);
  });

  test('ccm does without it: it may be asking about a daemon elsewhere', async () => {
    const tree = await launcherTree();
    tree.remove('tmux');
    tree.remove('git');
    expect((await tree.run(['ccm', 'ls'])).code).toBe(0);
  });
});

describe('Chromium', () => {
  const withTests = async (): Promise<LauncherTree> => {
    const tree = await launcherTree();
    apt(tree);
    await tree.run(['ccm']);
    for (const program of ['node_modules/vitest/vitest.mjs', 'test/e2e/pictures.ts']) {
      tree.write(program, `console.log(process.env.CCM_CHROMIUM ?? 'none');`);
    }
    return tree;
  };

  test.each([[['test']], [['test', '--reporter=dot']], [['test', 'test/e2e/board.test.ts']], [['pictures']]])(
    './run %j needs it',
    async (command) => {
      const tree = await withTests();
      const run = await tree.run(command);
      expect(run.code).toBe(1);
      expect(run.stderr).toMatch(/chromium is missing[^]*Next: sudo apt-get install -y chromium fonts-liberation\n$/);
      tree.program('id', 'echo 0');
      expect(await tree.run(command)).toMatchObject({ code: 0, stdout: `${join(tree.bin, 'chromium')}\n` });
    },
  );

  test('a part of the suite that opens no browser does not', async () => {
    const tree = await withTests();
    expect(await tree.run(['test', 'test/machines', '-t', 'x'])).toMatchObject({ code: 0, stdout: 'none\n' });
  });

  test('an installed Chrome will do, or the one CCM_CHROMIUM names', async () => {
    const tree = await withTests();
    tree.program('google-chrome', 'exit 0');
    expect((await tree.run(['pictures'])).stdout).toBe(`${join(tree.bin, 'google-chrome')}\n`);
    expect((await tree.run(['pictures'], { env: { CCM_CHROMIUM: '/opt/chrome' } })).stdout).toBe('/opt/chrome\n');
  });
});

describe('the web page', () => {
  const withPage = async (): Promise<LauncherTree> => {
    const tree = await launcherTree();
    tree.write(
      'web/build.ts',
      `import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
appendFileSync(process.env.LOG!, 'build \\n');
if (process.env.BUILD_FAILS) throw new Error('a broken page');
rmSync('web/dist', { recursive: true, force: true });
mkdirSync('web/dist', { recursive: true });
writeFileSync('web/dist/index.html', '');\n`,
    );
    tree.write('web/src/main.tsx', 'export {};\n');
    tree.write('machines/task/machine.ts', 'export {};\n');
    return tree;
  };

  test('is built when missing, and again when its sources, the charts or the packages change', async () => {
    const tree = await withPage();
    const builds = async (): Promise<number> => {
      expect((await tree.run(['start'])).code).toBe(0);
      return used(tree, 'build').length;
    };
    expect([await builds(), await builds()]).toEqual([1, 1]);
    tree.write('web/src/main.tsx', 'export {};\n// changed\n');
    expect([await builds(), await builds()]).toEqual([2, 2]);
    tree.write('machines/task/other.ts', '');
    expect(await builds()).toBe(3);
    tree.write('package-lock.json', tree.lock('2.0.0'));
    expect(await builds()).toBe(4);
    tree.write('web/src/README.md', 'a door plate');
    tree.write('src/runtime/durable.ts', '');
    expect(await builds()).toBe(4);
    expect(await tree.run(['ccm', 'up'])).toMatchObject({ code: 0, stderr: '' });
  });

  test('a build that fails names the step, and the next start tries again', async () => {
    const tree = await withPage();
    const failed = await tree.run(['start'], { env: { BUILD_FAILS: '1' } });
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed.stderr).toMatch(/a broken page[^]*Building the web page \(node web\/build.ts\) failed[^]*Next: /);
    expect((await tree.run(['start'])).code).toBe(0);
    expect(used(tree, 'build')).toHaveLength(2);
  });
});
