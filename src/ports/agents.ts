/**
 * What we need to know of a kind of agent program: how to start it, talk to it, read it and end it. One driver per profile kind.
 * Drivers are pure: they say what is to be done, `src/supervisor` does it. Real ones: `adapters/agents/*`.
 */
import type { EffectParams, Profile } from '../../machines/effects.ts';
import type { Exit } from '../../machines/events.ts';
import type { Fact } from '../../machines/evidence.ts';
import type { Result } from '../errors.ts';

export type LaunchRequest = EffectParams['agent.launch'] & {
  /** Absolute path of a folder (0700) that belongs to this one start of the program and goes with its window. */
  folder: string;
};

export type LaunchPlan = {
  /** Program (a path, or a name to be looked up in the agent's PATH) and its arguments. */
  argv: [string, ...string[]];
  /** Variables beside those every agent gets; the profile's own `env` still wins over them. */
  env: Record<string, string>;
  /** Written (0600, parents 0700, replaced as a whole) before the program starts. Absolute paths. */
  files: ReadonlyArray<{ path: string; content: string }>;
  /** Text on the program's standard input, which is then at its end; null leaves the terminal there. */
  stdin: string | null;
};

/** Text that goes in as one bracketed paste followed by Enter. */
type Feed = { text: string; settleMs: number };

/** One step of asking a program to end; the next follows when it still lives after `waitMs`. Signals go to the program itself. */
export type EndStep = { waitMs: number } & ({ press: readonly string[] } | { enter: string } | { signal: NodeJS.Signals });

type Controls = {
  /** Keys that interrupt a turn (names of the Terminal port). */
  interrupt: readonly string[];
  /** True when the program itself tells of an interruption (a hook, a report), so that we need not conclude it from our keys. */
  tellsInterrupt: boolean;
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
export type Reading = { fact: Extract<Fact, 'ready' | 'busy' | 'asking' | 'approval' | 'limited' | 'interrupted'>; detail: string };

export interface AgentDriver {
  /** How to start it (or continue `request.resume`). `CCM_CONFIG_INVALID` for a profile that cannot work, `CCM_BAD_INPUT` for a prompt it cannot take. */
  plan(request: LaunchRequest): Result<LaunchPlan>;
  /** How a message of a person goes into a running conversation. `CCM_BAD_INPUT` when the program would take the text for something else. */
  feed(profile: Profile, text: string): Result<Feed>;
  /** What to press and send to steer it. */
  controls(profile: Profile): Controls;
  /** What screen and title say, or null when they say nothing. */
  read(profile: Profile, screen: Screen): Reading | null;
  /** How a decision is typed for a question that only the screen showed; null when there is nothing to type. */
  reply(profile: Profile, decision: 'allow' | 'deny' | 'answer' | 'expire', text: string | null): Feed | null;
  /** What this way of ending means, one sentence for a person. Never turns an unknown exit into a success. */
  explainExit(profile: Profile, exit: Exit): string;
}

export type AgentDrivers = Readonly<Partial<Record<Profile['kind'], AgentDriver>>>;
