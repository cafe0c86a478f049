/** Is a program new enough to be driven? Asked of itself, once per file: what is installed over it is asked again. */
import { stat } from 'node:fs/promises';
import { fail, ok, type Result } from '../errors.ts';
import { runProcess } from '../lib/run-process.ts';

/** Programs that run on Node take a second to say it, on a busy machine some. */
const PATIENCE_MS = 15_000;

const numbersOf = (text: string): readonly number[] | null => {
  const found = /(\d+)\.(\d+)\.(\d+)/u.exec(text);
  return found ? found.slice(1).map(Number) : null;
};

/** Numbers compared one by one. Null when `version` holds none: nothing can be said of it. */
export const isOlder = (version: string, least: string): boolean | null => {
  const [have, need] = [numbersOf(version), numbersOf(least)];
  if (!have || !need) return null;
  const at = have.findIndex((number, index) => number !== need[index]);
  return at !== -1 && (have[at] ?? 0) < (need[at] ?? 0);
};

export type ProgramVersions = {
  /** What it says of itself, one line; null when it says nothing. `argv`: absolute path and the words before its own arguments. */
  of(argv: readonly [string, ...string[]], env: Readonly<Record<string, string>>): Promise<string | null>;
  /** `CCM_AGENT_TOO_OLD` with both versions. A program that does not say its version is let through. */
  check(argv: readonly [string, ...string[]], least: string, env: Readonly<Record<string, string>>): Promise<Result<void>>;
};

export const programVersions = (): ProgramVersions => {
  const known = new Map<string, string | null>();
  const of: ProgramVersions['of'] = async (argv, env) => {
    const facts = await stat(argv[0]).catch(() => null); // Gone since it was found: the start itself will say so.
    const key = JSON.stringify([argv, facts?.ino, facts?.size, facts?.mtimeMs]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const { code, stdout } = await runProcess({ argv: [...argv, '--version'], cwd: '/', env, timeoutMs: PATIENCE_MS });
    const line = code === 0 ? stdout.trim().split('\n')[0]?.trim() || null : null;
    // Also that it says nothing: one that waits instead of answering is not waited for at every start.
    known.set(key, line);
    return line;
  };
  return {
    of,
    check: async (argv, least, env) => {
      const version = await of(argv, env);
      if (version === null || isOlder(version, least) !== true) return ok(undefined);
      return fail('CCM_AGENT_TOO_OLD', `\`${argv[0]}\` is ${version}; ${least} or newer can be driven.`, { version, least });
    },
  };
};
