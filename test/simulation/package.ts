/** The package as a stranger meets it: packed, installed globally on each Node we promise, run without anything of this tree, removed. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runProcess } from '../../src/lib/run-process.ts';
import { freePort } from '../support/live-daemon.ts';
import { nodeOf } from '../support/nodes.ts';
import { until } from '../support/until.ts';
import { installGlobally, must, npmEnv, packInto, pathFrom } from './pack.ts';
import { type Campaign, type Ledger, ledger } from './report.ts';

const root = join(import.meta.dirname, '../..');
const majors = [22, 24, 26] as const;
const mostPackedBytes = 1_000_000;

/** From nothing: an installed program must not live on what this process has. */
const bare = (nodeBin: string, more: Record<string, string>): Record<string, string> => ({
  PATH: pathFrom(nodeBin),
  LANG: 'C.UTF-8',
  ...more,
});

/** What must be in it, and what must not: sources, tests, maps, the launcher's helpers. */
const wanted = [
  'package/LICENSE',
  'package/dist/src/cli/main.js',
  'package/dist/src/daemon.js',
  'package/dist/adapters/agents/demo/agent.js',
  'package/dist/adapters/sqlite/migrations/index.js',
  'package/dist/web/dist/index.html',
  'package/dist/units/ccm.service',
  'package/dist/units/dev.ccm.daemon.plist',
];
const unwanted = /\.(?:ts|tsx|map)$|^package\/(?:test|src|web|\.ci|\.ccm)\/|\/launch\/|\.test\./;

export const runPackageCampaign: Campaign = async () => {
  const book = ledger('package');
  const folder = mkdtempSync(join(tmpdir(), 'ccm-package-'));
  try {
    let tarball = '';
    const packed = await book.check('npm pack holds the program, the page and the migrations, and nothing of the workshop', async () => {
      tarball = await packInto(folder);
      const files = (await must(['tar', '-tzf', tarball], process.env, folder)).trim().split('\n');
      assert.deepEqual(
        wanted.filter((file) => !files.includes(file)),
        [],
      );
      assert.deepEqual(
        files.filter((file) => unwanted.test(file)),
        [],
      );
      const bytes = statSync(tarball).size;
      assert.ok(bytes < mostPackedBytes, `${bytes} bytes`);
      return `${files.length} files, ${Math.round(bytes / 1000)} kB`;
    });
    if (packed) for (const major of majors) await onNode(book, major, tarball, join(folder, String(major)));
    await audit(book);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  return book.report;
};

const onNode = async (book: Ledger, major: number, tarball: string, folder: string): Promise<void> => {
  const what = `on Node ${major}`;
  const node = await nodeOf(major);
  if ('missing' in node) return book.notRun(what, node.missing);
  const nodeBin = dirname(node.path);
  const prefix = join(folder, 'prefix');
  const home = join(folder, 'home');
  for (const made of [prefix, home]) mkdirSync(made, { recursive: true });
  const port = await freePort();
  const env = bare(`${join(prefix, 'bin')}:${nodeBin}`, { HOME: home, CCM_PORT: String(port), CI: '1', NO_COLOR: '1' });
  const ccm = (...args: string[]) => must(['ccm', ...args], env, home);

  const installed = await book.check(`npm install -g ${what}`, async () => {
    await installGlobally(tarball, prefix, nodeBin);
    assert.match(await ccm('version'), new RegExp(`Node ${major}\\.|v?${major}\\.`));
    const size = await must(['du', '-sm', prefix], env, folder);
    return `${node.version}, ${Number.parseInt(size, 10)} MB on disk`;
  });
  if (!installed) return;
  await book.check(`ccm up, the demo task, the page, ccm down ${what}`, async () => {
    const began = performance.now();
    try {
      mkdirSync(join(home, '.config/ccm-orchestrator'), { recursive: true });
      writeFileSync(join(home, '.config/ccm-orchestrator/config.toml'), 'concurrency = 3\n');
      await ccm('up', '--detach', '--no-open');
      const { data } = JSON.parse(await ccm('status', '--json')) as { data: { limits: { concurrency: number } } };
      assert.equal(data.limits.concurrency, 3, 'config.toml is read where XDG says');
      const ready = performance.now() - began;
      assert.ok(existsSync(join(home, '.local/share/ccm-orchestrator/ccm.db')), 'the home is where XDG says');
      const page = await fetch(`http://127.0.0.1:${port}/`);
      assert.match(await page.text(), /<script[^>]+assets\//);
      const status = await until('the demo task to end', async () => endOf(await ccm('ls', '--all', '--json')), 60_000);
      assert.equal(status, 'succeeded');
      return `ready after ${(ready / 1000).toFixed(1)} s`;
    } finally {
      await runProcess({ argv: ['ccm', 'down', '--all'], cwd: home, env, timeoutMs: 60_000 });
    }
  });
  await book.check(`npm uninstall -g leaves no file ${what}`, async () => {
    await must(['npm', 'uninstall', '-g', '--prefix', prefix, 'ccm-orchestrator'], npmEnv(nodeBin), folder);
    assert.deepEqual(readdirSync(join(prefix, 'bin')), []);
    assert.ok(!existsSync(join(prefix, 'lib/node_modules/ccm-orchestrator')));
  });
};

const endOf = (json: string): string | undefined => {
  const { data } = JSON.parse(json) as { data: Array<{ status: string; ended: boolean }> };
  return data.find(({ ended }) => ended)?.status;
};

/** The registry must answer; a mirror may not know how. */
const audit = async (book: Ledger): Promise<void> => {
  const { code, stdout, stderr } = await runProcess({ argv: ['npm', 'audit', '--json'], cwd: root, env: npmEnv(), timeoutMs: 60_000 });
  const answer = JSON.parse(stdout || '{}') as { metadata?: { vulnerabilities: { total: number } }; message?: string };
  if (!answer.metadata)
    return book.notRun('npm audit', `the registry gave no answer (${(answer.message ?? stderr).trim().split('\n')[0]})`);
  await book.check('npm audit', async () => {
    assert.equal(answer.metadata?.vulnerabilities.total, 0, `${answer.metadata?.vulnerabilities.total} known vulnerabilities`);
    assert.equal(code, 0);
  });
};
