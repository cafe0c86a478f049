/** Everything of ours on this machine, by what its loss would mean. Looks only. */
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { agentProcesses } from '../../lib/agent-processes.ts';
import type { Cli } from '../cli.ts';
import { pidAlive, readRunFile } from '../daemon-address.ts';
import { installedService } from '../service.ts';
import { hookFiles } from './hooks.ts';

/** Made anew whenever they are needed. */
const working = [
  'token',
  'run.json',
  'takeover.json',
  'lock.db',
  'daemon.log',
  'cache',
  'bin',
  'exits',
  'launches',
  'logs',
  'screens',
  'spool',
  'tmux',
];
/** Yours: history, settings, conversations, secrets, copies. */
const kept = ['ccm.db', 'config.toml', 'conversations', 'secrets', 'backups'];

export type Inventory = {
  daemon: number | null;
  /** Processes of agents. */
  processes: number;
  service: readonly string[];
  /** Files that hold our hooks; each lies in one of the folders below. */
  hooks: string[];
  /** Absolute paths. */
  working: string[];
  data: string[];
  worktrees: string[];
  /** In the home, and not of ours. */
  foreign: string[];
};

/** `ccm.db-wal`, `daemon.log.1` belong to what they are named after. */
const belongsTo = (name: string, names: readonly string[]): boolean =>
  names.some((one) => name === one || (/\.(db|log)$/.test(one) && (name.startsWith(`${one}-`) || name.startsWith(`${one}.`))));

const entriesOf = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).toSorted() : []);

export const inventory = async (cli: Cli): Promise<Inventory> => {
  const { home } = cli;
  const run = readRunFile(home);
  const daemon = run && pidAlive(run.pid) ? run.pid : null;
  const service = await installedService(cli);
  const processes = await agentProcesses(home.root, daemon === null ? [] : [daemon]);
  const found: Inventory = {
    daemon,
    processes: processes.length,
    service: service?.service.installed() ?? [],
    hooks: hookFiles(home),
    working: [],
    data: [],
    worktrees: [],
    foreign: [],
  };
  for (const name of entriesOf(home.root)) {
    const path = join(home.root, name);
    if (name === basename(home.worktrees)) found.worktrees.push(...worktreesIn(path));
    else if (belongsTo(name, kept)) found.data.push(path);
    // Left by a write that was cut off.
    else if (belongsTo(name, working) || /^\..+\.tmp$/.test(name)) found.working.push(path);
    else found.foreign.push(path);
  }
  if (dirname(home.config) !== home.root && existsSync(home.config)) found.data.push(home.config);
  return found;
};

/** `worktrees/<project>/<attempt>`. */
const worktreesIn = (folder: string): string[] =>
  entriesOf(folder).flatMap((project) => {
    const below = join(folder, project);
    return lstatSync(below).isDirectory() ? entriesOf(below).map((name) => join(below, name)) : [];
  });
