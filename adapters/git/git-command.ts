/** Runs git so that it neither asks, nor waits for ever, nor starts programs we did not mean to start. */
import { access } from 'node:fs/promises';
import { fail, ok, type Result } from '../../src/errors.ts';
import { type RunResult, runProcess } from '../../src/lib/run-process.ts';
import { shortText } from '../../src/lib/short-text.ts';

export type GitCall = {
  /** Arguments after our own switches: `['status', '-z']`. */
  args: string[];
  cwd: string;
  /** Added to the environment (`GIT_INDEX_FILE`, an identity). */
  env?: Record<string, string> | undefined;
  stdin?: string | Uint8Array | undefined;
  /** Bytes kept of the output. Default 64 MiB (file lists of large repositories). */
  maxOutput?: number | undefined;
  stopAtLimit?: boolean | undefined;
  /** Writes a whole work tree: gets five times the time. */
  long?: boolean | undefined;
  /** May fetch missing objects of a partial clone. Everything else works without network. */
  network?: boolean | undefined;
  encoding?: 'utf8' | 'latin1' | undefined;
};

export type Git = {
  /** The bare outcome, for calls whose exit status is an answer. */
  run(call: GitCall): Promise<RunResult>;
  /** Standard output of a call that must succeed, one final line break taken off. */
  text(call: GitCall): Promise<Result<string>>;
  /** Says in words why `result` is no success. */
  problem(call: GitCall, result: RunResult): Promise<ReturnType<typeof fail>>;
};

export type GitOptions = {
  /** Program name or path. Default `git`. */
  gitBinary?: string | undefined;
  /** Milliseconds for one git call. Default 60 000; calls that write a work tree get five times as much. */
  timeoutMs?: number | undefined;
  /** Where HOME, PATH and the like are taken from. Default: this process. */
  env?: Readonly<Record<string, string | undefined>> | undefined;
};

/** Taken over from the user. Everything else (GIT_DIR, GIT_INDEX_FILE, a pager …) would bend our calls. */
const INHERITED = [
  'HOME',
  'PATH',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'XDG_CONFIG_HOME',
  'SSH_AUTH_SOCK',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_NOSYSTEM',
];

const FIXED = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_EDITOR: ':',
  GIT_SEQUENCE_EDITOR: ':',
  GIT_PAGER: 'cat',
} as const;

/** Missing objects are not fetched and no transport may start, so neither does `core.sshCommand`. */
const OFFLINE = { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none' } as const;
/** An agent can write the shared repository config; what it can name there as a program is switched off. */
const SWITCHED_OFF = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'commit.gpgSign=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'core.quotePath=false',
  'color.ui=false',
  'submodule.recurse=false',
  'core.splitIndex=false',
  'log.showSignature=false',
];

const SWITCHES = ['--no-pager', ...SWITCHED_OFF.flatMap((setting) => ['-c', setting])];

export const createGit = (options: GitOptions): Git => {
  const source = options.env ?? process.env;
  const inherited = Object.fromEntries(INHERITED.map((name) => [name, source[name]]));
  const timeoutMs = options.timeoutMs ?? 60_000;
  const limit = (call: GitCall): number => timeoutMs * (call.long ? 5 : 1);
  const program = options.gitBinary ?? 'git';

  const run = async (call: GitCall): Promise<RunResult> => {
    const result = await runProcess({
      argv: [program, ...SWITCHES, ...call.args],
      cwd: call.cwd,
      env: { ...inherited, ...FIXED, ...(call.network ? {} : OFFLINE), ...call.env },
      stdin: call.stdin,
      timeoutMs: limit(call),
      maxOutput: call.maxOutput ?? 64 * 1024 * 1024,
      stopAtLimit: call.stopAtLimit,
      encoding: call.encoding,
    });
    // A filter that was ended along with git can make git go on without it and report success.
    return result.timedOut ? { ...result, code: null } : result;
  };

  const problem = async (call: GitCall, result: RunResult) => {
    const what = `git ${call.args[0] ?? ''}`;
    if (result.failure !== null) {
      const there = await access(call.cwd).then(
        () => true,
        () => false,
      );
      if (!there) return fail('CCM_PATH_UNUSABLE', `${call.cwd} is not there any more, or may not be entered.`, { path: call.cwd });
      return result.failure === 'ENOENT'
        ? fail('CCM_GIT_MISSING', `There is no program \`${program}\`.`)
        : fail('CCM_GIT_FAILED', `${what} could not be started: ${result.failure}.`);
    }
    const extra = { args: call.args, exit: result.code, cwd: call.cwd };
    if (result.timedOut) return fail('CCM_GIT_FAILED', `${what} did not finish within ${limit(call) / 1000} s and was ended.`, extra);
    if (result.stderr.includes('No space left on device')) return fail('CCM_DISK_FULL', `${what}: no space left on the device.`, extra);
    const words = shortText(result.stderr, 600);
    return fail('CCM_GIT_FAILED', `${what}: ${words === '' ? `exit status ${result.code ?? result.signal}` : words}`, extra);
  };

  return {
    run,
    problem,
    async text(call) {
      const result = await run(call);
      if (result.code !== 0) return problem(call, result);
      if (result.truncated) return fail('CCM_GIT_FAILED', `git ${call.args[0] ?? ''} said more than fits.`, { args: call.args });
      return ok(result.stdout.replace(/\n$/, ''));
    },
  };
};
