/**
 * `ccm up --takeover`, the side of the daemon that runs: it starts its heir with the listening sockets in its hands, so that the door is never
 * shut; whoever knocks while the two change places waits in the kernel's queue. The heir first shows that it can run, then we go, and only when
 * the lock of the home is free is it told so. An heir that fails before that changes nothing.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { z } from 'zod';
import type { Home } from '../config/home.ts';
import { ensureError, fail, ok, type Result } from '../errors.ts';
import type { Cancel, Clock, Log } from '../ports/system.ts';

export type Heir = {
  pid: number;
  /** The lock is released and nothing of ours will be written again. */
  free(): void;
};

export type Handover = {
  /** Ends well once the heir is loaded and waits; then it is our turn to go. CCM_TAKEOVER_FAILED, CCM_CONFLICT. */
  start(): Promise<Result<{ pid: number }>>;
  /** Whom the house is left to; null: nobody. */
  heir(): Heir | null;
  /** We end for another reason: nobody takes our place. */
  callOff(): void;
};

type Options = {
  home: Pick<Home, 'takeover' | 'daemonLog'>;
  /** All that listen. */
  doors: () => readonly Server[];
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  log: Log;
  /** How long a start may take until it asks for its turn, ms. */
  patienceMs?: number;
};

/** Loading the code takes two seconds of a processor that may be shared by many. */
const PATIENCE_MS = 60_000;

/** What is to be started, in a file that only somebody who may write into the home can have put there. */
const wanted = z.strictObject({ argv: z.array(z.string().max(4096)).min(2).max(20) });

export const handover = ({ home, doors, env, clock, log, patienceMs = PATIENCE_MS }: Options): Handover => {
  let pending: ChildProcess | null = null;
  let heir: Heir | null = null;
  return {
    heir: () => heir,
    callOff: () => {
      if (pending && heir === null) pending.kill('SIGTERM');
    },
    start: async () => {
      if (env['NOTIFY_SOCKET'])
        return fail('CCM_CONFLICT', 'A service manager runs this daemon; it keeps the door over a restart of its own.');
      if (pending) return fail('CCM_CONFLICT', 'A takeover is under way already.', { next: 'Wait for it; `ccm status` says who runs.' });
      const asked = readWanted(home.takeover);
      if (!asked.ok) return asked;
      const started = beginHeir(asked.value, home.daemonLog, doors(), env);
      if (!started.ok) return started;
      pending = started.value;
      const stay = sayGoodbye(doors());
      const loaded = await willRun(pending, clock, patienceMs);
      const gaveUp = loaded.ok && !(await waits(pending, clock));
      if (!loaded.ok || gaveUp) {
        pending.kill('SIGKILL');
        pending = null;
        stay();
        const trouble = loaded.ok ? failed('The new daemon waited for its turn and gave up: this one did not answer in time.') : loaded;
        log.warn({ ...trouble.problem }, 'the daemon that was to take over did not come up; this one goes on');
        return trouble;
      }
      const child = pending;
      heir = { pid: loaded.value, free: () => bequeath(child, log) };
      log.info({ heir: heir.pid }, 'another daemon takes over');
      return ok({ pid: heir.pid });
    },
  };
};

const failed = (detail: string) => fail('CCM_TAKEOVER_FAILED', detail);

const readWanted = (path: string): Result<string[]> => {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { mode, uid } = fstatSync(file);
      if (uid !== process.geteuid?.() || (mode & 0o077) !== 0) return failed(`${path} could have been written by somebody else.`);
      return ok(wanted.parse(JSON.parse(readFileSync(file, 'utf8'))).argv);
    } finally {
      closeSync(file);
    }
  } catch (thrown) {
    return failed(`${path} does not say what is to be started: ${ensureError(thrown).message.split('\n', 1)[0]}.`);
  }
};

/** It inherits the sockets themselves, not copies of their settings: what waits in them now is its to answer. */
const beginHeir = (argv: readonly string[], logFile: string, doors: readonly Server[], env: Options['env']): Result<ChildProcess> => {
  const [program = '', ...args] = argv;
  const numbers = doors.map(numberOf);
  if (numbers.length === 0 || numbers.includes(-1)) return failed('The sockets of this daemon cannot be handed over on this system.');
  const log = openSync(logFile, 'a', 0o600);
  try {
    const { LISTEN_FDS: _fds, LISTEN_PID: _pid, JOURNAL_STREAM: _journal, ...kept } = env;
    return ok(
      spawn(program, args, {
        cwd: '/',
        detached: true,
        // `src/cli/heir.ts` counts on this order.
        stdio: ['ignore', log, log, 'ipc', ...numbers],
        env: { ...kept, CCM_DETACHED: '1', CCM_DOORS: String(numbers.length) },
      }),
    );
  } catch (thrown) {
    return failed(`${program} could not be started: ${ensureError(thrown).message}.`);
  } finally {
    closeSync(log);
  }
};

const numberOf = (server: Server): number => {
  // Node has no public name for it, and child.send() would let the other side accept before it can answer.
  const handle: unknown = Reflect.get(server, '_handle');
  const number: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
  return typeof number === 'number' && number >= 0 ? number : -1;
};

const willRun = (child: ChildProcess, clock: Clock, patienceMs: number): Promise<Result<number>> =>
  new Promise((resolve) => {
    let cancel: Cancel = () => undefined;
    const end = (result: Result<number>): void => {
      cancel();
      child.removeAllListeners();
      // Its death later on is its own affair, and its errors are in its log.
      child.on('error', () => undefined);
      resolve(result);
    };
    cancel = clock.after(patienceMs, () => end(failed(`The new daemon was not loaded within ${patienceMs / 1000} s.`)));
    child.once('message', (said) => end(said === 'loaded' && child.pid ? ok(child.pid) : failed('The new daemon is no daemon of ours.')));
    child.once('error', (error) => end(failed(`The new daemon could not be started: ${error.message}.`)));
    child.once('exit', (code, signal) => end(failed(`The new daemon ended at once (${signal ?? `status ${code}`}).`)));
  });

/** Its word may have lain here while we were frozen: then its end lies right behind it, and is heard in the same breath. */
const waits = (child: ChildProcess, clock: Clock): Promise<boolean> =>
  new Promise((resolve) => clock.after(100, () => resolve(child.connected && child.exitCode === null && child.signalCode === null)));

/** Every answer ends its connection from now on: an idle one that we closed later could be just the one that somebody writes into. */
const sayGoodbye = ([server]: readonly Server[]): (() => void) => {
  const last = (_request: unknown, response: { setHeader(name: string, value: string): unknown }) =>
    void response.setHeader('connection', 'close');
  server?.prependListener('request', last);
  return () => void server?.off('request', last);
};

const bequeath = (child: ChildProcess, log: Log): void => {
  child.unref();
  if (!child.connected)
    return log.error({ heir: child.pid }, 'the daemon that was to take over is gone: `ccm up` starts one, agents go on');
  // Cut off only when the word is out. Were it lost, the end of the channel says the same.
  child.send('free', () => child.connected && child.disconnect());
};
