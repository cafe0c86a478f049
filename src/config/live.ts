/**
 * config.toml counts as soon as it is saved: agents, policy, prices, budgets, limits. Only where the daemon stands and what it keeps (home, port,
 * place of the secrets, age of the journal) are read at start. A file that is wrong changes nothing; the log says what is wrong, and so do
 * `ccm config check` and whoever asks for an agent that is not there.
 */
import { statSync } from 'node:fs';
import type { Config } from '../config.ts';
import type { Problem, Result } from '../errors.ts';
import type { Cancel, Clock } from '../ports/system.ts';

/** Between two looks at the file. */
const LOOK_MS = 2_000;

export type LiveConfig = {
  /** Reads as the file stands now; to be asked each time, not kept in parts. */
  config: Config;
  stop: () => void;
};

export const liveConfig = (deps: {
  first: Config;
  /** Reads and checks the whole file again. */
  load: () => Result<Config>;
  clock: Pick<Clock, 'after'>;
  note: (sentence: string, facts: Record<string, unknown>) => void;
  /** The file was read again. */
  changed?: () => void;
}): LiveConfig => {
  const { first, load, clock, note } = deps;
  let now = first;
  let seen = mark(first.home.config);
  let problem: Problem | null = null;
  let stopped = false;
  const look = (): void => {
    const fresh = mark(first.home.config);
    if (stopped || fresh === seen) return;
    seen = fresh;
    const loaded = load();
    problem = loaded.ok ? null : loaded.problem;
    if (!loaded.ok)
      return note('config.toml was changed and is not valid: what it said before goes on counting.', { detail: loaded.problem.detail });
    now = loaded.value;
    note(
      'config.toml was read again and counts from now on; a changed port, place of secrets or age of the journal from the next start.',
      {},
    );
    deps.changed?.();
  };
  /** A person who has just saved the file and names what is in it does not wait for the next look. */
  const asked = (): Config => {
    look();
    return now;
  };
  const again = (): void => {
    cancel = clock.after(LOOK_MS, again);
    look();
  };
  let cancel: Cancel = clock.after(LOOK_MS, again);
  const { home, port, secrets, journalAgeMs } = first;
  return {
    config: {
      home,
      port,
      secrets,
      journalAgeMs,
      get concurrency() {
        return now.concurrency;
      },
      get spacingMs() {
        return now.spacingMs;
      },
      get allowedHosts() {
        return now.allowedHosts;
      },
      get prices() {
        return now.prices;
      },
      get budgets() {
        return now.budgets;
      },
      get hereAfterMs() {
        return now.hereAfterMs;
      },
      get policy() {
        return now.policy;
      },
      get approvalMs() {
        return now.approvalMs;
      },
      get defaultAgent() {
        return asked().defaultAgent;
      },
      get profiles() {
        return asked().profiles;
      },
      get mistake() {
        return problem?.detail ?? null;
      },
      profile: (name) => asked().profile(name),
      builtIn: (name) => now.builtIn(name),
      profileEnv: (name) => now.profileEnv(name),
      ownConfig: (name) => now.ownConfig(name),
      telemetry: (name) => now.telemetry(name),
      profilePermissions: (name) => now.profilePermissions(name),
    },
    stop: () => {
      stopped = true;
      cancel();
    },
  };
};

/** Differs when the file was written, replaced, made or removed. */
const mark = (path: string): string => {
  const facts = statSync(path, { throwIfNoEntry: false });
  return facts ? `${facts.ino} ${facts.size} ${facts.mtimeMs}` : 'absent';
};
