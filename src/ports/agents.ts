/**
 * What we need to know of a kind of agent program: how to start it, talk to it, read it and end it. One driver per profile kind.
 * Drivers are pure: they say what is to be done, `src/supervisor` does it. Real ones: `adapters/agents/*`.
 */
import type { EffectParams, Profile } from '../../machines/effects.ts';
import type { Exit } from '../../machines/events.ts';
import type { Fact } from '../../machines/evidence.ts';
import type { Result } from '../errors.ts';
import type { Listening } from './agent-hooks.ts';
import type { Decision, Permissions } from './decisions.ts';

export type LaunchRequest = EffectParams['agent.launch'] & {
  /** Absolute path of a folder (0700) that belongs to this one start of the program and goes with its window. */
  folder: string;
  /** Absolute path of a folder (0700) that belongs to the conversation: every start and every attempt that continues it finds it again. */
  memory: string;
  /** The working folder with all links followed. */
  realDir: string;
  permissions: Permissions;
  /**
   * Absolute path of the person's home folder when the program shall use the person's own configuration there (`config = "own"`): nothing of it
   * is changed, and its first-run questions are the person's. Null: a private one in `memory`.
   */
  own: string | null;
  /** The program may tell its maker what it counts and look for updates, as it does by itself. */
  telemetry: boolean;
  /** Text of the files that `ownFiles` names, by path; what is not there is not in it. Secret, like `env`. */
  theirs: Readonly<Record<string, string>>;
  /** The profile's own environment. Secret: of it nothing may go into arguments; into files only what the program must find there. */
  env: Readonly<Record<string, string>>;
  /** A person said that what the project's own settings ask for may run. */
  trusted: boolean;
  /** Where the program's hooks report: base URL of our hooks over HTTP, and a shell command that reads one call on standard input. */
  hooks: { url: string; command: string };
};

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * A file to be there before the program starts (0600, parents 0700, replaced as a whole). `merge`: a JSON object laid over what the file holds
 * already, level by level, lists united; for files that the program writes, too. `mirrors`: a folder of links to what another folder holds under
 * these `names`, which need not be there; links of earlier starts to what is gone are taken away.
 */
export type PlanFile =
  | { path: string; content: string }
  | { path: string; merge: { readonly [key: string]: Json } }
  | { path: string; mirrors: string; names: RegExp };

export type LaunchPlan = {
  /** Program (a path, or a name to be looked up in the agent's PATH) and its arguments. */
  argv: [string, ...string[]];
  /** Variables beside those every agent gets; the profile's own `env` still wins over them. */
  env: Record<string, string>;
  /** Absolute paths below `folder` or `memory`. */
  files: readonly PlanFile[];
  /** Text on the program's standard input, which is then at its end; null leaves the terminal there. */
  stdin: string | null;
};

/** Text that goes in as one bracketed paste followed by Enter. */
type Feed = {
  text: string;
  settleMs: number;
  /**
   * True when a hook tells that a prompt was taken: until it does, Enter is pressed again (a few times), and its silence is a failure. Such a
   * program gets text only when its screen reads as `ready` or `interrupted`.
   */
  confirmed?: true;
};

/** One step of asking a program to end; the next follows when it still lives after `waitMs`. Signals go to the program itself. */
export type EndStep = { waitMs: number } & ({ press: readonly string[] } | { enter: string } | { signal: NodeJS.Signals });

/** One step of answering a dialog: after `waitMs` keys are pressed, or text is pasted and entered; `closed`: once the dialog is gone, else not. */
export type ReplyStep = { waitMs: number } & ({ press: readonly string[] } | { enter: string; closed?: true });

