import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CcmError, ensureError } from '../../errors.ts';
import { agentProcesses } from '../../lib/agent-processes.ts';
import { isDatabase } from '../../lib/is-database.ts';
import type { Cli } from '../cli.ts';
import { pidAlive, readRunFile } from '../daemon-address.ts';
import { startDetached, waitForEnd } from '../daemon-process.ts';
import { exits, usageError } from '../exit.ts';
import { installedService } from '../service.ts';
import type { Run } from '../spec.ts';
import { pairs } from '../table.ts';
import { wrap } from '../width.ts';

export const run: Run = async (cli, input) => {
  const from = resolve(cli.cwd, input.args[0] ?? '');
  if (!statSync(from, { throwIfNoEntry: false })?.isFile())
    throw usageError(`${from} is not a file.`, 'Give a file that `ccm backup` wrote.');
  if (!isDatabase(from))
    throw new CcmError('CCM_DB_CORRUPT', `${from} is not a database.`, { next: 'Give a file that `ccm backup` wrote.' });
  const run = readRunFile(cli.home);
  const daemon = run && pidAlive(run.pid) ? run.pid : null;
  if (input.flag('dry-run') || !input.flag('yes')) return foretell(cli, from, daemon);

  const agents = await agentProcesses(cli.home.root, daemon === null ? [] : [daemon]);
  if (agents.length > 0)
    throw new CcmError('CCM_CONFLICT', `Agents are running (${agents.length} processes): what they do now would be in no history.`, {
      next: 'End them first: `ccm down --all`.',
    });
  // Only here is the database's code loaded.
  const { restoreHome } = await import('../../restore.ts');
  const { restored, again } =
    daemon === null
      ? { restored: restoreHome(cli.home, from), again: null }
      : await meanwhile(cli, daemon, () => restoreHome(cli.home, from));
  if (restored === null) {
    cli.note(`Nothing was restored: ${cli.home.database} is as it was, and the daemon runs again (process ${again?.pid ?? ''}).`);
    return exits.interrupted;
  }
  if (!restored.ok) throw new CcmError(restored.problem.code, restored.problem.detail, restored.problem.extra);
  const { actors, steps, bytes, replaced } = restored.value;
  cli.show({ data: { ...restored.value, from, daemon: again?.pid ?? null } }, () => [
    `✓ ${cli.home.database} is now ${from}.`,
    ...pairs(
      [
        ['  holds', `${actors} state machines, ${steps} steps, ${(bytes / 1024 / 1024).toFixed(1)} MiB`],
        ['  checked', 'on a copy, before anything was replaced; `ccm verify` plays every step again'],
        ['  before', replaced === null ? null : `kept as ${replaced}`],
        ['  tokens', 'those of browsers and programs are gone: `ccm open`, `ccm token add`'],
        ['  daemon', again === null ? 'not started; `ccm up` does' : `runs again (process ${again.pid})`],
      ],
      cli.columns(),
      cli.paint.dim,
    ),
  ]);
  return exits.ok;
};

/** Its first words; all else is checked on a copy before anything is replaced. */
const foretell = (cli: Cli, from: string, daemon: number | null): number => {
  const consequence = `${from} would take the place of ${cli.home.database}, which would be kept in ${cli.home.backups}.${
    daemon === null ? '' : ' The daemon would be stopped for it and started again.'
  } Every token of a browser or a program would end.`;
  cli.show({ data: { dryRun: true, legal: true, consequence } }, () => [
    ...wrap(consequence, cli.columns()),
    'Nothing was done. Add --yes to restore it.',
  ]);
  return exits.ok;
};

/**
 * Does `work` while the daemon is away, and starts it again whatever became of that. Who presses Ctrl-C meanwhile hears where things stand:
 * before `work` it is left out (`restored: null`), after it there is nothing to be called off.
 */
const meanwhile = async <T extends { ok: boolean }>(
  cli: Cli,
  daemon: number,
  work: () => T,
): Promise<{ restored: T | null; again: { pid: number } }> => {
  let asked = false;
  const ask = (): void => {
    if (!asked) cli.note('The daemon is stopped for this; it is started again first.');
    asked = true;
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, ask);
  try {
    await stop(cli, daemon);
    const restored = asked ? null : work();
    const stands = restored?.ok ? 'It was restored' : 'Nothing was restored';
    const again = await startDetached(cli, undefined).catch((thrown: unknown) => {
      throw new CcmError('CCM_DAEMON_UNREACHABLE', `${stands}, but the daemon does not start again: ${ensureError(thrown).message}`, {
        next: '`ccm up` starts it; `ccm doctor` and `ccm logs --daemon` tell more.',
      });
    });
    return { restored, again };
  } finally {
    for (const signal of signals) process.off(signal, ask);
  }
};

const stop = async (cli: Cli, pid: number): Promise<void> => {
  const managed = await installedService(cli);
  if (managed !== null && managed.facts.pid === pid)
    throw new CcmError('CCM_HOME_LOCKED', 'The daemon is run by the service, which would start it again at once.', {
      next: 'Stop it with `ccm down`, then restore.',
    });
  await cli.api.post('/shutdown', { body: { agents: 'keep' } });
  if (!(await waitForEnd(pid, 60_000))) throw new CcmError('CCM_STOPPING', `The daemon (process ${pid}) does not end.`);
};
