/** Node, tmux, git. */
import { catalogue } from '../../errors.ts';
import { runProcess } from '../../lib/run-process.ts';
import type { Cli } from '../cli.ts';
import { broken, type Check, fine } from './check.ts';

export const programChecks = async (cli: Cli): Promise<Check[]> => [
  atLeast('node', process.versions.node, [22, 19]) ??
    broken('node', `Node ${process.versions.node} is too old.`, 'Install Node 22.19 or newer.'),
  await program(cli, 'tmux', ['tmux', '-V'], [3, 2], catalogue.CCM_TMUX_MISSING.next),
  await program(cli, 'git', ['git', '--version'], [2, 30], catalogue.CCM_GIT_MISSING.next),
];

/** Null when `version` is older than `least`. A version without numbers (tmux's `master`) is new enough. */
const atLeast = (name: string, version: string, least: readonly [number, number]): Check | null => {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version) ?? [];
  const old = major !== undefined && (Number(major) < least[0] || (Number(major) === least[0] && Number(minor) < least[1]));
  return old ? null : fine(name, version);
};

const program = async (
  cli: Cli,
  name: string,
  argv: readonly [string, ...string[]],
  least: readonly [number, number],
  next: string,
): Promise<Check> => {
  const { stdout, code, failure } = await runProcess({ argv, cwd: '/', env: cli.env, timeoutMs: 5000 });
  if (failure === 'ENOENT') return broken(name, `${name} is not in PATH.`, next);
  if (code !== 0) return broken(name, `${argv.join(' ')} did not work.`, next);
  const version = stdout.trim().replace(/^(tmux|git version) /, '');
  return atLeast(name, version, least) ?? broken(name, `${name} ${version} is older than ${least.join('.')}.`, next);
};
