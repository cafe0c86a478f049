import { resolve } from 'node:path';
import type { BackedUp } from '../../api/contract/index.ts';
import { act } from '../act.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli, input) => {
  const [path] = input.args;
  const body: { path?: string } = path === undefined ? {} : { path: resolve(cli.cwd, path) };
  const foresee = async () => ({
    legal: true,
    consequence: `A copy of the database would be written to ${body.path ?? cli.home.backups}.`,
  });
  return act<BackedUp>(
    cli,
    input,
    { label: 'backup', method: 'POST', paths: ['/backup'], body, foresee },
    ({ path: written, bytes, verified }) => [
      `${verified ? '✓' : '✗'} ${written} (${(bytes / 1024 / 1024).toFixed(1)} MiB, ${verified ? 'read back and checked' : 'not verified'})`,
    ],
  );
};
