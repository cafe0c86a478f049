/** The one control-mode client: command lines in on its stdin, replies matched by order, everything else handed on. */
import { spawn } from 'node:child_process';
import type { Cancel, Clock } from '../../src/ports/system.ts';
import { fifo } from './fifo.ts';
import { type Block, controlParser } from './protocol.ts';

export type ClientHandlers = {
  output: (pane: string, bytes: Buffer) => void;
  notice: (line: string) => void;
  /** The process ended; every unanswered command was refused before. Called once. `why`: its last words. */
  ended: (why: string) => void;
};

/** The answers of one line: up to and including the first that failed (tmux skips the rest of that line). Null: the connection ended. */
export type Reply = Block[] | null;

export type ControlClient = {
  readonly pid: number;
  /**
   * Writes commands as one line, which tmux runs without anything in between. `read` is called at the moment the last answer was parsed,
   * before any later output or notice. A command that prints several blocks (`if-shell` with a body) must use {@link sendBody}.
   */
  send: <T>(commands: readonly string[], read: (reply: Reply) => T) => Promise<T>;
  /** Like send, for a line with any number of blocks: everything up to a mark of our own. */
  sendBody: <T>(line: string, read: (reply: Reply) => T) => Promise<T>;
  end: () => void;
};

type Waiting = { expect: number; mark: string | null; got: Block[]; done: (reply: Reply) => void };

/** A server that does not answer for so long is not talking to us. Agents are not touched by giving up the client. */
const ANSWER_MS = 15_000;

export const controlClient = (
  argv: readonly [string, ...string[]],
  env: Record<string, string>,
  clock: Clock,
  on: ClientHandlers,
): ControlClient => {
  const waiting = fifo<Waiting>();
  let marks = 0;
  let lastWords = '';
  let over = false;
  let patience: Cancel | null = null;

  const [program, ...args] = argv;
  // A group of its own: Ctrl-C in the daemon's terminal is not meant for it.
  const child = spawn(program, args, { env, cwd: '/', detached: true, stdio: ['pipe', 'pipe', 'pipe'] });

  /** One timer for all that wait: armed anew by whoever is first then. */
  const watchPatience = (): void => {
    const first = waiting.peek();
    if (patience !== null || first === undefined || over) return;
    patience = clock.after(ANSWER_MS, () => {
      patience = null;
      if (waiting.peek() !== first) return watchPatience();
      lastWords = `no answer within ${ANSWER_MS} ms`;
      child.kill('SIGKILL');
    });
  };

  const answered = (block: Block): void => {
    const first = waiting.peek();
    if (first === undefined) return;
    const isMark = first.mark !== null && block.body.toString('latin1') === `${first.mark}\n`;
    if (!isMark) first.got.push(block);
    if (first.mark === null ? block.ok && first.got.length < first.expect : !isMark) return;
    waiting.shift();
    first.done(first.got);
  };

  // tmux reads our stdin before it carries out the attach: commands that come too early belong to no session and fail.
  let early: string[] | null = [];
  const write = (text: string): void => {
    if (early === null) child.stdin.write(text);
    else early.push(text);
  };
  const flush = (): void => {
    const texts = early ?? [];
    early = null;
    texts.forEach(write);
  };

  const parse = controlParser({
    block: answered,
    output: on.output,
    notice: (line) => {
      if (line.startsWith('%exit')) lastWords = line;
      if (line.startsWith('%session-changed ')) flush();
      on.notice(line);
    },
  });

  const finish = (why: string): void => {
    if (over) return;
    over = true;
    patience?.();
    for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) line.done(null);
    on.ended(why);
  };
  child.stdout.on('data', parse);
  child.stderr.on('data', (text: Buffer) => {
    lastWords = text.toString('utf8').trim().slice(0, 500);
  });
  child.on('error', (error) => finish(error.message));
  child.on('close', (code, signal) => finish(lastWords || `tmux client ended with ${signal ?? code}`));
  // EPIPE: the process is ending, and `close` tells.
  child.stdin.on('error', () => undefined);

  const enqueue = <T>(text: string, expect: number, mark: string | null, read: (reply: Reply) => T): Promise<T> =>
    new Promise((resolve, reject) => {
      const done = (reply: Reply): void => {
        try {
          resolve(read(reply));
        } catch (thrown) {
          reject(thrown);
        }
      };
      if (over) return done(null);
      waiting.push({ expect, mark, got: [], done });
      watchPatience();
      write(text);
    });

  return {
    pid: child.pid ?? 0,
    send: (commands, read) => enqueue(`${commands.join(' ; ')}\n`, commands.length, null, read),
    sendBody: (line, read) => {
      marks += 1;
      const mark = `ccm-mark-${marks}`;
      return enqueue(`${line}\ndisplay-message -p ${mark}\n`, 0, mark, read);
    },
    end: () => {
      if (!over) child.stdin.end();
    },
  };
};
