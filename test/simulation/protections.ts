/**
 * Every protection that is listed, taken out of the shipped code one by one: the test that is listed with it must notice each.
 * CCM_PROTECTION: only those with these words in their name or claim.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { protections } from './protections/list.ts';
import type { Protection } from './protections/protection.ts';
import type { Campaign, CampaignReport } from './report.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const parts = [
  'adapters',
  'machines',
  'src',
  'test',
  'units',
  'web',
  'docs',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  'README.md',
];
const PATIENCE_MS = 300_000;

/** A tree of its own, so that nobody who works beside us meets a line that is missing; packages are shared. */
const copyTree = (): string => {
  const tree = mkdtempSync(join(tmpdir(), 'ccm-protections-'));
  for (const part of parts) {
    cpSync(join(root, part), join(tree, part), { recursive: true, filter: (path) => !/\/(node_modules|\.out|dist|clis)(\/|$)/.test(path) });
  }
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  symlinkSync(join(root, 'test/node_modules'), join(tree, 'test/node_modules'));
  return tree;
};

/** Null: no end in time, which proves nothing. */
const passes = (tree: string, { test, only }: Protection): Promise<boolean | null> =>
  new Promise((resolve) => {
    const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--bail', '1', test, ...(only === undefined ? [] : ['-t', only])];
    const child = spawn(process.execPath, args, { cwd: tree, stdio: 'ignore', env: { ...process.env, NO_COLOR: '1' } });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, PATIENCE_MS);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve(late ? null : code === 0);
    });
  });

export const runProtections: Campaign = async ({ seconds }) => {
  const report: CampaignReport & { notRun: string[] } = { name: 'protections', passed: 0, failed: 0, detail: [], notRun: [] };
  const end = performance.now() + seconds * 1000;
  const tree = copyTree();
  const held = new Set<string>();
  const wanted = process.env['CCM_PROTECTION'] ?? '';
  const chosen = protections.filter(({ row, what }) => row.includes(wanted) || what.includes(wanted));
  try {
    for (const one of chosen) {
      if (performance.now() > end) {
        report.notRun.push(`${one.what}: no time was left`);
        continue;
      }
      const file = join(tree, one.file);
      const shipped = readFileSync(file, 'utf8');
      if (shipped.split(one.from).length !== 2) {
        report.failed += 1;
        report.detail.push(`${one.what}: ${one.file} does not have exactly one "${one.from}"`);
        continue;
      }
      writeFileSync(
        file,
        shipped.replace(one.from, () => one.to),
      );
      const still = await passes(tree, one);
      writeFileSync(file, shipped);
      process.stderr.write(`  ${still === false ? 'noticed' : still ? 'SURVIVED' : 'no end'}: ${one.what}\n`);
      if (still === null) report.notRun.push(`${one.what}: ${one.test} did not come to an end`);
      else if (still) {
        report.failed += 1;
        report.detail.push(`SURVIVED: without "${one.what}" ${one.test} passes`);
      } else {
        report.passed += 1;
        held.add(one.row);
      }
    }
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
  report.detail.push(
    `${report.passed} of ${report.passed + report.failed} protections taken out were noticed, of ${chosen.length} listed; ${held.size} of ${new Set(chosen.map(({ row }) => row)).size} claims`,
  );
  return report;
};
