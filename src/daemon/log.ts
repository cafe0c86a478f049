/**
 * The daemon's log: pino, one JSON line each. Secrets are never given to it; fields that could hold one are removed all the same.
 * The file is turned over before it grows large; what a person should hear of also goes to the system's journal, where there is one.
 */
import { renameSync, statSync } from 'node:fs';
import pino from 'pino';
import type { Log } from '../ports/system.ts';

const secret = ['token', 'authorization', 'password', 'secret', 'key', 'env', 'cookie'];

/** `daemon.log`, `.1`, `.2`: what is older goes. */
const KEPT = 2;

export type LogOptions = {
  /** Absolute path, made 0600; null = standard error. */
  file: string | null;
  level: string;
  /** Bytes after which the file is turned over. */
  mostBytes?: number;
  /** Warnings and errors are said here as well, one line each, with the journal's mark of their weight in front. */
  journal?: ((line: string) => void) | undefined;
};

export const daemonLog = ({ file, level, mostBytes = 8 * 1024 * 1024, journal }: LogOptions): Log & { flush(): void } => {
  const destination = pino.destination({ dest: file ?? 2, sync: true, mode: 0o600, mkdir: false });
  let bytes = file === null ? 0 : sizeOf(file);
  const write = (line: string): void => {
    destination.write(line);
    bytes += Buffer.byteLength(line);
    if (file === null || bytes < mostBytes) return;
    bytes = 0;
    turnOver(file);
    destination.reopen();
  };
  const logger = pino(
    { level, base: null, redact: { paths: secret.flatMap((name) => [name, `*.${name}`]), censor: '[removed]' } },
    {
      write: (line: string) => {
        write(line);
        const weight = /^\{"level":(\d+)/.exec(line)?.[1];
        if (journal && Number(weight) >= 40) journal(`<${Number(weight) >= 50 ? 3 : 4}>${line}`);
      },
    },
  );
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    flush: () => destination.flushSync(),
  };
};

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

const turnOver = (file: string): void => {
  for (let age = KEPT; age > 0; age -= 1) {
    try {
      renameSync(age === 1 ? file : `${file}.${age - 1}`, `${file}.${age}`);
    } catch {
      // Not that many yet. A folder that cannot be written keeps one file that grows, which is better than none.
    }
  }
};
