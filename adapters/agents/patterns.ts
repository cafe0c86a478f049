/** Reads a screen by the patterns a person wrote into a profile. */

import type { Profile } from '../../machines/effects.ts';
import { fail, ok, type Result } from '../../src/errors.ts';
import { firstOf } from '../../src/lib/cut-text.ts';
import type { Reading, Screen } from '../../src/ports/agents.ts';

/** Patterns look at the end of the screen only, where prompts and spinners are; keeps a slow pattern cheap. */
const LINES = 30;
const CHARACTERS = 4_000;

/** Asking first: a prompt for a decision often stands below a spinner or beside the words of a ready prompt. */
const order = [
  ['ask', 'asking'],
  ['busy', 'busy'],
  ['ready', 'ready'],
] as const;

const compiled = new Map<string, RegExp | null>();
const compile = (source: string): RegExp | null => {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  let pattern: RegExp | null = null;
  try {
    pattern = new RegExp(source, 'mu');
  } catch {
    // Not a pattern: `checkPatterns` says so before anything is started with it.
  }
  compiled.set(source, pattern);
  return pattern;
};

export const checkPatterns = (profile: Profile): Result<void> => {
  for (const [key] of order) {
    const source = profile[key];
    if (source !== null && compile(source) === null)
      return fail('CCM_CONFIG_INVALID', `agents.${profile.name}.${key} is not a regular expression: ${source}`, {
        field: `agents.${profile.name}.${key}`,
      });
  }
  return ok(undefined);
};

export const readPatterns = (profile: Profile, screen: Screen): Reading | null => {
  const tail = screen.text.split('\n').slice(-LINES).join('\n').slice(-CHARACTERS);
  for (const [key, fact] of order) {
    const source = profile[key];
    const pattern = source === null ? null : compile(source);
    const match = pattern && (pattern.exec(tail) ?? pattern.exec(screen.title));
    if (match) return { fact, detail: `the ${key} pattern matched “${firstOf(match[0].trim(), 200)}”` };
  }
  return null;
};
