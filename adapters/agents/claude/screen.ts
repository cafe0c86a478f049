/** What is seen of Claude Code: weak evidence, for when its hooks are silent. Patterns of the shipped program, 2.1.330. */
import type { Profile } from '../../../machines/effects.ts';
import type { Reading, Screen } from '../../../src/ports/agents.ts';
import { readPatterns } from '../patterns.ts';

/** Below this many lines from the end stands the conversation, where a model may write whatever it likes. */
const FOOT = 14;

/** They stand at the very end: above it are words of the conversation. */
const dialog = /❯ \d\. [\s\S]*\n\s*Esc to cancel[^\n]*\s*$/u;
const question = /\n\s*Enter to select · .*Esc to cancel\s*$/u;
const working = /esc to interrupt/u;
const interrupted = /⎿\s+Interrupted · What should Claude do instead\?/u;
const idle = /^❯\s*$/mu;

export const readScreen = (profile: Profile, screen: Screen): Reading | null => {
  const foot = screen.text.split('\n').slice(-FOOT).join('\n');
  if (question.test(foot)) return { fact: 'asking', detail: 'a question with choices is on its screen' };
  if (dialog.test(foot)) return { fact: 'approval', detail: 'a permission dialog is on its screen' };
  if (working.test(foot)) return { fact: 'busy', detail: 'its screen says “esc to interrupt”' };
  if (interrupted.test(foot)) return { fact: 'interrupted', detail: 'its screen says “Interrupted”' };
  if (idle.test(foot)) return { fact: 'ready', detail: 'an empty prompt is on its screen' };
  return readPatterns({ ...profile, ready: null }, screen);
};
