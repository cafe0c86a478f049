/** Keeps one control client connected to our server, whatever happens to client, socket or server. */
import { fail, ok, type Result } from '../../src/errors.ts';
import type { Clock } from '../../src/ports/system.ts';
import type { Generation } from '../../src/ports/terminal.ts';
import { type ControlClient, controlClient, type Reply } from './client.ts';
import { HUB, KEEPER, settings } from './config.ts';
import { probeTmux } from './probe.ts';
import { isAlive, startOf } from './process-facts.ts';
import { canConnect, configPath, reviveSocket, serverEnv, startServer } from './server.ts';
import { generationOf, readRecord, removeRecord, type ServerRecord, writeRecord } from './server-record.ts';
import { socketPath } from './socket-path.ts';

export type LinkOptions = {
  home: string;
  hash: string;
  clock: Clock;
  binary: string;
  scope: 'auto' | 'off';
  env: Readonly<Record<string, string | undefined>>;
  umask?: string | undefined;
  log: (what: string, detail: Record<string, unknown>) => void;
};

export type LinkHandlers = {
  /** A client is attached and silent (no output flows). Until this resolves the link does not count as connected. False: it broke again. */
  attached: (client: ControlClient, record: ServerRecord) => Promise<boolean>;
  /** Now it counts. */
  connected: () => void;
  output: (pane: string, bytes: Buffer) => void;
  notice: (line: string) => void;
  detached: () => void;
  /** The server is dead, not merely out of reach. */
  serverLost: (generation: Generation) => void;
};

export type Link = {
  open: () => Promise<Result<Generation>>;
  client: () => ControlClient | null;
  record: () => ServerRecord | null;
  /** Why there is no connection; null while there is one, or none was asked for. */
  trouble: () => string | null;
  killServer: () => Promise<Result<void>>;
  close: () => Promise<void>;
};

const LONGEST_WAIT_MS = 5000;
/** Output waiting longer than this in the server stops that pane's stream, instead of filling the server's memory. Seconds. */
const PAUSE_AFTER_S = 5;

