/** What is seen of Gemini CLI: weak evidence, for when its hooks are silent. Patterns of the shipped program, 0.61.0. */
import type { Profile } from '../../../machines/effects.ts';
import type { Question, Reading, Screen } from '../../../src/ports/agents.ts';
import { readPatterns } from '../patterns.ts';
import { showsCommand, showsFile, showsPicture } from '../shown.ts';

/** The lowest frame is a dialog when nothing but blank lines stand below it: the box for prompts has no frame and is gone meanwhile. */
const lastFrame = /(?:^ ?│.*│ *\n)+ ?╰─+╯\s*(?![\s\S])/mu;
const allowOnce = /^ ?│ (?:●|  ?) *1\. +Allow once/mu;
/** "Allow once" is the marked answer: then Enter, which at an empty prompt is nothing, should a person have been quicker. */
export const onceIsMarked = (text: string): boolean => /^ ?│ ● +1\. +Allow once/mu.test(text);
/** The program asks whether to go on trying. Stopped, it tells what is wrong. */
const keepTrying = /│ ● +1\. Keep trying[\s\S]*│ +2\. Stop/u;
const anyChoice = /^ ?│ *● +\d\. /mu;

const box = /^ > {3}Type your message/mu;
/** Below the last rule: its box with something in it, and its own line of folder and model. */
const written = /^─{20,}\n(?:(?!─{20}).*\n)*? > \S.*\n(?:(?!─{20}).*\n)*? workspace \(\/directory\)/mu;
const working = /\(esc to cancel, [^)]*\)/u;
const cancelled = /^ℹ Request cancelled\.$/mu;

/** `own`: the number of the line that takes words of one's own; null where there is none. */
export type Menu = { choices: string[]; own: string | null };

/** What a dialog offers by numbers. */
export const readMenu = (screen: Screen): Menu => {
  const numbered = [...(frameOf(screen) ?? '').matchAll(/^ ?│ (?:●| ) *(\d)\. +(\S.*?) *│ *$/gmu)];
  const own = numbered.find(([, , words]) => words === 'Enter a custom value')?.[1] ?? null;
  return { choices: numbered.flatMap(([, number, words = '']) => (number === own ? [] : [words])), own };
};

const frameOf = ({ text }: Screen): string | null => lastFrame.exec(text.trimEnd())?.[0] ?? null;

/** Its frame names the command or the file. */
export const showsQuestion = (screen: Screen, { kind, tool = null, text: asked = '' }: Question): boolean => {
  const frame = frameOf(screen) ?? '';
  if (tool === null) return !anyChoice.test(asked) || showsPicture(screen.text, asked);
  if (kind === 'question') return true;
  if (tool === 'run_shell_command') return showsCommand(frame, asked);
  return tool === 'write_file' || tool === 'replace' ? showsFile(frame, asked) : true;
};

/** Keys that end its trying in vain. */
export const goingOnKeys = (screen: Screen): readonly string[] | null => (keepTrying.test(frameOf(screen) ?? '') ? ['2'] : null);

export const readScreen = (profile: Profile, screen: Screen): Reading | null => {
  const text = screen.text.trimEnd();
  const frame = frameOf(screen);
  if (frame !== null && anyChoice.test(frame)) {
    if (keepTrying.test(frame)) return null;
    if (allowOnce.test(frame)) return { fact: 'approval', detail: 'a permission dialog is on its screen' };
    return { fact: 'asking', detail: 'a question with choices is on its screen', choices: readMenu(screen).choices, asks: frame };
  }
  const empty = text.search(box);
  const at = empty === -1 ? text.search(written) : empty;
  if (at === -1)
    return screen.title.startsWith('✋')
      ? { fact: 'approval', detail: `its title says “${screen.title.trim()}”` }
      : readPatterns({ ...profile, ready: null }, screen);
  // What stands right above the box; above that are words of the conversation.
  const above = text.slice(0, at).split('\n').slice(-8).join('\n');
  if (working.test(above)) return { fact: 'busy', detail: 'its screen says “esc to cancel”' };
  if (screen.title.startsWith('✦')) return { fact: 'busy', detail: `its title says “${screen.title.trim()}”` };
  if (empty === -1) return { fact: 'interrupted', detail: 'text that was not sent stands in its box', unsent: true };
  if (cancelled.test(above)) return { fact: 'interrupted', detail: 'its screen says “Request cancelled”' };
  return { fact: 'ready', detail: 'an empty prompt is on its screen' };
};
