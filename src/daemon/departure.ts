/** The end of the daemon: its steps one after the other, once, however often it is asked for. */
import type { Log } from '../ports/system.ts';

export type Agents = 'keep' | 'stop';
export type Leave = (agents?: Agents) => Promise<void>;

export const departure = (log: Log & { flush(): void }, steps: ReadonlyArray<(agents: Agents) => unknown>): Leave => {
  let leaving: Promise<void> | undefined;
  const leave = async (agents: Agents) => {
    // The clock's timers keep no process alive: without this one it could be over in the middle of its own end.
    const staying = setInterval(() => undefined, 1_000);
    for (const step of steps) await step(agents);
    log.info({}, 'stopped');
    log.flush();
    clearInterval(staying);
  };
  return (agents = 'keep') => {
    leaving ??= leave(agents);
    return leaving;
  };
};
