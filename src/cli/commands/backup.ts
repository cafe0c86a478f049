import { resolve } from 'node:path';
import type { BackedUp } from '../../api/contract/index.ts';
import { act } from '../act.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli, input) => {
  const [path] = input.args;
  const body = path === undefined ? {} : { path: resolve(cli.cwd, path) };
  return act<BackedUp>(cli, input, { label: 'backup', method: 'POST', paths: ['/backup'], body }, ({ path: written, bytes, verified }) => [
    `${verified ? '✓' : '✗'} ${written} (${(bytes / 1024 / 1024).toFixed(1)} MiB, ${verified ? 'read back and checked' : 'not verified'})`,
  ]);
};
