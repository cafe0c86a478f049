/** `ccm down --all`: every agent is asked to end by its own chart, which kills what does not; the terminal server goes last. */
import type { Clock, Log } from '../ports/system.ts';
import type { Runtime } from '../runtime/types.ts';

/** The chart's own patience: asking, then killing, ten seconds each. */
const MOST_MS = 25_000;
const LOOK_MS = 50;

/** Returns the agents that had not ended in time. */
export const endAgents = async (runtime: Pick<Runtime, 'list' | 'send'>, clock: Clock, log: Log): Promise<string[]> => {
  const living = () => runtime.list({ kind: 'agent', ended: false, limit: 1000 }).filter(({ status }) => status !== 'absent');
  for (const { id } of living()) {
    await runtime
      .send(id, { type: 'STOP', by: 'daemon' })
      .catch((error: unknown) => log.warn({ agent: id, err: String(error) }, 'an agent could not be stopped'));
  }
  const end = clock.awake() + MOST_MS;
  while (living().length > 0 && clock.awake() < end) await new Promise<void>((next) => void clock.after(LOOK_MS, next));
  return living().map(({ id }) => id);
};
