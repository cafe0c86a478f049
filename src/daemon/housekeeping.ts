/** Nothing grows without bound: once a day what is old enough is folded or forgotten. Runs between other work, never at start-up. */
import { dayOf } from '../money/day.ts';
import type { AuditBook, Tokens } from '../ports/records.ts';
import type { Clock, Log } from '../ports/system.ts';
import type { UsageBook } from '../ports/usage.ts';
import type { Runtime } from '../runtime/types.ts';

const DAY_MS = 86_400_000;
/** The first round waits until a start is long over. */
const FIRST_MS = 600_000;
/** Ended tokens and the marks of repeated requests are kept this long, so that a late repeat is still recognised. */
const KEEP_MS = 7 * DAY_MS;

/** Who did what is asked for late. */
const AUDIT_MS = 365 * DAY_MS;

type Deps = {
  runtime: Pick<Runtime, 'compact' | 'transaction'>;
  usage: Pick<UsageBook, 'loose' | 'fold'>;
  tokens: Pick<Tokens, 'list' | 'revoke' | 'prune'>;
  /** The agent ended before this time. */
  agentOver: (agent: string, before: number) => boolean;
  audit: Pick<AuditBook, 'prune'>;
  marks: { forgetMade(before: number): unknown };
  clock: Clock;
  log: Log;
  /** Age in milliseconds at which journal rows, and whole days of usage, are folded. */
  journalAgeMs: number;
};

/** Returns what stops it. */
export const housekeeping = ({ runtime, usage, tokens, agentOver, audit, marks, clock, log, journalAgeMs }: Deps): (() => void) => {
  let cancel = clock.after(FIRST_MS, () => void round());
  /** A day at a time, so that whoever else wants to write waits for no more than that. */
  const foldUsage = async (before: number): Promise<number> => {
    let less = 0;
    for (const day of usage.loose(dayOf(before))) less += await runtime.transaction(() => usage.fold(day));
    return less;
  };
  /** Not with the agent: the last words of its program may come after it, and lie in the spool for a while. */
  const endTokens = (now: number): void => {
    for (const { id, kind, name, revokedAt } of tokens.list())
      if (kind === 'agent' && revokedAt === null && agentOver(name, now - KEEP_MS)) tokens.revoke(id, now);
  };
  const round = async (): Promise<void> => {
    cancel = clock.after(DAY_MS, () => void round());
    try {
      const now = clock.now();
      const report = await runtime.compact(now - journalAgeMs);
      marks.forgetMade(now - KEEP_MS);
      endTokens(now);
      const used = await foldUsage(now - journalAgeMs);
      log.info(
        { ...report, usage: used, tokens: tokens.prune(now - KEEP_MS), audit: audit.prune(now - AUDIT_MS) },
        'old history was folded',
      );
    } catch (error) {
      log.error({ err: String(error) }, 'old history could not be folded; it is tried again tomorrow');
    }
  };
  return () => cancel();
};
