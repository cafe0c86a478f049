/** The package of this tree, as `npm pack` makes it. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type RunResult, runProcess } from '../../src/lib/run-process.ts';

const root = join(import.meta.dirname, '../..');

export const pathFrom = (nodeBin: string): string => `${nodeBin}:${process.env['PATH']}`;
/** npm goes through whatever proxy and certificates this machine is set up with. */
export const npmEnv = (nodeBin: string = dirname(process.execPath)) => ({ ...process.env, PATH: pathFrom(nodeBin) });

/** Standard output of what must succeed. */
export const must = async (argv: [string, ...string[]], env: NodeJS.ProcessEnv, cwd: string, timeoutMs = 120_000): Promise<string> => {
  const { code, stdout, stderr, failure }: RunResult = await runProcess({ argv, cwd, env, timeoutMs });
  assert.equal(code, 0, `${argv.join(' ').slice(0, 200)} ended with ${code ?? failure}: ${(stderr || stdout).trim().slice(-600)}`);
  return stdout;
};

/** Path of the tarball in `folder`. */
export const packInto = async (folder: string): Promise<string> => {
  await must(['npm', 'pack', '--pack-destination', folder], npmEnv(), root);
  const name = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  assert.ok(name, 'no tarball');
  return join(folder, name);
};

export const installGlobally = (tarball: string, prefix: string, nodeBin?: string): Promise<string> => {
  const flags = ['--prefix', prefix, '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  return must(['npm', 'install', '-g', ...flags, tarball], npmEnv(nodeBin), '/', 300_000);
};
