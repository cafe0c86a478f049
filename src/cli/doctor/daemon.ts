/** The daemon: reachable, connected to tmux, its profiles' programs there. */
import { rmSync } from 'node:fs';
import type { ProfileView, Status } from '../../api/contract/index.ts';
import { CcmError } from '../../errors.ts';
import type { Cli } from '../cli.ts';
import { readRunFile } from '../daemon-address.ts';
import { runningDaemon } from '../daemon-process.ts';
import { isAsked, standing } from './agents.ts';
import { broken, type Check, fine, odd } from './check.ts';
import { storedChecks, unopened } from './stored.ts';

/** `agents`: every installed kind of agent is told of one by one besides, and not here. */
export const daemonChecks = async (cli: Cli, { fix, agents: each }: { fix: boolean; agents: boolean }): Promise<Check[]> => {
  const running = await runningDaemon(cli);
  if (!running) return [...unopened(cli), notRunning(cli, fix), await port(Number(cli.env.CCM_PORT) || 8765)];
  try {
    const [status, profiles] = await Promise.all([cli.api.get<Status>('/status'), cli.api.get<ProfileView[]>('/profiles')]);
    return [...statusChecks(status.data), ...(await storedChecks(cli, status.data)), ...profileChecks(profiles.data, each)];
  } catch (thrown) {
    if (!(thrown instanceof CcmError)) throw thrown;
    return [broken('daemon', thrown.message, '`ccm logs --daemon` tells more.')];
  }
};

const notRunning = (cli: Cli, fix: boolean): Check => {
  const run = readRunFile(cli.home);
  if (!run) return odd('daemon', 'It is not running.', 'Start it with `ccm up`.');
  // What it left says where it listened: nobody answers there any more.
  if (fix) rmSync(cli.home.run, { force: true });
  return odd('daemon', `Process ${run.pid} ended without signing off.`, 'Start it with `ccm up`; nothing acknowledged is lost.');
};

/** Can be listened on: tried by doing it. */
const port = async (wanted: number): Promise<Check> => {
  const { createServer } = await import('node:net');
  const trouble = await new Promise<string | null>((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(wanted, '127.0.0.1', () => server.close(() => resolve(null)));
  });
  if (trouble === null) return fine('port', `${wanted} is free`);
  if (trouble === 'EADDRINUSE')
    return odd('port', `${wanted} is taken by another program.`, 'Stop that program, or choose another port with CCM_PORT.');
  return odd('port', `${wanted} cannot be listened on (${trouble}).`, 'Choose another port with CCM_PORT.');
};

const statusChecks = ({ url, pid, version, tmux, parked, sync }: Status): Check[] => [
  fine('daemon', `${version} answers on ${url} (process ${pid})`),
  tmux.connected
    ? fine('socket', `connected to tmux ${tmux.version ?? ''}${tmux.socket ? ` on ${tmux.socket}` : ''}, ${scopeWords(tmux)}`)
    : broken(
        'socket',
        tmux.problem ?? 'The daemon has no connection to tmux.',
        'It is tried again and again; `ccm logs --daemon` tells more.',
      ),
  hubCheck(sync),
  ...(parked > 0 ? [odd('parked', `${parked} ${parked === 1 ? 'thing was' : 'things were'} put aside.`, '`ccm outbox` lists them.')] : []),
];

const hubCheck = ({ state, reason, pending }: Status['sync']): Check => {
  const waiting = pending === 0 ? 'nothing waits' : `${pending} ${pending === 1 ? 'change waits' : 'changes wait'}`;
  if (state === 'localOnly') return fine('hub', 'none: this machine works alone (`ccm login` connects it)');
  if (state === 'signedOut') return odd('hub', `It refused the session; ${waiting}.`, 'Sign in again: `ccm login`.');
  if (state === 'paused') return odd('hub', `Paused by you; ${waiting}.`, '`ccm sync resume` goes on.');
  if (state === 'offline' || state === 'queuing')
    return odd('hub', `Not reached (${reason ?? 'unknown'}); ${waiting}, and work goes on.`, '`ccm sync status` tells more.');
  return fine('hub', `${state}; ${waiting}`);
};

const profileChecks = (profiles: readonly ProfileView[], each: boolean): Check[] => {
  const usable = profiles.filter(({ available, lacks }) => available && lacks === null);
  const toldHere = each ? profiles.filter((profile) => !isAsked(profile)) : profiles;
  const lacking = toldHere.filter(({ available, lacks }) => available && lacks !== null);
  const missing = toldHere.filter(({ available }) => !available);
  const real = usable.some(({ kind }) => kind !== 'demo' && kind !== 'custom');
  return [
    usable.length > 0
      ? fine(
          'agents',
          `can be started: ${usable.map(({ name }) => name).join(', ')}${real && !each ? ' (`ccm doctor --agents` asks each one short question)' : ''}`,
        )
      : broken('agents', 'No profile has a program that can be started.', 'Install an agent, or correct `command` in config.toml.'),
    ...lacking.flatMap((profile) => standing(profile) ?? []),
    ...(missing.length > 0
      ? [
          odd(
            'agents',
            `not installed: ${missing.map(({ name }) => name).join(', ')}`,
            'Install those you want to use, or correct `command` in config.toml.',
          ),
        ]
      : []),
  ];
};

/** In a scope of its own the terminal outlives every stop of a service. */
const scopeWords = ({ scope, scopeReason }: Status['tmux']): string =>
  scope ? `in ${scope}` : `in no scope (${scopeReason ?? 'unknown'})`;
