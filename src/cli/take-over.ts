/** `ccm up --takeover`, as the command line sees it: asks the daemon that runs to make room, and waits for the one that comes. */
import { rmSync, statSync } from 'node:fs';
import type { HandedOver } from '../api/contract/index.ts';
import { CcmError } from '../errors.ts';
import { atomicWrite } from '../lib/atomic-write.ts';
import type { Cli } from './cli.ts';
import { pidAlive, type RunFile, readRunFile } from './daemon-address.ts';
import { awaitReady } from './daemon-process.ts';
import { installedService, sure } from './service.ts';

/** Until the new one is loaded. */
const LOADED_MS = 70_000;

/** `running`: whoever answers now. Returns the process that took over, or null when there is nobody to take over from. */
export const takeOver = async (cli: Cli, running: RunFile | null): Promise<number | null> => {
  const there = running ?? alive(readRunFile(cli.home));
  if (there === null) return null;
  const service = await installedService(cli);
  // Gone by now: its manager was faster, and starts the next one already.
  if (service && (service.facts.pid === there.pid || !pidAlive(there.pid))) {
    // Its manager holds the door, and ends one that hangs; a daemon that was started by another would be its second.
    sure(await service.service.restart());
    return readRunFile(cli.home)?.pid ?? null;
  }
  if (running === null) throw hangs(there.pid);
  const [script = ''] = process.argv.slice(1);
  const argv = [process.execPath, ...process.execArgv, script, 'up', '--no-open'];
  sure(await atomicWrite(cli.home.takeover, JSON.stringify({ argv }), { mode: 0o600 }));
  const before = statSync(cli.home.daemonLog, { throwIfNoEntry: false })?.size ?? 0;
  try {
    const { pid } = (await cli.api.post<HandedOver>('/handover', { timeoutMs: LOADED_MS })).data;
    await awaitReady(cli, pid, before);
    return pid;
  } finally {
    rmSync(cli.home.takeover, { force: true });
  }
};

const alive = (run: RunFile | null): RunFile | null => (run && pidAlive(run.pid) ? run : null);

/** It has the sockets, and nobody else can pass them on; the home is not taken by force. */
const hangs = (pid: number): CcmError =>
  new CcmError('CCM_STOPPING', `The daemon (process ${pid}) does not answer, so nothing can be handed over.`, {
    next: `\`kill -9 ${pid}\`, then \`ccm up\`: nothing acknowledged is lost, agents go on.`,
  });
