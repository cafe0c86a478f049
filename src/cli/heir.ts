/** `ccm up --takeover`, the side of the daemon to be: it was started by the one that runs, with the listening sockets in its hands. */
import { CcmError } from '../errors.ts';

/** Descriptors as `src/daemon/handover.ts` lays them out: the channel is 3. */
const FIRST_DOOR = 4;
/** The other one answers what is being answered, and closes its files. */
const PATIENCE_MS = 30_000;

export type Inheritance = {
  /** File numbers of sockets that listen already. */
  sockets: readonly number[];
  /** Says that we could run, and resolves when the home is free. @throws CcmError CCM_STOPPING when it does not become free. */
  turn: () => Promise<void>;
};

/** What of `process` is needed: the channel to the one who started us. */
type Channel = {
  readonly ppid: number;
  readonly connected: boolean;
  send?(word: string): boolean;
  disconnect(): void;
  once(event: 'message' | 'disconnect', listener: () => void): unknown;
  off(event: 'message' | 'disconnect', listener: () => void): unknown;
};

/** Null for a start like any other. */
export const inheritance = (env: Record<string, string | undefined>, channel: Channel, patienceMs = PATIENCE_MS): Inheritance | null => {
  const doors = Number(env['CCM_DOORS']);
  // Nothing that we start is to take it for its own.
  delete env['CCM_DOORS'];
  if (!channel.send || !Number.isInteger(doors) || doors < 1 || doors > 8) return null;
  const before = channel.ppid;
  return { sockets: Array.from({ length: doors }, (_, i) => FIRST_DOOR + i), turn: () => waitForTurn(channel, before, patienceMs) };
};

const waitForTurn = (channel: Channel, before: number, patienceMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = (done: () => void): void => {
      clearTimeout(late);
      channel.off('message', free);
      channel.off('disconnect', free);
      if (channel.connected) channel.disconnect();
      done();
    };
    // Told so, or it died: the kernel freed the lock with it. Either way the lock itself decides next.
    const free = (): void => end(resolve);
    const late = setTimeout(() => end(() => reject(stuck(before, patienceMs))), patienceMs);
    channel.once('message', free);
    channel.once('disconnect', free);
    channel.send?.('loaded');
  });

const stuck = (pid: number, ms: number): CcmError =>
  new CcmError('CCM_STOPPING', `The daemon (process ${pid}) began to hand over and has not let go of the home within ${ms / 1000} s.`, {
    next: `\`kill -9 ${pid}\`, then \`ccm up\`: nothing acknowledged is lost, agents go on.`,
  });