export const link = (options: LinkOptions, on: LinkHandlers): Link => {
  const { clock, log } = options;
  let record: ServerRecord | null = null;
  let client: ControlClient | null = null;
  /** Also while it is not connected yet. */
  let latest: ControlClient | null = null;
  let trouble: string | null = null;
  /** Counts open and close: a loop of an earlier count stops by itself. */
  let wanted = 0;
  let running: Promise<void> | null = null;
  let wake: () => void = () => undefined;

  const forget = async (lost: ServerRecord): Promise<void> => {
    record = null;
    await removeRecord(options.home);
    on.serverLost(generationOf(lost));
  };

  /** A server that answers on a socket, started when there is none. */
  const findServer = async (tmux: string): Promise<Result<{ socket: string; scope: string | null; scopeReason: string | null }>> => {
    record ??= await readRecord(options.home);
    if (record !== null && !(await isAlive(record.pid, record.start))) await forget(record);
    if (record !== null) {
      if ((await canConnect(record.socket)) || (await reviveSocket(record, clock))) return ok(record);
      // Alive but deaf: a second server beside it would run every agent twice.
      if (await isAlive(record.pid, record.start)) {
        return fail('CCM_TMUX_LOST', `The tmux server ${record.pid} runs, but its socket ${record.socket} cannot be brought back.`);
      }
      await forget(record);
    }
    const socket = socketPath(options.home, options.hash, options.env.XDG_RUNTIME_DIR);
    if (await canConnect(socket)) return ok({ socket, scope: null, scopeReason: 'found running' });
    const started = await startServer({ ...options, socket, tmux });
    return started.ok ? ok({ socket, ...started.value }) : started;
  };

  const attempt = async (turn: number): Promise<Result<{ generation: Generation; ended: Promise<void> }>> => {
    const tmux = await probeTmux({ binary: options.binary, ...(options.env.PATH === undefined ? {} : { path: options.env.PATH }) });
    if (!tmux.ok) return tmux;
    const server = await findServer(tmux.value.path);
    if (!server.ok) return server;
    if (turn !== wanted) return fail('CCM_TMUX_LOST', 'Closed meanwhile.');

    const { socket, scope, scopeReason } = server.value;
    let lastWords = 'the client ended';
    const { promise: ended, resolve: setEnded } = Promise.withResolvers<void>();
    const attachArgs = [
      'new-session',
      '-A',
      '-s',
      HUB,
      '-n',
      KEEPER,
      '-f',
      `no-output,pause-after=${PAUSE_AFTER_S}`,
      '--',
      '/bin/sh',
      '-c',
      ':',
    ];
    const made = controlClient(
      [tmux.value.path, '-u', '-S', socket, '-f', configPath(options.home), '-C', ...attachArgs],
      serverEnv(options.env),
      clock,
      {
        output: on.output,
        notice: on.notice,
        ended: (why) => {
          lastWords = why;
          if (client === made) {
            client = null;
            trouble = why;
            on.detached();
          }
          setEnded();
        },
      },
    );
    latest = made;
    const broken = async (why: string) => {
      made.end();
      await ended;
      return fail('CCM_TMUX_LOST', `No connection to the tmux server: ${why}.`);
    };

    const pid = await made.send(["display-message -p '#{pid}'"], (reply) => Number(reply?.[0]?.body.toString('latin1')));
    if (!(pid > 0)) return broken(lastWords);
    const start = await startOf(pid);
    if (start === null) return broken('the server ended');
    if (record?.pid !== pid || record.start !== start || record.socket !== socket) {
      if (record !== null) await forget(record);
      record = { socket, pid, start, scope, scopeReason };
      const written = await writeRecord(options.home, record);
      if (!written.ok) log('tmux server record not written', { ...written.problem });
    }
    for (const setting of settings) void made.send([setting], (reply) => noteRefusal(setting, reply));
    if (!(await on.attached(made, record)) || turn !== wanted) return broken(lastWords);
    client = made;
    trouble = null;
    on.connected();
    return ok({ generation: generationOf(record), ended });
  };

  const noteRefusal = (setting: string, reply: Reply): void => {
    if (reply?.[0]?.ok === false) log('tmux refused a setting', { setting, words: reply[0].body.toString('utf8').trim() });
  };

  const keepConnected = async (turn: number, first: (result: Result<Generation>) => void): Promise<void> => {
    let delay = 0;
    const current = (): boolean => turn === wanted;
    while (current()) {
      const result = await attempt(turn);
      if (result.ok) {
        first(ok(result.value.generation));
        const since = clock.awake();
        await result.value.ended;
        // Thrown out at once, again and again, must not become a busy loop.
        delay = clock.awake() - since > 1000 ? 0 : Math.min(delay + 50, LONGEST_WAIT_MS);
      } else {
        if (current() && trouble !== result.problem.detail) log('tmux connection failed', { ...result.problem });
        trouble = result.problem.detail;
        first(result);
        delay = Math.min(Math.max(delay * 2, 100), LONGEST_WAIT_MS);
      }
      if (!current() || delay === 0) continue;
      await new Promise<void>((resolve) => {
        const cancel = clock.after(delay, resolve);
        wake = () => {
          cancel();
          resolve();
        };
      });
    }
  };

  const open = async (): Promise<Result<Generation>> => {
    if (client !== null && record !== null) return ok(generationOf(record));
    if (running !== null) await close();
    wanted += 1;
    const { promise, resolve } = Promise.withResolvers<Result<Generation>>();
    running = keepConnected(wanted, resolve);
    return promise;
  };

  const close = async (): Promise<void> => {
    wanted += 1;
    const loop = running;
    running = null;
    trouble = null;
    wake();
    latest?.end();
    await loop;
  };

  const killServer = async (): Promise<Result<void>> => {
    const known = record;
    await close();
    const target = known ?? (await readRecord(options.home));
    if (target === null) return ok(undefined);
    // The number and the start time say that it is ours; nothing else is ever signalled.
    if (await isAlive(target.pid, target.start)) {
      process.kill(target.pid, 'SIGTERM');
      if (!(await endOf(target))) return fail('CCM_TMUX_REFUSED', `The tmux server ${target.pid} does not end.`);
    }
    await forget(target);
    return ok(undefined);
  };

  const endOf = async (target: ServerRecord): Promise<boolean> => {
    for (let waited = 0; waited < 6000; waited += 20) {
      if (!(await isAlive(target.pid, target.start))) return true;
      if (waited === 4000) process.kill(target.pid, 'SIGKILL');
      await new Promise<void>((resolve) => clock.after(20, resolve));
    }
    return false;
  };

  return { open, client: () => client, record: () => record, trouble: () => trouble, killServer, close };
};
