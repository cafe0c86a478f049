/**
 * What is seen of Codex. Patterns of the shipped program, 0.169.0; its title is as good a witness as its screen. That a turn was interrupted is not
 * read here: a conversation that is continued shows it again, of a turn of long ago.
 */
import type { Profile } from '../../../machines/effects.ts';
import type { Question, Reading, Screen } from '../../../src/ports/agents.ts';
import { readPatterns } from '../patterns.ts';
import { isCommand, showsFile, showsPicture } from '../shown.ts';
import { menuChoices } from './menu.ts';

/** Below this many lines from the end stands the conversation, where a model may write whatever it likes. */
const FOOT = 24;

/** They stand at the very end: above it are words of the conversation. */
const dialog = /(?:^|\n)› \d\. [^\n]*\n(?:.*\n)*\s*Press enter to confirm or esc to cancel[^\n]*\s*$/u;
const menu = /(?:^|\n)› \d\. [^\n]*\n(?:.*\n)*\s*enter (?:continue|confirm|submit)[^\n]*\s*$/u;
const question = /\| enter to submit (?:answer|all)[^\n]*\s*$/u;
const working = /^[•◦] Working \([^)\n]*esc to interrupt\)/mu;
/** Below it stand the model and the folder once there is a conversation: an empty prompt alone is drawn before its first questions, too. */
const idle = /^› Ask Codex to do anything *\n\s*\n +\S[^\n]* · \S/mu;

const spins = /^[\u2801-\u28ff] /u;
/** Its mark blinks. */
const waits = /^\[ . \] Action Required/u;

export const readScreen = (profile: Profile, { text, title }: Screen): Reading | null => {
  const foot = text.split('\n').slice(-FOOT).join('\n');
  if (dialog.test(foot)) return { fact: 'approval', detail: 'a permission dialog is on its screen' };
  const choices = menuChoices(foot);
  if (choices) return { fact: 'asking', detail: 'a question is on its screen', choices };
  if (question.test(foot) || menu.test(foot)) return { fact: 'asking', detail: 'a question is on its screen' };
  if (waits.test(title)) return null;
  if (working.test(foot)) return { fact: 'busy', detail: 'its screen says “esc to interrupt”' };
  if (spins.test(title)) return { fact: 'busy', detail: 'its title shows that it works' };
  if (!idle.test(foot)) return readPatterns({ ...profile, ready: null }, { text, title });
  return { fact: 'ready', detail: 'an empty prompt is on its screen' };
};

/**
 * Keys for the questions that no configuration keeps away. Both have their answer already: a folder that is not trusted is opened without its
 * settings, and the only hooks there can be are ours and those of a project that a person trusts. With the person's own configuration there can be
 * others, and what is to become of them is theirs to say.
 */
export const openingKeys = ({ text }: Screen, own = false): readonly string[] | null => {
  if (/^\s*Folder access$/mu.test(text) && /^› 1\. Open (?:restricted|existing task)$/mu.test(text)) return ['Enter'];
  if (own || !/^\s*Hooks need review$/mu.test(text)) return null;
  return /^› 2\. Trust all and continue$/mu.test(text) ? ['Enter'] : /^› 1\. Review hooks$/mu.test(text) ? ['2'] : null;
};

/** What it asks about stands between these words and the choices, one of which may repeat it. */
const asks = /^ {2}Would you like to (?![\s\S]*^ {2}Would you like to )[\s\S]*?(?=^[› ] 1\. )/mu;
const commandLine = /^ {2}\$ ([\s\S]*)$/mu;

/** A permission dialog names the command, or the files of a patch. */
export const showsQuestion = ({ text }: Screen, { kind, tool = null, text: asked = '' }: Question): boolean => {
  if (tool === null) return !dialog.test(asked) || showsPicture(text, asked);
  if (kind === 'question') return true;
  const about = asks.exec(text)?.[0];
  if (about === undefined) return false;
  const files = [...asked.matchAll(/^\*\*\* (?:Add|Update|Delete) File: (.+)$/gmu)].map(([, path = '']) => path);
  if (files.length > 0) return files.some((file) => showsFile(about, file));
  const command = commandLine.exec(about)?.[1];
  return command === undefined ? tool !== 'Bash' : isCommand(command, asked.replace(/\n\([^\n]*\)$/u, ''));
};
