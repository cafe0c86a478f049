/**
 * Tells the service manager how we are (sd_notify(3)), by a spawned `systemd-notify`: no native module, hence NotifyAccess=all. The watchdog
 * is fed from the event loop that does the work: when that hangs, nothing feeds it, and we are killed and started again.
 */
import { runProcess } from '../../src/lib/run-process.ts';
import type { Cancel, Clock } from '../../src/ports/system.ts';

export type Notifier = {
  /** Ready now; from here on the watchdog is fed, and the sentence told anew each time. */
  ready(status: () => string): Promise<void>;
  stopping(): Promise<void>;
};

type Options = {
  env: Readonly<Record<string, string | undefined>>;
  pid: number;
  clock: Pick<Clock, 'after'>;
  /** Told once per kind of trouble. */
  log: (sentence: string, facts: Record<string, unknown>) => void;
  /** Sends the words; true when they arrived. Default: `systemd-notify`. */
  send?: (words: readonly string[]) => Promise<string | null>;
};

const SEND_MS = 5000;

export const serviceNotifier = (options: Options): Notifier => {
  const { env, clock, log } = options;
  const socket = env['NOTIFY_SOCKET'];
  if (!socket) return { ready: async () => undefined, stopping: async () => undefined };

  const bySystemdNotify = async (words: readonly string[]): Promise<string | null> => {
    const ran = await runProcess({
      argv: ['systemd-notify', ...words],
      cwd: '/',
      env: { PATH: env['PATH'], NOTIFY_SOCKET: socket },
      timeoutMs: SEND_MS,
    });
    return ran.code === 0 ? null : (ran.failure ?? (ran.timedOut ? 'no answer' : ran.stderr.trim()));
  };
  const send = options.send ?? bySystemdNotify;
  let told = false;
  const tell = async (...words: string[]): Promise<void> => {
    const trouble = await send(words);
    if (trouble !== null && !told) log('the service manager could not be told how we are', { trouble });
    told = trouble !== null;
  };

  // Half of the patience: one late ping is no death.
  const patience = env['WATCHDOG_PID'] === undefined || env['WATCHDOG_PID'] === String(options.pid) ? Number(env['WATCHDOG_USEC']) : 0;
  const everyMs = patience > 0 ? patience / 2000 : 0;
  let cancel: Cancel = () => undefined;
  let ended = false;
  const feed = (status: () => string): void => {
    if (everyMs === 0 || ended) return;
    cancel = clock.after(everyMs, () => {
      // The next one is due whether this one arrived or not.
      feed(status);
      void tell('WATCHDOG=1', `STATUS=${oneLine(status())}`);
    });
  };

  return {
    ready: async (status) => {
      await tell('READY=1', `STATUS=${oneLine(status())}`);
      feed(status);
    },
    stopping: async () => {
      ended = true;
      cancel();
      await tell('STOPPING=1', 'STATUS=Stopping; agents go on');
    },
  };
};

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
