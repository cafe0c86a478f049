/** The daemon's log: pino, one JSON line each. Secrets are never given to it; fields that could hold one are removed all the same. */
import pino from 'pino';
import type { Log } from '../ports/system.ts';

const secret = ['token', 'authorization', 'password', 'secret', 'key', 'env', 'cookie'];

/** `file`: absolute path, made 0600; null = standard error. */
export const daemonLog = (file: string | null, level: string): Log & { flush(): void } => {
  const destination = pino.destination({ dest: file ?? 2, sync: true, mode: 0o600, mkdir: false });
  const logger = pino(
    { level, base: null, redact: { paths: secret.flatMap((name) => [name, `*.${name}`]), censor: '[removed]' } },
    destination,
  );
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    flush: () => destination.flushSync(),
  };
};