type Controls = {
  /** Keys that interrupt a turn (names of the Terminal port). */
  interrupt: readonly string[];
  /** True when the program itself tells of an interruption (a hook, a report), so that we need not conclude it from our keys. */
  tellsInterrupt: boolean;
  /** Interrupted before it has answered anything it gives the prompt back into its box and tells it nowhere: these keys empty the box. */
  emptiesBox?: readonly string[];
  /** First to last; after the last one the chart's own grace runs out and it is killed. Waits add up to less than 10 s. */
  ending: readonly EndStep[];
};

export type Screen = {
  /** Visible text, plain, trailing blank lines dropped. */
  text: string;
  /** Title the program set for its terminal. */
  title: string;
};
/** `detail`: what was recognised, at most 500 characters, for `ccm why`. */
export type Reading = {
  /** What it offers, in the order of the screen. */
  choices?: readonly string[];
  /** The part of the screen that asks, where it can be told from what stands above. */
  asks?: string;
  /** Its box holds text that was not sent: nothing may be typed there. Means an interruption only where a turn was believed to go on. */
  unsent?: true;
  fact: Extract<Fact, 'ready' | 'busy' | 'asking' | 'approval' | 'limited' | 'interrupted'>;
  detail: string;
};

/** What was asked, as far as typing the answer depends on it. */
export type Question = {
  kind: 'approval' | 'question';
  choices: readonly string[];
  /** What was asked, as it was told. */
  text?: string;
  /** The tool it is about, in the program's own words; null where that is not known. */
  tool?: string | null;
  /** What is on its screen at this moment, where that was looked at. */
  screen?: string;
};

/** What a profile lacks: one sentence, and what to do about it. */
export type Lack = { sentence: string; next: string };

export interface AgentDriver {
  /** How to start it (or continue `request.resume`). `CCM_CONFIG_INVALID` for a profile that cannot work, `CCM_BAD_INPUT` for a prompt it cannot take. */
  plan(request: LaunchRequest): Result<LaunchPlan>;
  /** How a message of a person goes into a running conversation. `CCM_BAD_INPUT` when the program would take the text for something else. */
  feed(profile: Profile, text: string): Result<Feed>;
  /** What to press and send to steer it. */
  controls(profile: Profile): Controls;
  /** What screen and title say, or null when they say nothing. */
  read(profile: Profile, screen: Screen): Reading | null;
  /**
   * Keys for a question of the program that is none for a person: before it begins, settled by how it was started, or whether to go on trying in
   * vain, where the answer makes it say what is wrong. Null: none is seen. `own`: with the person's own configuration, where a question of trust is
   * theirs.
   */
  opening?(screen: Screen, own: boolean): readonly string[] | null;
  /** Files of the person's own configuration, below their home folder `own`, whose text `plan` needs when it shall be used. */
  ownFiles?(own: string): readonly string[];
  /** How a decision is typed where nobody waits for it inside the program; null when there is nothing to type. */
  reply(profile: Profile, question: Question, decision: Decision, text: string | null): readonly ReplyStep[] | null;
  /** Whether the dialog on the screen is the one of this question; absent: any dialog is. */
  shows?(screen: Screen, question: Question): boolean;
  /** What this way of ending means, one sentence for a person. Never turns an unknown exit into a success. */
  explainExit(profile: Profile, exit: Exit): string;
  /** The oldest version that can be driven, asked for with `--version` before a start: `2.1.330`. */
  least?: string;
  /**
   * What keeps the program from reaching its model, null when nothing does as far as can be told without starting it. For lists and the doctor;
   * `plan` refuses on the same ground. `own`: it uses the person's own configuration, where a login may be.
   */
  lacks?(profile: Profile, env: Readonly<Record<string, string>>, own: boolean): Lack | null;
  /** Stored secrets (by name) that give the program access where the profile's environment does not: variable → name. The first that is there counts. */
  accessSecrets?: Readonly<Record<string, string>>;
  /** For programs that call hooks or keep a file of their conversation. */
  listening?: Listening;
}

export type AgentDrivers = Readonly<Partial<Record<Profile['kind'], AgentDriver>>>;
