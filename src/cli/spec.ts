/** What a command is before its code is loaded: enough for parsing, help and completion. */
import type { Cli } from './cli.ts';
import type { Input } from './input.ts';

export type OptionSpec = {
  /** As cac reads it: `-n, --lines <N>`, `--no-open`. */
  raw: string;
  text: string;
  /** What completes its value. */
  completes?: Completes;
};

/** What the shell may offer for an argument or a value. */
export type Completes = 'task' | 'ended' | 'project' | 'approval' | 'agentProfile' | 'file' | 'shell' | 'token';

export type Group = 'Start and stop' | 'Tasks' | 'Look' | 'Decide' | 'Several machines' | 'Projects and agents' | 'Inspect' | 'Maintain';

export type Spec = {
  /** One word, or two (`project add`). */
  name: string;
  /** `<id>`, `[...ids]` as cac reads them. */
  args: string;
  summary: string;
  /** More help: one paragraph each. */
  details?: readonly string[];
  group: Group;
  options: readonly OptionSpec[];
  /** Command line (without `ccm`) and what it does. */
  examples: readonly (readonly [line: string, does: string])[];
  completes?: Completes;
  /** Not in the overview: for programs. */
  hidden?: boolean;
  load: () => Promise<{ run: Run }>;
};

/** Does the work and returns the exit code. Throws {@link CcmError} for trouble that a person must read. */
export type Run = (cli: Cli, input: Input) => Promise<number>;

export const dryRun: OptionSpec = { raw: '--dry-run', text: 'Say what would happen, do nothing' };
export const yes: OptionSpec = { raw: '-y, --yes', text: 'Act on several (without it they are only listed)' };
export const globalOptions: readonly OptionSpec[] = [
  { raw: '--json', text: 'Print {"data":…,"meta":…} on stdout and nothing else' },
  { raw: '--no-color', text: 'No colours (so does NO_COLOR=1)' },
  { raw: '-h, --help', text: 'Show this help' },
];

/** `-n, --lines <N>` → names without dashes (`n`, `lines`), whether it takes a value, whether it only says no. */
export const readOption = ({ raw }: OptionSpec): { names: string[]; value: boolean; negated: boolean } => {
  const names = raw
    .replace(/\s*[<[].*$/, '')
    .split(',')
    .map((name) => name.trim().replace(/^-+/, ''));
  return { names, value: /[<[]/.test(raw), negated: names.some((name) => name.startsWith('no-')) };
};
