/** Runs a program without a shell, bounded in time and output. Trouble is a result, never an exception. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { decodeOutput, limitedBuffer } from './limited-buffer.ts';

export type RunSpec = {
  /** Program (path, or a name looked up in `env.PATH`) and its arguments. */
  argv: readonly [string, ...string[]];
  cwd: string;
  /** The whole environment of the child: nothing is inherited. */
  env: Readonly<Record<string, string | undefined>>;
  /** Written to standard input, which is then closed. Default: empty. */
  stdin?: string | Uint8Array | undefined;
  /** Milliseconds from start until SIGTERM goes to the process group. */
  timeoutMs: number;
  /** Milliseconds between SIGTERM and SIGKILL. Default 2000. */
  killAfterMs?: number | undefined;
  /** Bytes kept of stdout; the rest is read and dropped. Default 4 MiB. Of stderr the first 64 KiB are kept. */
  maxOutput?: number | undefined;
  /** End the program as soon as stdout exceeds `maxOutput`. */
  stopAtLimit?: boolean | undefined;
  /** How bytes become text. `latin1` maps each byte to one character and loses nothing (file names). Default utf8. */
  encoding?: 'utf8' | 'latin1' | undefined;
  /** Ends the program like a time-out does, with `timedOut: false`. */
  signal?: AbortSignal | undefined;
};

export type RunResult = {
  /** Exit status; null when a signal ended it or it never started. */
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  /** Standard output was cut at `maxOutput`. */
  truncated: boolean;
  /** Why it never started: `ENOENT` (no such program, or no such `cwd`), `EACCES`, `E2BIG`, … Null when it ran. */
  failure: string | null;
};

/** After the program itself ended, how long a child of it may hold our pipes without writing. */
const PIPE_GRACE_MS = 500;
const MAX_STDERR = 64 * 1024;

export const runProcess = (spec: RunSpec): Promise<RunResult> =>
  new Promise((resolve) => {
    const out = limitedBuffer(spec.maxOutput ?? 4 * 1024 * 1024);
    const err = limitedBuffer(MAX_STDERR);
    const encoding = spec.encoding ?? 'utf8';
    let timedOut = false;
    let settled = false;
    let ending = false;
    let status: { code: number | null; signal: NodeJS.Signals | null } = { code: null, signal: null };
    const timers = new Set<NodeJS.Timeout>();
    const later = (ms: number, act: () => void): void => {
      timers.add(setTimeout(act, ms));
    };
    const settle = (failure: string | null): void => {
      if (settled) return;
      settled = true;
      for (const timer of timers) clearTimeout(timer);
      spec.signal?.removeEventListener('abort', end);
      resolve({
        ...status,
        stdout: decodeOutput(out, encoding),
        stderr: decodeOutput(err, encoding),
        timedOut,
        truncated: out.truncated(),
        failure,
      });
    };

    // A group of its own, so that a time-out also reaches what the program started.
    const child = startChild(spec);
    if (typeof child === 'string') return settle(child);

    const killGroup = (signal: NodeJS.Signals): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, signal);
      } catch {
        // ESRCH: the whole group is gone already, which is what was wanted.
      }
    };
    const end = (): void => {
      if (ending) return;
      ending = true;
      killGroup('SIGTERM');
      later(spec.killAfterMs ?? 2000, () => {
        killGroup('SIGKILL');
      });
    };

    child.on('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) settle(error.code ?? error.message);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      out.add(chunk);
      if (spec.stopAtLimit && out.truncated()) end();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err.add(chunk);
    });
    for (const pipe of [child.stdin, child.stdout, child.stderr]) {
      // EPIPE, ECONNRESET: the program closed its end. Its exit status tells the story.
      pipe.on('error', () => pipe.destroy());
    }
    child.on('exit', (code, signal) => {
      status = { code, signal };
      // What a stopped program left behind in its group must not outlive it.
      if (ending) killGroup('SIGKILL');
      waitForPipes(out.seen() + err.seen());
    });
    child.on('close', () => {
      settle(null);
    });
    // A background child may hold the pipes open for ever: stop reading once they are silent.
    const waitForPipes = (seen: number): void => {
      later(PIPE_GRACE_MS, () => {
        // One turn later, so that bytes which arrived while the event loop was busy are counted.
        setImmediate(() => {
          if (settled) return;
          const now = out.seen() + err.seen();
          if (now !== seen) return waitForPipes(now);
          child.stdout.destroy();
          child.stderr.destroy();
          settle(null);
        });
      });
    };

    later(spec.timeoutMs, () => {
      timedOut = child.exitCode === null && child.signalCode === null;
      end();
    });
    spec.signal?.addEventListener('abort', end, { once: true });
    if (spec.signal?.aborted) end();
    child.stdin.end(spec.stdin ?? '');
  });

const startChild = (spec: RunSpec) => {
  const [program, ...args] = spec.argv;
  try {
    return spawn(program, args, { cwd: spec.cwd, env: { ...spec.env }, detached: true, stdio: 'pipe' });
  } catch (thrown) {
    // E2BIG and a NUL byte in an argument are thrown at once instead of being emitted.
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'EINVAL';
    return code in constants.errno ? code : 'EINVAL';
  }
};
