/** `ccm down --all`: every agent is asked to end by its own chart, which kills what does not; the terminal server goes last. */
import { sweepAgents } from '../lib/agent-processes.ts';
import type { Clock, Log } from '../ports/system.ts';
import type { Terminal } from '../ports/terminal.ts';
import { everyRow } from '../runtime/every-row.ts';
import type { Runtime } from '../runtime/types.ts';

/** The chart's own patience: asking, then killing, ten seconds each. */
const MOST_MS = 25_000;
const LOOK_MS = 50;

export const endAgents = async (runtime: Pick<Runtime, 'list' | 'send'>, clock: Clock, log: Log): Promise<void> => {
  const living = () => everyRow(runtime, { kind: 'agent', ended: false }).filter(({ status }) => status !== 'absent');
  for (const { id } of living()) {
    await runtime
      .send(id, { type: 'STOP', by: 'daemon' })
      .catch((error: unknown) => log.warn({ agent: id, err: String(error) }, 'an agent could not be stopped'));
  }
  const end = clock.awake() + MOST_MS;
  while (living().length > 0 && clock.awake() < end) await new Promise<void>((next) => void clock.after(LOOK_MS, next));
  const left = living().map(({ id }) => id);
  if (left.length > 0) log.warn({ agents: left }, 'agents had not ended in time');
};

export const endTerminal = async (terminal: Pick<Terminal, 'killServer'>, home: string, log: Log): Promise<void> => {
  await terminal.killServer();
  const { killed, left } = await sweepAgents(home);
  if (killed.length > 0) log.warn({ killed, left }, 'processes had left the windows of their agents');
};
