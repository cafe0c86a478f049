/** Tells that something may have changed: by the feed, through restarts of the daemon, and now and then without it. */
import type { FeedRow } from '../api/contract/index.ts';
import { CcmError } from '../errors.ts';
import type { Api, Reply } from './api.ts';
import type { Cli } from './cli.ts';
import { exitOf, exits } from './exit.ts';

export type Changes = {
  /** True with the next change (one that came before the call counts) or with `stop`, false after `ms` without any. */
  next: (ms: number) => Promise<boolean>;
  /** Makes `next` resolve (a key was pressed, the terminal was resized). */
  poke: () => void;
  stop: () => void;
};

/** Between two attempts to open the feed. */
const RETRY_MS = 400;

/** What following needs of the command line. */
export type Follower = { api: Pick<Api, 'feed'>; note: Cli['note'] };

export const watchChanges = (cli: Follower, concerns: (row: FeedRow) => boolean): Changes => {
  const ended = new AbortController();
  let changed = false;
  let wake: (() => void) | null = null;
  const poke = (): void => {
    changed = true;
    wake?.();
  };
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        ended.signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      ended.signal.addEventListener('abort', done, { once: true });
    });

  const listen = async (): Promise<void> => {
    let since: number | null = null;
    while (!ended.signal.aborted) {
      let open = false;
      try {
        for await (const item of cli.api.feed(since, ended.signal)) {
          // Also when it opens: what happened before is not told again.
          open = true;
          if (item.type !== 'step' || concerns(item.row)) poke();
          since = item.type === 'step' ? item.row.gseq : item.type === 'reset' ? null : since;
        }
      } catch {
        // No daemon at this moment. Whoever waits looks by itself and tells.
      }
      // It stood and broke: whoever waits shall see at once that the daemon is away.
      if (open) poke();
      await pause(RETRY_MS);
    }
  };
  void listen();

  return {
    async next(ms) {
      if (!changed && !ended.signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = null;
      const heard = changed;
      changed = false;
      return heard;
    },
    poke,
    stop() {
      ended.abort();
      poke();
    },
  };
};

export type Following<T> = {
  look: () => Promise<Reply<T>>;
  concerns: (row: FeedRow) => boolean;
  over: (data: T) => boolean;
  seen: (data: T) => void;
  /** Milliseconds until it is given up; null = never. */
  timeoutMs: number | null;
  /** Gives up at once, without a word. */
  signal?: AbortSignal;
};

/** Looks again at least this often: a feed that went silent must not keep anyone waiting. */
const LOOK_MS = 15_000;
/** A restart takes seconds; a daemon that stays away this long has been stopped. */
const AWAY_MS = 120_000;

/** Looks until it is over (then the last reply) or the time is up (null). Survives restarts of the daemon. */
export const follow = async <T>(
  cli: Follower,
  { look, concerns, over, seen, timeoutMs, signal }: Following<T>,
): Promise<Reply<T> | null> => {
  const changes = watchChanges(cli, concerns);
  const deadline = timeoutMs === null ? Number.POSITIVE_INFINITY : performance.now() + timeoutMs;
  let awaySince: number | null = null;
  signal?.addEventListener('abort', changes.stop, { once: true });
  try {
    for (;;) {
      if (signal?.aborted) return null;
      try {
        const reply = await look();
        if (awaySince !== null) cli.note('The daemon is back.');
        awaySince = null;
        seen(reply.data);
        if (over(reply.data)) return reply;
      } catch (thrown) {
        if (signal?.aborted) return null;
        if (!(thrown instanceof CcmError) || exitOf(thrown.code) !== exits.unreachable) throw thrown;
        if (awaySince === null) cli.note('The daemon is away; waiting for it to come back (`ccm up`).');
        awaySince ??= performance.now();
        if (performance.now() - awaySince > AWAY_MS) throw thrown;
      }
      const left = deadline - performance.now();
      if (left <= 0) return null;
      await changes.next(Math.min(left, awaySince === null ? LOOK_MS : RETRY_MS));
    }
  } finally {
    changes.stop();
  }
};
