import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { ownVersion } from '../version.ts';

export const run: Run = async (cli) => {
  const version = ownVersion();
  cli.show({ data: { version, node: process.version, platform: `${process.platform}-${process.arch}` } }, () => [
    `ccm-orchestrator ${version} (node ${process.version}, ${process.platform}-${process.arch})`,
  ]);
  return exits.ok;
};
